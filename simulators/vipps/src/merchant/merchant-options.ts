import { BilagError, type Market, type PlainDate } from '@bilag/core';
import type { TradeKind } from '../trade/trade-kinds.ts';

/** What is settled when: the payout's own date is the day after the last ledger date it covers. */
export type PayoutFrequency = 'daily' | 'weekly' | 'monthly';

/** `net`: fees are taken from the payout. `gross`: fees are invoiced at the end of the month. */
export type Settlement = 'net' | 'gross';

/** What Vipps takes for a capture: a part of it, rounded to the nearest øre, and a fixed amount in minor units. */
export interface PriceList {
  readonly basisPoints: number;
  readonly fixed: number;
}

/** A point of sale. */
export interface SalesUnitOptions {
  /** `api:<MSN>` for a web shop, `NO:`, `DK:` or `FI:` and a number for one with a Vippsnummer or MobilePay number. */
  readonly handle: string;
  readonly name: string;
  readonly trade: TradeKind;
  /** Its part of the captures against the other units; 1 by default. */
  readonly share?: number;
  /** Absent: the merchant's. */
  readonly priceList?: PriceList;
  /** What the unit's goods carry. Not a fact of the ledger: a hint to whoever writes a policy for this merchant. */
  readonly vatRateBasisPoints?: number;
}

/** How often what happens, in basis points (100 is one in a hundred), unless said otherwise. */
export interface Features {
  /** Of captures: money goes back, in part or all of it. */
  readonly refunds: number;
  /** Of captures: the payment is captured in two parts under one order reference. */
  readonly partialCaptures: number;
  /** Of captures: the fee lands on the next ledger date. */
  readonly lateFees: number;
  /** Of captures: the fee comes in two entries. */
  readonly splitFees: number;
  /** Of captures: the payer disputes it, so that it is retained; later it is returned, perhaps retained again, or lost. */
  readonly disputes: number;
  /** Of dates: nobody buys anything. */
  readonly quietDates: number;
  /** Of dates: a manual correction of funds, either way. */
  readonly corrections: number;
  /** Of dates: fees wrongly charged are given back, sometimes more than the date's own fees. */
  readonly feeCorrections: number;
  /** Of dates: an entry of a type nobody has heard of, on either account. */
  readonly unknownTypes: number;
  /** Of dates: all recent sales are refunded and the shop closes for weeks, which turns the balance negative. */
  readonly cancellations: number;
  /** Of top-ups and of fee invoices: a credit note follows. */
  readonly creditNotes: number;
  /** Of payouts: the bank refuses it, and the money is scheduled again. */
  readonly abortedPayouts: number;
  /** Of dates: a reserve of a tenth of recent sales is held back for some weeks. */
  readonly reserves: number;
  /** Not a chance: after how many dates with a negative balance the merchant tops it up; 0 for never. */
  readonly topUpAfterDates: number;
  /** Not a chance: charged on the first of each month, in minor units; 0 for none. */
  readonly serviceFee: number;
}

/** Everything happens now and then. */
export const eventful: Features = {
  refunds: 250,
  partialCaptures: 100,
  lateFees: 300,
  splitFees: 50,
  disputes: 20,
  quietDates: 200,
  corrections: 150,
  feeCorrections: 200,
  unknownTypes: 100,
  cancellations: 60,
  creditNotes: 4000,
  abortedPayouts: 150,
  reserves: 60,
  topUpAfterDates: 14,
  serviceFee: 9900,
};

/** Captures, their fees and payouts, and nothing else. */
export const uneventful: Features = Object.freeze(
  Object.fromEntries(Object.keys(eventful).map((name) => [name, 0])),
) as unknown as Features;

