import { BilagError, type BeforeWrite, type Secrets, type ServiceContext } from '@bilag/core';
import { createHttpClient, type HttpClient } from './transport/client.ts';
import { MissedTurn } from './transport/exchange.ts';
import { HttpError, restateError, type RefusalOf } from './replies/errors.ts';
import type { HttpReply, HttpRequest } from './transport/request.ts';
import { backoffMs, type RetryPolicy } from './replies/retry.ts';

/** What a service adapter gives, so that the rest of its transport is this package's. */
export interface ServiceClientOptions {
  readonly baseUrl: string;
  /** The longest one request may take, all in all. */
  readonly timeoutMs: number;
  readonly context: ServiceContext;
  /** Whose turns are taken: the reference of the credential that the target counts requests by. */
  readonly credential: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Knows the target's own errors: nothing else is believed when it says that a write was not made. */
  readonly refusalOf: RefusalOf;
  /** Opens the door: see {@link Authorisation}. Absent: {@link headers} are enough. */
  readonly authorisation?: Authorisation;
  /** How long the target asks all its callers to wait, by the headers of a reply; undefined where it does not. */
  readonly pauseOf?: (headers: Readonly<Record<string, string>>) => number | undefined;
  /** The most requests a second of this client, counted from first byte to first byte. */
  readonly perSecond?: number;
  /** Changes to {@link serviceRetry}. */
  readonly retry?: Partial<RetryPolicy>;
  /** Changes to {@link readingBounds}. */
  readonly bounds?: Partial<ReadingBounds>;
}

/** Headers that open the door, made outside of turns: they may need requests of their own. */
export interface Authorisation {
  /** `refused` are the headers that the target refused the last time: give others. */
  headers(refused: AuthorisationHeaders | undefined): Promise<AuthorisationHeaders>;
  /** Whether new headers can be had: then a refused read is made again, and a refused write may be sent again by the caller. */
  readonly canRenew: boolean;
}

export type AuthorisationHeaders = Readonly<Record<string, string>>;

/** The most that is read of one list, so that a target without end holds nobody up. */
export interface ReadingBounds {
  readonly mostPages: number;
  readonly mostBytes: number;
  /** From the first page on, pauses included. */
  readonly longestMs: number;
}

/** The default: a year of a busy company fits many times. */
export const readingBounds: ReadingBounds = { mostPages: 2_000, mostBytes: 1024 ** 3, longestMs: 1_200_000 };

/** Reads that were turned away: four more attempts after 0.5 to 8 seconds, or as the target asks, up to a minute. */
export const serviceRetry: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 1_000,
  maxDelayMs: 8_000,
  maxRetryAfterMs: 60_000,
};

/** What is sent to a target. Statuses beside 2xx are thrown. */
export type ServiceRequest = Omit<HttpRequest, 'method' | 'beforeWrite' | 'signal' | 'safe'>;

