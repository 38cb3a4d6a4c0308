import type { BeforeWrite, ServiceContext } from '@bilag/core';
import {
  createServiceClient,
  jsonOf,
  RefreshedTokens,
  replyAs,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import { z } from 'zod';
import { addressesOf, type FortnoxConfig } from './config.ts';
import { refusalOf } from './errors.ts';

type Query = NonNullable<ServiceRequest['query']>;

/** Everything that is sent to Fortnox. Paths are below `/3`. */
export class FortnoxClient {
  readonly #client: ServiceClient;
  readonly #tokens: RefreshedTokens;

  constructor(config: FortnoxConfig, context: ServiceContext) {
    const { api: baseUrl, tokens: tokenUrl } = addressesOf(config);
    const { timeoutMs, credentials: credential } = config;
    const authorisation = {
      canRenew: true,
      headers: async (refused: Readonly<Record<string, string>> | undefined) => {
        const token = await this.#tokens.token(refused?.['authorization']?.slice('Bearer '.length));
        return { authorization: `Bearer ${token}` };
      },
    };
    this.#client = createServiceClient({ baseUrl, timeoutMs, context, credential, refusalOf, authorisation });
    this.#tokens = new RefreshedTokens({ title: 'Fortnox', tokenUrl, credential, context, client: this.#client });
  }

  async read<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url: `/3${path}`, query }));
  }

  /** A file, byte for byte. */
  async readBytes(path: string, query: Query = {}): Promise<Uint8Array> {
    return (await this.#client.read({ url: `/3${path}`, query, headers: { accept: '*/*' } })).bytes;
  }

  /** A list from a page on. Each page says how many there are by now. */
  async *pages<Value>(
    schema: z.ZodType<readonly Value[]>,
    path: string,
    query: Query = {},
    first = 1,
  ): AsyncGenerator<{ readonly items: readonly Value[]; readonly isLast: boolean }> {
    let page = first;
    let isLast = false;
    const next = (): ServiceRequest | undefined =>
      isLast ? undefined : { url: `/3${path}`, query: { ...query, limit: pageSize, page } };
    for await (const reply of this.#client.pages(next)) {
      const items = replyAs(schema, reply);
      isLast = page >= totalPagesIn(reply);
      yield { items, isLast };
      page += 1;
    }
  }

  async readAll<Value>(schema: z.ZodType<readonly Value[]>, path: string, query: Query = {}): Promise<Value[]> {
    const found: Value[] = [];
    for await (const { items } of this.pages(schema, path, query)) found.push(...items);
    return found;
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#client.write({ ...request, url: `/3${request.url}` }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** A hundred at a time, as Fortnox gives them by default; more is not described. */
export const pageSize = 100;

const meta = z.object({ MetaInformation: z.object({ '@TotalPages': z.string().regex(/^\d+$/) }) });

function totalPagesIn(reply: HttpReply): number {
  const { success, data } = meta.safeParse(jsonOf(reply));
  return success ? Number(data.MetaInformation['@TotalPages']) : 1;
}
