import { BilagError, named, type BeforeWrite, type ServiceContext } from '@bilag/core';
import {
  createServiceClient,
  HttpError,
  replyAs,
  restateError,
  type Authorisation,
  type AuthorisationHeaders,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import { z } from 'zod';
import { assertionOf } from './assertion.ts';
import { addressesOf, type Addresses, type UnimicroConfig } from './config.ts';
import { keysAction, refusalOf } from './errors.ts';
import { tokenReply } from './replies.ts';

/** Which rows of a list, by a filter of its own fields, and what comes with them. */
export interface Wanted {
  readonly filter?: string;
  readonly expand?: string;
}

/** Everything that is sent to Unimicro. */
export class UnimicroClient implements Authorisation {
  readonly canRenew: boolean = true;
  readonly #config: UnimicroConfig;
  readonly #context: ServiceContext;
  readonly #addresses: Addresses;
  readonly #client: ServiceClient;
  #opened: { readonly headers: AuthorisationHeaders; readonly endsAt: number } | undefined;

  constructor(config: UnimicroConfig, context: ServiceContext) {
    this.#config = config;
    this.#context = context;
    this.#addresses = addressesOf(config);
    const { timeoutMs, credentials: credential, company } = config;
    this.#client = createServiceClient({
      baseUrl: this.#addresses.api,
      timeoutMs,
      context,
      credential,
      headers: { companykey: company },
      refusalOf,
      authorisation: this,
    });
    // It opens nothing by itself; what repeats our headers need not stand in a log all the same.
    this.#client.keepSecret(company);
  }

  /** One thing, below `/api`. */
  async read<Value>(schema: z.ZodType<Value>, path: string, { expand }: Pick<Wanted, 'expand'> = {}): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url: `/api${path}`, query: { expand } }));
  }

  /**
   * The rows of a list in the order of their ids, which only grow: a row that comes or goes meanwhile moves no other. Unimicro gives
   * everything where it does not know a field of the filter: what is not asked for is left out by the caller, and a list that begins anew
   * is `unavailable`.
   */
  async *list<Row extends { readonly ID: string }>(
    schema: z.ZodType<Row>,
    route: string,
    { filter, expand }: Wanted = {},
  ): AsyncGenerator<Row> {
    let after = 0;
    let isLast = false;
    const next = (): ServiceRequest | undefined => {
      if (isLast) return undefined;
      const filters = [...(filter === undefined ? [] : [`(${filter})`]), `ID gt ${after}`].join(' and ');
      return { url: `/api/biz/${route}`, query: { filter: filters, orderby: 'ID', top: pageSize, expand } };
    };
    for await (const reply of this.#client.pages(next)) {
      const rows = replyAs(z.array(schema), reply);
      for (const { ID } of rows) {
        if (Number(ID) <= after) throw notAsAsked(reply.where);
        after = Number(ID);
      }
      yield* rows;
      isLast = rows.length < pageSize;
    }
  }

  async readAll<Row extends { readonly ID: string }>(
    schema: z.ZodType<Row>,
    route: string,
    wanted: Wanted = {},
  ): Promise<Row[]> {
    return Array.fromAsync(this.list(schema, route, wanted));
  }

  /** Does something with journal entries, once. Throws `unknown-outcome` where it may have been done. */
  act(
    query: NonNullable<ServiceRequest['query']>,
    json: unknown,
    beforeWrite: BeforeWrite | undefined,
  ): Promise<HttpReply> {
    return this.#client.write({ method: 'POST', url: '/api/biz/journalentries', query, json }, beforeWrite);
  }

  /** Sends a file, once. */
  upload(form: Pick<ServiceWrite, 'headers' | 'body'>, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#client.write({ method: 'POST', url: this.#addresses.files, ...form }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** A server application signs what it asks with, and gets a token for an hour: nobody has to log in. */
  async headers(refused: AuthorisationHeaders | undefined): Promise<AuthorisationHeaders> {
    const { now } = this.#context;
    if (this.#opened !== undefined && this.#opened.headers !== refused && now() < this.#opened.endsAt) {
      return this.#opened.headers;
    }
    const { tokens: audience } = this.#addresses;
    const [clientId, privateKey] = await this.#keys();
    const form = {
      grant_type: 'client_credentials',
      scope: 'AppFramework',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertionOf({ clientId, privateKey, audience, now: now() }),
    };
    const reply = await this.#client.open({ method: 'POST', url: audience, form }).catch((error: unknown) => {
      throw refusedKeys(error);
    });
    const { access_token: token, expires_in: seconds } = replyAs(tokenReply, reply);
    this.#client.keepSecret(token);
    const headers = { authorization: `Bearer ${token}` };
    this.#opened = { headers, endsAt: now() + Math.max(0, Number(seconds) * 1000 - renewedBeforeMs) };
    return headers;
  }

  async #keys(): Promise<readonly [clientId: string, privateKey: string]> {
    const { credentials } = this.#config;
    const secrets = await this.#client.secrets(credentials);
    const [clientId, privateKey] = [named(secrets, 'clientId'), named(secrets, 'privateKey')];
    if (clientId !== undefined && privateKey !== undefined) return [clientId, privateKey];
    throw new BilagError('config', {
      what: 'clientId and privateKey are not both there',
      where: `the credentials "${credentials}"`,
      action: 'put them there: the id of the server application, and the private key of its certificate',
    });
  }
}

/** OAuth says with a 400 what is wrong with keys (RFC 6749 section 5.2): that is no refusal of a voucher. */
function refusedKeys(error: unknown): unknown {
  if (!(error instanceof HttpError) || error.status !== 400) return error;
  return restateError(error, { kind: 'unauthorised', action: keysAction });
}

function notAsAsked(where: string): BilagError {
  return new BilagError('unavailable', {
    what: 'Unimicro gave other rows than were asked for: it does not apply a filter whose fields it does not know',
    where,
    action: 'try again later; if it stays so, Unimicro has changed its fields, and this adapter has to be mended',
  });
}

/** How many rows a list may give is not published; others ask for so many. */
export const pageSize = 1_000;
const renewedBeforeMs = 60_000;
