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
import { replyAs, type ServiceClient, type ServiceWrite } from '@bilag/http';
import type { z } from 'zod';
import { toUpload } from './attach.ts';
import { fromAcmeBooks } from './from-acme-books.ts';
import { Lookup } from './lookup.ts';
import { chart, company, created, fileNames } from './replies.ts';
import { toAcmeBooks } from './to-acme-books.ts';

/** A company in Acme Books. Capabilities are the methods that are here. */
export class AcmeBooksService implements SearchableService {
  readonly #client: ServiceClient;
  readonly #lookup: Lookup;

  constructor(client: ServiceClient) {
    this.#client = client;
    this.#lookup = new Lookup(client);
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

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  async reverse(id: string, date: PlainDate, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    // Asked for again after a lost reply: what is reversed already is told, not reversed once more.
    const { reversedBy } = await this.#lookup.voucher(id);
    if (reversedBy !== undefined) return this.#receiptOf(reversedBy, 'exists');
    const url = `/vouchers/${encodeURIComponent(id)}/reverse`;
    return this.#write({ method: 'POST', url, json: { date, reference } }, beforeWrite);
  }

  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const url = `/vouchers/${encodeURIComponent(id)}/files`;
    const there = await this.#read(url, fileNames);
    if (!there.includes(file.name)) await this.#client.write(toUpload(url, file), beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #read<Value>(url: string, schema: z.ZodType<Value>): Promise<Value> {
    return replyAs(schema, await this.#client.read({ url }));
  }

  async #write(request: ServiceWrite, beforeWrite: BeforeWrite | undefined): Promise<Receipt> {
    const reply = await this.#client.write(request, beforeWrite);
    return afterWrite(reply.where, async () => this.#receiptOf(replyAs(created, reply).id, 'created'));
  }

  /** Reads back what is there now: a receipt says what the target holds, not what was sent. */
  async #receiptOf(id: string, outcome: Receipt['outcome']): Promise<Receipt> {
    return receiptOf(fromAcmeBooks(await this.#lookup.voucher(id)), outcome);
  }
}
