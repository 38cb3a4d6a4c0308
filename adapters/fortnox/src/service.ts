import {
  addDays,
  afterWrite,
  BilagError,
  isBilagError,
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
import { lockedBooks, placeOf, replyAs, toDocument, type HttpReply } from '@bilag/http';
import { formOf } from './attach.ts';
import { FortnoxClient } from './client.ts';
import type { FortnoxConfig } from './config.ts';
import { isRefusal } from './errors.ts';
import { keyIn } from './from-fortnox.ts';
import { inspectionOf } from './inspect.ts';
import { Lookup } from './lookup.ts';
import { Registers, toChart } from './registers.ts';
import {
  companyReply,
  connectionsReply,
  createdReply,
  inboxReply,
  seriesReply,
  uploadedReply,
  type VoucherKey,
} from './replies.ts';
import { fortnoxCurrency, toFortnox, yearOf, type FortnoxVoucher } from './to-fortnox.ts';

/** One company in Fortnox. */
export class FortnoxService implements SearchableService {
  readonly #config: FortnoxConfig;
  readonly #client: FortnoxClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  /** What this connection made, by id: no file is there yet, and none of its waits. */
  readonly #made = new Set<string>();

  constructor(config: FortnoxConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new FortnoxClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#lookup = new Lookup(this.#client, this.#registers, config, context.now);
    this.#now = context.now;
  }

  async identify(): Promise<CompanyInfo> {
    const { CompanyInformation: company } = await this.#client.read(companyReply, '/companyinformation');
    return {
      id: company.DatabaseNumber,
      name: company.CompanyName ?? '',
      organisationNumber: (company.OrganizationNumber ?? '').replaceAll(/\D/g, ''),
      country: 'SE',
      currency: fortnoxCurrency,
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.entries.forget();
    return toChart(await this.#registers.entries.get(), await this.#registers.lockedThrough());
  }

  async inspect(): Promise<readonly Finding[]> {
    const series = await this.#series();
    const { years } = await this.#registers.entries.get();
    const today = plainDate(new Date(this.#now()).toISOString().slice(0, 10));
    const year = yearOf(today, years);
    const strangers = series === undefined || year === undefined ? [] : await this.#lookup.strangers(year);
    return inspectionOf(this.#config, { series, years, strangers, soon: addDays(today, 31) });
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    await this.#prepared(voucher, reference);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const { year, body } = await this.#prepared(voucher, reference);
    let reply: HttpReply;
    try {
      const query = { financialyear: year };
      reply = await this.#client.write({ method: 'POST', url: '/vouchers', query, json: body }, beforeWrite);
    } catch (error) {
      throw isRefusal(error) ? await this.#refusal(error, voucher, reference) : error;
    }
    return afterWrite(placeOf(voucher, reference), async () => {
      const { Voucher: made } = replyAs(createdReply, reply);
      const posted = await this.#lookup.voucher(made);
      this.#made.add(posted.id);
      return receiptOf(posted, 'created');
    });
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /** A file is laid in the inbox, and then on the voucher. One that an earlier try left in the inbox is taken. */
  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const key = keyIn(id);
    if (key === undefined) throw noId(id);
    const document = toDocument(file, { title: 'Fortnox' });
    const isNew = this.#made.delete(id);
    if (!isNew && (await this.#isAttached(key, document))) return;
    const waiting = isNew ? undefined : await this.#waiting(document);
    const fileId = waiting ?? (await this.#upload(document, beforeWrite));
    const json = {
      VoucherFileConnection: {
        FileId: fileId,
        VoucherNumber: key.VoucherNumber,
        VoucherSeries: key.VoucherSeries,
        VoucherYear: Number(key.Year),
      },
    };
    await this.#client.write({ method: 'POST', url: '/voucherfileconnections', json }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #prepared(voucher: Voucher, reference: string): Promise<FortnoxVoucher> {
    const { series } = this.#config;
    return this.#registers.entries.check((entries) => toFortnox(voucher, reference, series, entries));
  }

  /** Why Fortnox did not take a voucher. What it answers in a locked period is not published, so the lock is asked for. */
  async #refusal(error: BilagError, voucher: Voucher, reference: string): Promise<BilagError> {
    const through = await this.#registers.lockedThrough();
    if (through !== undefined && voucher.date <= through) return lockedBooks('Fortnox', through, voucher, reference);
    const { what, action } = error;
    return new BilagError('rejected', { what, where: placeOf(voucher, reference), action }, { cause: error });
  }

  async #series(): Promise<{ readonly Manual?: boolean | undefined } | undefined> {
    try {
      const path = `/voucherseries/${encodeURIComponent(this.#config.series)}`;
      return (await this.#client.read(seriesReply, path)).VoucherSeries;
    } catch (error) {
      if (isBilagError(error) && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  /** Files on a voucher have no names there: their bytes are compared. */
  async #isAttached({ VoucherSeries, VoucherNumber, Year }: VoucherKey, { content }: Attachment): Promise<boolean> {
    const all = await this.#client.readAll(connectionsReply, '/voucherfileconnections');
    const own = all.filter(
      (one) =>
        one.VoucherSeries === VoucherSeries &&
        one.VoucherNumber === VoucherNumber &&
        (one.VoucherYear === undefined || one.VoucherYear === Year),
    );
    for (const { FileId } of own) {
      const held = await this.#client.readBytes(`/archive/${encodeURIComponent(FileId)}`);
      if (Buffer.compare(held, content) === 0) return true;
    }
    return false;
  }

  /** What an earlier try left in the inbox. */
  async #waiting({ name }: Attachment): Promise<string | undefined> {
    const { Folder } = await this.#client.read(inboxReply, '/inbox');
    return Folder.Files?.find(({ Name }) => Name === name)?.Id;
  }

  async #upload(document: Attachment, beforeWrite: BeforeWrite | undefined): Promise<string> {
    const reply = await this.#client.write({ method: 'POST', url: '/inbox', ...formOf(document) }, beforeWrite);
    return afterWrite(reply.where, async () => replyAs(uploadedReply, reply).File.Id);
  }
}

function noId(id: string): BilagError {
  return new BilagError('not-found', {
    what: `"${id.slice(0, 40)}" is no id of a voucher in Fortnox`,
    where: 'attach()',
    action: 'give an id such as V-12-5: series, number and financial year',
  });
}
