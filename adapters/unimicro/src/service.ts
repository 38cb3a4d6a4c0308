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
  type Service,
  type ServiceChart,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import { cannotHold, modeFinding, placeOf, replyAs, toDocument, yearMissing, type HttpReply } from '@bilag/http';
import { formOf } from './attach.ts';
import { UnimicroClient } from './client.ts';
import type { UnimicroConfig } from './config.ts';
import { isRefusal } from './errors.ts';
import { Lookup } from './lookup.ts';
import { locksOf, Registers, toChart } from './registers.ts';
import { companiesReply, createdReply, filesReply } from './replies.ts';
import { refuseLocked, toUnimicro } from './to-unimicro.ts';

/** One company in Unimicro. */
export class UnimicroService implements SearchableService {
  /** Only what is booked can be taken back by Unimicro itself; a draft is by a mirrored one. */
  readonly reverse?: NonNullable<Service['reverse']>;
  readonly #config: UnimicroConfig;
  readonly #client: UnimicroClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  /** What this connection made, by id: no file is there yet. */
  readonly #made = new Set<string>();

  constructor(config: UnimicroConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new UnimicroClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#lookup = new Lookup(this.#client, this.#registers, config.clearingAccounts);
    this.#now = context.now;
    if (config.mode === 'posted') this.reverse = (id, date, _, beforeWrite) => this.#reverse(id, date, beforeWrite);
  }

  async identify(): Promise<CompanyInfo> {
    const companies = await this.#client.read(companiesReply, '/init/companies');
    const company = companies.find(({ Key }) => Key.toLowerCase() === this.#config.company.toLowerCase());
    if (company === undefined) throw unknownCompany(this.#config.company, companies);
    const { currency } = await this.#registers.entries.get();
    return {
      id: company.Key,
      name: company.Name ?? '',
      organisationNumber: (company.OrganizationNumber ?? '').replaceAll(/\D/g, ''),
      country: 'NO',
      currency,
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.entries.forget();
    return toChart(await this.#registers.entries.get(), this.#today());
  }

  async inspect(): Promise<readonly Finding[]> {
    const { years } = await this.#registers.entries.get();
    const [today, where] = [this.#today(), `company ${this.#config.company}`];
    let waiting = 0;
    for await (const { reference, number } of this.list(addDays(today, -31), addDays(today, 31))) {
      if (reference !== '' && number === undefined) waiting += 1;
    }
    return [
      ...yearMissing('Unimicro', years.at(-1)?.ValidTo, addDays(today, 31)),
      modeFinding({ mode: this.#config.mode, waiting, where }),
    ];
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    await this.#prepared(voucher, reference);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const entry = await this.#prepared(voucher, reference);
    const action = this.#config.mode === 'draft' ? 'save-journal-entries-as-draft' : 'book-journal-entries';
    let reply: HttpReply;
    try {
      reply = await this.#client.act({ action }, [entry], beforeWrite);
    } catch (error) {
      throw isRefusal(error) ? await this.#refusal(error, voucher, reference) : error;
    }
    return afterWrite(placeOf(voucher, reference), async () => {
      const [{ ID: id }] = replyAs(createdReply, reply);
      const [posted] = await this.#lookup.entry(id);
      if (posted?.reference !== reference) throw notAsMade(id);
      this.#made.add(id);
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
    refuseForeign(id, 'attach()');
    const document = toDocument(file, { title: 'Unimicro' });
    const there = this.#made.delete(id) ? [] : await this.#client.read(filesReply, `/biz/files/JournalEntry/${id}`);
    if (there.some(({ Name }) => Name === document.name)) return;
    await this.#client.upload(formOf(document, id), beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Credits a voucher, once: what is credited already is told as it is. The reversal takes no reference; links in both tell. */
  async #reverse(id: string, date: PlainDate, beforeWrite: BeforeWrite | undefined): Promise<Receipt> {
    refuseForeign(id, 'reverse()');
    const where = `journal entry ${id}, ${date}`;
    const [held, ...credits] = await this.#lookup.withCredits(id);
    const credit = credits.find(({ state }) => state === 'live') ?? credits[0];
    if (held?.state === 'reversed' && credit !== undefined) return receiptOf(credit, 'exists');
    if (held?.number === undefined) {
      throw cannotHold('unsupported', 'a draft cannot be credited', where, 'delete it in Unimicro');
    }
    let reply: HttpReply;
    try {
      const query = { action: 'credit-and-book-journal-entry', journalEntryID: id, creditDate: date };
      reply = await this.#client.act(query, undefined, beforeWrite);
    } catch (error) {
      throw isRefusal(error) ? await this.#whyNotReversed(error, date, where) : error;
    }
    return afterWrite(reply.where, async () => {
      const made = (await this.#lookup.withCredits(id)).find(({ reverses }) => reverses === id);
      if (made === undefined) throw notAsMade(id);
      return receiptOf(made, 'created');
    });
  }

  #prepared(voucher: Voucher, reference: string): Promise<object> {
    return this.#registers.entries.check((entries) => toUnimicro(voucher, reference, entries));
  }

  /** Why Unimicro did not take a voucher. Its texts are not published, so what is locked is read anew. */
  async #refusal(error: BilagError, voucher: Voucher, reference: string): Promise<BilagError> {
    const where = placeOf(voucher, reference);
    this.#registers.entries.forget();
    const entries = await this.#registers.entries.get();
    refuseLocked(voucher, reference, entries);
    const { date } = voucher;
    if (entries.years.some(({ ValidFrom, ValidTo }) => ValidFrom <= date && date <= ValidTo))
      return atPlace(error, where);
    return cannotHold(
      'blocked',
      `Unimicro has no financial year with ${date}`,
      where,
      'create the financial year there',
    );
  }

  async #whyNotReversed(error: BilagError, date: PlainDate, where: string): Promise<BilagError> {
    this.#registers.entries.forget();
    const { books, vat } = locksOf(await this.#registers.entries.get());
    const through = [books, vat].find((lock) => lock !== undefined && date <= lock);
    if (through === undefined) return atPlace(error, where);
    return cannotHold('blocked', `the books are locked through ${through}`, where, 'take it back on a later date');
  }

  #today(): PlainDate {
    return plainDate(new Date(this.#now()).toISOString().slice(0, 10));
  }
}

function atPlace(error: BilagError, where: string): BilagError {
  return new BilagError('rejected', { what: error.what, where, action: error.action }, { cause: error });
}

/** Keys alone: the name of a company may be that of a person. */
function unknownCompany(key: string, companies: readonly { readonly Key: string }[]): BilagError {
  const known = companies.slice(0, 10).map(({ Key }) => Key);
  return new BilagError('config', {
    what: `the application may not read the company ${key}`,
    where: 'config.company',
    action: `give the key of one of its ${companies.length} companies: ${known.join(', ')}`,
  });
}

function notAsMade(id: string): BilagError {
  const what = `Unimicro does not show journal entry ${id} as it was made`;
  return new BilagError('unavailable', { what, where: `journal entry ${id}`, action: 'look it up by its reference' });
}

function refuseForeign(id: string, where: string): void {
  if (/^\d{1,12}$/.test(id)) return;
  const what = `"${id.slice(0, 40)}" is no id of a voucher in Unimicro`;
  throw new BilagError('not-found', { what, where, action: 'give the id of its journal entry: digits' });
}
