import { errorOf, type FailedReply, type HttpError, type Redactor, restateError } from '@bilag/http';

/**
 * Names the errors of the Report API. Beside what the status says: error 10002 is a fault of the request although it
 * comes as a server error, 410 is the end of v1 (May 2024), and 401 and 403 get advice that helps here.
 */
export function vippsErrorOf(reply: FailedReply, redactor: Redactor): HttpError {
  const error = errorOf(reply, redactor);
  if (isInvalidInput(reply)) {
    return restateError(error, {
      kind: 'config',
      action: 'mend the ledger id, the date or the cursor: the API refused the parameters',
    });
  }
  const ofReports = reply.url.includes('/report/') ? actionsOfReports[reply.status] : undefined;
  const action = ofReports ?? actions[reply.status];
  return action === undefined ? error : restateError(error, { action });
}

const actions: Readonly<Record<number, string>> = {
  401: 'check that the keys are right, in use and belong together',
  403: 'the keys may not read this: the merchant gives access in portal.vippsmobilepay.com → Reports → Accounting partners, per ledger; integration partner keys never can',
  404: 'check the base address',
  429: 'wait and ask less often; once an hour at a random minute is what Vipps MobilePay recommends',
};

const actionsOfReports: Readonly<Record<number, string>> = {
  404: 'list the ledgers these keys can read; the API answers the same for ledgers that do not exist and ledgers that are not yours',
  410: 'v1 of the Report API was closed in May 2024: read with v2, or read archived v1 files',
};

/** `{errorCode: 10002}`: input validation. The published example prints 100001 for the other code, so only this one counts. */
function isInvalidInput(reply: FailedReply): boolean {
  return reply.status >= 400 && /"errorCode"\s*:\s*"?10002\b/.test(reply.body);
}
