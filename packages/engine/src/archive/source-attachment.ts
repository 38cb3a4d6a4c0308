import { formatAmount, voucherReference, type Attachment, type LedgerEntry, type Voucher } from '@bilag/core';

/** A page the entries came from, as the archive keeps it. */
export interface SourcePage {
  readonly request: string;
  readonly digest: string;
}

/**
 * What a voucher is made of, as a file for the accountant: its entries as readable CSV, and the digests of the raw pages they
 * were read from. No personal data: neither the merchant's order references nor names are in it. The same entries and pages
 * give the same bytes.
 *
 * @example
 * ```ts
 * import { amount, createVoucher, ledgerEntry, plainDate } from '@bilag/core';
 * import { sourceAttachment } from '@bilag/engine';
 *
 * const date = plainDate('2022-10-01');
 * const payout = ledgerEntry({
 *   ledgerId: '302321', account: 'funds', ledgerDate: date, type: 'payout-scheduled', amount: amount(-18900), currency: 'NOK',
 *   pspReference: '2000045', reference: null, salesUnit: null, time: null,
 * });
 * const facts = [payout.id];
 * const voucher = createVoucher({
 *   key: '302321-20221001', date, ledgerId: '302321', ledgerDate: date, series: 'VIPPS', document: 'journal',
 *   description: 'Ledger 302321, 2022-10-01', currency: 'NOK', facts,
 *   lines: [
 *     { account: '1920', amount: amount(18900), text: 'Utbetaling', facts },
 *     { account: '1579', amount: amount(-18900), text: 'Utbetaling', facts },
 *   ],
 * });
 * const file = sourceAttachment(voucher, [payout], []);
 * file.name; // => '302321-20221001.csv'
 * new TextDecoder().decode(file.content).split('\n')[1]; // => '302321;2022-10-01;funds;payout-scheduled;-189.00;NOK;2000045;;'
 * ```
 */
export function sourceAttachment(
  voucher: Voucher,
  entries: Iterable<LedgerEntry>,
  pages: Iterable<SourcePage>,
): Attachment {
  const facts = new Set(voucher.facts);
  const rows = [...entries].filter((entry) => facts.has(entry.id)).map(rowOf);
  const digests = [...pages].map(({ request, digest }) => `# ${plain(request)} sha256 ${digest}`);
  const lines = [columns.join(';'), ...rows.sort(), ...[...new Set(digests)].sort()];
  return {
    name: `${voucherReference(voucher)}.csv`,
    mediaType: 'text/csv',
    content: new TextEncoder().encode(`${lines.join('\n')}\n`),
  };
}

const columns = ['ledger', 'date', 'account', 'type', 'amount', 'currency', 'reference', 'sales unit', 'time'];

/** The provider's own reference is in it; the merchant's may be a customer's text and is not. */
function rowOf(entry: LedgerEntry): string {
  const { ledgerId, ledgerDate, account, type, amount, currency, pspReference, salesUnit, time } = entry;
  const cells = [ledgerId, ledgerDate, account, type, formatAmount(amount), currency, pspReference, salesUnit, time];
  return cells.map((cell) => plain(cell ?? '')).join(';');
}

/** Nothing in a cell may end it, be run by a spreadsheet, or steer what shows it. */
function plain(text: string): string {
  const single = text.replaceAll(/[;"\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
  return /^[=+@]|^-(?!\d)/.test(single) ? `'${single}` : single;
}
