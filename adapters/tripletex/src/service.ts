import {
  afterWrite,
  BilagError,
  isBilagError,
  receiptOf,
  type Attachment,
  type BeforeWrite,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type SearchableService,
  type ServiceChart,
  type ServiceContext,
  type Voucher,
  named,
} from '@bilag/core';
import { isClosed, lockedThrough } from './registers/accounting-periods.ts';
import { attachmentOf } from './attach.ts';
import { dateInNorway, TripletexClient } from './client.ts';
import type { TripletexConfig } from './config.ts';
import { lineOf, messagesOf, type ValidationMessage } from './errors.ts';
import { toPosted } from './from-tripletex.ts';
import { Lookup, shown } from './lookup.ts';
import { orNothing, Registers } from './registers/registers.ts';
import { companyReply, idReply, type TripletexAccount } from './replies.ts';
import { needsOf, placeOf, toTripletex, type Directory, type TripletexVoucherBody } from './to-tripletex.ts';
import { vatCodeRules } from './registers/vat-codes.ts';

/** A connection to one company in Tripletex. Nothing is asked before the first method is called. */
export class TripletexService implements SearchableService {
  readonly #config: TripletexConfig;
  readonly #client: TripletexClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  /** What this connection made and read back without a file: nobody has to look whether one is there. */
  readonly #withoutFile = new Set<number>();

  constructor(config: TripletexConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new TripletexClient(config, context);
    this.#registers = new Registers(this.#client, config, context);
    this.#lookup = new Lookup(this.#client, config);
    this.#now = context.now;
  }

