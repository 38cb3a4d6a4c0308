import { amount, containedVat } from '@bilag/core';
import type { MerchantDate, V2Entry } from './ledger-dates.ts';
import { Random } from '../trade/random.ts';

/** What a simulated till sells and tells. Chances are basis points. */
export interface TillOptions {
  /** The VAT rates of its goods, in basis points. An order has one or two of them. */
  readonly rates: readonly number[];
  /** Of sales: the till tells no line. */
  readonly untold?: number;
  /** Of sales: it tells lines without their VAT. */
  readonly withoutVat?: number;
  /** Of refunds: it tells what was taken back. */
  readonly toldRefunds?: number;
  /** Sales in cash on each date: they are not on the ledger. */
  readonly cashSales?: number;
}

/** A sale exactly as the Sales API sends it. Amounts are minor units. */
export interface TillSale {
  readonly entryType: string;
  readonly time: string;
  readonly pspReference: string | null;
  readonly reference: string | null;
  readonly currency: string;
  readonly paymentType: string;
  readonly classification: { readonly solution: string; readonly salesCategory: null };
  readonly amounts: { readonly gross: number; readonly net: number; readonly vat: number };
  readonly lines: readonly TillLine[];
  readonly customer: null;
  readonly completeness: {
    readonly hasLineItems: boolean;
    readonly hasVatBreakdown: boolean;
    readonly hasCustomerIdentity: boolean;
  };
}

interface TillLine {
  readonly lineId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceGross: number;
  readonly discountTotal: number;
  readonly lineTotalGross: number;
  readonly lineTotalNet: number;
  readonly vatRate: number | null;
  readonly vatAmount: number | null;
}

/** The Sales API has nothing from before its first day: an empty reply, not an error. */
const firstSale = '2026-03-09T12:45:00.000000Z';

/** What the till tells of a date: the captures and refunds of the ledger, and sales in cash beside them. */
export function salesOf({ date, funds }: Pick<MerchantDate, 'date' | 'funds'>, till: TillOptions): TillSale[] {
  const ofLedger = funds
    .filter(({ entryType }) => entryType === 'capture' || entryType === 'refund')
    .flatMap((entry) => saleOf(entry, till) ?? []);
  const currency = funds[0]?.currency ?? 'NOK';
  const inCash = Array.from({ length: till.cashSales ?? 0 }, (_, index): TillSale => {
    const random = new Random(`${date}/cash/${index}`);
    const time = `${date}T12:0${index % 10}:00.000000Z`;
    const linesOf = splitBy(till.rates, `${date}/cash/${index}`);
    const cash = { time, pspReference: null, reference: null, currency, paymentType: 'CASH' };
    return told({ entryType: 'capture', ...cash }, linesOf(random.between(20, 900) * 100), true);
  });
  return [...ofLedger, ...inCash].filter(({ time }) => time >= firstSale);
}

function saleOf(entry: V2Entry, till: TillOptions): TillSale | undefined {
  const { entryType, time, pspReference, reference, currency, amount: value } = entry;
  const random = new Random(`${pspReference}/till`);
  if (entryType === 'refund' && !random.chance(till.toldRefunds ?? 0)) return undefined;
  const facts = { entryType, time, pspReference, reference, currency, paymentType: 'VIPPS' };
  if (random.chance(till.untold ?? 0)) return told(facts, [], false, Math.abs(value));
  // What an order holds follows from its reference: a refund takes back the same goods.
  const linesOf = splitBy(till.rates, reference ?? pspReference);
  return told(facts, linesOf(Math.abs(value)), !random.chance(till.withoutVat ?? 0));
}

/** Splits an amount among the rates of an order: one of them, or two. */
function splitBy(
  rates: readonly number[],
  order: string,
): (gross: number) => (readonly [gross: number, rate: number])[] {
  const random = new Random(`${order}/goods`);
  const first = random.pick(rates);
  const second = random.pick(rates);
  return (gross) => {
    const part = Math.floor((gross * 6) / 10);
    return first === second || part === 0
      ? [[gross, first]]
      : [
          [part, first],
          [gross - part, second],
        ];
  };
}

function told(
  facts: Pick<TillSale, 'entryType' | 'time' | 'pspReference' | 'reference' | 'currency' | 'paymentType'>,
  parts: readonly (readonly [gross: number, rate: number])[],
  tellsVat: boolean,
  gross: number = parts.reduce((sum, [value]) => sum + value, 0),
): TillSale {
  const lines = parts.map(([value, rate], index): TillLine => {
    const vat = containedVat(amount(value), rate);
    return {
      lineId: String(index + 1),
      name: `Goods ${index + 1}`,
      quantity: 1,
      unitPriceGross: value,
      discountTotal: 0,
      lineTotalGross: value,
      lineTotalNet: value - vat,
      vatRate: tellsVat ? rate : null,
      vatAmount: tellsVat ? vat : null,
    };
  });
  const vat = lines.reduce((sum, { vatAmount }) => sum + (vatAmount ?? 0), 0);
  return {
    ...facts,
    classification: { solution: 'MPOS', salesCategory: null },
    amounts: { gross, net: gross - vat, vat },
    lines,
    customer: null,
    completeness: {
      hasLineItems: lines.length > 0,
      hasVatBreakdown: tellsVat && lines.length > 0,
      hasCustomerIdentity: false,
    },
  };
}
