import { Agent, type Dispatcher, getGlobalDispatcher, request as send } from 'undici';
import { BilagError, type BeforeWrite } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from './address.ts';
import { acceptEncoding, decodeBody, EncodingFault } from './content-encoding.ts';
import { errorOf, errorOfTransport, tooLateCode, type FailedReply, HttpError, type RefusalOf } from './errors.ts';
import { parseJsonBytes } from './json.ts';
import { createLimiter, realSleep, type Sleep } from './limiter.ts';
import { refuseSimulatedKeys } from './simulated-keys.ts';
import { createRedactor, isSecretName, type Redactor, withoutPersons } from './redaction.ts';
import { backoffMs, defaultRetry, type RetryPolicy } from './retry.ts';
import { version } from './version.ts';

/** How long each part of one attempt may take. */
export interface Timeouts {
  readonly connectMs: number;
  /** From the request to the reply's headers. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly bodyMs: number;
  /** One attempt, from start to end. */
  readonly totalMs: number;
}

/** The default: 10 s to connect, 30 s to the headers, 30 s between pieces, 2 minutes for an attempt. */
export const defaultTimeouts: Timeouts = { connectMs: 10_000, headersMs: 30_000, bodyMs: 30_000, totalMs: 120_000 };

/** What a client may be told. Clock, sleep and chance are ports, so that tests run in virtual time. */
export interface HttpClientOptions {
  /** Put before addresses that start with `/`. */
  readonly baseUrl?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryPolicy>;
  /** Limits of this client: make one client per credential. */
  readonly limits?: { readonly concurrency?: number; readonly perSecond?: number };
  /** The most bytes of a reply. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Values that must never be seen, whatever they are called. Looked at for each request: tokens may be added as they come. */
  readonly secrets?: readonly string[];
  /** Another classification of failed replies than {@link errorOf}. */
  readonly errorOf?: (reply: FailedReply, redactor: Redactor) => HttpError;
  /** Knows the target's own errors: what they say is believed of a write, and no person is named in them. */
  readonly refusalOf?: RefusalOf;
  /** Told what happens, redacted. What it throws is ignored: a log must not undo a write. */
  readonly onEvent?: (event: HttpEvent) => void;
  readonly now?: () => number;
  readonly sleep?: Sleep;
  /** From 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Another undici dispatcher: a proxy, a certificate. Then connect, header and body timeouts are the dispatcher's. */
  readonly dispatcher?: Dispatcher;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method?: Method;
  /** Absolute, or a path below the client's base address. */
  readonly url: string;
  /** Encoded for the address; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** A body to be sent as JSON. */
  readonly json?: unknown;
  /** A body to be sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Says that a POST changes nothing, such as a token request: it may be tried again. GET and HEAD always may. */
  readonly safe?: boolean;
  /** Asked right before the first byte of a write, with the longest it may take. When it rejects, nothing is sent. */
  readonly beforeWrite?: BeforeWrite | undefined;
  /** Statuses beside 2xx that are returned, not thrown. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

/** A reply: always whole, within the size bound. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Method and address, redacted: the place for error messages. */
  readonly where: string;
  text(): string;
  /** Throws `unavailable` with the place when it is not JSON. */
  json(): unknown;
}

