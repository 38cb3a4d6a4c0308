import type { Agent, Dispatcher } from 'undici';
import { errorOf, type FailedReply, HttpError, type RefusalOf } from '../replies/errors.ts';
import { countdown, exchange, undici } from './exchange.ts';
import { createLimiter, realSleep, type Sleep } from './limiter.ts';
import { type Outgoing, outgoingOf, SentSecrets } from './outgoing.ts';
import type { Redactor } from '../safety/redaction.ts';
import type { HttpReply, HttpRequest, Method } from './request.ts';
import { backoffMs, defaultRetry, type RetryPolicy } from '../replies/retry.ts';

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
  let ownAgent: Promise<Agent> | undefined;
  const dispatcherOf = async (): Promise<Dispatcher> => options.dispatcher ?? (ownAgent ??= agentOf(timeouts));
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
      const dispatcher = await dispatcherOf();
      const startMs = now();
      const leftMs = countdown(timeouts.totalMs);
      if (outgoing.write) await wanted.beforeWrite?.(timeouts.totalMs);
      const reply = await exchange(outgoing, {
        leftMs,
        onBegin: limiter.began,
        dispatcher,
        signal: wanted.signal,
        isMissed: wanted.isMissed,
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
    close: async () => (await ownAgent)?.close(),
  };
}

const defaultMaxBodyBytes = 32 * 1024 * 1024;

async function agentOf(timeouts: Timeouts): Promise<Agent> {
  const { Agent } = await undici();
  return new Agent({
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
  });
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
