import {
  addDays,
  afterWrite,
  BilagError,
  expectedDigest,
  named,
  plainDate,
  receiptOf,
  viewDigest,
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
import { HttpError, placeOf, replyAs, restateError } from '@bilag/http';
import { formOf, noteOf } from './attach.ts';
import { EconomicClient, paths } from './client.ts';
import type { EconomicConfig } from './config.ts';
import { withLine } from './errors.ts';
import { referenceOf, type EntryGroup } from './from-economic.ts';
import { inspectionOf } from './inspect.ts';
import { Lookup } from './lookup.ts';
import { Registers, toChart, yearOf } from './registers.ts';
import { createdReply, documentReply } from './replies.ts';
import { checkVoucher, toEntries } from './to-economic.ts';
import { numbersOf } from './voucher-numbers.ts';

/** One agreement in e-conomic. */
export class EconomicService implements SearchableService {
  readonly #config: EconomicConfig;
  readonly #client: EconomicClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  /** What this connection made, by id, with its date: nobody has to look whether a document is there. */
  readonly #made = new Map<string, PlainDate>();

  constructor(config: EconomicConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new EconomicClient(config, context);
    this.#registers = new Registers(this.#client, config.journal);
    this.#lookup = new Lookup(this.#client, this.#registers, config);
    this.#now = context.now;
  }

  async identify(): Promise<CompanyInfo> {
    const { agreementNumber, agreementType, company, settings } = await this.#registers.self();
    return {
      id: agreementNumber,
      name: company.name ?? '',
      organisationNumber: (company.companyIdentificationNumber ?? '').replaceAll(/\D/g, ''),
      country: named(countries, (agreementType?.name ?? '').toLowerCase()) ?? 'DK',
      currency: settings.baseCurrency,
    };
  }

  async chart(): Promise<ServiceChart> {
    const { entries, periods } = this.#registers;
    entries.forget();
    periods.forget();
    return toChart(await entries.get(), await periods.get());
  }

  async inspect(): Promise<readonly Finding[]> {
    const journal = await this.#registers.journal();
    const periods = await this.#registers.periods.get();
    const today = plainDate(new Date(this.#now()).toISOString().slice(0, 10));
    const waiting = await this.#lookup.waiting();
    return inspectionOf(this.#config, { journal, periods, waiting, soon: addDays(today, 31) });
  }

  rehearse(voucher: Voucher, reference: string): Promise<void> {
    return this.#check(voucher, reference);
  }

  /** Drafts, and books them where that is asked for. What an earlier try drafted is booked, and not drafted again. */
  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    await this.#check(voucher, reference);
    const groups = await this.#lookup.under(reference);
    const there = groups.find((group) => referenceOf(group) === reference);
    const group = there ?? (await this.#draft(voucher, reference, groups, beforeWrite));
    const posted = await this.#afterDraft(there, voucher, reference, () => this.#lookup.shown(group));
    const outcome = there === undefined ? 'created' : 'exists';
    const isAsSent = viewDigest(posted) === expectedDigest(voucher, 'explicit');
    // What e-conomic keeps otherwise than it was sent stays a draft, for a person to see.
    if (posted.isUnfinished !== true || !isAsSent) return receiptOf(posted, outcome);
    await this.#book(group, voucher, reference, beforeWrite);
    return afterWrite(placeOf(voucher, reference), async () => {
      const booked = await this.#lookup.voucher(group.voucherNumber);
      if (booked === undefined || booked.drafts.length > 0) throw notShown(group.voucherNumber);
      return receiptOf(await this.#lookup.shown(booked), 'created');
    });
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /** A voucher has one document: another one there is a person's, and stays as it is. */
  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const made = this.#made.get(id);
    this.#made.delete(id);
    const date = made ?? (await this.#dateOf(id));
    const year = date === undefined ? undefined : yearOf(date, await this.#registers.periods.get());
    if (year === undefined) throw notShown(id);
    const form = formOf(file, { voucherNumber: id, accountingYear: year });
    const filter = `voucherNumber$eq:${id}$and:accountingYear$eq:${year}`;
    const [there] = made === undefined ? await this.#client.readAll(documentReply, paths.documents, filter) : [];
    if (there === undefined) {
      await this.#client.write({ method: 'POST', url: paths.documents, ...form }, beforeWrite);
    } else if (there.note !== noteOf(file)) {
      throw new BilagError('conflict', {
        what: 'the voucher has another document already',
        where: `voucher ${id} in e-conomic`,
        action: `add ${file.name} by hand, or take the other document away`,
      });
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #dateOf(id: string): Promise<PlainDate | undefined> {
    const group = await this.#lookup.voucher(id);
    return [...(group?.booked ?? []), ...(group?.drafts ?? [])][0]?.date;
  }

  #check(voucher: Voucher, reference: string): Promise<void> {
    return this.#registers.entries.check((entries) => checkVoucher(voucher, reference, entries));
  }

  /** All lines in one request, which e-conomic takes whole or not at all; read back. */
  async #draft(
    voucher: Voucher,
    reference: string,
    groups: readonly EntryGroup[],
    beforeWrite: BeforeWrite | undefined,
  ): Promise<EntryGroup> {
    const taken = new Set(groups.map((group) => group.voucherNumber));
    const voucherNumber = numbersOf(reference).find((number) => !taken.has(String(number)));
    if (voucherNumber === undefined) throw noNumber(voucher, reference);
    const { journal } = this.#config;
    const json = toEntries(voucher, reference, { journal, voucherNumber });
    const reply = await this.#client
      .write({ method: 'POST', url: `${paths.drafts}/bulk`, json }, beforeWrite)
      .catch((error: unknown) => {
        throw withLine(error, voucher, placeOf(voucher, reference));
      });
    return afterWrite(placeOf(voucher, reference), async () => {
      const { entryNumbers } = replyAs(createdReply, reply);
      const group = await this.#lookup.drafted(voucherNumber);
      if (group.drafts.length < entryNumbers.length) throw notShown(String(voucherNumber));
      this.#made.set(group.voucherNumber, voucher.date);
      return group;
    });
  }

  /** Once something was drafted, what fails is an unknown outcome. */
  #afterDraft<Result>(
    there: unknown,
    voucher: Voucher,
    reference: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return there === undefined ? afterWrite(placeOf(voucher, reference), work) : work();
  }

  async #book(
    { drafts }: EntryGroup,
    voucher: Voucher,
    reference: string,
    beforeWrite: BeforeWrite | undefined,
  ): Promise<void> {
    const url = `${paths.journals}/${this.#config.journal}/bookdraftentries`;
    const json = { entryNumbers: drafts.map(({ entryNumber }) => Number(entryNumber)) };
    try {
      await this.#client.write({ method: 'POST', url, json }, beforeWrite);
    } catch (error) {
      // Lines that are gone were booked or deleted since they were read, an earlier request of ours perhaps: look.
      throw bookingError(error, placeOf(voucher, reference));
    }
  }
}

/** Lines that are gone were booked or deleted since they were read, an earlier request of ours perhaps: that is looked up. */
function bookingError(error: unknown, where: string): unknown {
  if (!(error instanceof HttpError) || error.kind === 'unknown-outcome') return error;
  if (error.status === 404) return restateError(error, { kind: 'unknown-outcome', where });
  const action = error.action.replace(/; nothing was written$/, '');
  return restateError(error, { where, action: `${action}; nothing was booked, and the draft waits in the journal` });
}

const countries: Readonly<Record<string, string>> = { denmark: 'DK', norway: 'NO', sweden: 'SE' };

function notShown(voucherNumber: string): BilagError {
  return new BilagError('unavailable', {
    what: `e-conomic does not show voucher ${voucherNumber} whole`,
    where: 'draft and booked entries',
    action: 'look it up again',
  });
}

function noNumber(voucher: Voucher, reference: string): BilagError {
  return new BilagError('conflict', {
    what: `every voucher number that this reference may have is taken (${numbersOf(reference).join(', ')})`,
    where: placeOf(voucher, reference),
    action: 'see who else uses this range of voucher numbers, and give Bilag a journal of its own; nothing was sent',
  });
}
