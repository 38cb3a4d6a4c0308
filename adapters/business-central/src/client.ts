import { named, afterWrite, BilagError, type BeforeWrite, type ServiceContext } from '@bilag/core';
import {
  ClientTokens,
  createServiceClient,
  errorOf,
  replyAs,
  type HttpError,
  type HttpReply,
  type ServiceClient,
  type ServiceRequest,
  type ServiceWrite,
} from '@bilag/http';
import { z } from 'zod';
import { addressesOf, type BusinessCentralConfig } from './config.ts';
import { keysNow, refusalOf } from './errors.ts';
import { batchReply, type InnerReply } from './replies.ts';

/** What a list is asked for. Its order is that of a key which only grows, so that nothing slips from one page to another. */
export interface Listing {
  readonly key: string;
  readonly filter?: string;
  readonly expand?: string | undefined;
}

/** One request of a batch; its address is below `/api/v2.0/`. */
export interface InnerRequest {
  readonly method: 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: object;
}

/** Everything that is sent to Business Central. Paths are below `/api/v2.0`. */
export class BusinessCentralClient {
  readonly #client: ServiceClient;
  readonly #tokens: ClientTokens;
  readonly #credential: string;
  readonly #api: string;

  constructor(config: BusinessCentralConfig, context: ServiceContext) {
    const { api: baseUrl, tokens: tokenUrl } = addressesOf(config);
    const { timeoutMs, credentials: credential } = config;
    this.#credential = credential;
    this.#api = baseUrl;
    const authorisation = {
      canRenew: true,
      headers: async (refused: Readonly<Record<string, string>> | undefined) => {
        const token = await this.#tokens.token(refused?.['authorization']?.slice('Bearer '.length));
        return { authorization: `Bearer ${token}` };
      },
    };
    // In English its refusals can be told apart; a replica shows late what was written.
    const headers = { 'accept-language': 'en-US', 'data-access-intent': 'ReadWrite' };
    this.#client = createServiceClient({ baseUrl, timeoutMs, context, credential, headers, refusalOf, authorisation });
    this.#tokens = new ClientTokens({
      client: this.#client,
      context,
      request: async () => ({ url: tokenUrl, headers: { authorization: await this.#keys() } }),
      form: { scope: 'https://api.businesscentral.dynamics.com/.default' },
      action: keysNow,
    });
  }

  async read<Value>(schema: z.ZodType<Value>, path: string): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url: path }));
  }

  /** A whole list, page by page. A page may be smaller than was asked for: then there is a link to the next. */
  async readAll<Row>(schema: z.ZodType<Row>, path: string, { key, filter, expand }: Listing): Promise<Row[]> {
    const page = z.object({
      value: z.array(z.looseObject({ [key]: z.string() })),
      '@odata.nextLink': z.string().optional(),
    });
    const rows = z.object({ value: z.array(schema) });
    const found: Row[] = [];
    let after: string | undefined;
    let isLast = false;
    const next = (): ServiceRequest | undefined => {
      if (isLast) return undefined;
      const onward = after === undefined ? undefined : `${key} gt ${after}`;
      const filters = [filter === undefined ? undefined : `(${filter})`, onward].filter((one) => one !== undefined);
      const query = { $top: pageSize, $orderby: key, $filter: filters.join(' and ') || undefined, $expand: expand };
      return { url: path, query };
    };
    for await (const reply of this.#client.pages(next)) {
      const { value, '@odata.nextLink': link } = replyAs(page, reply);
      found.push(...replyAs(rows, reply).value);
      const last = named(value.at(-1) ?? {}, key);
      if (typeof last === 'string') after = textKeys.has(key) ? quoted(last) : last;
      isLast = value.length === 0 || (value.length < pageSize && link === undefined);
    }
    return found;
  }

  /** Changes something, once. Throws `unknown-outcome` where it may have been done. */
  write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<HttpReply> {
    return this.#client.write(request, beforeWrite);
  }

  /**
   * Several changes in one transaction. Its answer is 200 whatever became of them: they were made if every one was answered with 2xx,
   * and none of them otherwise. Then the refusal is returned, and which request it was. Throws `unknown-outcome` where nobody knows.
   */
  async batch(
    requests: readonly InnerRequest[],
    beforeWrite: BeforeWrite | undefined,
  ): Promise<{ readonly refusal: HttpError; readonly index: number } | undefined> {
    const inner = requests.map((request, index) => {
      const headers = { 'content-type': 'application/json', ...(request.method === 'DELETE' && { 'if-match': '*' }) };
      return { id: String(index + 1), headers, ...request };
    });
    const write = {
      method: 'POST',
      url: '/$batch',
      headers: { isolation: 'snapshot' },
      json: { requests: inner },
    } as const;
    const reply = await this.#client.write(write, beforeWrite);
    return afterWrite(reply.where, async () => {
      const { responses } = replyAs(batchReply, reply);
      const index = responses.findIndex(({ status }) => !status.startsWith('2'));
      const refused = responses[index];
      if (refused !== undefined) return { refusal: this.#refusalIn(refused, inner[index]), index };
      if (responses.length === requests.length) return undefined;
      throw new BilagError('unavailable', {
        what: `${responses.length} of ${requests.length} requests of a batch were answered`,
        where: reply.where,
        action: 'look it up',
      });
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #refusalIn({ status, body }: InnerReply, request: InnerRequest | undefined): HttpError {
    const { method = 'POST', url = '' } = request ?? {};
    const failed = { method, url: `${this.#api}/${url}`, status: Number(status), headers: {}, write: true };
    return errorOf({ ...failed, body: JSON.stringify(body ?? null) }, undefined, refusalOf);
  }

  async #keys(): Promise<string> {
    const { clientId, clientSecret } = await this.#client.secrets(this.#credential);
    if (clientId === undefined || clientSecret === undefined) {
      throw new BilagError('config', {
        what: 'clientId and clientSecret are not both there',
        where: `the credentials "${this.#credential}"`,
        action: 'put them there: they are those of the app that is registered in Microsoft Entra',
      });
    }
    const pair = [clientId, clientSecret].map(encodeURIComponent).join(':');
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  }
}

/** A text in a filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The keys whose values are texts. */
const textKeys: ReadonlySet<string> = new Set(['code', 'fileName', 'name', 'number']);

/** Business Central gives up to 20 000 rows at a time. */
const pageSize = 1_000;