  async identify(): Promise<CompanyInfo> {
    const id = await this.#client.companyId();
    if (this.#config.access === 'client' && this.#config.companyId === undefined) throw await this.#noClientChosen();
    const fields = 'id,name,organizationNumber,currency(code)';
    const company = await this.#client.value(companyReply, `/company/${id}`, { fields });
    return {
      id: String(id),
      name: company.name ?? '',
      organisationNumber: (company.organizationNumber ?? '').replaceAll(/\D/g, ''),
      country: 'NO',
      currency: company.currency?.code ?? 'NOK',
    };
  }

  async chart(): Promise<ServiceChart> {
    const accounts = await this.#registers.allAccounts();
    const vatTypes = await this.#registers.vatTypes(dateInNorway(this.#now()));
    const locked = lockedThrough(await this.#registers.periods());
    const departments = await orNothing(this.#registers.departments());
    const projects = await orNothing(this.#registers.projects());
    return {
      accounts: accounts.map(accountOf),
      vatCodes: [...vatCodeRules].flatMap(([code, rule]) => {
        const description = vatTypes.get(code)?.name;
        return vatTypes.has(code) ? [{ code, description: description ?? code, ...rule }] : [];
      }),
      dimensions: [
        ...departments.map(({ number, name }) => ({ type: 'department', id: number, name })),
        ...projects.map(({ number, name }) => ({ type: 'project', id: number, name })),
      ],
      ...(locked !== undefined && { lockedThrough: locked }),
    };
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    await this.#prepared(voucher, reference);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    this.#refuseUnpinned();
    const { directory, body } = await this.#prepared(voucher, reference);
    let id: number;
    try {
      const query = { sendToLedger: this.#config.sendToLedger };
      id = await this.#client.write({ method: 'POST', url: '/ledger/voucher', query, json: body }, beforeWrite);
    } catch (error) {
      throw await this.#refusalOf(error, voucher.date, (messages) => lineIn(messages, voucher, reference, directory));
    }
    return this.#receiptOf(id, 'created', reference);
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /**
   * Reversing twice reverses twice, so it is looked first; what there is then is the receipt, whoever made it. Tripletex
   * takes no reference for a reversal: it is found through what it reverses.
   */
  async reverse(id: string, date: PlainDate, _reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    this.#refuseUnpinned();
    const held = await this.#lookup.voucher(Number(id));
    const other = held.reverseVoucher?.id;
    if (other !== undefined && other > held.id) return this.#receiptOf(other, 'exists');
    await this.#refuseClosed(date, `the reversal of voucher ${shown(held)}`);
    let made: number;
    try {
      const url = `/ledger/voucher/${held.id}/:reverse`;
      made = await this.#client.write({ method: 'PUT', url, query: { date } }, beforeWrite);
    } catch (error) {
      throw await this.#refusalOf(error, date, () => `the reversal of voucher ${shown(held)}`);
    }
    return this.#receiptOf(made, 'created');
  }

  /** A second upload adds pages to the first, so it is looked first. */
  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    this.#refuseUnpinned();
    const attachment = attachmentOf(file);
    const isNew = this.#withoutFile.delete(Number(id));
    const held = isNew ? undefined : await this.#lookup.voucher(Number(id));
    if (held?.attachment) {
      if (held.attachment.fileName === attachment.name) return;
      throw new BilagError('conflict', {
        what: 'the voucher has another attachment already, and Tripletex would add our pages to it',
        where: `voucher ${shown(held)} in Tripletex`,
        action: `add ${attachment.name} by hand, or take the other attachment away`,
      });
    }
    const url = `/ledger/voucher/${Number(id)}/attachment`;
    await this.#client.write({ method: 'POST', url, ...attachment.form }, beforeWrite);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** A person may mend the cause in Tripletex at once, so the registers are read anew for the next voucher. */
  async #prepared(voucher: Voucher, reference: string): Promise<{ directory: Directory; body: TripletexVoucherBody }> {
    try {
      const directory = await this.#registers.directoryFor(voucher);
      const body = toTripletex(voucher, reference, directory);
      await this.#refuseClosed(voucher.date, `voucher ${reference}`);
      return { directory, body };
    } catch (error) {
      this.#registers.forget();
      throw error;
    }
  }

  /** Read back: what counts is what Tripletex holds. It is written by now, so nothing here may say otherwise. */
  async #receiptOf(id: number, outcome: Receipt['outcome'], reference?: string): Promise<Receipt> {
    return afterWrite(`voucher with id ${id} in Tripletex`, async () => {
      try {
        const voucher = await this.#lookup.voucher(id);
        const held = toPosted(voucher);
        if (reference !== undefined && held.reference !== reference) throw lostReference(id);
        if (outcome === 'created' && !voucher.attachment) this.#withoutFile.add(id);
        return receiptOf(held, outcome);
      } catch (error) {
        // It is there but cannot be read. Sending it again would double it, so it counts as booked with another content.
        if (isBilagError(error) && unseen.has(error.kind)) return { outcome, id: String(id), digest: '' };
        throw error;
      }
    });
  }

  /** Ids alone: the name of a company may be that of a person. */
  async #noClientChosen(): Promise<BilagError> {
    const clients = await Array.fromAsync(this.#client.values(idReply, '/company/>withLoginAccess', { fields: 'id' }));
    return new BilagError('config', {
      what: 'the tokens are an accountant’s, and no client is chosen',
      where: 'config.companyId',
      action: `give the id of one of the ${clients.length} clients: ${clients.map(({ id }) => id).join(', ')}`,
    });
  }

  #refuseUnpinned(): void {
    if (this.#config.companyId !== undefined) return;
    throw new BilagError('config', {
      what: 'no company is chosen to post to',
      where: 'config.companyId',
      action: 'put in the id that identify() tells; from then on another company is refused',
    });
  }

  async #refuseClosed(date: PlainDate, where: string): Promise<void> {
    if (!isClosed(date, await this.#registers.periods())) return;
    this.#registers.forget();
    throw periodClosed(date, where);
  }

  /** A refusal in better words: the closed period it may be about, or the line. */
  async #refusalOf(
    error: unknown,
    date: PlainDate,
    placeIn: (messages: readonly ValidationMessage[]) => string,
  ): Promise<unknown> {
    const messages = messagesOf(error);
    if (!isBilagError(error) || error.kind === 'unknown-outcome' || messages === undefined) return error;
    this.#registers.forget();
    const where = placeIn(messages);
    // What Tripletex answers in a closed period is not published, so the periods themselves are asked.
    const periods = await this.#registers.periods().catch(() => []);
    if (isClosed(date, periods)) return periodClosed(date, where);
    return new BilagError(error.kind, { what: error.what, where, action: error.action }, { cause: error });
  }
}

function accountOf(account: TripletexAccount): ServiceChart['accounts'][number] {
  const { number, name, isInactive, vatLocked, vatType, legalVatTypes, ledgerType } = account;
  const mentions = vatLocked === true ? [vatType] : (legalVatTypes ?? []);
  const vatCodes = mentions.flatMap((mention) => mention?.number ?? []);
  const requires = [
    ...(ledgerType && ledgerType !== 'GENERAL' ? [named(partyNames, ledgerType) ?? ledgerType.toLowerCase()] : []),
    ...(account.requiresDepartment === true ? ['department'] : []),
    ...(account.requiresProject === true ? ['project'] : []),
  ];
  return {
    number,
    name: name ?? '',
    isActive: isInactive !== true,
    ...(vatCodes.length > 0 && { vatCodes }),
    ...(requires.length > 0 && { requires }),
  };
}

const partyNames: Readonly<Record<string, string>> = { CUSTOMER: 'customer', VENDOR: 'supplier' };

function lineIn(
  messages: readonly ValidationMessage[],
  voucher: Voucher,
  reference: string,
  directory: Directory,
): string {
  const lines = voucher.lines.map((line) => ({
    account: line.account,
    needs: needsOf(line, directory.accounts.get(line.account)),
  }));
  const index = messages.map((message) => lineOf(message, lines)).find((at) => at !== undefined);
  const line = index === undefined ? undefined : lines[index];
  return line === undefined || index === undefined ? `voucher ${reference}` : placeOf(reference, index, line.account);
}

/** The reply said that it was booked, and now these tokens may not see it. */
const unseen: ReadonlySet<string> = new Set(['forbidden', 'not-found', 'conflict']);

function periodClosed(date: PlainDate, where: string): BilagError {
  return new BilagError('blocked', {
    what: `the accounting period of ${date} is closed`,
    where,
    action: 'ask whoever keeps the books to open it, or raise lockedThrough in the policy and plan again',
  });
}

function lostReference(id: number): BilagError {
  return new BilagError('conflict', {
    what: 'the voucher does not carry our reference',
    where: `voucher with id ${id} in Tripletex`,
    action: 'look at it in Tripletex',
  });
}
