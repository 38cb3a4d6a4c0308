import {
  afterWrite,
  receiptOf,
  type Attachment,
  type BeforeWrite,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type SearchableService,
  type ServiceChart,
  type Voucher,
} from '@bilag/core';
import { replyAs, type ServiceClient, type ServiceRequest, type ServiceWrite } from '@bilag/http';
import { z } from 'zod';
import { fromAcmeBooks, toAcmeBooks } from './to-acme-books.ts';

const company = z.object({ id: z.string(), name: z.string(), organisationNumber: z.string() });
const chart = z.object({
  accounts: z.array(z.object({ number: z.string(), name: z.string() })),
  vatCodes: z.array(z.object({ code: z.string(), name: z.string(), rateBasisPoints: z.coerce.number().int() })),
  departments: z.array(z.object({ id: z.string(), name: z.string() })),
});
const names = z.array(z.string());
const items = z.array(z.unknown());

/** A company in Acme Books. Capabilities are the methods that are here. */
export class AcmeBooksService implements SearchableService {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  async identify(): Promise<CompanyInfo> {
    const found = await this.#read('/company', company);
    return { ...found, country: 'NO', currency: 'NOK' };
  }

  async chart(): Promise<ServiceChart> {
    const { accounts, vatCodes, departments } = await this.#read('/chart', chart);
    return {
      accounts: accounts.map((account) => ({ ...account, isActive: true })),
      vatCodes: vatCodes.map(({ name, ...code }) => ({ ...code, description: name, kind: 'output' })),
      dimensions: departments.map((department) => ({ ...department, type: 'department' })),
    };
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    return this.#write({ method: 'POST', url: '/vouchers', json: toAcmeBooks(voucher, reference) }, beforeWrite);
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const found = await this.#read('/vouchers', items, { reference });
    // The contract says exactly this reference; a search that is less exact is made exact here.
    return found.map((held) => fromAcmeBooks(held, 'GET /vouchers')).filter((held) => held.reference === reference);
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    let page = 1;
    let isLast = false;
    // A list that does not end is given up by the client.
    const replies = this.#client.pages(() => (isLast ? undefined : { url: '/vouchers', query: { from, to, page } }));
    for await (const reply of replies) {
      const found = replyAs(items, reply);
      for (const held of found) yield fromAcmeBooks(held, reply.where);
      page += 1;
      isLast = found.length < pageSize;
    }
  }

  async reverse(id: string, date: PlainDate, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const url = `/vouchers/${encodeURIComponent(id)}`;
    // Asked for again after a lost reply: what is reversed already is told, not reversed once more.
    const { reversedBy } = await this.#read(url, z.object({ reversedBy: z.string().optional() }));
    if (reversedBy !== undefined) return this.#receiptOf(reversedBy, 'exists');
    return this.#write({ method: 'POST', url: `${url}/reverse`, json: { date, reference } }, beforeWrite);
  }

  async attach(id: string, { name, mediaType, content }: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const url = `/vouchers/${encodeURIComponent(id)}/files`;
    const there = await this.#read(url, names);
    if (there.includes(name)) return;
    const headers = { 'content-type': mediaType, 'x-file-name': encodeURIComponent(name) };
    await this.#client.write({ method: 'POST', url, headers, body: content }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #read<Value>(url: string, schema: z.ZodType<Value>, query: ServiceRequest['query'] = {}): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url, query }));
  }

  async #write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<Receipt> {
    const reply = await this.#client.write(request, beforeWrite);
    return afterWrite(reply.where, async () => {
      const { id } = replyAs(z.object({ id: z.string() }), reply);
      return this.#receiptOf(id, 'created');
    });
  }

  /** Reads back what is there now: a receipt says what the target holds, not what was sent. */
  async #receiptOf(id: string, outcome: Receipt['outcome']): Promise<Receipt> {
    const url = `/vouchers/${encodeURIComponent(id)}`;
    return receiptOf(fromAcmeBooks(await this.#read(url, z.unknown()), `GET ${url}`), outcome);
  }
}

const pageSize = 100;
