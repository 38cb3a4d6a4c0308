import { BilagError, type BeforeWrite, type ServiceContext } from '@bilag/core';
import {
  createServiceClient,
  RefreshedTokens,
  replyAs,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import { z } from 'zod';
import { addressesOf, type EAccountingConfig } from './config.ts';
import { refusalOf } from './errors.ts';

type Query = NonNullable<ServiceRequest['query']>;

/** Everything that is sent to eAccounting. Paths are below `/v2`. */
export class EAccountingClient {
  readonly #client: ServiceClient;
  readonly #tokens: RefreshedTokens;

  constructor(config: EAccountingConfig, context: ServiceContext) {
    const { api: baseUrl, tokens: tokenUrl } = addressesOf(config);
    const { timeoutMs, credentials, application } = config;
    const authorisation = {
      canRenew: true,
      headers: async (refused: Readonly<Record<string, string>> | undefined) => {
        const token = await this.#tokens.token(refused?.['authorization']?.slice('Bearer '.length));
        return { authorization: `Bearer ${token}` };
      },
    };
    // Requests are counted for the application, whichever company they are of.
    const own = { baseUrl, timeoutMs, context, credential: application, refusalOf, authorisation };
    this.#client = createServiceClient(own);
    const common = { tokenUrl, credential: credentials, context, client: this.#client };
    this.#tokens = new RefreshedTokens({ title: 'eAccounting', ...common });
  }

  async read<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url: `/v2${path}`, query }));
  }

  /**
   * A whole list. Its order is not published, so that a row which comes while it is read could hide another: where the count changed, it is
   * read again.
   */
  async readAll<Value>(schema: z.ZodType<Value>, path: string, query: Query = {}): Promise<Value[]> {
    for (let attempt = 1; ; attempt += 1) {
      const [counts, rows] = await this.#readOnce(schema, path, query);
      if (counts.size === 1 && counts.has(rows.length)) return rows;
      if (attempt === mostReadings) throw neverStill(path);
    }
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#client.write({ ...request, url: `/v2${request.url}` }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** The rows, and how many there were by each page. */
  async #readOnce<Value>(schema: z.ZodType<Value>, path: string, query: Query): Promise<[Set<number>, Value[]]> {
    const counts = new Set<number>();
    const rows: Value[] = [];
    let page = 1;
    let pages = 1;
    const next = (): ServiceRequest | undefined =>
      page > pages ? undefined : { url: `/v2${path}`, query: { ...query, $page: page, $pagesize: pageSize } };
    for await (const reply of this.#client.pages(next)) {
      const { Meta, Data } = replyAs(pageOf(schema), reply);
      counts.add(Number(Meta.TotalNumberOfResults));
      pages = Number(Meta.TotalNumberOfPages);
      rows.push(...Data);
      page += 1;
    }
    return [counts, rows];
  }
}

function pageOf<Value>(
  schema: z.ZodType<Value>,
): z.ZodType<{ readonly Meta: PageMeta; readonly Data: readonly Value[] }> {
  const count = z.string().regex(/^\d+$/);
  return z.object({
    Meta: z.object({ TotalNumberOfPages: count, TotalNumberOfResults: count }),
    Data: z.array(schema),
  });
}

interface PageMeta {
  readonly TotalNumberOfPages: string;
  readonly TotalNumberOfResults: string;
}

/** How many rows a page may have is not published; others ask for so many. */
export const pageSize = 1_000;
const mostReadings = 4;

function neverStill(path: string): BilagError {
  return new BilagError('unavailable', {
    what: 'the list changed each time that it was read',
    where: `GET ${path}`,
    action: 'try again later, when nobody else books there',
  });
}