/** Something that happened, for a log. Redacted. */
export interface HttpEvent {
  readonly type: 'reply' | 'failure' | 'wait';
  readonly method: Method;
  readonly url: string;
  /** 1 is the first. */
  readonly attempt: number;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly durationMs?: number;
  readonly waitMs?: number;
  readonly message?: string;
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpReply>;
  get(url: string, options?: Omit<HttpRequest, 'method' | 'url'>): Promise<HttpReply>;
  post(url: string, options?: Omit<HttpRequest, 'method' | 'url'>): Promise<HttpReply>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/**
 * Makes a polite client. It throws {@link HttpError} for every status that is not 2xx or accepted; tries reads again after
 * `busy` and `unavailable`, with growing random pauses or as `Retry-After` says; attempts a write once; follows no redirect
 * (credentials would follow too).
 *
 * @example
 * ```ts
 * import { createHttpClient } from '@bilag/http';
 *
 * const client = createHttpClient({ baseUrl: 'https://api.example', limits: { concurrency: 4, perSecond: 10 } });
 * typeof client.get; // => 'function'
 * await client.close();
 * ```
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const retry = { ...defaultRetry, ...options.retry };
  const { now = Date.now, sleep = realSleep, random = Math.random } = options;
  const limiter = createLimiter({ ...options.limits, now, sleep });
  const ownAgent = options.dispatcher === undefined ? agentOf(timeouts) : undefined;
  const dispatcher = options.dispatcher ?? ownAgent;
  const sentSecrets = new SentSecrets();

  const request = async (wanted: HttpRequest): Promise<HttpReply> => {
    const outgoing = outgoingOf(wanted, options, sentSecrets);
    const tell = teller(options.onEvent, outgoing);
    const attempts = outgoing.write ? 1 : retry.attempts;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await limiter.run(() => attemptOnce(attempt), wanted.signal);
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        tell({ type: 'failure', attempt, message: error.message, status: error.status, requestId: error.requestId });
        const tooLong = (error.retryAfterMs ?? 0) > retry.maxRetryAfterMs;
        const waitMs = error.retryAfterMs ?? backoffMs(attempt, retry, random());
        // The other side is busy: everything of this client waits, not only this request.
        if ((error.kind === 'busy' || error.status === 429) && error.retryAfterMs !== undefined && !tooLong)
          limiter.pauseUntil(now() + waitMs);
        const mayPass = error.kind === 'busy' || error.kind === 'unavailable';
        if (!mayPass || attempt >= attempts || tooLong) throw error;
        tell({ type: 'wait', attempt, waitMs });
        await sleep(waitMs, wanted.signal);
      }
    }

    async function attemptOnce(attempt: number): Promise<HttpReply> {
      const startMs = now();
      const leftMs = countdown(timeouts.totalMs);
      if (outgoing.write) await wanted.beforeWrite?.(timeouts.totalMs);
      const reply = await exchange(outgoing, {
        leftMs,
        onBegin: limiter.began,
        dispatcher,
        signal: wanted.signal,
        maxBodyBytes: options.maxBodyBytes ?? defaultMaxBodyBytes,
      });
      if (!isSuccess(reply.status) && wanted.accept?.includes(reply.status) !== true) {
        const failed = failedReplyOf(reply, outgoing, now());
        throw options.errorOf?.(failed, outgoing.redactor) ?? errorOf(failed, outgoing.redactor, options.refusalOf);
      }
      tell({ type: 'reply', attempt, status: reply.status, durationMs: now() - startMs });
      return reply;
    }
  };

  return {
    request,
    get: (url, rest) => request({ ...rest, method: 'GET', url }),
    post: (url, rest) => request({ ...rest, method: 'POST', url }),
    close: async () => ownAgent?.close(),
  };
}

const defaultMaxBodyBytes = 32 * 1024 * 1024;

function agentOf(timeouts: Timeouts): Agent {
  return new Agent({
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
  });
}

/** A request as it goes out, with what its errors need. */
interface Outgoing {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly write: boolean;
  readonly redactor: Redactor;
  readonly where: string;
}

function outgoingOf(wanted: HttpRequest, options: HttpClientOptions, sentSecrets: SentSecrets): Outgoing {
  const method = wanted.method ?? 'GET';
  const { body, contentType } = bodyOf(wanted);
  const given = Object.entries({ ...options.headers, ...wanted.headers });
  const headers: Readonly<Record<string, string>> = {
    ...ownHeaders,
    ...contentType,
    ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
  };
  sentSecrets.add(secretsIn({ ...wanted.query, ...wanted.form, ...headers }));
  const secrets = [...(options.secrets ?? []), ...sentSecrets.all()];
  const known = createRedactor(secrets);
  const redactor = options.refusalOf === undefined ? known : { ...known, text: withoutPersonsToo(known) };
  const url = addressOf(wanted, options.baseUrl, redactor);
  refuseSimulatedKeys(url, secrets);
  const write = method !== 'GET' && method !== 'HEAD' && wanted.safe !== true;
  return { method, url, headers, body, write, redactor, where: `${method} ${redactor.url(url)}` };
}

/** RFC 9110 §10.1.5: who asks. Whoever runs the other side can tell us from others. */
const ownHeaders = { 'user-agent': `bilag/${version}`, 'accept-encoding': acceptEncoding };

function addressOf(wanted: HttpRequest, baseUrl: string | undefined, redactor: Redactor): string {
  const text = wanted.url.startsWith('/') ? `${(baseUrl ?? '').replace(/\/+$/, '')}${wanted.url}` : wanted.url;
  if (!isSafeAddress(text)) {
    throw new BilagError('config', {
      what: 'no keys may travel to this address',
      where: redactor.url(text).slice(0, 200),
      now: `${unsafeAddress}; nothing was sent`,
    });
  }
  const url = new URL(text);
  const query = Object.entries(wanted.query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  if (query.length > 0) url.search = [url.search.slice(1), ...query].filter(Boolean).join('&');
  return url.href;
}

function bodyOf(wanted: HttpRequest): { body: string | Uint8Array | null; contentType: Record<string, string> } {
  if (wanted.json !== undefined) {
    return { body: JSON.stringify(wanted.json), contentType: { 'content-type': 'application/json' } };
  }
  if (wanted.form !== undefined) {
    const body = new URLSearchParams({ ...wanted.form }).toString();
    return { body, contentType: { 'content-type': 'application/x-www-form-urlencoded' } };
  }
  return { body: wanted.body ?? null, contentType: {} };
}

/** The values of what is secret by its name, whole and in parts, so that a reply that echoes them does not spread them. */
function secretsIn(sent: Readonly<Record<string, string | number | boolean | undefined>>): string[] {
  return Object.entries(sent).flatMap(([name, value]) => {
    if (!isSecretName(name) || value === undefined) return [];
    const [scheme = '', credential] = String(value).split(' ', 2);
    if (credential === undefined) return [scheme];
    if (scheme.toLowerCase() !== 'basic') return [String(value), credential];
    return [credential, ...Buffer.from(credential, 'base64').toString().split(':')];
  });
}

/** What was sent as a secret before, a session or a token: a later reply may repeat that too. */
class SentSecrets {
  readonly #values: Set<string> = new Set();

  add(values: readonly string[]): void {
    for (const value of values) {
      this.#values.delete(value);
      this.#values.add(value);
    }
    for (const oldest of this.#values) {
      if (this.#values.size <= mostSentSecrets) break;
      this.#values.delete(oldest);
    }
  }

  all(): Iterable<string> {
    return this.#values;
  }
}

const mostSentSecrets = 200;

function withoutPersonsToo({ text }: Redactor): Redactor['text'] {
  return (given) => withoutPersons(text(given));
}

interface Exchange {
  readonly dispatcher: Dispatcher | undefined;
  /** What is left of the time of the request. */
  readonly leftMs: () => number;
  readonly onBegin: () => void;
  readonly signal: AbortSignal | undefined;
  readonly maxBodyBytes: number;
}

/** One request and its whole reply, or an error that says whether anything can have been done. */
async function exchange(outgoing: Outgoing, options: Exchange): Promise<HttpReply> {
  const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(options.leftMs())));
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  options.signal?.throwIfAborted();
  if (outgoing.write && options.leftMs() <= 0) throw errorOfTransport(new TooLate(), outgoing, outgoing.redactor);
  // A process that was stopped while it connected wakes up with the connection made, and no timer has run yet.
  const onStart = (controller: Dispatcher.DispatchController): void => {
    if (outgoing.write && options.leftMs() <= 0) controller.abort(new TooLate());
    else options.onBegin();
  };
  try {
    const response = await send(outgoing.url, {
      method: outgoing.method,
      headers: outgoing.headers,
      body: outgoing.body,
      signal,
      dispatcher: watching(onStart, options.dispatcher ?? getGlobalDispatcher()),
    });
    const headers = headersOf(response.headers);
    const raw = await bytesOf(response.body, options.maxBodyBytes, outgoing, response.statusCode);
    const bytes = await decodeBody(raw, headers['content-encoding'] ?? '', options.maxBodyBytes).catch(
      (error: unknown) => {
        throw error instanceof EncodingFault ? undecodable(error, outgoing, response.statusCode) : error;
      },
    );
    return replyOf(response.statusCode, headers, bytes, outgoing.where);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    // The caller stopped a read: that is no failure. A stopped write may have been done.
    if (options.signal?.aborted === true && !outgoing.write) throw options.signal.reason;
    throw errorOfTransport(error, outgoing, outgoing.redactor);
  }
}

/** Undici tells of the start of a request right before it gives the first byte to the socket. */
function watching(onStart: (controller: Dispatcher.DispatchController) => void, dispatcher: Dispatcher): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const onRequestStart: Dispatcher.DispatchHandler['onRequestStart'] = (controller, context) => {
      handler.onRequestStart?.(controller, context);
      onStart(controller);
    };
    return dispatch(options, replacing(handler, { onRequestStart }));
  });
}

