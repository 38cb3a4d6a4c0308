import {
  accountNaming,
  amount,
  book,
  chartPresets,
  debitOf,
  definePolicy,
  formatAmount,
  ledgerEntry,
  linesOf,
  plainDate,
  type LedgerEntry,
  type Market,
  type ViewedLine,
} from '../packages/core/src/index.ts';

/** Where each country's day stands, and its highest rate. */
export const countries: readonly (readonly [Market, string, string, string])[] = [
  ['NO', 'Norway', 'NOK', '25'],
  ['DK', 'Denmark', 'DKK', '25'],
  ['SE', 'Sweden', 'SEK', '25'],
  ['FI', 'Finland', 'EUR', '25.5'],
];

/**
 * One day, the same in every country: two sales of 1 000 and 250, the second taken back, a fee of 17.50 that is kept back, and
 * what is left paid out. As a table that a bookkeeper can check: debit on the left, credit on the right.
 */
export async function countryDay([market, , currency, sale]: (typeof countries)[number]): Promise<string> {
  const policy = definePolicy({ versions: [{ from: '2026-03-01', market, sales: { sale }, lines: 'summary' }] });
  const date = plainDate('2026-03-02');
  const common = { ledgerId: '302321', ledgerDate: date, currency, reference: null, salesUnit: null, time: null };
  const entry = (account: 'funds' | 'fees', type: string, value: number, pspReference: string): LedgerEntry =>
    ledgerEntry({ ...common, account, type, amount: amount(value), pspReference });
  const entries = [
    entry('funds', 'capture', 100_000, 'sale-1'),
    entry('funds', 'capture', 25_000, 'sale-2'),
    entry('funds', 'refund', -25_000, 'sale-2'),
    entry('fees', 'capture-fee', -1_750, 'sale-1'),
    entry('fees', 'fees-retained', 1_750, '2000045'),
    entry('funds', 'fees-retained', -1_750, '2000045'),
    entry('funds', 'payout-scheduled', -98_250, '2000045'),
  ];
  const accounts = { funds: { closed: true }, fees: { closed: true } };
  const nameOf = accountNaming(policy, new Map([['302321', 'Vipps MobilePay']]));
  const rows: string[] = [];
  for await (const booked of book([{ ledgerId: '302321', date, currency, accounts, entries }], policy)) {
    const lines = booked.vouchers.flatMap((voucher) => linesOf(voucher, 'explicit'));
    rows.push(...lines.map((line) => rowOf(line, nameOf)), totalsOf(lines));
  }
  return ['| Account | Name | VAT code | Debit | Credit | Text |', '|---|---|---|---:|---:|---|', ...rows].join('\n');
}

function rowOf(
  { account, amount: value, role, vat, text }: ViewedLine,
  nameOf: ReturnType<typeof accountNaming>,
): string {
  const shown = formatAmount(amount(Math.abs(value)));
  const [debit, credit] = value < 0 ? ['', shown] : [shown, ''];
  return row([account, nameOf(account, role), vat?.code ?? '', debit, credit, text]);
}

function totalsOf(lines: readonly ViewedLine[]): string {
  const total = formatAmount(debitOf(lines));
  return row(['', '', '', `**${total}**`, `**${total}**`, '']);
}

function row(fields: readonly string[]): string {
  return `| ${fields.join(' | ')} |`;
}

/** The treatments of a preset, as a table. */
export function treatmentsOf(market: Market): string {
  const rows = Object.entries(chartPresets[market].vat).map(([name, { rateBasisPoints, code, account, vatAccount }]) =>
    row([`\`${name}\``, `${rateBasisPoints / 100} %`, code, account, vatAccount ?? '']),
  );
  return ['| Treatment | Rate | Code | Revenue | VAT |', '|---|---|---|---|---|', ...rows].join('\n');
}
