import { linesOf, type Voucher } from '@bilag/core';
import { rowOf, soundParts } from '../../sample/sample-file.ts';
import { saboteur, type FileSaboteur } from './saboteur.ts';

export const readingSaboteurs: readonly FileSaboteur[] = [
  saboteur('again', 'vouchers are only taken at once, never later', {
    vouchers: function* (book) {
      for (const voucher of book.vouchers() as Iterable<Voucher>) yield voucher;
    },
  }),
  saboteur(
    'again',
    'the vouchers are asked for once and read twice: to be counted, and to be written',
    {
      async *content(book, context, view, parts) {
        const vouchers = book.vouchers();
        let count = 0;
        for await (const voucher of vouchers) count += voucher.lines.length > 0 ? 1 : 0;
        yield* soundParts.content({ ...book, vouchers: () => vouchers }, context, view, parts);
        if (count < 0) yield '';
      },
    },
    { also: ['streaming'] },
  ),
  saboteur('whole-files', 'one buffer is used again for every piece', {
    async *content(book, context, view, parts) {
      const buffer = Buffer.alloc(400_000);
      for await (const piece of soundParts.content(book, context, view, parts)) {
        yield buffer.subarray(0, buffer.write(String(piece)));
      }
    },
  }),
  saboteur('streaming', 'the whole file is put together before it is handed on', {
    async *content(book, context, view, parts) {
      yield (await Array.fromAsync(soundParts.content(book, context, view, parts))).join('');
    },
  }),
  saboteur('streaming', 'the vouchers that were written are kept for the totals', {
    async *content(book, context, view, parts) {
      const written: Voucher[] = [];
      yield parts.header(book, context);
      for await (const voucher of parts.vouchers(book)) {
        parts.refuse(voucher, book);
        written.push(voucher);
        yield parts.voucher(voucher, view, parts);
      }
      const debits = written.flatMap((voucher) => linesOf(voucher, view).map(({ amount }) => Math.max(0, amount)));
      yield rowOf(['T', String(written.length), String(debits.reduce((sum, debit) => sum + debit, 0))]);
    },
  }),
  saboteur('abandoned', 'the book is read by hand and never closed', {
    vouchers: (book) => ({
      [Symbol.asyncIterator]: () => {
        const vouchers = book.vouchers();
        const reading =
          Symbol.asyncIterator in vouchers ? vouchers[Symbol.asyncIterator]() : vouchers[Symbol.iterator]();
        return { next: async () => reading.next() };
      },
    }),
  }),
];
