import {
  addDays,
  afterWrite,
  BilagError,
  plainDate,
  receiptOf,
  type Attachment,
  type BeforeWrite,
  type CompanyInfo,
  type Finding,
  type PlainDate,
  type Posted,
  type Receipt,
  type SearchableService,
  type ServiceChart,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import { placeOf, replyAs, type HttpReply } from '@bilag/http';
import { toUpload, type Upload } from './attach.ts';
import { EAccountingClient } from './client.ts';
import type { EAccountingConfig } from './config.ts';
import { isRefusal } from './errors.ts';
import { inspectionOf } from './inspect.ts';
import { Lookup } from './lookup.ts';
import { Registers, toChart } from './registers.ts';
import { attachmentReply, createdReply } from './replies.ts';
import { toEAccounting } from './to-eaccounting.ts';

/** What a file is laid on. */
interface Document {
  readonly id: string;
  readonly isDraft: boolean;
}

/** One company in eAccounting. */
export class EAccountingService implements SearchableService {
  readonly #config: EAccountingConfig;
  readonly #client: EAccountingClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  /** What this connection made, by reference: no file is there yet, and none of its waits. */
  readonly #made = new Map<string, Document>();

  constructor(config: EAccountingConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new EAccountingClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#lookup = new Lookup(this.#client, this.#registers, config, context.now);
    this.#now = context.now;
  }

  async identify(): Promise<CompanyInfo> {
    const { settings } = await this.#registers.entries.get();
    return {
      id: settings.CompanyIdentifier,
      name: settings.Name ?? '',
      organisationNumber: (settings.CorporateIdentityNumber ?? '').replaceAll(/\D/g, ''),
      country: settings.CountryCode,
      currency: settings.CurrencyCode,
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.entries.forget();
    return toChart(await this.#registers.entries.get(), this.#today());
  }

  async inspect(): Promise<readonly Finding[]> {
    const [before, soon] = [-31, 31].map((days) => addDays(this.#today(), days)) as [PlainDate, PlainDate];
    const entries = await this.#registers.entries.get();
    return inspectionOf(this.#config, { entries, held: await this.#lookup.held(before, soon), soon });
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    await this.#prepared(voucher, reference);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const json = await this.#prepared(voucher, reference);
    const isDraft = this.#config.mode === 'draft';
    const where = placeOf(voucher, reference);
    let reply: HttpReply;
    try {
      const [url, query] = isDraft ? draftPlace : ['/vouchers', this.#query()];
      reply = await this.#client.write({ method: 'POST', url, query, json }, beforeWrite);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#registers.entries.forget();
      throw new BilagError(error.kind, { what: error.what, where, action: error.action }, { cause: error });
    }
    return afterWrite(where, async () => {
      const { Id: id } = replyAs(createdReply, reply);
      const posted = await this.#lookup.voucher(id, voucher.date, isDraft);
      if (posted?.reference !== reference) throw notAsMade(reference);
      this.#made.set(reference, { id, isDraft });
      return receiptOf(posted, 'created');
    });
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /** A file is stored, and then linked to its voucher. One that an earlier try stored and did not link is taken. */
  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const upload = toUpload(file, id);
    const made = this.#made.get(id);
    this.#made.delete(id);
    const waiting = made === undefined ? await this.#stored(upload, { includeMatched: false }) : undefined;
    const isStored = made === undefined && (await this.#stored(upload, { includeMatched: true })) !== undefined;
    if (isStored && waiting === undefined) return;
    const { id: DocumentId, isDraft } = made ?? (await this.#documentOf(id));
    const fileId = waiting ?? (await this.#upload(upload, beforeWrite));
    const json = { DocumentId, DocumentType: isDraft ? 9 : 3, AttachmentIds: [fileId] };
    await this.#client.write({ method: 'POST', url: '/attachmentlinks', json }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #prepared(voucher: Voucher, reference: string): Promise<object> {
    return this.#registers.entries.check((entries) => toEAccounting(voucher, reference, entries, this.#config));
  }

  /** The VAT stands on rows of the voucher, and codes are those of the accounts. */
  #query(): Readonly<Record<string, boolean>> {
    const useDefaultVoucherSeries = this.#config.series === undefined;
    return { useAutomaticVatCalculation: false, useDefaultVatCodes: true, useDefaultVoucherSeries };
  }

  async #documentOf(reference: string): Promise<Document> {
    const held = await this.#lookup.under(reference);
    const found = held.find(({ isDraft }) => !isDraft) ?? held[0];
    if (found === undefined) throw notAsMade(reference);
    return { id: found.Id, isDraft: found.isDraft };
  }

  /** A file under this name, of those that are linked to something too, or of the others alone. */
  async #stored({ FileName }: Upload, which: { readonly includeMatched: boolean }): Promise<string | undefined> {
    const query = { ...which, includeTemporaryUrl: false };
    const stored = await this.#client.readAll(attachmentReply, '/attachments', query);
    return stored.find((one) => one.FileName === FileName)?.Id;
  }

  async #upload(json: Upload, beforeWrite: BeforeWrite | undefined): Promise<string> {
    const reply = await this.#client.write({ method: 'POST', url: '/attachments', json }, beforeWrite);
    return afterWrite(reply.where, async () => replyAs(attachmentReply, reply).Id);
  }

  #today(): PlainDate {
    return plainDate(new Date(this.#now()).toISOString().slice(0, 10));
  }
}

const draftPlace = ['/voucherdrafts', { amountIncludesVat: false }] as const;

function notAsMade(reference: string): BilagError {
  const what = 'eAccounting does not show the voucher as it was made';
  return new BilagError('unavailable', { what, where: `voucher ${reference}`, action: 'look it up by its reference' });
}
