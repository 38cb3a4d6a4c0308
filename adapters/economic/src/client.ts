import { BilagError, type BeforeWrite, type ServiceContext } from '@bilag/core';
import {
  createServiceClient,
  replyAs,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import { z } from 'zod';
import { addressesOf, type EconomicConfig } from './config.ts';
import { refusalOf } from './errors.ts';

/** e-conomic's APIs have versions of their own. */
export const paths = {
  accounts: '/accountsapi/v7.0.0/Accounts',
  periods: '/accountingyearsapi/v2.0.1/accountingYears/periods',
  drafts: '/journalsapi/v15.0.0/draft-entries',
  journals: '/journalsapi/v15.0.0/journals',
  booked: '/bookedEntriesapi/v4.0.0/booked-entries',
  documents: '/documentsapi/v4.0.1/AttachedDocuments',
} as const;

/** Everything that is sent to e-conomic. */
export class EconomicClient {
  readonly #client: ServiceClient;
  readonly #rest: string;

  constructor(config: EconomicConfig, context: ServiceContext) {
    const { api: baseUrl, rest } = addressesOf(config);
    const { timeoutMs, credentials: credential } = config;
    this.#rest = rest;
    const headers = async (): Promise<Record<string, string>> =>
      tokensOf(await this.#client.secrets(credential), credential);
    const authorisation = { canRenew: false, headers };
    this.#client = createServiceClient({ baseUrl, timeoutMs, context, credential, refusalOf, authorisation });
  }

  async read<Value>(schema: z.ZodType<Value>, url: string): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url }));
  }

  /** Reads from the older API. */
  async readClassic<Value>(schema: z.ZodType<Value>, path: string): Promise<Value> {
    return this.read(schema, `${this.#rest}${path}`);
  }

  /** Reads a list page by page: the cursor is the identifier of the next item, so that nothing slips from one page to another. */
  async readAll<Value>(schema: z.ZodType<Value>, url: string, filter?: string): Promise<Value[]> {
    const page = z.object({ cursor: z.string().nullish(), items: z.array(schema).nullish() });
    const found: Value[] = [];
    let cursor: string | null | undefined;
    let isFirst = true;
    const next = (): ServiceRequest | undefined => {
      if (!isFirst && (cursor === null || cursor === undefined)) return undefined;
      return { url, query: { filter, cursor: cursor ?? undefined } };
    };
    for await (const reply of this.#client.pages(next)) {
      const { items, cursor: after } = replyAs(page, reply);
      found.push(...(items ?? []));
      cursor = after;
      isFirst = false;
    }
    return found;
  }

  /** Reads a list of the older API. */
  async readCollection<Value>(schema: z.ZodType<Value>, path: string): Promise<Value[]> {
    const page = z.object({ collection: z.array(schema) });
    const found: Value[] = [];
    let pages = 0;
    let isLast = false;
    const next = (): ServiceRequest | undefined =>
      isLast ? undefined : { url: `${this.#rest}${path}`, query: { pagesize: 1000, skippages: pages } };
    for await (const reply of this.#client.pages(next)) {
      const { collection } = replyAs(page, reply);
      found.push(...collection);
      pages += 1;
      isLast = collection.length < 1000;
    }
    return found;
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#client.write(request, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function tokensOf(secrets: Readonly<Record<string, string>>, reference: string): Record<string, string> {
  const { appSecretToken, agreementGrantToken } = secrets;
  if (appSecretToken !== undefined && agreementGrantToken !== undefined) {
    return { 'x-appsecrettoken': appSecretToken, 'x-agreementgranttoken': agreementGrantToken };
  }
  throw new BilagError('config', {
    what: 'appSecretToken and agreementGrantToken are not both there',
    where: `the credentials "${reference}"`,
    action: 'put them there: the first is the application’s, the second what the agreement granted it',
  });
}
