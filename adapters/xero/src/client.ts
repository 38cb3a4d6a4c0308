import type { BeforeWrite, ServiceContext } from '@bilag/core';
import {
  createServiceClient,
  RefreshedTokens,
  replyAs,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import type { z } from 'zod';
import { addressesOf, type XeroConfig } from './config.ts';
import { refusalOf } from './errors.ts';

type Query = NonNullable<ServiceRequest['query']>;

/** Everything that is sent to Xero. Paths are below `/api.xro/2.0`. */
export class XeroClient {
  readonly #client: ServiceClient;
  readonly #tokens: RefreshedTokens;

  constructor(config: XeroConfig, context: ServiceContext) {
    const { api, tokens: tokenUrl } = addressesOf(config);
    const { timeoutMs, credentials: credential, tenant } = config;
    const authorisation = {
      canRenew: true,
      headers: async (refused: Readonly<Record<string, string>> | undefined) => {
        const token = await this.#tokens.token(refused?.['authorization']?.slice('Bearer '.length));
        return { authorization: `Bearer ${token}` };
      },
    };
    const baseUrl = `${api}/api.xro/2.0`;
    const headers = { 'xero-tenant-id': tenant };
    this.#client = createServiceClient({ baseUrl, timeoutMs, context, credential, headers, refusalOf, authorisation });
    this.#tokens = new RefreshedTokens({ title: 'Xero', tokenUrl, credential, context, client: this.#client });
  }

  async read<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url: path, query }));
  }

  /** A list page by page. Its order is that of dates: what comes meanwhile moves rows on, and is not missed. */
  async readAll<Row>(schema: z.ZodType<readonly Row[]>, path: string, where: string): Promise<Row[]> {
    const found: Row[] = [];
    let page = 1;
    let isLast = false;
    const next = (): ServiceRequest | undefined =>
      isLast ? undefined : { url: path, query: { where, order: 'Date ASC', page, pageSize } };
    for await (const reply of this.#client.pages(next)) {
      const rows = replyAs(schema, reply);
      found.push(...rows);
      page += 1;
      isLast = rows.length < pageSize;
    }
    return found;
  }

  /** The ledger in the order of its numbers, a hundred at a time: what was written since then. */
  async readLedger<Row extends { readonly JournalNumber: string }>(
    schema: z.ZodType<readonly Row[]>,
    since: string,
  ): Promise<Row[]> {
    const found: Row[] = [];
    let isLast = false;
    const headers = { 'if-modified-since': `${since}T00:00:00` };
    const next = (): ServiceRequest | undefined =>
      isLast ? undefined : { url: '/Journals', headers, query: { offset: found.at(-1)?.JournalNumber ?? '0' } };
    for await (const reply of this.#client.pages(next)) {
      const rows = replyAs(schema, reply);
      found.push(...rows);
      isLast = rows.length === 0;
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

const pageSize = 100;
