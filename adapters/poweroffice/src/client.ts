import { BilagError, type ServiceContext } from '@bilag/core';
import {
  backoffMs,
  createHttpClient,
  defaultRetry,
  HttpError,
  parseJsonBytes,
  restateError,
  type HttpClient,
  type HttpReply,
  type HttpRequest,
} from '@bilag/http';
import type { z } from 'zod';
import type { PowerOfficeConfig } from './config.ts';
import { betterWords } from './errors.ts';
import { readAs, tokenReply } from './replies.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

/** A reply, whole. */
export type Reply = HttpReply;

/** A change to make, sent once. */
export interface Write {
  readonly method: 'POST' | 'PUT';
  /** Below `/v2`. */
  readonly path: string;
  readonly query?: Query;
  readonly json?: unknown;
  readonly form?: { readonly contentType: string; readonly bytes: Uint8Array };
}

/** Everything that is sent to PowerOffice: each request in a turn, reads again after a pause, writes once. */
export class PowerOfficeClient {
  readonly #config: PowerOfficeConfig;
  readonly #context: ServiceContext;
  /** What no error and no event may hold: a reply may repeat any of them, not only those that were in its request. */
  readonly #secrets: string[] = [];
  #http: HttpClient | undefined;
  #token: { readonly value: string; readonly endsAt: number } | undefined;

  constructor(config: PowerOfficeConfig, context: ServiceContext) {
    this.#config = config;
    this.#context = context;
  }

  /** Reads one thing; undefined where PowerOffice has nothing to show (204). */
  async read<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value | undefined> {
    const reply = await this.#again(() => this.#authorised({ method: 'GET', url: `/v2${path}`, query }));
    return reply.status === 204 ? undefined : readAs(schema, jsonOf(reply), reply.where);
  }

