import type { ErrorKind } from '@bilag/core';

/** A reply that is no success, as far as its name depends on it. */
export interface FailedRequest {
  readonly status: number;
  readonly body: string;
  /** Whether the request may have changed something. */
  readonly write: boolean;
}

/** One reason why content was refused. The text follows the user's language; only the field can be relied upon. */
export interface ValidationMessage {
  readonly field: string;
  readonly message: string;
  readonly path: string;
}

/** A failure by what to do next. */
export interface NamedFailure {
  readonly kind: ErrorKind;
  readonly what: string;
  readonly now: string;
  /** Tripletex's own number of the error. */
  readonly code: number | undefined;
  readonly requestId: string | undefined;
  readonly messages: readonly ValidationMessage[];
}

/**
 * Names a failure. Pure: status, code and fields decide, never the text, which is in the user's language.
 *
 * A write that failed with 5xx, or with 400 and the code 1000 ("unspecified"), may have been done.
 */
export function nameFailure(failed: FailedRequest): NamedFailure {
  const { code, message, requestId, messages } = envelopeOf(failed.body);
  const kind = kindOf(failed, code, messages);
  const reasons = messages.map((one) => [one.field, one.message].filter(Boolean).join(': '));
  const told = reasons.length > 0 ? reasons.join('; ') : message;
  const numbers = code === undefined ? `HTTP ${failed.status}` : `HTTP ${failed.status}, code ${code}`;
  return {
    kind,
    what: told === '' ? numbers : `${numbers}: ${told}`.slice(0, longestMessage),
    now: whatNow(kind, failed, code),
    code,
    requestId,
    messages,
  };
}

function kindOf(
  { status, write }: FailedRequest,
  code: number | undefined,
  messages: readonly ValidationMessage[],
): ErrorKind {
  const mayBeDone = write ? 'unknown-outcome' : 'unavailable';
  if (status >= 500 || status === 408) return mayBeDone;
  if (status === 400) return code === undefined || code === 1000 ? mayBeDone : 'rejected';
  if (status === 409) return code === 10_000 ? 'blocked' : 'conflict';
  if (status === 422 && messages.some(({ field }) => tokenFields.test(field))) return 'unauthorised';
  if (status === 422 && messages.some(({ field }) => field === 'Internal field (account)')) return 'blocked';
  return kindsOfStatus[status] ?? 'rejected';
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

function whatNow(kind: ErrorKind, { status, write }: FailedRequest, code: number | undefined): string {
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
  'unknown-outcome': 'look for it in Tripletex before anything is sent again',
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

/** Everything in it may be missing, null or of another type. */
function envelopeOf(body: string): Envelope {
  const parsed = recordOf(parsedOrNothing(body));
  const messages = Array.isArray(parsed['validationMessages']) ? parsed['validationMessages'] : [];
  const code = parsed['code'];
  return {
    code: typeof code === 'number' ? code : undefined,
    message: textOf(parsed['message']),
    requestId: textOf(parsed['requestId']) || undefined,
    messages: messages.map(recordOf).map(({ field, message, path }) => ({
      field: textOf(field) === 'null' ? '' : textOf(field),
      message: textOf(message),
      path: textOf(path),
    })),
  };
}

function parsedOrNothing(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const longestMessage = 300;
