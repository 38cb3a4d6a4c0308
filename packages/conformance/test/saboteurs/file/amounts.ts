import { amount, decimalsOf, formatAmount, linesOf, type JournalLine, type ViewedLine } from '@bilag/core';
import { soundParts } from '../../sample/sample-file.ts';
import { saboteur, type FileSaboteur } from './saboteur.ts';

export const amountSaboteurs: readonly FileSaboteur[] = [
  saboteur('exact', 'amounts pass through a float of four bytes, as in a column of a table', {
    amount(value, currency) {
      const decimals = decimalsOf(currency);
      return Math.fround(value / 10 ** decimals).toFixed(decimals);
    },
  }),
  saboteur('balanced', 'net and VAT are both rounded from the gross amount, each for itself', {
    lines: (voucher, view) => linesOf({ lines: voucher.lines.map(roundedTwice) }, view),
  }),
  saboteur('zero-decimal', 'every amount is taken for øre and divided by a hundred', {
    amount: (value) => formatAmount(value, 2),
  }),
  saboteur('currency', 'a sign stands for the currency', {
    header: (book, context) => soundParts.header(book, context).replace('\tEUR\t', '\t€\t'),
  }),
  saboteur(
    'currency',
    'every book is taken to be in kroner',
    {
      header: (book, context) => soundParts.header({ ...book, company: { ...book.company, currency: 'NOK' } }, context),
    },
    { also: ['zero-decimal'] },
  ),
  saboteur('long', 'a voucher is cut off at 999 lines', {
    lines: (voucher, view) => linesOf(voucher, view).slice(0, 999),
  }),
];

/** Half an øre goes up twice: 12.5 + 1.5 becomes 13 + 2. */
function roundedTwice(line: JournalLine): JournalLine {
  const { vat } = line;
  if (vat === undefined || vat.kind !== 'contained') return line;
  const share = (rate: number): ViewedLine['amount'] =>
    amount(Math.round((line.amount * rate) / (10_000 + vat.rateBasisPoints)));
  return { ...line, vat: { ...vat, net: share(10_000), amount: share(vat.rateBasisPoints) } };
}
