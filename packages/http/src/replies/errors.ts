import { BilagError, type ErrorKind, type ErrorParts, named } from '@bilag/core';
import { createRedactor, type Redactor } from '../safety/redaction.ts';
import { retryAfterMs } from './retry.ts';
import { isCertificateFault, setUpFaultOf } from './set-up-faults.ts';

/** What an HTTP error knows beside its kind and message. Everything is redacted and bounded. */
export interface HttpFacts {
  readonly status?: number | undefined;
  /** The other side's own id of the request, to quote when asking them. */
  readonly requestId?: string | undefined;
  /** How long the other side asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** The beginning of the reply's body. */
  readonly body?: string | undefined;
  /** What {@link Refusal} says beside words: the fields it is about. */
  readonly details?: unknown;
}

/** A {@link BilagError} of a request. `isBilagError` knows it: its name stays `BilagError`. */
export class HttpError extends BilagError {
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly body: string | undefined;
  readonly details: unknown;

  constructor(kind: ErrorKind, parts: ErrorParts, facts: HttpFacts = {}) {
    super(kind, parts);
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.body = facts.body;
    this.details = facts.details;
  }
}

/** A reply that is not a success. */
export interface FailedReply {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the request may have changed something: then only {@link RefusalOf} can say that it did not. */
  readonly write: boolean;
  /** For a `Retry-After` that is a date. */
  readonly nowMs?: number;
}

/** A failed reply as {@link RefusalOf} sees it: no secret and no person is in it any more. */
export interface RefusalReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; undefined where it is something else. */
  readonly json: unknown;
  /** The beginning of the body as text. */
  readonly text: string;
  readonly write: boolean;
}

/** What a target said when it refused. What is left out is as the status says. */
export interface Refusal {
  readonly kind?: ErrorKind | undefined;
  readonly what?: string | undefined;
  readonly action?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly details?: unknown;
}

/**
 * Names a failed reply whose body proves that the target itself wrote it, by the shape of its errors; undefined for any
 * other, such as a firewall's page or a redirect. Pure. A write is certainly not made only where this says so.
 */
export type RefusalOf = (reply: RefusalReply) => Refusal | undefined;

/** Statuses that say "not done": a reply in between (1xx, 3xx), a timeout (408), a caller gone (499) or a failure never do. */
export function isRefusalStatus(status: number): boolean {
  return status >= 400 && status < 452 && status !== 408;
}

/**
 * Names the error of a reply by what the caller does next. Pure: status and body alone decide. Of a write the outcome is
 * unknown, whatever the status: anybody on the way may have answered, after the target has written.
 *
 * @example
 * ```ts
 * import { errorOf } from '@bilag/http';
 *
 * const error = errorOf({
 *   method: 'GET', url: 'https://api.example/x', status: 429, headers: { 'retry-after': '7' }, body: '', write: false,
 * });
 * error.kind; // => 'busy'
 * error.retryAfterMs; // => 7000
 * ```
 */
export function errorOf(reply: FailedReply, redactor: Redactor = createRedactor(), refusalOf?: RefusalOf): HttpError {
  const error = errorOfStatus(reply, redactor);
  const { status, headers, write } = reply;
  if (refusalOf === undefined || (write && !isRefusalStatus(status))) return error;
  const refusal = refusalOf({
    status,
    headers,
    write,
    json: redactedJson(reply.body, redactor),
    text: error.body ?? '',
  });
  if (refusal === undefined) return error;
  const { kind = kindOfStatus(status), what, details, requestId, retryAfterMs: waitMs } = refusal;
  const action = refusal.action ?? actions[kind];
  return new HttpError(
    kind,
    { what: what?.slice(0, longestMessage) ?? error.what, where: error.where, action },
    {
      status,
      body: error.body,
      details,
      requestId: requestId ?? error.requestId,
      retryAfterMs: waitMs ?? error.retryAfterMs,
    },
  );
}

/** Parsed first: a mask in place of a value would make other JSON of the text. */
function redactedJson(body: string, redactor: Redactor): unknown {
  try {
    return JSON.parse(body, (_key, value: unknown) => (typeof value === 'string' ? redactor.text(value) : value));
  } catch {
    return undefined;
  }
}

function errorOfStatus(reply: FailedReply, redactor: Redactor): HttpError {
  const kind = reply.write ? 'unknown-outcome' : kindOfStatus(reply.status);
  const told = toldBy(reply.body, redactor);
  const body = redactor.text(reply.body).slice(0, longestBody);
  const requestId = told.requestId ?? requestIdHeaders.map((name) => named(reply.headers, name)).find(Boolean);
  const waitMs = retryAfterMs(reply.headers['retry-after'], reply.nowMs ?? Date.now());
  return new HttpError(
    kind,
    {
      what: [`HTTP ${reply.status}`, told.message.slice(0, longestMessage)].filter(Boolean).join(': '),
      where: `${reply.method} ${redactor.url(reply.url)}`,
      action: actions[kind],
    },
    {
      status: reply.status,
      requestId: requestId === undefined ? undefined : redactor.text(requestId).slice(0, 100),
      retryAfterMs: waitMs,
      body: body === '' ? undefined : body,
    },
  );
}

