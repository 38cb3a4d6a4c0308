import type { Book } from './contract.ts';
import type { Voucher } from '../voucher/voucher.ts';

/** Long enough that to hand a text on costs little beside making it, short enough to hold. */
const textLength = 16_384;

/**
 * What a file has of each voucher of a book, in their order, as texts of some 16,000 characters: each by itself would cost more to
 * hand on than to write. `write` may give an empty text for a voucher that the file leaves out.
 *
 * @example
 * ```ts
 * import { amount, createVoucher, plainDate, voucherTexts } from '@bilag/core';
 *
 * const date = plainDate('2022-10-01');
 * const facts = ['payout'];
 * const voucher = createVoucher({
 *   key: '302321-20221001', date, ledgerId: '302321', ledgerDate: date, series: 'VIPPS', document: 'journal',
 *   description: 'Ledger 302321, 2022-10-01', currency: 'NOK', facts,
 *   lines: [
 *     { account: '1920', amount: amount(189), text: 'Utbetaling', facts },
 *     { account: '1579', amount: amount(-189), text: 'Utbetaling', facts },
 *   ],
 * });
 * const texts = voucherTexts({ vouchers: () => [voucher, voucher] }, ({ key }) => `${key};`);
 * (await Array.fromAsync(texts)).join('|'); // => '302321-20221001;302321-20221001;'
 * ```
 */
export async function* voucherTexts(
  book: Pick<Book, 'vouchers'>,
  write: (voucher: Voucher) => string,
): AsyncGenerator<string, void, undefined> {
  const vouchers = book.vouchers();
  const iterator = Symbol.asyncIterator in vouchers ? vouchers[Symbol.asyncIterator]() : vouchers[Symbol.iterator]();
  let text = '';
  try {
    for (;;) {
      const next = iterator.next();
      // Most books are plain iterables: no needless turn of the event loop for each of a million vouchers.
      const { value, done } = 'then' in next ? await next : next;
      if (done === true) break;
      text += write(value);
      if (text.length < textLength) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
  } finally {
    await iterator.return?.();
  }
}
