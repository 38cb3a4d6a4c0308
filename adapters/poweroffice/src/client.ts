import { BilagError, type BeforeWrite, type ServiceContext } from '@bilag/core';
import {
  ClientTokens,
  createServiceClient,
  replyAs,
  type Authorisation,
  type AuthorisationHeaders,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import type { z } from 'zod';
import type { PowerOfficeConfig } from './config.ts';
import { keysNow, refusalOf } from './errors.ts';
import { withoutNulls } from './replies.ts';

type Query = NonNullable<ServiceRequest['query']>;

/** Everything that is sent to PowerOffice. Addresses are below `/v2`. */
export class PowerOfficeClient implements Authorisation {
  readonly canRenew: boolean = true;
  readonly #config: PowerOfficeConfig;
  readonly #client: ServiceClient;
  readonly #tokens: ClientTokens;
  #subscription: AuthorisationHeaders = {};

  constructor(config: PowerOfficeConfig, context: ServiceContext) {
    this.#config = config;
    const { host: baseUrl, timeoutMs, application: credential } = config;
    this.#client = createServiceClient({ baseUrl, timeoutMs, context, credential, refusalOf, authorisation: this });
    const request = (): Promise<ServiceRequest> => this.#tokenRequest();
    this.#tokens = new ClientTokens({ client: this.#client, context, request, action: keysNow });
  }

  /** Reads one thing; undefined where PowerOffice has nothing to show (204). */
  async read<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value | undefined> {
    return valueOf(schema, await this.#client.read({ url: `/v2${path}`, query }));
  }

  /** Reads a list page by page. In the order of ids, which only grow, nothing slips from one page to another. */
  async *pages<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): AsyncGenerator<Value> {
    let page = 1;
    let isLast = false;
    const next = (): ServiceRequest | undefined =>
      isLast
        ? undefined
        : { url: `/v2${path}`, query: { ...query, PageNumber: page, PageSize: pageSize, OrderBy: 'Id' } };
    for await (const reply of this.#client.pages(next)) {
      const items = valueOf(schema.array(), reply) ?? [];
      yield* items;
      page += 1;
      isLast = items.length < pageSize;
    }
  }

  /** Reads a whole list. */
  async readAll<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value[]> {
    return Array.fromAsync(this.pages(schema, path, query));
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#client.write({ ...request, url: `/v2${request.url}` }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** A token lasts 20 minutes. Every request carries the subscription key, the one for a token too. */
  async headers(refused: AuthorisationHeaders | undefined): Promise<AuthorisationHeaders> {
    const token = await this.#tokens.token(refused?.['authorization']?.slice('Bearer '.length));
    return { ...this.#subscription, authorization: `Bearer ${token}` };
  }

  async #tokenRequest(): Promise<ServiceRequest> {
    const { applicationKey, clientKey, subscriptionKey } = await this.#keys();
    const basic = Buffer.from(`${applicationKey}:${clientKey}`).toString('base64');
    this.#subscription = { 'ocp-apim-subscription-key': subscriptionKey };
    return { url: '/OAuth/Token', headers: { ...this.#subscription, authorization: `Basic ${basic}` } };
  }

  async #keys(): Promise<Keys> {
    const { application, credentials: own } = this.#config;
    const shared = await this.#client.secrets(application);
    const { clientKey } = application === own ? shared : await this.#client.secrets(own);
    const { applicationKey, subscriptionKey } = shared;
    if (applicationKey === undefined || subscriptionKey === undefined) {
      throw missingKeys('applicationKey and subscriptionKey', application);
    }
    if (clientKey === undefined) throw missingKeys('clientKey', own);
    return { applicationKey, subscriptionKey, clientKey };
  }
}

interface Keys {
  readonly applicationKey: string;
  readonly subscriptionKey: string;
  readonly clientKey: string;
}

function valueOf<Value>(schema: z.ZodType<Value>, reply: HttpReply): Value | undefined {
  return reply.status === 204 ? undefined : replyAs(withoutNulls(schema), reply);
}

const pageSize = 5_000;

function missingKeys(names: string, reference: string): BilagError {
  return new BilagError('config', {
    what: `${names} are not all there`,
    where: `the credentials "${reference}"`,
    action:
      'put them there: the application and subscription key are the integration’s, the client key is the company’s',
  });
}