/** The same error in better words: for those who know more of the other side than its status. */
export function restateError(error: HttpError, better: Partial<ErrorParts> & { readonly kind?: ErrorKind }): HttpError {
  const { what = error.what, where = error.where, action = error.action, kind = error.kind } = better;
  return new HttpError(kind, { what, where, action }, error);
}

/** The error of a request that got no reply. A write is `unavailable` only where nothing can have been sent. */
export function errorOfTransport(
  cause: unknown,
  request: { readonly method: string; readonly url: string; readonly write: boolean },
  redactor: Redactor = createRedactor(),
): HttpError {
  const code = codeOf(cause);
  const sent = !(code !== undefined && (notSent.test(code) || isCertificateFault(code)));
  const message = redactor.text(cause instanceof Error ? cause.message : String(cause)).slice(0, longestMessage);
  const where = `${request.method} ${redactor.url(request.url)}`;
  const fault = setUpFaultOf(code ?? '', message);
  // Of a write, only what fails before anything is sent is certain; of a read nothing can have been done.
  if (fault !== undefined && !(request.write && sent)) {
    return new HttpError('config', { what: fault.what, where, action: `${fault.action}; nothing was sent` });
  }
  const kind = request.write && sent ? 'unknown-outcome' : 'unavailable';
  return new HttpError(kind, {
    what: `no reply (${[code, message].filter(Boolean).join(': ')})`,
    where,
    action: sent ? actions[kind] : 'check the address and the network, then try again; nothing was sent',
  });
}

/** What to do about an error of a kind, where the target says nothing better. */
const actions: Readonly<Record<ErrorKind, string>> = {
  config: 'check the address and the settings',
  rejected: 'mend the request; it was refused as it is',
  unauthorised: 'check the credentials and renew them',
  forbidden: 'ask for the missing permission',
  'not-found': 'check the id; it is not there, or not yours',
  busy: 'wait and try again',
  unavailable: 'try again later',
  'unknown-outcome': 'look whether it was done before anything is sent again',
  conflict: 'look at what is there already and decide',
  blocked: 'wait until it is opened, or use an open period',
  unsupported: 'use another way; the other side does not offer this',
};

/** What a status alone says of a request that changes nothing, or that the target itself refused. */
export function kindOfStatus(status: number): ErrorKind {
  const known = kindsOfStatus[status];
  if (known !== undefined) return known;
  if (status >= 300 && status < 400) return 'config';
  return status >= 500 || status === 408 ? 'unavailable' : 'rejected';
}

const kindsOfStatus: Readonly<Record<number, ErrorKind>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not-found',
  405: 'unsupported',
  409: 'conflict',
  410: 'unsupported',
  412: 'conflict',
  423: 'blocked',
  425: 'busy',
  429: 'busy',
  501: 'unsupported',
};

/** The message and the request id in the usual shapes: problem+json, OAuth, and the plain ones. */
function toldBy(body: string, redactor: Redactor): { readonly message: string; readonly requestId?: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { message: '' };
  }
  if (typeof parsed !== 'object' || parsed === null) return { message: '' };
  const fields = parsed as Record<string, unknown>;
  const texts = (names: readonly string[]): string[] =>
    names
      .map((name) => named(fields, name))
      .filter((value) => typeof value === 'string' || typeof value === 'number')
      .map(String);
  const [requestId] = texts(['traceId', 'contextId', 'requestId', 'correlationId']);
  const message = texts([
    'errorCode',
    'code',
    'error',
    'title',
    'detail',
    'message',
    'errorMessage',
    'error_description',
  ]);
  return { message: message.map(redactor.text).join(': '), ...(requestId === undefined ? {} : { requestId }) };
}

const requestIdHeaders = ['x-request-id', 'x-correlation-id', 'request-id', 'traceparent', 'x-tlx-request-id'];

/** The code of a transport error; a failed connection to several addresses hides it one level down. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause.cause;
  return inner === undefined ? cause.name : codeOf(inner);
}

/** Of a write whose time was up before its first byte. */
export const tooLateCode = 'BILAG_TOO_LATE';

/**
 * Failures before a connection exists: name lookup and connecting. Not those of TLS but its certificate: a record may be
 * damaged after the request.
 */
const notSent =
  /^(?:BILAG_TOO_LATE|ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/;

const longestBody = 2048;
const longestMessage = 300;
