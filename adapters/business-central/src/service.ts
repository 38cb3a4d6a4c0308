import {
  addDays,
  afterWrite,
  BilagError,
  expectedDigest,
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
import { cannotHold, lockedBooks, placeOf, replyAs, restateError, type HttpError } from '@bilag/http';
import { fileNameOf, parentType } from './attach.ts';
import { BusinessCentralClient } from './client.ts';
import type { BusinessCentralConfig } from './config.ts';
import { documentNumberOf } from './document-numbers.ts';
import { isRefusal } from './errors.ts';
import { referenceOf, type EntryGroup } from './from-business-central.ts';
import { inspectionOf } from './inspect.ts';
import { Lookup } from './lookup.ts';
import { lockOf, Registers, toChart } from './registers.ts';
import { attachmentReply, type AttachmentReply } from './replies.ts';
import { checkVoucher, toLines } from './to-business-central.ts';

const declared = { vat: 'explicit', vatCodes: 'not-kept' } as const;

/** One company in Business Central. */
export class BusinessCentralService implements SearchableService {
  readonly #config: BusinessCentralConfig;
  readonly #client: BusinessCentralClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  /** What this connection made, by id, with what a file of it belongs to: nobody has to look whether one is there. */
  readonly #made = new Map<string, string>();
  #lastInJournal: Promise<unknown> = Promise.resolve();

  constructor(config: BusinessCentralConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new BusinessCentralClient(config, context);
    this.#registers = new Registers(this.#client, config);
    this.#lookup = new Lookup(this.#client, this.#registers, config);
    this.#now = context.now;
  }

  async identify(): Promise<CompanyInfo> {
    const { id, name, displayName } = await this.#registers.company.get();
    const { country, taxRegistrationNumber } = (await this.#registers.information()) ?? {};
    return {
      id,
      name: displayName || name,
      organisationNumber: organisationNumberOf(taxRegistrationNumber ?? ''),
      country: country ?? '',
      currency: await this.#registers.currency(),
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.entries.forget();
    return toChart(await this.#registers.entries.get(), await this.#registers.setup(), this.#config.vatGroups);
  }

  async inspect(): Promise<readonly Finding[]> {
    const journal = await this.#registers.readJournal();
    const entries = await this.#registers.entries.get();
    const setup = await this.#registers.setup();
    const waiting = journal === undefined ? [] : await this.#lookup.waiting();
    const today = plainDate(new Date(this.#now()).toISOString().slice(0, 10));
    return inspectionOf(this.#config, { journal, entries, setup, waiting, soon: addDays(today, 31) });
  }

  rehearse(voucher: Voucher, reference: string): Promise<void> {
    return this.#check(voucher, reference);
  }

  /** Writes the lines, and posts them where that is asked for. What an earlier try wrote is posted, and not written again. */
  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    await this.#check(voucher, reference);
    if (this.#config.mode === 'draft') {
      const group = await this.#draft(voucher, reference, beforeWrite);
      return afterWrite(placeOf(voucher, reference), () => this.#receiptOf(group));
    }
    // A journal is posted whole, so that one voucher at a time is in it.
    const work = (): Promise<Receipt> => this.#postAlone(voucher, reference, beforeWrite);
    const posting = this.#lastInJournal.then(work, work);
    this.#lastInJournal = posting;
    return posting;
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /** A file is made and then filled: one that an earlier try left empty is filled. */
  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const path = `/${await this.#registers.place()}/attachments`;
    const made = this.#made.get(id);
    this.#made.delete(id);
    const parentId = made ?? parentOf(await this.#lookup.numbered(id));
    if (parentId === undefined) throw notShown(id);
    const fileName = fileNameOf(file);
    const filter = `parentId eq ${parentId} and parentType eq '${parentType}'`;
    const all =
      made === undefined ? await this.#client.readAll(attachmentReply, path, { key: 'fileName', filter }) : [];
    const there = all.find((one) => one.fileName === fileName);
    if (there !== undefined && there.byteSize !== '0') return;
    const own = there ?? (await this.#makeAttachment(path, { parentId, fileName, parentType }, beforeWrite));
    const headers = { 'content-type': 'application/octet-stream', 'if-match': '*' };
    const url = `${path}(${own.id})/attachmentContent`;
    await this.#client.write({ method: 'PATCH', url, headers, body: file.content }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Journals take any date: whether it is open is looked at before anything is written, as it is now. */
  async #check(voucher: Voucher, reference: string): Promise<void> {
    await this.#registers.entries.check((entries) => checkVoucher(voucher, reference, entries, this.#config));
    const setup = await this.#registers.setup();
    const { periods } = await this.#registers.entries.get();
    const where = placeOf(voucher, reference);
    if (voucher.currency !== setup.localCurrencyCode) {
      const what = `the company keeps its books in ${setup.localCurrencyCode}, not in ${voucher.currency}`;
      throw cannotHold('unsupported', what, where, 'post to a company in that currency');
    }
    const [lockedThrough, last] = [lockOf(setup, periods), setup.allowPostingTo];
    if (lockedThrough !== undefined && voucher.date <= lockedThrough) {
      throw lockedBooks('Business Central', lockedThrough, voucher, reference);
    }
    if (last !== undefined && voucher.date > last) {
      const what = `Business Central takes nothing after ${last}`;
      throw cannotHold('blocked', what, where, 'move Allow Posting To in its General Ledger Setup');
    }
  }

  async #postAlone(voucher: Voucher, reference: string, beforeWrite: BeforeWrite | undefined): Promise<Receipt> {
    const where = placeOf(voucher, reference);
    const waiting = await this.#lookup.waiting();
    const there = waiting.find((group) => referenceOf(group) === reference);
    const others = waiting.filter((group) => group !== there);
    if (others.length > 0) {
      const error = notAlone(others, this.#config.journal, where);
      // Of several of ours each would wait for the others: this one makes way, and comes again.
      if (there !== undefined && error.kind === 'busy') await this.#makeWay(there, where, beforeWrite);
      throw error;
    }
    const group = there ?? (await this.#draft(voucher, reference, beforeWrite));
    const shown = (): Promise<Posted> => this.#lookup.shown(group);
    const drafted = there === undefined ? await afterWrite(where, shown) : await shown();
    const outcome = there === undefined ? 'created' : 'exists';
    // What Business Central keeps otherwise than it was sent stays in the journal, for a person to see.
    if (viewDigest(drafted) !== expectedDigest(voucher, declared)) return receiptOf(drafted, outcome);
    await this.#postJournal(group, where, beforeWrite);
    return afterWrite(where, async () => {
      const [posted] = await this.#lookup.under(reference);
      if (posted === undefined || posted.lines.length > 0) throw notShown(group.documentNumber);
      return this.#receiptOf(posted);
    });
  }

  async #receiptOf(group: EntryGroup): Promise<Receipt> {
    const receipt = receiptOf(await this.#lookup.shown(group), 'created');
    const parentId = parentOf(group);
    if (parentId !== undefined) this.#made.set(receipt.id, parentId);
    return receipt;
  }

  /** All lines in one transaction; read back. */
  async #draft(voucher: Voucher, reference: string, beforeWrite: BeforeWrite | undefined): Promise<EntryGroup> {
    const where = placeOf(voucher, reference);
    const requests = toLines(voucher, reference, await this.#registers.journalPlace(), this.#config);
    const refused = await this.#client.batch(requests, beforeWrite);
    const documentNumber = documentNumberOf(reference);
    if (refused !== undefined) throw await this.#refusal(refused, documentNumber, voucher, where);
    return afterWrite(where, async () => {
      const group = await this.#lookup.drafted(documentNumber);
      if (group.lines.length < requests.length) throw notShown(documentNumber);
      return group;
    });
  }

  /** A refusal is believed where the journal has nothing of the voucher: a batch is not one transaction everywhere. */
  async #refusal(
    { refusal, index }: { readonly refusal: HttpError; readonly index: number },
    documentNumber: string,
    { lines }: Voucher,
    where: string,
  ): Promise<unknown> {
    if (refusal.kind === 'unknown-outcome') return refusal;
    const account = lines[index]?.account;
    const at = account === undefined ? where : `${where}, line ${index + 1}, account ${account}`;
    if (index === 0) return restateError(refusal, { where: at });
    const kept = await afterWrite(where, async () => (await this.#lookup.drafted(documentNumber)).lines.length);
    if (kept === 0) return restateError(refusal, { where: at });
    const action = `look into journal batch ${this.#config.journal}: ${kept} of its lines stand there, and are to be deleted`;
    return restateError(refusal, { kind: 'unknown-outcome', where: at, action });
  }

  /** Posts the journal. What it refuses is taken out of the journal again, so that it holds nobody up. */
  async #postJournal(group: EntryGroup, where: string, beforeWrite: BeforeWrite | undefined): Promise<void> {
    const journal = await this.#registers.journalPlace();
    try {
      await this.#client.write({ method: 'POST', url: `/${journal}/Microsoft.NAV.post` }, beforeWrite);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const lines = await afterWrite(where, async () => (await this.#lookup.drafted(group.documentNumber)).lines);
      // Somebody posted or deleted them meanwhile: that is looked up.
      if (lines.length === 0) throw restateError(error, { kind: 'unknown-outcome', where });
      const isGone = await this.#takeOut(lines, beforeWrite).then(
        (refused) => refused === undefined,
        () => false,
      );
      const action = isGone
        ? error.action
        : `${error.action.replace(/; nothing was written$/, '')}; its lines wait in the journal`;
      throw restateError(error, { where, action });
    }
  }

  async #makeWay({ lines }: EntryGroup, where: string, beforeWrite: BeforeWrite | undefined): Promise<void> {
    const refused = await this.#takeOut(lines, beforeWrite);
    // Somebody posted or deleted them meanwhile: that is looked up.
    if (refused !== undefined) throw restateError(refused.refusal, { kind: 'unknown-outcome', where });
  }

  /** Deletes lines of the journal, all of them or none. */
  async #takeOut(
    lines: EntryGroup['lines'],
    beforeWrite: BeforeWrite | undefined,
  ): ReturnType<BusinessCentralClient['batch']> {
    const journal = await this.#registers.journalPlace();
    const deletions = lines.map(({ id }) => ({ method: 'DELETE', url: `${journal}/journalLines(${id})` }) as const);
    return this.#client.batch(deletions, beforeWrite);
  }

  async #makeAttachment(
    url: string,
    json: object,
    beforeWrite: BeforeWrite | undefined,
  ): Promise<Pick<AttachmentReply, 'id'>> {
    const reply = await this.#client.write({ method: 'POST', url, json }, beforeWrite);
    return afterWrite(reply.where, async () => replyAs(attachmentReply, reply));
  }
}

/** What a file of a voucher belongs to: one of its entries, or of its lines. */
function parentOf(group: EntryGroup | undefined): string | undefined {
  return [...(group?.entries ?? []), ...(group?.lines ?? [])][0]?.id;
}

/** Norwegian numbers end in MVA, and Swedish ones in 01. */
function organisationNumberOf(taxRegistrationNumber: string): string {
  const digits = taxRegistrationNumber.replaceAll(/\D/g, '');
  return /^SE/i.test(taxRegistrationNumber) && digits.length === 12 ? digits.slice(0, 10) : digits;
}

function notAlone(others: readonly EntryGroup[], journal: string, where: string): BilagError {
  const strangers = others.filter((group) => referenceOf(group) === '');
  const names = others.slice(0, 3).map(({ documentNumber }) => documentNumber);
  return new BilagError(strangers.length > 0 ? 'blocked' : 'busy', {
    what: `journal batch ${journal} is posted whole, and holds ${names.join(', ')} too`,
    where,
    action:
      strangers.length > 0
        ? 'move what is not Bilag’s to another journal batch; nothing was sent'
        : 'apply again; if it stays so, let a person post or delete what waits there; nothing was sent',
  });
}

function notShown(documentNumber: string): BilagError {
  return new BilagError('unavailable', {
    what: `Business Central does not show document ${documentNumber} whole`,
    where: 'journal and general ledger',
    action: 'look it up again',
  });
}
