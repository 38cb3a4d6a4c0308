import {
  amount,
  containedVat,
  createVoucher,
  plainDate,
  subtract,
  type JournalLine,
  type PlainDate,
  type Voucher,
} from '../packages/core/src/index.ts';

/** In whose books the vouchers of a test are: accounts as in Bilag's preset of the country. */
export interface MadeVouchersOptions {
  readonly ledgerId: string;
  readonly currency: string;
  readonly clearing: string;
  /** Sales at 25 %. */
  readonly sale: { readonly account: string; readonly code: string; readonly vatAccount: string };
}

/** An ordinary Monday. */
export const day: PlainDate = plainDate('2026-03-02');

/** Vouchers of one ledger, and their lines; amounts in øre, debit +. */
export interface MadeVouchers {
  /** Of a voucher of {@link day}. */
  readonly reference: string;
  /** A line without VAT. */
  readonly plain: (account: string, ore: number, more?: Partial<JournalLine>) => JournalLine;
  /** A sale at 25 %; credit −. */
  readonly sale: (ore: number, more?: Partial<JournalLine>) => JournalLine;
  /** Nine kroner of sales, as far as nothing else is said. */
  readonly voucher: (changes?: Partial<Voucher>) => Voucher;
}

export function madeVouchers({ ledgerId, currency, clearing, sale: sold }: MadeVouchersOptions): MadeVouchers {
  const facts = ['fact'];
  const keyOf = (date: PlainDate): string => `${ledgerId}-${date.replaceAll('-', '')}`;
  const plain: MadeVouchers['plain'] = (account, ore, more = {}) => {
    return { account, amount: amount(ore), text: 'Vipps MobilePay', facts, ...more };
  };
  const sale: MadeVouchers['sale'] = (ore, more = {}) => {
    const gross = amount(ore);
    const vat = containedVat(gross, 2500);
    const { account, code, vatAccount } = sold;
    const own = { kind: 'contained', code, account: vatAccount, rateBasisPoints: 2500 } as const;
    return plain(account, ore, { vat: { ...own, net: subtract(gross, vat), amount: vat }, ...more });
  };
  const voucher: MadeVouchers['voucher'] = (changes = {}) => {
    const { date = day } = changes;
    return createVoucher({
      key: keyOf(date),
      date,
      ledgerId,
      ledgerDate: date,
      series: 'VIPPS',
      document: 'journal',
      description: `Vipps MobilePay ${ledgerId}, ${date}`,
      currency,
      lines: [plain(clearing, 900), sale(-900)],
      facts: [...facts],
      ...changes,
    });
  };
  return { reference: keyOf(day), plain, sale, voucher };
}
