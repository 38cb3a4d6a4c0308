import { amount, linesOf, type ViewedLine } from '@bilag/core';
import { soundParts } from '../../sample/sample-file.ts';
import { saboteur, type FileSaboteur } from './saboteur.ts';

export const lineSaboteurs: readonly FileSaboteur[] = [
  saboteur('order', 'lines are sorted by account', {
    lines: (voucher, view) => [...linesOf(voucher, view)].sort((a, b) => Number(a.account) - Number(b.account)),
  }),
  saboteur(
    'order',
    'lines of one account are merged',
    { lines: (voucher, view) => merged(linesOf(voucher, view)) },
    {
      also: ['vat', 'long', 'dimensions'],
    },
  ),
  saboteur('once', 'vouchers with equal digests are taken for one', {
    async *vouchers(book) {
      const seen = new Set<string>();
      for await (const voucher of book.vouchers()) {
        if (!seen.has(voucher.digest)) yield voucher;
        seen.add(voucher.digest);
      }
    },
  }),
  saboteur('once', 'a book without vouchers gets one anyway, so that the file is not empty', {
    async *content(book, context, view, parts) {
      let isEmpty = true;
      for await (const piece of soundParts.content(book, context, view, parts)) {
        if (String(piece).startsWith('V')) isEmpty = false;
        if (String(piece).startsWith('T') && isEmpty) yield `V\tNONE\t${book.period.to}\tNo vouchers\n`;
        yield piece;
      }
    },
  }),
  saboteur('once', 'vouchers are written a hundred at a time, and the one that fills the hundred is lost', {
    async *vouchers(book) {
      let place = 0;
      for await (const voucher of book.vouchers()) if ((place += 1) % 100 !== 0) yield voucher;
    },
  }),
  saboteur('refused', 'what is not of the period is left out without a word', {
    async *vouchers(book) {
      const { from, to } = book.period;
      for await (const voucher of book.vouchers()) if (voucher.date >= from && voucher.date <= to) yield voucher;
    },
  }),
  saboteur('vat', 'VAT on a service from abroad is owed and never deducted', {
    lines: (voucher, view) => linesOf(voucher, view).filter(({ account }) => account !== '2714'),
  }),
  saboteur(
    'vat',
    'an account is remembered with the first code that was seen on it',
    {
      lines(voucher, view) {
        const codes = new Map<string, string>();
        return linesOf(voucher, view).map((line) => {
          if (line.vat === undefined) return line;
          const code = codes.get(line.account) ?? line.vat.code;
          codes.set(line.account, code);
          return { ...line, vat: { ...line.vat, code } };
        });
      },
    },
    { view: 'gross' },
  ),
  saboteur(
    'vat',
    'a target that adds the VAT itself is given amounts with VAT',
    {
      lines: (voucher) =>
        voucher.lines.map((line) =>
          line.vat?.kind === 'reverse-charge' ? { ...line, amount: amount(line.amount + line.vat.amount) } : line,
        ),
    },
    { view: 'gross' },
  ),
  saboteur(
    'vat',
    'a refund is given no code, so that its VAT is never taken back',
    {
      lines: (voucher, view) =>
        linesOf(voucher, view).map(({ vat, ...line }) =>
          vat === undefined || line.amount > 0 ? line : { ...line, vat },
        ),
    },
    { view: 'net' },
  ),
  saboteur('once', 'a corrected voucher goes by the reference of the one it replaces', {
    voucher: (voucher, view, parts) => soundParts.voucher({ ...voucher, revision: 1 }, view, parts),
  }),
  saboteur('dimensions', 'dimensions are left out', { dimensions: () => '' }),
  saboteur('dimensions', 'a line without a dimension keeps that of the line before', {
    dimensions: lastKnown(),
  }),
];

function merged(lines: readonly ViewedLine[]): readonly ViewedLine[] {
  const accounts = new Map<string, ViewedLine>();
  for (const line of lines) {
    const known = accounts.get(line.account);
    accounts.set(line.account, known === undefined ? line : { ...known, amount: amount(known.amount + line.amount) });
  }
  return [...accounts.values()];
}

function lastKnown(): (line: ViewedLine) => string {
  let last = '';
  return (line) => {
    if (line.dimensions !== undefined) last = soundParts.dimensions(line);
    return last;
  };
}