/** A change to make. */
export type ServiceWrite = ServiceRequest & { readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' };

/** Everything that is sent to a target. */
export interface ServiceClient {
  /** A GET, in a turn of its own; tried again after a pause where that may help. */
  read(request: ServiceRequest): Promise<HttpReply>;
  /**
   * The pages of a list: `next` gives the request of each page, by the page before it. Throws `unavailable` beyond
   * {@link ReadingBounds}.
   */
  pages(next: (before: HttpReply | undefined) => ServiceRequest | undefined): AsyncGenerator<HttpReply>;
  /**
   * A change, sent once, with `beforeWrite` asked right before its first byte. Throws `unknown-outcome` where it may have been
   * made, any other kind only where it certainly was not.
   */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply>;
  /** A request that opens the door, without {@link Authorisation}: a POST of keys changes nothing in the books. */
  open(request: ServiceRequest & { readonly method?: 'GET' | 'POST' }): Promise<HttpReply>;
  /** The secrets under a reference. From then on they are taken out of everything that this client tells. */
  secrets(reference: string): Promise<Secrets>;
  /** Makes something that came later a secret too: a token, a session. */
  keepSecret(value: string): void;
  close(): Promise<void>;
}

/**
 * Makes the transport of a service adapter: every request in a turn, pauses outside of turns, reads again, writes once and
 * fenced, replies bounded, secrets and persons in no error. Nothing is sent yet.
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  return new TurnedClient(options);
}

class TurnedClient implements ServiceClient {
  readonly #options: ServiceClientOptions;
  readonly #retry: RetryPolicy;
  readonly #http: HttpClient;
  readonly #secrets: string[] = [];
  #pausedUntil = 0;
  /** What was not taken for a write. */
  #refused: AuthorisationHeaders | undefined;

  constructor(options: ServiceClientOptions) {
    this.#options = options;
    this.#retry = { ...serviceRetry, ...options.retry };
    const { timeoutMs: totalMs, baseUrl, headers, refusalOf, context, perSecond } = options;
    this.#http = createHttpClient({
      baseUrl,
      headers: { accept: 'application/json', ...headers },
      timeouts: { totalMs, headersMs: totalMs, bodyMs: totalMs, connectMs: Math.min(totalMs, 10_000) },
      // Tried again and waited for here, outside of the turn, so that waiting holds nobody up.
      retry: { attempts: 1, maxRetryAfterMs: 0 },
      ...(perSecond !== undefined && { limits: { perSecond } }),
      secrets: this.#secrets,
      refusalOf,
      now: context.now,
      sleep: context.sleep,
      random: context.random,
      ...(context.onEvent !== undefined && { onEvent: context.onEvent }),
    });
  }

  async read(request: ServiceRequest): Promise<HttpReply> {
    const { authorisation } = this.#options;
    const readWith = (opened: AuthorisationHeaders = {}): Promise<HttpReply> =>
      this.#again(() => this.#inTurn({ ...request, method: 'GET', headers: { ...request.headers, ...opened } }));
    const opened = await authorisation?.headers(this.#refused);
    try {
      return await readWith(opened);
    } catch (error) {
      const isTurnedAway = error instanceof HttpError && error.status === 401;
      if (!isTurnedAway || authorisation?.canRenew !== true) throw error;
      return readWith(await authorisation.headers(opened));
    }
  }

  async *pages(next: (before: HttpReply | undefined) => ServiceRequest | undefined): AsyncGenerator<HttpReply> {
    const { now } = this.#options.context;
    const { mostPages, mostBytes, longestMs } = { ...readingBounds, ...this.#options.bounds };
    const since = now();
    let bytes = 0;
    let before: HttpReply | undefined;
    for (let pages = 1; ; pages += 1) {
      const request = next(before);
      if (request === undefined) return;
      if (before !== undefined && pages > mostPages) throw noEnd(before.where, `${mostPages} pages`);
      if (before !== undefined && bytes > mostBytes) throw noEnd(before.where, `${mostBytes} bytes`);
      if (before !== undefined && now() - since > longestMs) throw noEnd(before.where, `${longestMs / 1000} seconds`);
      before = await this.read(request);
      bytes += before.bytes.byteLength;
      yield before;
    }
  }

  async write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    const { authorisation } = this.#options;
    const opened = (await authorisation?.headers(this.#refused)) ?? {};
    const isAnother = this.#refused !== undefined;
    try {
      const reply = await this.#inTurn({ ...request, headers: { ...request.headers, ...opened }, beforeWrite });
      this.#refused = undefined;
      return reply;
    } catch (error) {
      if (
        !(error instanceof HttpError) ||
        error.status !== 401 ||
        error.kind === 'unknown-outcome' ||
        authorisation?.canRenew !== true
      )
        throw error;
      this.#refused = opened;
      // Nothing was written: the caller may send it again in a new session. If that is refused too, the keys are wrong.
      if (isAnother) throw error;
      throw restateError(error, { kind: 'busy', action: 'nothing was written; try again, in a new session' });
    }
  }

  open(request: ServiceRequest & { readonly method?: 'GET' | 'POST' }): Promise<HttpReply> {
    return this.#again(() => this.#inTurn({ ...request, safe: true }));
  }

  async secrets(reference: string): Promise<Secrets> {
    const secrets = await this.#options.context.credentials.get(reference);
    for (const value of Object.values(secrets)) this.keepSecret(value);
    return secrets;
  }

  keepSecret(value: string): void {
    if (!this.#secrets.includes(value)) this.#secrets.push(value);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #again(work: () => Promise<HttpReply>): Promise<HttpReply> {
    const { sleep, random, signal } = this.#options.context;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const mayPass = error instanceof HttpError && (error.kind === 'busy' || error.kind === 'unavailable');
        const waitMs = mayPass ? (error.retryAfterMs ?? this.#pauseMs(attempt, error, random())) : 0;
        if (!mayPass || attempt >= this.#retry.attempts || waitMs > this.#retry.maxRetryAfterMs) throw error;
        await sleep(waitMs, signal);
      }
    }
  }

  /** Where no time is told: a busy target gets at least the whole pause, so that the window it counts by is over. */
  #pauseMs(attempt: number, error: HttpError, random: number): number {
    return error.kind === 'busy'
      ? backoffMs(attempt, this.#retry, 1) * (1 + random / 2)
      : backoffMs(attempt, this.#retry, random);
  }

  /**
   * One request in a turn. What the target asks everybody to wait is waited for before the turn: in it, others are held up, and a
   * hold on the company runs out. A write that began is not cut off by the caller: its outcome would be unknown.
   */
  async #inTurn(request: HttpRequest): Promise<HttpReply> {
    const { context, credential, pauseOf } = this.#options;
    const isRead = request.method === 'GET' || request.safe === true;
    for (;;) {
      await this.#pause();
      context.signal.throwIfAborted();
      const reply = await context.turn(credential, async (isMissed) => {
        if (this.#pausedUntil > context.now()) return undefined;
        try {
          const timed = { ...request, ...(isMissed === undefined ? {} : { isMissed }) };
          const made = await this.#http.request(isRead ? { ...timed, signal: context.signal } : timed);
          await this.#pauseFor(pauseOf?.(made.headers));
          return made;
        } catch (error) {
          if (error instanceof MissedTurn) return undefined;
          if (error instanceof HttpError && error.status === 429) await this.#pauseFor(error.retryAfterMs);
          throw error;
        }
      });
      if (reply !== undefined) return reply;
    }
  }

  /** Others that use the credential hear of it, too; where they cannot be told, the target tells each of them itself. */
  async #pauseFor(waitMs: number | undefined): Promise<void> {
    if (waitMs === undefined || waitMs <= 0) return;
    const { context, credential } = this.#options;
    this.#pausedUntil = Math.max(this.#pausedUntil, context.now() + waitMs);
    await context.pause?.(credential, waitMs).catch(() => undefined);
  }

  async #pause(): Promise<void> {
    const { now, sleep, signal } = this.#options.context;
    const waitMs = this.#pausedUntil - now();
    if (waitMs <= 0) return;
    if (waitMs > this.#retry.maxRetryAfterMs) throw longPause(this.#options.baseUrl, waitMs);
    await sleep(waitMs, signal);
  }
}

function noEnd(where: string, most: string): BilagError {
  return new BilagError('unavailable', {
    what: `the list does not come to an end: it was read for more than ${most}`,
    where,
    action: 'ask for less at a time, or look whether the target is in trouble; nothing was sent',
  });
}

function longPause(where: string, retryAfterMs: number): HttpError {
  const what = `the target asked for a pause of ${Math.ceil(retryAfterMs / 1000)} seconds`;
  const action = 'run again after it; nothing was sent';
  return new HttpError('busy', { what, where, action }, { retryAfterMs });
}
