import { isReference, negate, parseAmount, type Posted, type PostedLine } from '@bilag/core';
import type { RegisterEntries } from './registers.ts';
import type { RowReply, VoucherReply } from './replies.ts';

/** A voucher with what it is: of the ledger, or a draft. */
export interface HeldVoucher extends VoucherReply {
  readonly isDraft: boolean;
}

/** The reference that a voucher's text begins with; empty where it is somebody else's. */
export function referenceOf({ VoucherText }: Pick<VoucherReply, 'VoucherText'>): string {
  const [first = ''] = (VoucherText ?? '').trim().split(/\s/, 1);
  return isReference(first) ? first : '';
}

/**
 * Vouchers as they are. A draft gets another id when a person makes a voucher of it, so that ours are called by their references; the second of
 * two under one reference says that it is the second.
 */
export function postedOf(held: readonly HeldVoucher[], entries: RegisterEntries): Posted[] {
  const seen = new Map<string, number>();
  return held.toSorted(byAge).map((one) => {
    const reference = referenceOf(one);
    const ordinal = (seen.get(reference) ?? 0) + 1;
    seen.set(reference, ordinal);
    const number = one.NumberAndNumberSeries;
    return {
      id: reference === '' ? one.Id : ordinal === 1 ? reference : `${reference}~${ordinal}`,
      reference,
      state: 'live',
      document: 'journal',
      date: one.VoucherDate,
      currency: entries.settings.CurrencyCode,
      lines: (one.Rows ?? []).map((row) => lineOf(row, entries)),
      ...(number ? { number } : {}),
      description: (one.VoucherText ?? '').slice(reference.length).trim(),
    };
  });
}

/** What is booked is older than any draft. */
function byAge(a: HeldVoucher, b: HeldVoucher): number {
  if (a.isDraft !== b.isDraft) return a.isDraft ? 1 : -1;
  return (a.CreatedUtc ?? '') < (b.CreatedUtc ?? '') ? -1 : 1;
}

function lineOf(
  { AccountNumber, DebitAmount, CreditAmount, ProjectId }: RowReply,
  { projects }: RegisterEntries,
): PostedLine {
  const [debit, credit] = [DebitAmount, CreditAmount].map((value) => parseAmount(value ?? '0')) as [never, never];
  const project = ProjectId ? (projects.find(({ Id }) => Id === ProjectId)?.Number ?? ProjectId) : undefined;
  return {
    account: AccountNumber,
    amount: credit === 0 ? debit : negate(credit),
    ...(project === undefined ? {} : { dimensions: { project } }),
  };
}
