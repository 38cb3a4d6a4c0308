import { BilagError, type BeforeWrite, type ServiceContext } from '@bilag/core';
import {
  createServiceClient,
  HttpError,
  restateError,
  type Authorisation,
  type AuthorisationHeaders,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import type { FikenConfig } from './config.ts';
import { otherThanToken, refusalOf } from './errors.ts';
import type { Reader } from './replies.ts';
import { TokenSource } from './tokens.ts';

type Query = NonNullable<ServiceRequest['query']>;

/** Everything that is sent to Fiken. */
export class FikenClient {
  readonly #config: FikenConfig;
  readonly #context: ServiceContext;
  readonly #client: ServiceClient;
  readonly #tokens: TokenSource;
  readonly #authorisation: Authorisation;

  constructor(config: FikenConfig, context: ServiceContext) {
    this.#config = config;
    this.#context = context;
    const { baseUrl, timeoutMs, credential } = config;
    this.#authorisation = {
      canRenew: config.auth === 'oauth2',
      headers: async (refused) => authorised(await this.#tokens.token(refused && tokenOf(refused))),
    };
    this.#client = createServiceClient({
      baseUrl,
      timeoutMs,
      context,
      credential,
      refusalOf,
      authorisation: this.#authorisation,
      // "Calls above four a second are slowed down" (Fiken API, rate limits); more, and Fiken may ban the application.
      perSecond: 4,
      // Fiken names no time to wait.
      retry: { attempts: 6, maxDelayMs: 16_000 },
    });
    this.#tokens = new TokenSource(config, context, this.#client);
  }

  /** Reads one thing. `path` is below the company: `/sales/12`; the company itself is the empty one. */
  async read<Value>(path: string, read: Reader<Value>): Promise<Value> {
    const reply = await this.#told(() => this.#client.read({ url: this.#below(path) }));
    return read(reply.json(), reply.where);
  }

  /**
   * Reads a whole list. Its order is not documented: where the number of results moved meanwhile, something may have
   * slipped from one page to another, and all is read again.
   */
  async readAll<Value>(path: string, read: Reader<Value>, query: Query = {}): Promise<Value[]> {
    for (let round = 1; round <= mostRounds; round += 1) {
      const items = await this.#told(() => this.#readPages(path, read, query));
      if (items !== undefined) return items;
    }
    throw new BilagError('unavailable', {
      what: `the list changed while it was read, ${mostRounds} times`,
      where: `GET ${path}`,
      action: 'try again when nobody is posting',
    });
  }

  /** Changes something, once. `url` is below the company. Throws `unknown-outcome` where it may have been done. */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#told(() => this.#client.write({ ...request, url: this.#below(request.url) }, beforeWrite));
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#context.now();
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Undefined where the list moved while it was read. */
  async #readPages<Value>(path: string, read: Reader<Value>, query: Query): Promise<Value[] | undefined> {
    const items: Value[] = [];
    let expected: string | undefined;
    let page = 0;
    let isLast = false;
    const pages = this.#client.pages(() =>
      isLast ? undefined : { url: this.#below(path), query: { ...query, page, pageSize } },
    );
    for await (const reply of pages) {
      const rows = reply.json();
      if (!Array.isArray(rows)) throw noList(reply.where);
      const count = reply.headers['fiken-api-result-count'];
      if (page > 0 && count !== expected) return undefined;
      expected = count;
      for (const row of rows) items.push(read(row, reply.where));
      page += 1;
      const told = Number(reply.headers['fiken-api-page-count'] ?? Number.NaN);
      isLast = Number.isNaN(told) ? rows.length < pageSize : page >= told;
    }
    return expected === undefined || items.length === Number(expected) ? items : undefined;
  }

  /** A 401 is only about the token when the token opens nothing else. */
  async #told<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 401 || error.kind === 'unknown-outcome') throw error;
      if (error.where.endsWith('/oauth/token') || !(await this.#opensUser())) throw error;
      throw restateError(error, otherThanToken);
    }
  }

  async #opensUser(): Promise<boolean> {
    try {
      await this.#client.open({ url: '/user', headers: await this.#authorisation.headers(undefined) });
      return true;
    } catch {
      return false;
    }
  }

  #below(path: string): string {
    return `/companies/${this.#config.company}${path}`;
  }
}

function noList(where: string): BilagError {
  return new BilagError('unavailable', { what: "Fiken's reply is no list", where, action: 'try again later' });
}

function authorised(token: string): AuthorisationHeaders {
  return { authorization: `Bearer ${token}` };
}

function tokenOf(headers: AuthorisationHeaders): string | undefined {
  return headers['authorization']?.slice('Bearer '.length);
}

const pageSize = 100;
const mostRounds = 5;
