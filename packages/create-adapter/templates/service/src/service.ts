import {
  BilagError,
  isBilagError,
  viewDigest,
  type Attachment,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type SearchableService,
  type ServiceChart,
  type Voucher,
} from '@bilag/core';
import { parseJsonBytes, type HttpReply, type HttpRequest } from '@bilag/http';
import { z } from 'zod';
import type { AcmeBooksClient } from './client.ts';
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
  readonly #client: AcmeBooksClient;

  constructor(client: AcmeBooksClient) {
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

  async post(voucher: Voucher, reference: string): Promise<Receipt> {
    return this.#write({ method: 'POST', url: '/vouchers', json: toAcmeBooks(voucher, reference) });
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const found = await this.#read('/vouchers', items, { reference });
    // The contract says exactly this reference; a search that is less exact is made exact here.
    return found.map((held) => fromAcmeBooks(held, 'GET /vouchers')).filter((held) => held.reference === reference);
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    for (let page = 1; ; page += 1) {
      const found = await this.#read('/vouchers', items, { from, to, page });
      for (const held of found) yield fromAcmeBooks(held, 'GET /vouchers');
      if (found.length < pageSize) return;
    }
  }

  async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
    const url = `/vouchers/${encodeURIComponent(id)}`;
    // Asked for again after a lost reply: what is reversed already is told, not reversed once more.
    const { reversedBy } = await this.#read(url, z.object({ reversedBy: z.string().optional() }));
    if (reversedBy !== undefined) return this.#receiptOf(reversedBy, 'exists');
    return this.#write({ method: 'POST', url: `${url}/reverse`, json: { date, reference } });
  }

  async attach(id: string, { name, mediaType, content }: Attachment): Promise<void> {
    const url = `/vouchers/${encodeURIComponent(id)}/files`;
    const there = await this.#read(url, names);
    if (there.includes(name)) return;
    const headers = { 'content-type': mediaType, 'x-file-name': encodeURIComponent(name) };
    await this.#client.send({ method: 'POST', url, headers, body: content });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #read<Value>(url: string, schema: z.ZodType<Value>, query: HttpRequest['query'] = {}): Promise<Value> {
    const reply = await this.#client.send({ url, query });
    return checked(reply, schema);
  }

  async #write(request: HttpRequest): Promise<Receipt> {
    const reply = await this.#client.send(request);
    return afterWrite(reply.where, async () => {
      const { id } = checked(reply, z.object({ id: z.string() }));
      return this.#receiptOf(id, 'created');
    });
  }

  /** Reads back what is there now: a receipt says what the target holds, not what was sent. */
  async #receiptOf(id: string, outcome: Receipt['outcome']): Promise<Receipt> {
    const url = `/vouchers/${encodeURIComponent(id)}`;
    const held = fromAcmeBooks(await this.#read(url, z.unknown()), `GET ${url}`);
    return { outcome, id, digest: viewDigest(held), ...(held.number === undefined ? {} : { number: held.number }) };
  }
}

/** The target said yes. Whatever goes wrong from here on, it may not look as if nothing had been written. */
async function afterWrite<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const why = isBilagError(error) ? error.what : 'it was interrupted';
    throw new BilagError(
      'unknown-outcome',
      { what: `it was taken, but could not be read back: ${why}`, where, now: 'look it up; do not send it again' },
      { cause: error },
    );
  }
}

function checked<Value>(reply: HttpReply, schema: z.ZodType<Value>): Value {
  const { bytes, where } = reply;
  const { success, data } = schema.safeParse(parseJsonBytes(bytes, { where, numbers: 'text', kind: 'unavailable' }));
  if (success) return data;
  throw new BilagError('unavailable', {
    what: 'the reply is not what was agreed',
    where: reply.where,
    now: 'try again later',
  });
}

const pageSize = 100;
