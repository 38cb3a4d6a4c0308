import {
  addDays,
  afterWrite,
  BilagError,
  plainDate,
  type BeforeWrite,
  type PlainDate,
  type ServiceContext,
} from '@bilag/core';
import {
  createServiceClient,
  jsonOf,
  valueAs,
  type Authorisation,
  type AuthorisationHeaders,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import type { z } from 'zod';
import { addressOf, type TripletexConfig } from './config.ts';
import { pauseOf, refusalOf } from './errors.ts';
import { idReply, listReply, sessionReply, whoAmIReply } from './replies.ts';

type Query = NonNullable<ServiceRequest['query']>;

interface Session {
  readonly headers: AuthorisationHeaders;
  readonly companyId: number;
  /** A new one is made from this time on, hours before it ends. */
  readonly renewAt: number;
}

/** The only place that talks to Tripletex, always in a session of the company that was set up. */
export class TripletexClient implements Authorisation {
  readonly canRenew: boolean = true;
  readonly #config: TripletexConfig;
  readonly #now: () => number;
  readonly #client: ServiceClient;
  #session: Promise<Session> | undefined;

  constructor(config: TripletexConfig, context: ServiceContext) {
    this.#config = config;
    this.#now = context.now;
    const { credentials: credential, timeoutMs } = config;
    const baseUrl = addressOf(config);
    this.#client = createServiceClient({
      baseUrl,
      timeoutMs,
      context,
      credential,
      refusalOf,
      pauseOf,
      authorisation: this,
    });
  }

  /** Which company the session is in. */
  async companyId(): Promise<number> {
    return (await this.#currentSession()).companyId;
  }

  /** One object: the `value` of a reply. */
  async value<Schema extends z.ZodType>(schema: Schema, url: string, query: Query = {}): Promise<z.output<Schema>> {
    return valueOf(schema, await this.#client.read({ url, query }));
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
    let from = 0;
    let isLast = false;
    const pages = this.#client.pages(() => (isLast ? undefined : { url, query: { ...query, from, count: pageSize } }));
    for await (const page of pages) {
      const { values, fullResultSize } = valueAs(listReply, jsonOf(page), page.where);
      for (const value of values) yield valueAs(schema, value, page.where) as z.output<Schema>;
      from += values.length;
      isLast = values.length === 0 || (values.length < pageSize && Number(fullResultSize ?? 0) <= from);
    }
  }

  /**
   * A write: sent once. Gives the id of the voucher that the reply holds. Throws `unknown-outcome` when it may have been
   * done, any other kind only when it certainly was not.
   */
  async write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<number> {
    const reply = await this.#client.write(request, beforeWrite);
    return afterWrite(reply.where, async () => valueOf(idReply, reply).id);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Several requests may be refused at once: the first of them lets the session go, the others share the next one. */
  async headers(refused: AuthorisationHeaders | undefined): Promise<AuthorisationHeaders> {
    const session = await this.#currentSession();
    if (session.headers !== refused) return session.headers;
    this.#session = undefined;
    return (await this.#currentSession()).headers;
  }

  async #currentSession(): Promise<Session> {
    const making = (this.#session ??= this.#makeSession());
    try {
      const session = await making;
      if (session.renewAt > this.#now()) return session;
    } catch (error) {
      if (this.#session === making) this.#session = undefined;
      throw error;
    }
    if (this.#session === making) this.#session = undefined;
    return (this.#session ??= this.#makeSession());
  }

  /** The tokens go in the body, never in the address; a session lasts one to two days. */
  async #makeSession(): Promise<Session> {
    const expirationDate = addDays(dateInNorway(this.#now()), 2);
    const json = { ...(await this.#tokens()), expirationDate };
    const made = await this.#client.open({ method: 'POST', url: '/token/session/:create', json });
    const { token } = valueOf(sessionReply, made);
    this.#client.keepSecret(token);
    const headers = { authorization: `Basic ${Buffer.from(`${this.#user()}:${token}`).toString('base64')}` };
    const companyId = await this.#whoAmI(headers);
    // Which midnight ends it is not documented: the earliest there is in Norway, and six hours before that.
    const renewAt = Date.parse(`${expirationDate}T00:00:00+02:00`) - 6 * 3_600_000;
    return { headers, companyId, renewAt };
  }

  /** Refuses to go on in another company than the one that was set up. */
  async #whoAmI(headers: AuthorisationHeaders): Promise<number> {
    const url = '/token/session/>whoAmI';
    const { companyId } = valueOf(
      whoAmIReply,
      await this.#client.open({ url, query: { fields: 'companyId' }, headers }),
    );
    const { companyId: pinned } = this.#config;
    if (pinned === undefined || pinned === companyId) return companyId;
    throw new BilagError('config', {
      what: `these credentials open company ${companyId}, not company ${pinned}`,
      where: `config.companyId, credentials ${this.#config.credentials}`,
      action: 'use the credentials of the company, or connect it anew; nothing was sent to it',
    });
  }

  /** `0` is the company the token was made in; an accountant names the client, once one is chosen. */
  #user(): string {
    const { access, companyId } = this.#config;
    return access === 'own' || companyId === undefined ? '0' : String(companyId);
  }

  async #tokens(): Promise<{ consumerToken: string; employeeToken: string }> {
    const { credentials, host } = this.#config;
    const { consumerToken = '', employeeToken = '' } = await this.#client.secrets(credentials);
    const missing = [consumerToken === '' ? 'consumerToken' : '', employeeToken === '' ? 'employeeToken' : ''];
    const [name] = missing.filter(Boolean);
    const isMixed = host === 'production' && (consumerToken.startsWith('test-') || employeeToken.startsWith('test-'));
    if (name === undefined && !isMixed) return { consumerToken, employeeToken };
    throw new BilagError('config', {
      what: isMixed ? 'tokens of the test host do not open the production host' : `there is no ${name}`,
      where: `credentials ${credentials}`,
      action: isMixed ? 'use tokens made in production, or the host "test"' : 'add it under this reference',
    });
  }
}

function valueOf<Schema extends z.ZodType>(schema: Schema, reply: HttpReply): z.output<Schema> {
  const body = jsonOf(reply);
  const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : undefined;
  return valueAs(schema, value, reply.where) as z.output<Schema>;
}

/** Sessions and VAT codes go by the date in Norway, wherever we run. */
export function dateInNorway(time: number): PlainDate {
  oslo ??= new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo' });
  return plainDate(oslo.format(time));
}

let oslo: Intl.DateTimeFormat | undefined;
