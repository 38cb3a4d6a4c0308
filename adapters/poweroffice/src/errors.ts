import { BilagError, isBilagError, type ErrorParts, type PlainDate, type Voucher } from '@bilag/core';

/** PowerOffice read a voucher and did not take it. */
export interface Refusal extends BilagError {
  readonly status: number;
  /** The beginning of the reply. */
  readonly body?: string | undefined;
}

/** Its texts are not published: what was wrong is looked for. */
export function isRefusal(error: unknown): error is Refusal {
  return [400, 409, 422].includes(statusOf(error) ?? 0);
}

/** The status of the reply that an error is about. */
export function statusOf(error: unknown): number | undefined {
  return isBilagError(error) && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** Whether a refusal speaks of the reference. Only ever used to wait once more before it is taken for one of the content. */
export function speaksOfReference({ body = '' }: Refusal): boolean {
  return /ExternalImportReference|import reference|duplicate|already (?:exist|been|used)|finnes allerede/i.test(body);
}

/** The content was refused. */
export function refusedContent(error: Refusal, voucher: Voucher, reference: string): BilagError {
  const now = 'mend what it names, in the policy or in PowerOffice Go, and apply again; nothing was posted';
  return new BilagError('rejected', { what: error.what, where: placeOf(voucher, reference), now }, { cause: error });
}

/** The books are closed on the voucher's date. */
export function lockedBooks(lockDate: PlainDate, voucher: Voucher, reference: string): BilagError {
  return new BilagError('blocked', {
    what: `the books are locked through ${lockDate}`,
    where: placeOf(voucher, reference),
    now: 'open the period in PowerOffice Go, or book it on a later date with lockedThrough; nothing was posted',
  });
}

/** It is said to be there, and is not shown yet. */
export function notShownYet(error: Refusal, voucher: Voucher, reference: string): BilagError {
  const what = `PowerOffice holds the reference already, and does not show the voucher yet (${error.what})`;
  const now = 'try again later; nothing was posted by this request';
  return new BilagError('unavailable', { what, where: placeOf(voucher, reference), now }, { cause: error });
}

/** PowerOffice said yes, and what it holds could not be read. */
export function notReadBack(cause: unknown, voucher: Voucher, reference: string): BilagError {
  const why = isBilagError(cause) ? `: ${cause.what}` : '';
  const parts = {
    what: `the voucher was posted, but could not be read back${why}`,
    where: placeOf(voucher, reference),
    now: 'look it up by its reference before anything is sent again',
  };
  return new BilagError('unknown-outcome', parts, { cause });
}

/** The target cannot hold a part of the voucher; found before anything was sent. */
export function cannotHold(kind: 'rejected' | 'unsupported', what: string, where: string, now: string): BilagError {
  return new BilagError(kind, { what, where, now: `${now}; nothing was sent` });
}

/** Better words for what a status alone says. */
export function betterWords({ kind }: Pick<BilagError, 'kind'>): Partial<ErrorParts> {
  switch (kind) {
    case 'unauthorised':
      return {
        now: 'check the three keys: application, client and subscription key are of one environment, demo or production',
      };
    case 'forbidden':
      return {
        now: 'give the integration the missing right in PowerOffice Go (Settings, Extensions); a token knows new rights after 20 minutes',
      };
    default:
      return {};
  }
}

export function placeOf({ date }: Pick<Voucher, 'date'>, reference: string): string {
  return `voucher ${reference}, ${date}`;
}
