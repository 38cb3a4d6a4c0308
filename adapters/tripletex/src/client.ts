import { addDays, BilagError, plainDate, type PlainDate, type ServiceContext } from '@bilag/core';
import {
  backoffMs,
  createHttpClient,
  defaultRetry,
  HttpError,
  parseJsonBytes,
  type FailedReply,
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  type Redactor,
} from '@bilag/http';
import type { z } from 'zod';
import { addressOf, type TripletexConfig } from './config.ts';
import { nameFailure, type NamedFailure } from './errors.ts';
import { idReply, listReply, sessionReply, whoAmIReply } from './replies.ts';

/** A failed request, with Tripletex's own words. */
export class TripletexError extends HttpError {
  readonly code: number | undefined;
  readonly messages: NamedFailure['messages'];

  constructor(failure: NamedFailure, where: string, facts: ConstructorParameters<typeof HttpError>[2]) {
    super(failure.kind, { what: failure.what, where, now: failure.now }, facts);
    this.code = failure.code;
    this.messages = failure.messages;
  }
}

type Query = NonNullable<HttpRequest['query']>;

interface Session {
  readonly authorization: string;
  readonly companyId: number;
  /** A new one is made from this time on, hours before it ends. */
  readonly renewAt: number;
}

/**
 * The only place that talks to Tripletex. Every request runs inside a turn of its credential; reads are tried again,
 * writes never; a session that is refused is made anew once for reads, and a write is left to be tried again in the next.
 */
export class TripletexClient {
  readonly #config: TripletexConfig;
  readonly #context: ServiceContext;
  readonly #http: HttpClient;
  #session: Promise<Session> | undefined;
  /** What the promise came to. */
  #opened: Session | undefined;
  #pausedUntil = 0;
  /** Whether the last write was refused for its session. */
  #isWriteRefused = false;

  constructor(config: TripletexConfig, context: ServiceContext) {
    this.#config = config;
    this.#context = context;
    this.#http = this.#makeHttpClient([]);
  }

