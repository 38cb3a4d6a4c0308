import { isDeepStrictEqual } from 'node:util';
import { BilagError, quotedName } from '@bilag/core';
import type { FeeInvoice, RecordedInvoice } from './invoice-record.ts';

/** A number holds once, however its letters are written. */
export function refuseRecorded(invoices: readonly RecordedInvoice[], { number }: FeeInvoice, where: string): void {
  const before = invoices.find(
    (other) => other.takenBackAt === null && other.number.toLowerCase() === number.toLowerCase(),
  );
  if (before === undefined) return;
  throw new BilagError('conflict', {
    what: `${quotedName(number)} is recorded already, as record ${before.record}`,
    where,
    action: `if that one is wrong, take it back first: bilag fees invoice --take-back ${before.record}; nothing was recorded`,
  });
}

/** The invoice that was taken back; throws where none was. */
export function invoiceTakenBack(
  invoices: readonly RecordedInvoice[],
  record: number,
  isDone: boolean,
  where: string,
): RecordedInvoice {
  const found = invoices.find((each) => each.record === record);
  if (found !== undefined && isDone) return found;
  throw new BilagError(found === undefined ? 'not-found' : 'conflict', {
    what: found === undefined ? `there is no record ${record}` : `record ${record} was taken back before`,
    where,
    action: 'look at the records with bilag fees --period; nothing was changed',
  });
}

/** Refuses to put a copy in the place of what is not the same, or an older state of it. */
export function refuseOtherInvoices(
  own: readonly RecordedInvoice[],
  invoices: readonly RecordedInvoice[],
  where: string,
): void {
  // One may have been taken back since.
  const isOlder = own.every((invoice, index) => {
    const takenBackAt = invoice.takenBackAt ?? invoices[index]?.takenBackAt;
    return isDeepStrictEqual({ ...invoice, takenBackAt }, invoices[index]);
  });
  if (isOlder) return;
  throw new BilagError('conflict', {
    what: 'invoices are recorded here already, and are not the same',
    where,
    action: 'copy to a place where nothing is; nothing was changed',
  });
}
