import type { Finding } from '@bilag/core';

/** A voucher of a year that a target does not have is refused: somebody creates it in time. `last` is the end of the last one. */
export function yearMissing(title: string, last: string | undefined, soon: string): readonly Finding[] {
  if (last !== undefined && last >= soon) return [];
  return [
    {
      code: 'year-missing',
      severity: last === undefined ? 'error' : 'warning',
      message: last === undefined ? 'there is no financial year' : `the last financial year ends on ${last}`,
      where: 'financial years',
      action: `create the next financial year in ${title}`,
    },
  ];
}

/** How vouchers come into the books of a target that has drafts. */
export interface ModeInspected {
  readonly mode: 'draft' | 'posted';
  /** Vouchers of ours that wait as drafts. */
  readonly waiting: number;
  readonly where: string;
}

/** What the chosen mode means, and what the other would do. */
export function modeFinding({ mode, waiting, where }: ModeInspected): Finding {
  const count = `${waiting} ${waiting === 1 ? 'voucher of ours waits' : 'vouchers of ours wait'}`;
  if (mode === 'draft') {
    return {
      code: 'mode-draft',
      severity: 'info',
      message: `vouchers are left as drafts until a person books them; ${count}`,
      where,
      action: 'nothing; mode: posted would book each voucher at once',
    };
  }
  const message = `vouchers are booked at once, and cannot be changed then; ${count} as drafts`;
  const other = 'mode: draft would leave each voucher as a draft until a person books it';
  const isNone = waiting === 0;
  return {
    code: 'mode-posted',
    severity: isNone ? 'info' : 'warning',
    message,
    where,
    action: isNone ? `nothing; ${other}` : `let a person book what waits, or delete it and settle it; ${other}`,
  };
}