  /** Which company the session is in. */
  async companyId(): Promise<number> {
    return (await this.#currentSession()).companyId;
  }

  /** One object: the `value` of a reply. */
  async value<Schema extends z.ZodType>(schema: Schema, url: string, query: Query = {}): Promise<z.output<Schema>> {
    const reply = await this.#readInSession({ url, query });
    return valueOf(schema, reply);
  }

  /**
   * Every object of a list, page by page, until one is not full. The total that Tripletex tells is not exact, but where it
   * tells of more than came, a page was cut short: what is not asked for would seem not to be there.
   */
  async *values<Schema extends z.ZodType>(
    schema: Schema,
    url: string,
    query: Query = {},
    pageSize = 1000,
  ): AsyncGenerator<z.output<Schema>> {
    for (let from = 0; ;) {
      const reply = await this.#readInSession({ url, query: { ...query, from, count: pageSize } });
      const { values, fullResultSize } = read(listReply, bodyOf(reply), reply);
      for (const value of values) yield read(schema, value, reply);
      from += values.length;
      if (values.length === 0 || (values.length < pageSize && Number(fullResultSize ?? 0) <= from)) return;
    }
  }

  /**
   * A write: sent once. Gives the id of the voucher that the reply holds. Throws `unknown-outcome` when it may have been
   * done, any other kind only when it certainly was not.
   */
  async write(request: HttpRequest): Promise<number> {
    const reply = await this.#sendOnce(request);
    try {
      return valueOf(idReply, reply).id;
    } catch (error) {
      throw unknownOutcome('it was done, but the reply cannot be read', reply.where, error);
    }
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  /** A session that cannot be had is not asked for again and again: its own attempts are enough. */
  async #readInSession(request: HttpRequest): Promise<HttpReply> {
    await this.#currentSession();
    return this.#read(() => this.#exchange(request));
  }

  async #read(work: () => Promise<HttpReply>): Promise<HttpReply> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const mayPass = error instanceof HttpError && (error.kind === 'busy' || error.kind === 'unavailable');
        if (!mayPass || attempt >= defaultRetry.attempts) throw error;
        const random = this.#context.random();
        const pauseMs = error.kind === 'busy' ? busyMs(attempt, random) : backoffMs(attempt, defaultRetry, random);
        const waitMs = error.retryAfterMs ?? pauseMs;
        if (waitMs > defaultRetry.maxRetryAfterMs) throw error;
        await this.#context.sleep(waitMs, this.#context.signal);
      }
    }
  }

  /** In a session; refused for it (401), once more in a new one. */
  async #exchange(request: HttpRequest): Promise<HttpReply> {
    const session = await this.#currentSession();
    try {
      return await this.#send(request, session.authorization);
    } catch (error) {
      if (!isUnauthorised(error)) throw error;
      this.#forget(session);
      return await this.#send(request, (await this.#currentSession()).authorization);
    }
  }

  /** A write: refused for its session it did nothing, and whoever sends it may do so again, in a new one. */
  async #sendOnce(request: HttpRequest): Promise<HttpReply> {
    const session = await this.#currentSession();
    try {
      const reply = await this.#send(request, session.authorization);
      this.#isWriteRefused = false;
      return reply;
    } catch (error) {
      if (!isUnauthorised(error)) throw error;
      this.#forget(session);
      const isRefusedAgain = this.#isWriteRefused;
      this.#isWriteRefused = true;
      throw isRefusedAgain ? error : sessionEnded(error);
    }
  }

  /** Several requests may be refused at once: the first of them lets the session go, the others share the next one. */
  #forget(session: Session): void {
    if (this.#opened !== session) return;
    this.#opened = undefined;
    this.#session = undefined;
  }

  #send(request: HttpRequest, authorization: string, http: HttpClient = this.#http): Promise<HttpReply> {
    const { turn, sleep, now, signal } = this.#context;
    return turn(this.#config.credentials, async () => {
      const pauseMs = this.#pausedUntil - now();
      if (pauseMs > 0) await sleep(pauseMs, signal);
      const headers = { accept: 'application/json', ...request.headers, ...(authorization && { authorization }) };
      const reply = await http.request({ ...request, headers, signal });
      this.#heed(reply.headers);
      return reply;
    });
  }

  /** When the window is used up, nothing more is sent before the next: better than to be refused. */
  #heed(headers: Readonly<Record<string, string>>): void {
    const waitMs = resetMs(headers);
    if (headers['x-rate-limit-remaining'] === '0' && waitMs !== undefined) {
      this.#pausedUntil = this.#context.now() + waitMs;
    }
  }

  async #currentSession(): Promise<Session> {
    if (this.#opened !== undefined && this.#opened.renewAt <= this.#context.now()) {
      this.#opened = undefined;
      this.#session = undefined;
    }
    this.#session ??= this.#openSession();
    return this.#session;
  }

  async #openSession(): Promise<Session> {
    try {
      const opened = await this.#makeSession();
      this.#opened = opened;
      return opened;
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }

  /** The tokens go in the body, never in the address; a session lasts one to two days. */
  async #makeSession(): Promise<Session> {
    const { consumerToken, employeeToken } = await this.#tokens();
    const http = this.#makeHttpClient([consumerToken, employeeToken]);
    const expirationDate = addDays(dateInNorway(this.#context.now()), 2);
    try {
      const json = { consumerToken, employeeToken, expirationDate };
      const made = await this.#read(() =>
        this.#send({ method: 'POST', url: '/token/session/:create', json, safe: true }, '', http),
      );
      const { token } = valueOf(sessionReply, made);
      const authorization = `Basic ${Buffer.from(`${this.#user()}:${token}`).toString('base64')}`;
      const companyId = await this.#whoAmI(authorization);
      // Which midnight ends it is not documented: the earliest there is in Norway, and six hours before that.
      const renewAt = Date.parse(`${expirationDate}T00:00:00+02:00`) - 6 * 3_600_000;
      return { authorization, companyId, renewAt };
    } finally {
      await http.close();
    }
  }

  /** Refuses to go on in another company than the one that was set up. */
  async #whoAmI(authorization: string): Promise<number> {
    const url = '/token/session/>whoAmI';
    const reply = await this.#read(() => this.#send({ url, query: { fields: 'companyId' } }, authorization));
    const { companyId } = valueOf(whoAmIReply, reply);
    const { companyId: pinned } = this.#config;
    if (pinned === undefined || pinned === companyId) return companyId;
    throw new BilagError('config', {
      what: `these credentials open company ${companyId}, not company ${pinned}`,
      where: `config.companyId, credentials ${this.#config.credentials}`,
      now: 'use the credentials of the company, or connect it anew; nothing was sent to it',
    });
  }

  /** `0` is the company the token was made in; an accountant names the client, once one is chosen. */
  #user(): string {
    const { access, companyId } = this.#config;
    return access === 'own' || companyId === undefined ? '0' : String(companyId);
  }

  async #tokens(): Promise<{ consumerToken: string; employeeToken: string }> {
    const { credentials, host } = this.#config;
    const { consumerToken = '', employeeToken = '' } = await this.#context.credentials.get(credentials);
    const missing = [consumerToken === '' ? 'consumerToken' : '', employeeToken === '' ? 'employeeToken' : ''];
    const [name] = missing.filter(Boolean);
    const isMixed = host === 'production' && (consumerToken.startsWith('test-') || employeeToken.startsWith('test-'));
    if (name === undefined && !isMixed) return { consumerToken, employeeToken };
    throw new BilagError('config', {
      what: isMixed ? 'tokens of the test host do not open the production host' : `there is no ${name}`,
      where: `credentials ${credentials}`,
      now: isMixed ? 'use tokens made in production, or the host "test"' : 'add it under this reference',
    });
  }

  #makeHttpClient(secrets: readonly string[]): HttpClient {
    const { now, sleep, random, onEvent } = this.#context;
    const totalMs = this.#config.timeoutMs;
    return createHttpClient({
      baseUrl: addressOf(this.#config),
      secrets,
      timeouts: { totalMs, headersMs: totalMs, bodyMs: totalMs, connectMs: Math.min(totalMs, 10_000) },
      // Tried again here, outside of the turn, so that waiting holds nobody up.
      retry: { attempts: 1 },
      errorOf: failureOf,
      now,
      sleep,
      random,
      ...(onEvent !== undefined && { onEvent }),
    });
  }
}

