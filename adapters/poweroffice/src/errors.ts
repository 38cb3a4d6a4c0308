import { BilagError, isBilagError, type PlainDate, type Voucher } from '@bilag/core';
import { HttpError, restateError } from '@bilag/http';

/** Whether PowerOffice read a voucher and did not take it. Its texts are not published: what was wrong is looked for. */
export function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && [400, 409, 422].includes(error.status ?? 0);
}

/** Whether a refusal speaks of the reference. Only ever used to wait once more before it is taken for one of the content. */
export function speaksOfReference({ body = '' }: HttpError): boolean {
  return /ExternalImportReference|import reference|duplicate|already (?:exist|been|used)|finnes allerede/i.test(body);
}

/** The content was refused. */
export function refusedContent(error: HttpError, voucher: Voucher, reference: string): BilagError {
  return restateError(error, {
    kind: 'rejected',
    where: placeOf(voucher, reference),
    now: 'mend what it names, in the policy or in PowerOffice Go, and apply again; nothing was posted',
  });
}

/** The books are closed on the voucher's date. */
export function lockedBooks(
  error: HttpError,
  {
    voucher,
    reference,
    lockDate,
  }: { readonly voucher: Voucher; readonly reference: string; readonly lockDate: PlainDate },
): BilagError {
  return restateError(error, {
    kind: 'blocked',
    what: `the books are locked through ${lockDate}`,
    where: placeOf(voucher, reference),
    now: 'open the period in PowerOffice Go, or book it on a later date with lockedThrough; nothing was posted',
  });
}

/** It is said to be there, and is not shown yet. */
export function notShownYet(error: HttpError, voucher: Voucher, reference: string): BilagError {
  return restateError(error, {
    kind: 'unavailable',
    what: `PowerOffice holds the reference already, and does not show the voucher yet (${error.what})`,
    where: placeOf(voucher, reference),
    now: 'try again later; nothing was posted by this request',
  });
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

/** OAuth says with a 400 what is wrong with keys (RFC 6749 section 5.2): that is no refusal of a voucher. */
export function refusedKeys(error: unknown): unknown {
  if (!(error instanceof HttpError) || error.status !== 400) return error;
  return betterWords(restateError(error, { kind: 'unauthorised' }));
}

/** Better words for what a status alone says. */
export function betterWords(error: HttpError): HttpError {
  switch (error.kind) {
    case 'unauthorised':
      return restateError(error, {
        now: 'check the three keys: application, client and subscription key are of one environment, demo or production',
      });
    case 'forbidden':
      return restateError(error, {
        now: 'give the integration the missing right in PowerOffice Go (Settings, Extensions); a token knows new rights after 20 minutes',
      });
    default:
      return error;
  }
}

export function placeOf({ date }: Pick<Voucher, 'date'>, reference: string): string {
  return `voucher ${reference}, ${date}`;
}