  /** Reads a list page by page. In the order of ids, which only grow, nothing slips from one page to another. */
  async *pages<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): AsyncGenerator<Value> {
    for (let page = 1; ; page += 1) {
      const paging = { PageNumber: page, PageSize: pageSize, OrderBy: 'Id' };
      const items = await this.read(schema.array(), path, { ...query, ...paging });
      yield* items ?? [];
      if (items === undefined || items.length < pageSize) return;
    }
  }

  /** Reads a whole list. */
  async readAll<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value[]> {
    const items: Value[] = [];
    for await (const item of this.pages(schema, path, query)) items.push(item);
    return items;
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  async write({ method, path, query = {}, json, form }: Write): Promise<HttpReply> {
    // A token is asked for before, so that what fails here has certainly changed nothing.
    await this.#again(() => this.#tokenOrNew());
    return this.#authorised({
      method,
      url: `/v2${path}`,
      query,
      ...(json === undefined ? {} : { json }),
      ...(form === undefined ? {} : { body: form.bytes, headers: { 'content-type': form.contentType } }),
    });
  }

  close(): Promise<void> {
    return this.#http?.close() ?? Promise.resolve();
  }

  /** A read that was turned away is made again after a pause; one whose token was not taken, with another, once. */
  async #again<Result>(work: () => Promise<Result>): Promise<Result> {
    const { sleep, random, signal } = this.#context;
    let isRenewed = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof HttpError) || attempt >= mostAttempts) throw error;
        if (error.kind === 'unauthorised' && !isRenewed) {
          isRenewed = true;
          continue;
        }
        const waitMs = error.retryAfterMs ?? backoffMs(attempt, defaultRetry, random());
        const mayPass = error.kind === 'busy' || error.kind === 'unavailable';
        if (!mayPass || waitMs > defaultRetry.maxRetryAfterMs) throw error;
        await sleep(waitMs, signal);
      }
    }
  }

  async #authorised(request: HttpRequest): Promise<HttpReply> {
    const token = await this.#tokenOrNew();
    try {
      return await this.#send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
    } catch (error) {
      if (error instanceof HttpError && error.kind === 'unauthorised') this.#token = undefined;
      throw error;
    }
  }

  /** Client credentials (RFC 6749 section 4.4). A token lasts 20 minutes; it is renewed before it ends. */
  async #tokenOrNew(): Promise<string> {
    if (this.#token !== undefined && this.#context.now() < this.#token.endsAt) return this.#token.value;
    const { applicationKey, clientKey } = await this.#keys();
    const basic = Buffer.from(`${applicationKey}:${clientKey}`).toString('base64');
    const asking = this.#send({
      method: 'POST',
      url: '/OAuth/Token',
      headers: { authorization: `Basic ${basic}` },
      form: { grant_type: 'client_credentials' },
      safe: true,
    });
    const reply = await asking.catch((error: unknown) => {
      throw refusedKeys(error);
    });
    const { access_token: value, expires_in: seconds } = readAs(tokenReply, jsonOf(reply), reply.where);
    this.#secrets.push(value);
    this.#token = { value, endsAt: this.#context.now() + Math.max(0, Number(seconds) * 1000 - renewedBeforeMs) };
    return value;
  }

  async #send(request: HttpRequest): Promise<HttpReply> {
    const { signal, turn } = this.#context;
    const keys = await this.#keys();
    const http = (this.#http ??= this.#connected(keys));
    // A write that began is not cut off: its outcome would be unknown.
    const isRead = request.method === 'GET' || request.safe === true;
    try {
      return await turn(this.#config.application, () => http.request(isRead ? { ...request, signal } : request));
    } catch (error) {
      throw error instanceof HttpError ? restateError(error, betterWords(error)) : error;
    }
  }

  /** Every request carries the subscription key, the one for a token too. */
  #connected(keys: Keys): HttpClient {
    this.#secrets.push(...Object.values(keys));
    const { host, timeoutMs } = this.#config;
    const { now, sleep, random, onEvent } = this.#context;
    return createHttpClient({
      baseUrl: host,
      headers: { accept: 'application/json', 'ocp-apim-subscription-key': keys.subscriptionKey },
      timeouts: { headersMs: timeoutMs, bodyMs: timeoutMs, totalMs: timeoutMs },
      // Pauses are made outside of turns, so that others go on meanwhile.
      retry: { attempts: 1 },
      secrets: this.#secrets,
      now,
      sleep,
      random,
      ...(onEvent === undefined ? {} : { onEvent }),
    });
  }

  async #keys(): Promise<Keys> {
    const { credentials } = this.#context;
    const { application, credentials: own } = this.#config;
    const shared = await credentials.get(application);
    const { clientKey } = application === own ? shared : await credentials.get(own);
    const { applicationKey, subscriptionKey } = shared;
    if (applicationKey === undefined || subscriptionKey === undefined) {
      throw missingKeys('applicationKey and subscriptionKey', application);
    }
    if (clientKey === undefined) throw missingKeys('clientKey', own);
    return { applicationKey, subscriptionKey, clientKey };
  }
}

/** OAuth says with a 400 what is wrong with keys (RFC 6749 section 5.2): that is no refusal of a voucher. */
function refusedKeys(error: unknown): unknown {
  if (!(error instanceof HttpError) || error.status !== 400) return error;
  const kind = 'unauthorised';
  return restateError(error, { kind, ...betterWords({ kind }) });
}

interface Keys {
  readonly applicationKey: string;
  readonly subscriptionKey: string;
  readonly clientKey: string;
}

/** A JSON reply with every number as its own text: no float touches an amount. */
export function jsonOf({ bytes, where }: HttpReply): unknown {
  return parseJsonBytes(bytes, { where, numbers: 'text', kind: 'unavailable' });
}

const pageSize = 5_000;
const mostAttempts = 4;
const renewedBeforeMs = 60_000;

function missingKeys(names: string, reference: string): BilagError {
  return new BilagError('config', {
    what: `${names} are not all there`,
    where: `the credentials "${reference}"`,
    now: 'put them there: the application and subscription key are the integration’s, the client key is the company’s',
  });
}