function isUnauthorised(error: unknown): error is TripletexError {
  return error instanceof TripletexError && error.status === 401;
}

function sessionEnded({ what, where }: BilagError): BilagError {
  const now = 'nothing was written; try again, in a new session';
  return new BilagError('busy', { what: `${what}: the session is not good any more`, where, now });
}

function failureOf({ status, body, write, headers, method, url }: FailedReply, redactor: Redactor): TripletexError {
  const failure = nameFailure({ status, body: redactor.text(body), write });
  const requestId = headers['x-tlx-request-id'] ?? failure.requestId;
  return new TripletexError(failure, `${method} ${redactor.url(url)}`, {
    status,
    requestId,
    retryAfterMs: failure.kind === 'busy' ? resetMs(headers) : undefined,
  });
}

/** The end of the rate window is not always told, also not when a request is refused for it. */
function resetMs(headers: Readonly<Record<string, string>>): number | undefined {
  const reset = headers['x-rate-limit-reset'] ?? headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(reset) ? Number(reset) * 1000 : undefined;
}

/** Where the end of the window is not told: 1, 2, 4, 8 seconds and up to half as much again, longer than any window seen. */
function busyMs(attempt: number, random: number): number {
  return 1000 * 2 ** (attempt - 1) * (1 + random / 2);
}

function valueOf<Schema extends z.ZodType>(schema: Schema, reply: HttpReply): z.output<Schema> {
  return read(schema, (bodyOf(reply) as { value?: unknown }).value, reply);
}

/** Every number as its own text: amounts must not become floats on the way. */
function bodyOf({ bytes, where }: HttpReply): object {
  const body = parseJsonBytes(bytes, { where, numbers: 'text', kind: 'unavailable' });
  return typeof body === 'object' && body !== null ? body : {};
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown, { where }: HttpReply): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BilagError('unavailable', {
    what: `the reply lacks what we need of it: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    where,
    now: 'see whether the employee token may read this; fields are left out where it may not',
  });
}

/** A write that was made, or may have been. */
export function unknownOutcome(what: string, where: string, cause: unknown): BilagError {
  return new BilagError(
    'unknown-outcome',
    { what, where, now: 'look for it in Tripletex before anything is sent again' },
    { cause },
  );
}

/** Sessions and VAT codes go by the date in Norway, wherever we run. */
export function dateInNorway(time: number): PlainDate {
  return plainDate(new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo' }).format(time));
}
