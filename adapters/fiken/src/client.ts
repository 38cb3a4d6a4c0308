import { BilagError, type ServiceContext } from '@bilag/core';
import {
  backoffMs,
  createHttpClient,
  HttpError,
  restateError,
  type HttpClient,
  type HttpReply,
  type HttpRequest,
} from '@bilag/http';
import type { FikenConfig } from './config.ts';
import { betterWords } from './errors.ts';
import type { Reader } from './replies.ts';
import { TokenSource, type RefreshRequest } from './tokens.ts';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Everything that is sent to Fiken: each request in a turn, reads again after a pause, writes once. */
export class FikenClient {
  readonly #config: FikenConfig;
  readonly #context: ServiceContext;
  readonly #http: HttpClient;
  readonly #tokens: TokenSource;
  /** A token that Fiken did not take for a write: the next one goes with another. */
  #refused: string | undefined;

  constructor(config: FikenConfig, context: ServiceContext) {
    this.#config = config;
    this.#context = context;
    const { timeoutMs } = config;
    this.#http = createHttpClient({
      baseUrl: config.baseUrl,
      headers: { accept: 'application/json' },
      timeouts: { headersMs: timeoutMs, bodyMs: timeoutMs, totalMs: timeoutMs },
      // Pauses are made outside of turns, so that others may go on meanwhile.
      retry: { attempts: 1 },
      now: context.now,
      sleep: context.sleep,
      random: context.random,
      ...(context.onEvent === undefined ? {} : { onEvent: context.onEvent }),
    });
    this.#tokens = new TokenSource(config, context, (request) => this.#refresh(request));
  }

  /** Reads one thing. `path` is below the company: `/sales/12`; the company itself is the empty one. */
  async read<Value>(path: string, read: Reader<Value>, query: Query = {}): Promise<Value> {
    const reply = await this.#readReply(path, query);
    return read(reply.json(), reply.where);
  }

  /**
   * Reads a whole list. Its order is not documented: where the number of results moved meanwhile, something may have
   * slipped from one page to another, and all is read again.
   */
  async readAll<Value>(path: string, read: Reader<Value>, query: Query = {}): Promise<Value[]> {
    for (let round = 1; round <= mostRounds; round += 1) {
      const items = await this.#readPages(path, read, query);
      if (items !== undefined) return items;
    }
    throw new BilagError('unavailable', {
      what: `the list changed while it was read, ${mostRounds} times`,
      where: `GET ${path}`,
      now: 'try again when nobody is posting',
    });
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  async write(request: {
    readonly method: 'POST' | 'PATCH';
    readonly path: string;
    readonly query?: Query;
    readonly json?: unknown;
    readonly body?: { readonly contentType: string; readonly bytes: Uint8Array };
  }): Promise<HttpReply> {
    const { method, path, query, json, body } = request;
    const token = await this.#tokens.token(this.#refused);
    try {
      return await this.#send({
        method,
        url: this.#below(path),
        headers: { ...authorised(token), ...(body === undefined ? {} : { 'content-type': body.contentType }) },
        ...(query === undefined ? {} : { query }),
        ...(json === undefined ? {} : { json }),
        ...(body === undefined ? {} : { body: body.bytes }),
      });
    } catch (error) {
      throw await this.#restated(error, true, token);
    }
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#context.now();
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #readPages<Value>(path: string, read: Reader<Value>, query: Query): Promise<Value[] | undefined> {
    const items: Value[] = [];
    let expected: string | undefined;
    for (let page = 0; ; page += 1) {
      const reply = await this.#readReply(path, { ...query, page, pageSize });
      const rows = reply.json();
      if (!Array.isArray(rows)) throw noList(reply.where);
      const count = reply.headers['fiken-api-result-count'];
      if (page > 0 && count !== expected) return undefined;
      expected = count;
      for (const row of rows) items.push(read(row, reply.where));
      const pages = Number(reply.headers['fiken-api-page-count'] ?? Number.NaN);
      const isLast = Number.isNaN(pages) ? rows.length < pageSize : page + 1 >= pages;
      if (isLast) return expected === undefined || items.length === Number(expected) ? items : undefined;
    }
  }

  async #readReply(path: string, query: Query): Promise<HttpReply> {
    let refused = this.#refused;
    let isRenewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.#tokens.token(refused);
      try {
        return await this.#send({ url: this.#below(path), query, headers: authorised(token) });
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        if (error.status === 401 && this.#tokens.canRenew && !isRenewed) {
          refused = token;
          isRenewed = true;
          continue;
        }
        if (!(await this.#pausedFor(error, attempt))) throw await this.#restated(error, false, token);
      }
    }
  }

  /** Waits after what may pass; false where there is no use in it. Fiken names no time to wait. */
  async #pausedFor(error: HttpError, attempt: number): Promise<boolean> {
    const mayPass = error.kind === 'busy' || error.kind === 'unavailable';
    if (!mayPass || attempt >= readRetry.attempts) return false;
    const { random, sleep, signal } = this.#context;
    const asked = Math.min(error.retryAfterMs ?? 0, readRetry.maxDelayMs);
    await sleep(Math.max(asked, backoffMs(attempt, readRetry, random())), signal);
    return true;
  }

  /** The error in Fiken's own terms. A 401 is only about the token when the token opens nothing else. */
  async #restated(error: unknown, write: boolean, token: string): Promise<unknown> {
    if (!(error instanceof HttpError)) return error;
    const tokenIsGood = error.status === 401 && (await this.#opensUser(token));
    const mayRenew = error.status === 401 && !tokenIsGood && write && this.#tokens.canRenew;
    if (mayRenew) this.#refused = token;
    const words = betterWords({ error, write, tokenIsGood, mayRenew });
    return words === undefined ? error : restateError(error, words);
  }

  async #opensUser(token: string): Promise<boolean> {
    try {
      await this.#send({ url: '/user', headers: authorised(token) });
      return true;
    } catch {
      return false;
    }
  }

  async #refresh({ clientId, clientSecret, refreshToken }: RefreshRequest): Promise<unknown> {
    const keys = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await this.#send({
          method: 'POST',
          url: this.#config.tokenUrl,
          headers: { authorization: `Basic ${keys}` },
          form: { grant_type: 'refresh_token', refresh_token: refreshToken },
          safe: true,
        });
        return reply.json();
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        if (error.status === 400 || error.status === 401) {
          throw restateError(error, { kind: 'unauthorised', now: 'connect the application in Fiken again' });
        }
        if (!(await this.#pausedFor(error, attempt))) throw error;
      }
    }
  }

  #send(request: HttpRequest): Promise<HttpReply> {
    const { signal, turn } = this.#context;
    signal.throwIfAborted();
    return turn(this.#config.credential, () => this.#http.request({ ...request, signal }));
  }

  #below(path: string): string {
    return `/companies/${this.#config.company}${path}`;
  }
}

function noList(where: string): BilagError {
  return new BilagError('unavailable', { what: "Fiken's reply is no list", where, now: 'try again later' });
}

function authorised(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

const pageSize = 100;
const mostRounds = 5;
const readRetry = { attempts: 6, baseDelayMs: 1000, maxDelayMs: 16_000, maxRetryAfterMs: 60_000 } as const;
