import {
  afterWrite,
  BilagError,
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
import { HttpError, lockedBooks, modeFinding, placeOf, replyAs, restateError, type HttpReply } from '@bilag/http';
import { fileNameOf } from './attach.ts';
import { XeroClient } from './client.ts';
import type { XeroConfig } from './config.ts';
import { refusalIn } from './errors.ts';
import { Lookup } from './lookup.ts';
import { basisPointsOf, lockOf, Registers, toChart } from './registers.ts';
import { attachmentsReply, sentReply, type TaxRateReply } from './replies.ts';
import { idempotencyKeyOf, toXero } from './to-xero.ts';

/** One organisation in Xero. */
export class XeroService implements SearchableService {
  readonly #config: XeroConfig;
  readonly #client: XeroClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  /** What this connection made: nobody has to look whether a file is there. */
  readonly #made = new Set<string>();

  constructor(config: XeroConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new XeroClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#lookup = new Lookup(this.#client, this.#registers, config);
  }

  async identify(): Promise<CompanyInfo> {
    const { OrganisationID, Name, RegistrationNumber, CountryCode, BaseCurrency } =
      await this.#registers.organisation();
    return {
      id: OrganisationID,
      name: Name,
      organisationNumber: (RegistrationNumber ?? '').replaceAll(/\D/g, ''),
      country: CountryCode ?? '',
      currency: BaseCurrency,
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.entries.forget();
    return toChart(await this.#registers.entries.get(), this.#config);
  }

  async inspect(): Promise<readonly Finding[]> {
    const { taxTypes, mode } = this.#config;
    const waiting = await this.#lookup.waiting();
    const { taxRates } = await this.#registers.entries.get();
    const isNamed = Object.keys(taxTypes).length > 0;
    return [
      ...(isNamed ? [] : [unnamedTypes([...taxRates.values()])]),
      modeFinding({ mode, waiting, where: 'manual journals' }),
    ];
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    await this.#prepared(voucher, reference);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const json = await this.#prepared(voucher, reference);
    const where = placeOf(voucher, reference);
    let reply: HttpReply;
    try {
      const headers = { 'idempotency-key': idempotencyKeyOf(reference, json) };
      const query = { summarizeErrors: false };
      reply = await this.#client.write({ method: 'PUT', url: '/ManualJournals', query, headers, json }, beforeWrite);
    } catch (error) {
      throw await this.#refusal(error, voucher, reference);
    }
    const sent = await afterWrite(where, async () => replyAs(sentReply, reply));
    const refused = refusalIn(sent, reply.where);
    if (refused !== undefined) throw await this.#refusal(refused, voucher, reference);
    return afterWrite(where, async () => {
      const posted = await this.#lookup.journal(sent.ManualJournalID ?? '');
      // An idempotency key is answered with what was made first, whatever became of it since.
      if (posted?.state !== 'live') throw notShown(where);
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

  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const path = `/ManualJournals/${encodeURIComponent(id)}/Attachments`;
    const fileName = fileNameOf(file);
    const isNew = this.#made.delete(id);
    const there = isNew ? [] : await this.#client.read(attachmentsReply, path);
    if (there.some(({ FileName }) => FileName === fileName)) return;
    const headers = { 'content-type': file.mediaType };
    const url = `${path}/${encodeURIComponent(fileName)}`;
    await this.#client.write({ method: 'PUT', url, headers, body: file.content }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #prepared(voucher: Voucher, reference: string): Promise<object> {
    return this.#registers.entries.check((entries) => {
      const lockedThrough = lockOf(entries.organisation);
      if (lockedThrough !== undefined && voucher.date <= lockedThrough) {
        throw lockedBooks('Xero', lockedThrough, voucher, reference);
      }
      return toXero(voucher, reference, this.#config, entries);
    });
  }

  /** Why Xero did not take a voucher. What it says of a locked period is not published, so the lock is asked for. */
  async #refusal(error: unknown, voucher: Voucher, reference: string): Promise<unknown> {
    if (!(error instanceof HttpError) || error.kind !== 'rejected') return error;
    const through = lockOf(await this.#registers.organisation());
    if (through !== undefined && voucher.date <= through) return lockedBooks('Xero', through, voucher, reference);
    return restateError(error, { where: placeOf(voucher, reference) });
  }
}

/** Nobody knows these names by heart. */
function unnamedTypes(rates: readonly TaxRateReply[]): Finding {
  const names = rates.slice(0, 30).map((rate) => `${rate.TaxType} (${rate.Name}, ${basisPointsOf(rate) / 100} %)`);
  return {
    code: 'tax-types-unnamed',
    severity: 'info',
    message: `the VAT codes of the policy are taken for tax types; the organisation has ${names.join(', ') || 'none'}`,
    where: 'taxTypes',
    action: 'name the tax type of each VAT code under taxTypes in the config, where they are not the same',
  };
}

function notShown(where: string): BilagError {
  const what = 'Xero does not show the journal that it made';
  return new BilagError('unavailable', { what, where, action: 'look it up again' });
}
