import { isBilagError, type ErrorKind } from '@bilag/core';
import type { Refusal, RefusalOf } from '@bilag/http';

/** One reason why content was refused. The text follows the user's language; only the field can be relied upon. */
export interface ValidationMessage {
  readonly field: string;
  readonly message: string;
  readonly path: string;
}

/**
 * Names a failure by status, code and fields, never by the text, which is in the user's language. Of a write only
 * Tripletex's own envelope is believed, which repeats the status; or, where a request is one too many, the headers that it
 * alone sends: that is counted before anything is done.
 *
 * 400 with the code 1000 ("unspecified") says nothing of what was done.
 */
export const refusalOf: RefusalOf = ({ status, headers, json, write }): Refusal | undefined => {
  const envelope = envelopeOf(json, status);
  const isOwn = envelope !== undefined || (status === 429 && headers['x-rate-limit-remaining'] === '0');
  if (write && !isOwn) return undefined;
  const { code, message, requestId, messages } = envelope ?? nothingTold;
  if (write && status === 400 && (code === undefined || code === 1000)) return undefined;
  const kind = kindOf(status, code, messages);
  const reasons = messages.map((one) => [one.field, one.message].filter(Boolean).join(': '));
  const told = reasons.length > 0 ? reasons.join('; ') : message;
  const numbers = code === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${code}`;
  return {
    kind,
    what: told === '' ? numbers : `${numbers}: ${told}`,
    action: whatNow(kind, status, write, code),
    requestId,
    retryAfterMs: kind === 'busy' ? resetMs(headers) : undefined,
    details: messages,
  };
};

/** When the window is used up, nothing more is sent before the next: better than to be refused. */
export function pauseOf(headers: Readonly<Record<string, string>>): number | undefined {
  return headers['x-rate-limit-remaining'] === '0' ? resetMs(headers) : undefined;
}

/** The end of the rate window is not always told, also not when a request is refused for it. */
function resetMs(headers: Readonly<Record<string, string>>): number | undefined {
  const reset = headers['x-rate-limit-reset'] ?? headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(reset) ? Number(reset) * 1000 : undefined;
}

/** What was wrong with the content, where an error is Tripletex's refusal of it. */
export function messagesOf(error: unknown): readonly ValidationMessage[] | undefined {
  if (!isBilagError(error) || !('status' in error) || error.status !== 422 || !('details' in error)) return undefined;
  return error.details as readonly ValidationMessage[] | undefined;
}

function kindOf(status: number, code: number | undefined, messages: readonly ValidationMessage[]): ErrorKind {
  if (status >= 500 || status === 408) return 'unavailable';
  if (status === 400) return code === undefined || code === 1000 ? 'unavailable' : 'rejected';
  if (status === 409) return code === 10_000 ? 'blocked' : 'conflict';
  if (status === 422 && messages.some(({ field }) => tokenFields.test(field))) return 'unauthorised';
  if (status === 422 && messages.some(({ field }) => field === 'Internal field (account)')) return 'blocked';
  return kindsOfStatus[status] ?? (status < 400 ? 'config' : 'rejected');
}

/** What the request for a session calls its arguments. */
const tokenFields = /^arg:(?:consumer|employee)Token$/;

const kindsOfStatus: Readonly<Record<number, ErrorKind>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not-found',
  405: 'unsupported',
  429: 'busy',
};

function whatNow(kind: ErrorKind, status: number, write: boolean, code: number | undefined): string {
  if (code === 23_000) return 'ask for less at a time';
  if (code === 8000) return 'read it again; somebody changed it in the meantime';
  if (status === 404 && write) return 'look in Tripletex; it is not there any more, or these tokens may not see it';
  return advice[kind] ?? 'mend the voucher or the set-up in Tripletex; nothing was booked';
}

const advice: Readonly<Partial<Record<ErrorKind, string>>> = {
  unauthorised: 'check that both tokens are valid, and made for this host',
  forbidden: 'give the employee token the permission "Avansert bilag" and access to the company and its modules',
  'not-found': 'check the id; it is not there, or these tokens may not see it',
  conflict: 'look in Tripletex what is there already, and decide',
  blocked: 'wait until somebody opens it in Tripletex, or use a later date',
  busy: 'wait and try again; nothing was written',
  unavailable: 'try again later',
  unsupported: 'check the address; this is not there',
};

/**
 * Which line a refusal concerns: by the index in its path, else by the account its text names, else by what only some
 * lines have to do with. Undefined where none of that says. Counted from 0.
 */
export function lineOf(
  { field, message, path }: ValidationMessage,
  lines: readonly { readonly account: string; readonly needs: readonly string[] }[],
): number | undefined {
  const [, index] = /postings(?:\[|\.)(\d+)/.exec(`${path} ${field}`) ?? [];
  if (index !== undefined && Number(index) < lines.length) return Number(index);
  const [, subject = ''] = /^postings\.(\w+)/.exec(field) ?? [];
  const named = lines.findIndex(({ account }) => new RegExp(`(?<!\\d)${account}(?!\\d)`).test(message));
  if (subject !== '' && named !== -1) return named;
  const concerned = lines.flatMap(({ needs }, at) => (needs.includes(subject) ? [at] : []));
  return concerned.length === 1 ? concerned[0] : undefined;
}

interface Envelope {
  readonly code: number | undefined;
  readonly message: string;
  readonly requestId: string | undefined;
  readonly messages: readonly ValidationMessage[];
}

const nothingTold: Envelope = { code: undefined, message: '', requestId: undefined, messages: [] };

/** `{status, code, message, validationMessages, requestId, …}`; what is in it may be null or of another type. */
function envelopeOf(json: unknown, status: number): Envelope | undefined {
  const { status: own, code, message, validationMessages, requestId } = recordOf(json);
  const isEnvelope = own === status && code !== undefined && (validationMessages ?? requestId) !== undefined;
  if (!isEnvelope) return undefined;
  const messages = Array.isArray(validationMessages) ? validationMessages : [];
  return {
    code: typeof code === 'number' ? code : undefined,
    message: textOf(message),
    requestId: textOf(requestId) || undefined,
    messages: messages.map(recordOf).map((one) => ({
      field: textOf(one['field']) === 'null' ? '' : textOf(one['field']),
      message: textOf(one['message']),
      path: textOf(one['path']),
    })),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
