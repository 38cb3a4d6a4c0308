import { addDays, digestOf, negate, type JournalLine, type PlainDate, type Voucher } from '@bilag/core';

/** The reference of the reversal of a voucher: its key and `.U` with the revision it takes back. */
export function reversalReference({ key, revision }: Pick<Voucher, 'key' | 'revision'>): string {
  return `${key}.U${revision}`;
}

/** A voucher with every amount turned round, for targets without a reversal of their own. It documents no sale. */
export function mirroredVoucher(voucher: Voucher, date: PlainDate): Voucher {
  const lines = voucher.lines.map(mirroredLine);
  const description = `${voucher.description} – reversal`;
  const digest = digestOf({ ...voucher, date, lines });
  return Object.freeze({ ...voucher, document: 'journal', date, lines, description, digest });
}

function mirroredLine(line: JournalLine): JournalLine {
  const { vat } = line;
  return {
    ...line,
    amount: negate(line.amount),
    ...(vat === undefined ? {} : { vat: { ...vat, net: negate(vat.net), amount: negate(vat.amount) } }),
  };
}

/** The voucher's own date, or the day after what is locked: a closed period is never written to. */
export function openDate(date: PlainDate, lockedThrough: PlainDate | undefined): PlainDate {
  return lockedThrough !== undefined && date <= lockedThrough ? addDays(lockedThrough, 1) : date;
}
