import type { ErrorKind } from '@bilag/core';
import { HttpError, type Refusal, type RefusalOf } from '@bilag/http';
import { z } from 'zod';

/**
 * Names a failed reply, whole or one of a batch. Of a write one shape is believed: `{error: {code, message}}` with a code and words,
 * as OData and Business Central write it.
 */
export const refusalOf: RefusalOf = ({ status, json, write }): Refusal | undefined => {
  const { success, data } = odataError.safeParse(json);
  if (!success) return write ? undefined : { action: actionOf(status, undefined) };
  const { code, message } = data.error;
  const [, words = message, correlation] = /^(.*?)\s*CorrelationId:\s*([\w-]+)/s.exec(message) ?? [];
  const kind = kindOf(status, code, words);
  return {
    kind,
    what: `HTTP ${status}: ${[code === 'Unknown' ? '' : code, words].filter(Boolean).join(': ')}`,
    action: /must have a value/.test(words) ? setUpNow : actionOf(status, kind),
    ...(correlation !== undefined && { requestId: correlation }),
  };
};

const odataError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Codes are of five families and say little, so that the words count, which are English by our asking. */
function kindOf(status: number, code: string, words: string): ErrorKind | undefined {
  if (/not within your range of allowed posting dates|allowed posting date|accounting period|fiscal year/i.test(words))
    return 'blocked';
  if (code.startsWith('Authentication_')) return 'unauthorised';
  if (code.startsWith('Authorization_')) return 'forbidden';
  return status === 400 ? 'rejected' : undefined;
}

function actionOf(status: number, kind: ErrorKind | undefined): string | undefined {
  if (status === 401) return keysNow;
  if (status === 403) {
    return 'give the app in Business Central (Microsoft Entra applications) permission sets for journals, ledger and dimensions, such as D365 BUS FULL ACCESS';
  }
  if (kind === 'blocked') {
    return 'open the date in Business Central (General Ledger Setup), or book it on a later date with lockedThrough; nothing was written';
  }
  return kind === 'rejected' || status === 400
    ? 'mend what it names, in the policy or in Business Central, and apply again; nothing was written'
    : undefined;
}

const setUpNow =
  'give the account what it misses in Business Central (a Gen. Posting Type and VAT groups, where its lines carry VAT), and apply again; nothing was written';

export const keysNow =
  'check clientId and clientSecret of the app in Microsoft Entra, whether the secret has ended, and whether the app is enabled in Business Central';

/** A refusal of the target, as opposed to an outcome that is unknown and to one that may pass. */
export function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && (error.kind === 'rejected' || error.kind === 'blocked');
}