/** The same object with some methods replaced. Its own may use what is private to it. */
function replacing<Value extends object>(value: Value, methods: Partial<Value>): Value {
  return new Proxy(value, {
    get: (target, name) => {
      const own: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** Nothing was sent. */
class TooLate extends Error {
  readonly code: string = tooLateCode;
  override readonly message: string = 'the time of the request was up before it began';
}

/** Counts down, also while this process is stopped or the machine sleeps; setting a clock back does not stop it. */
function countdown(totalMs: number): () => number {
  const [monotonicMs, clockMs] = [performance.now(), Date.now()];
  return () => totalMs - Math.max(performance.now() - monotonicMs, Date.now() - clockMs);
}

async function bytesOf(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  outgoing: Outgoing,
  status: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.byteLength;
    if (size > maxBytes) {
      throw new HttpError(
        outgoing.write ? 'unknown-outcome' : 'rejected',
        {
          what: `the reply is larger than ${maxBytes} bytes`,
          where: outgoing.where,
          now: outgoing.write ? 'look whether it was done before anything is sent again' : 'ask for less at a time',
        },
        { status },
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A reply that cannot be read may be whole the next time; one that is too large will not be smaller. */
function undecodable(fault: EncodingFault, { write, where }: Outgoing, status: number): HttpError {
  const [kind, now] = write
    ? (['unknown-outcome', 'look whether it was done before anything is sent again'] as const)
    : fault.isTooLarge
      ? (['rejected', 'ask for less at a time'] as const)
      : (['unavailable', 'try again later; if it stays, look for a proxy in between'] as const);
  return new HttpError(kind, { what: fault.message, where, now }, { status });
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
    ),
  );
}

function replyOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
  where: string,
): HttpReply {
  return {
    status,
    headers,
    bytes,
    where,
    text: () => new TextDecoder().decode(bytes),
    json: () => parseJsonBytes(bytes, { where, kind: 'unavailable' }),
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function failedReplyOf(reply: HttpReply, outgoing: Outgoing, nowMs: number): FailedReply {
  const { method, url, write } = outgoing;
  return { method, url, write, status: reply.status, headers: reply.headers, body: startOf(reply.bytes), nowMs };
}

/** The beginning of an error's body, cut between words: half a secret would not be recognised as one. */
function startOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, longestErrorBody));
  if (bytes.byteLength <= longestErrorBody) return text;
  return text.slice(0, Math.max(0, text.lastIndexOf(' ')));
}

const longestErrorBody = 64 * 1024;

type Told = Omit<HttpEvent, 'method' | 'url'>;

function teller(onEvent: HttpClientOptions['onEvent'], outgoing: Outgoing): (event: Told) => void {
  return (event) => {
    try {
      onEvent?.({ method: outgoing.method, url: outgoing.redactor.url(outgoing.url), ...event });
    } catch {
      // A log must not undo what was done.
    }
  };
}
