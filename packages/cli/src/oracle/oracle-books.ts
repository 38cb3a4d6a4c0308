import {
  amount,
  book,
  definePolicy,
  parseAmount,
  plainDate,
  weaveFacts,
  type Amount,
  type BankLine,
  type BookedDate,
  type BookOptions,
  type LedgerDate,
  type Policy,
  type ProviderDocument,
  named,
} from '@bilag/core';
import { ledgerDatesFromV1, ledgerDatesFromV2, normaliseRecipientHandle } from '@bilag/vipps';
import type { OracleCase, OracleConfig, Variant } from './oracle-case.ts';

/** Books one variant of a case through the public API. */
export async function bookCase(oracleCase: OracleCase, variant: Variant): Promise<BookedDate[]> {
  const { config, input } = oracleCase;
  const dates = variant === 'v1' ? datesV1(oracleCase) : datesV2(oracleCase, variant);
  const ledgerId = (variant === 'v1' ? input.v1?.ledgerId : input.v2?.ledgerId) ?? dates[0]?.ledgerId ?? '';
  const others = { bankLines: bankLinesOf(oracleCase, ledgerId), documents: documentsOf(oracleCase, ledgerId) };
  return Array.fromAsync(
    book(weaveFacts(dates, others), policyOf(oracleCase, variant), { orderLines: orderLinesOf(config) }),
  );
}

/** The case's configuration as a policy, in force since ever. */
export function policyOf({ config, input }: OracleCase, variant: Variant): Policy {
  refuseUnknownSales(config);
  const { ap, ...accounts } = config.accounts;
  return definePolicy({
    versions: [
      {
        from: '1990-01-01',
        market: config.market,
        accounts: { ...accounts, ...(ap === undefined ? {} : { payable: ap }) },
        vat: Object.fromEntries(
          Object.entries(config.vat).map(([name, { rate, sales, vat, code }]) => [
            name,
            { rateBasisPoints: rate, code, account: sales, vatAccount: vat },
          ]),
        ),
        sales: { revenue: config.captureMode === 'sale' ? 'sales' : 'already-booked', sale: config.defaultSale },
        salesUnits: Object.fromEntries(
          Object.entries(config.byHandle).map(([handle, { sale, department }]) => [
            normaliseRecipientHandle(handle) ?? handle,
            {
              ...(sale === undefined ? {} : { sale }),
              ...(department === undefined || department === null ? {} : { dimensions: { department } }),
            },
          ]),
        ),
        invoices: config.invoiceReferences,
        fees: {
          vat:
            config.feeVatCode === 'none'
              ? null
              : { kind: 'contained', code: config.feeVatCode, rateBasisPoints: 0, account: null },
          invoiced: config.grossFeePolicy,
        },
        disputes: config.disputePolicy === 'receivable' ? 'receivable' : 'refund',
        payouts: config.payoutMode === 'direct' ? 'direct' : 'in-transit',
        lines: 'entry',
      },
    ],
    openings: openingsOf(input, variant),
    ...(config.lockedThrough === null || config.lockedThrough === undefined
      ? {}
      : { lockedThrough: config.lockedThrough }),
  });
}

/** The market's preset knows VAT names too; a case means its own. */
function refuseUnknownSales({ vat, defaultSale, byHandle }: OracleConfig): void {
  const all = [defaultSale, ...Object.values(byHandle).flatMap(({ sale }) => sale ?? [])];
  const unknown = all.find((name) => !Object.hasOwn(vat, name));
  if (unknown !== undefined) throw new Error(`config.vat has no "${unknown}"`);
}

type Openings = NonNullable<Parameters<typeof definePolicy>[0]['openings']>;

function openingsOf({ v1, v2 }: OracleCase['input'], variant: Variant): Openings {
  if (variant !== 'v1') {
    return v2
      ? { [v2.ledgerId]: { funds: v2.openingBalance, fees: variant === 'v2_feesLedger' ? v2.openingFeesBalance : 0 } }
      : {};
  }
  if (v1 === null || v1 === undefined || v1.ledgerId === null) return {};
  const funds = openingV1(v1.openingBalance, v2?.openingBalance);
  return { [v1.ledgerId]: { funds, fees: openingV1(v1.openingFeesBalance, v2?.openingFeesBalance) } };
}

/**
 * Decimals are in major units like every v1 amount; a whole number is minor units like every expected amount, unless the
 * case says in v2 that it is the same balance in major units.
 */
function openingV1(value: string | number, sameInV2: number | undefined): Amount {
  if (typeof value === 'string' || !Number.isInteger(value)) return parseAmount(String(value));
  return value !== 0 && sameInV2 === 100 * value ? amount(sameInV2) : amount(value);
}

function datesV1({ config, input }: OracleCase): LedgerDate[] {
  if (input.v1 === null || input.v1 === undefined) throw new Error('input.v1 is missing');
  const { ledgerId, items } = input.v1;
  const rows = input.redeliver ? [...items, ...items] : items;
  if (rows.length === 0 && ledgerId !== null) return [quietDateV1(ledgerId, config.currency)];
  return ledgerDatesFromV1(rows, {
    settlement: config.settlement,
    amounts: 'major-decimals',
    ...(ledgerId === null ? {} : { ledgerId }),
  });
}

/** A ledger without rows still says how its fees reach the books, for the documents beside it. */
function quietDateV1(ledgerId: string, currency: string): LedgerDate {
  const closed = { closed: true };
  const accounts = { funds: closed, fees: { ...closed, accrued: true } };
  return { ledgerId, date: plainDate('1990-01-01'), currency, accounts, entries: [] };
}

function datesV2({ config, input }: OracleCase, variant: Variant): LedgerDate[] {
  if (input.v2 === null || input.v2 === undefined) throw new Error('input.v2 is missing');
  const { ledgerId, funds, fees } = input.v2;
  const twice = <Item>(items: readonly Item[]): readonly Item[] => (input.redeliver ? [...items, ...items] : items);
  return ledgerDatesFromV2({
    ledgerId,
    currency: config.currency,
    funds: twice(funds),
    ...(variant === 'v2_feesLedger' ? { fees: twice(fees ?? []) } : {}),
  });
}

function bankLinesOf({ config, input }: OracleCase, ledgerId: string): BankLine[] {
  return input.bank.map((line, index) => ({
    id: `bank/${index}`,
    ledgerId: line.payoutPsp?.match(/^(.+)-\d+$/)?.[1] ?? ledgerId,
    date: plainDate(line.date),
    amount: amount(line.amount),
    currency: config.currency,
    text: line.text ?? null,
    payoutReference: line.payoutPsp ?? null,
  }));
}

function documentsOf({ config, input }: OracleCase, ledgerId: string): ProviderDocument[] {
  return input.documents.flatMap((document, index): ProviderDocument[] => {
    if (document.type === 'publicExample') return [];
    return [
      {
        id: `document/${index}`,
        kind: document.type === 'feeInvoice' ? 'fee-invoice' : 'top-up-invoice-paid',
        ledgerId,
        date: plainDate(document.date),
        amount: amount(document.amountInclVat),
        vatAmount: amount(document.vat),
        currency: config.currency,
        number: document.invoiceNo ?? null,
      },
    ];
  });
}

function orderLinesOf(config: OracleConfig): NonNullable<BookOptions['orderLines']> {
  return (entries) =>
    new Map(
      entries.flatMap((entry) => {
        const lines = entry.pspReference === null ? undefined : named(config.salesLines, entry.pspReference);
        return lines === undefined
          ? []
          : [[entry.id, lines.map(({ gross, sale }) => ({ gross: amount(gross), sale }))] as const];
      }),
    );
}