/** A merchant to generate. All but seed, market, ledger and period has a default. */
export interface MerchantOptions {
  /** The same seed and options give the same bytes. */
  readonly seed: number | string;
  readonly market: Market;
  readonly ledgerId: string;
  readonly from: PlainDate;
  /** Included. */
  readonly to: PlainDate;
  /** Absent: one web shop. */
  readonly salesUnits?: readonly SalesUnitOptions[];
  readonly settlement?: Settlement;
  readonly payouts?: PayoutFrequency;
  /** Of the whole ledger on an ordinary day; 40 by default. */
  readonly capturesPerDay?: number;
  /** The local hour at which a ledger date starts; 0 by default, 4 for trades that stay open at night. */
  readonly cutoffHour?: number;
  /** 1.75 % and 1.00 by default (0.10 in euro). */
  readonly priceList?: PriceList;
  /** The market's by default. */
  readonly currency?: string;
  /** Balances before the first date, in minor units, and the number of the first payout. */
  readonly openings?: { readonly funds?: number; readonly fees?: number; readonly payoutNumber?: number };
  /** Laid over {@link eventful}; give {@link uneventful} for plain trade. */
  readonly features?: Partial<Features>;
  readonly owner?: { readonly name: string; readonly organisationNumber: string };
  readonly bankAccount?: string;
}

/** The options with every default filled in. */
export interface MerchantSetup {
  readonly seed: string;
  readonly market: Market;
  readonly ledgerId: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly salesUnits: readonly SalesUnitOptions[];
  readonly settlement: Settlement;
  readonly payouts: PayoutFrequency;
  readonly capturesPerDay: number;
  readonly cutoffHour: number;
  readonly priceList: PriceList;
  readonly currency: string;
  readonly openings: { readonly funds: number; readonly fees: number; readonly payoutNumber: number };
  readonly features: Features;
  readonly owner: { readonly name: string; readonly organisationNumber: string };
  readonly bankAccount: string;
}

/** Fills in the defaults. Errors: `config` for a period that ends before it starts and for a merchant without sales units. */
export function toMerchantSetup(options: MerchantOptions): MerchantSetup {
  const market = markets[options.market];
  const currency = options.currency ?? market.currency;
  if (options.from > options.to) {
    throw wrongOption(`the period ${options.from} to ${options.to} ends before it starts`, 'from, to');
  }
  if (options.salesUnits?.length === 0) throw wrongOption('there is no sales unit', 'salesUnits');
  return {
    seed: String(options.seed),
    market: options.market,
    ledgerId: options.ledgerId,
    from: options.from,
    to: options.to,
    salesUnits: options.salesUnits ?? [{ handle: 'api:123455', name: 'Example Shop', trade: 'web-shop' }],
    settlement: options.settlement ?? 'net',
    payouts: options.payouts ?? 'daily',
    capturesPerDay: options.capturesPerDay ?? 40,
    cutoffHour: options.cutoffHour ?? 0,
    priceList: options.priceList ?? { basisPoints: 175, fixed: currency === 'EUR' ? 10 : 100 },
    currency,
    openings: { funds: 0, fees: 0, payoutNumber: 2_000_001, ...options.openings },
    features: { ...eventful, ...options.features },
    owner: options.owner ?? { name: 'Example AS', organisationNumber: market.organisationNumber },
    bankAccount: options.bankAccount ?? market.bankAccount,
  };
}

function wrongOption(what: string, where: string): BilagError {
  return new BilagError('config', { what, where: `generateMerchant(): ${where}`, action: 'mend the option' });
}

const markets: Readonly<Record<Market, { currency: string; organisationNumber: string; bankAccount: string }>> = {
  NO: { currency: 'NOK', organisationNumber: '987654321', bankAccount: '86011117947' },
  DK: { currency: 'DKK', organisationNumber: '12345678', bankAccount: '123412341234123412' },
  SE: { currency: 'SEK', organisationNumber: '5566778899', bankAccount: '12341234123412' },
  FI: { currency: 'EUR', organisationNumber: '1234567-1', bankAccount: '12345600000785' },
};
