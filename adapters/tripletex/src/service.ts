import {
  addDays,
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
  type ServiceContext,
  type Voucher,
  named,
} from '@bilag/core';
import { isClosed, lockedThrough } from './accounting-periods.ts';
import { attachmentOf } from './attachment.ts';
import { dateInNorway, TripletexClient, TripletexError, unknownOutcome } from './client.ts';
import type { TripletexConfig } from './config.ts';
import { lineOf } from './errors.ts';
import { toPosted } from './from-tripletex.ts';
import { Lookups, orNothing } from './lookups.ts';
import {
  companyReply,
  idReply,
  voucherFields,
  voucherReply,
  type TripletexAccount,
  type TripletexVoucher,
} from './replies.ts';
import { needsOf, placeOf, toTripletex, type Directory, type TripletexVoucherBody } from './to-tripletex.ts';
import { vatCodeRules } from './vat-codes.ts';

/** A connection to one company in Tripletex. Nothing is asked before the first method is called. */
export class TripletexService implements SearchableService {
  readonly #config: TripletexConfig;
  readonly #client: TripletexClient;
  readonly #lookups: Lookups;
  readonly #now: () => number;

  constructor(config: TripletexConfig, context: ServiceContext) {
    this.#config = config;
    this.#client = new TripletexClient(config, context);
    this.#lookups = new Lookups(this.#client, config, context);
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
    const accounts = await this.#lookups.allAccounts();
    const vatTypes = await this.#lookups.vatTypes(dateInNorway(this.#now()));
    const locked = lockedThrough(await this.#lookups.periods());
    const departments = await orNothing(this.#lookups.departments());
    const projects = await orNothing(this.#lookups.projects());
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

  async post(voucher: Voucher, reference: string): Promise<Receipt> {
    this.#refuseUnpinned();
    const { directory, body } = await this.#prepared(voucher, reference);
    let id: number;
    try {
      const query = { sendToLedger: this.#config.sendToLedger };
      id = await this.#client.write({ method: 'POST', url: '/ledger/voucher', query, json: body });
    } catch (error) {
      throw await this.#refusalOf(error, voucher.date, (refused) => lineIn(refused, voucher, reference, directory));
    }
    return this.#receiptOf(id, 'created', reference);
  }

  async find(reference: string): Promise<readonly Posted[]> {
    if (reference === '') return [];
    const found = new Map<number, TripletexVoucher>();
    for await (const voucher of this.#search(reference)) {
      // The search may know parts of numbers; only the whole of it is ours.
      if (voucher.externalVoucherNumber === reference) found.set(voucher.id, voucher);
    }
    // A reversal need not have taken over the number of what it reverses.
    for (const { id, reverseVoucher } of found.values()) {
      const other = reverseVoucher?.id;
      if (other === undefined || other < id || found.has(other)) continue;
      const reversal = await this.#voucherIfThere(other);
      if (reversal !== undefined) found.set(other, { ...reversal, reverseVoucher: { id } });
    }
    return linked([...found.values()]).map((voucher) => ({ ...toPosted(voucher), reference }));
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const watched = new Set(this.#config.clearingAccounts);
    const found = new Map<number, TripletexVoucher>();
    // The second date of a range is not in it any more.
    const query = { dateFrom: from, dateTo: addDays(to, 1), fields: voucherFields };
    const posted = this.#client.values(voucherReply, '/ledger/voucher', query, 200);
    for await (const voucher of both(posted, this.#waiting())) {
      const { id, date, externalVoucherNumber, postings } = voucher;
      const isWatched = postings.some(({ account }) => watched.has(account.number));
      if (date >= from && date <= to && (isReference(externalVoucherNumber) || isWatched)) found.set(id, voucher);
    }
    for (const voucher of linked([...found.values()])) yield toPosted(voucher);
  }

  /**
   * Reversing twice reverses twice, so it is looked first; what there is then is the receipt, whoever made it. Tripletex
   * takes no reference for a reversal: it is found through what it reverses.
   */
  async reverse(id: string, date: PlainDate): Promise<Receipt> {
    this.#refuseUnpinned();
    const held = await this.#voucher(Number(id));
    const other = held.reverseVoucher?.id;
    if (other !== undefined && other > held.id) return this.#receiptOf(other, 'exists');
    await this.#refuseClosed(date, `the reversal of voucher ${shown(held)}`);
    let made: number;
    try {
      made = await this.#client.write({ method: 'PUT', url: `/ledger/voucher/${held.id}/:reverse`, query: { date } });
    } catch (error) {
      throw await this.#refusalOf(error, date, () => `the reversal of voucher ${shown(held)}`);
    }
    return this.#receiptOf(made, 'created');
  }

  /** A second upload adds pages to the first, so it is looked first. */
  async attach(id: string, file: Attachment): Promise<void> {
    this.#refuseUnpinned();
    const attachment = attachmentOf(file);
    const held = await this.#voucher(Number(id));
    if (held.attachment) {
      if (held.attachment.fileName === attachment.name) return;
      throw new BilagError('conflict', {
        what: 'the voucher has another attachment already, and Tripletex would add our pages to it',
        where: `voucher ${shown(held)} in Tripletex`,
        now: `add ${attachment.name} by hand, or take the other attachment away`,
      });
    }
    const { headers, body } = attachment.form;
    await this.#client.write({ method: 'POST', url: `/ledger/voucher/${held.id}/attachment`, headers, body });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** What is refused here may be mended in Tripletex at once, so the next voucher is looked up afresh. */
  async #prepared(voucher: Voucher, reference: string): Promise<{ directory: Directory; body: TripletexVoucherBody }> {
    try {
      const directory = await this.#lookups.directoryFor(voucher);
      const body = toTripletex(voucher, reference, directory);
      await this.#refuseClosed(voucher.date, `voucher ${reference}`);
      return { directory, body };
    } catch (error) {
      this.#lookups.forget();
      throw error;
    }
  }

  async *#search(reference: string): AsyncGenerator<TripletexVoucher> {
    const query = { externalVoucherNumber: reference, fields: voucherFields };
    const url = '/ledger/voucher/>externalVoucherNumber';
    for await (const voucher of this.#client.values(voucherReply, url, query, 100)) {
      // Fields are left out where a right is missing. It was found by its number: without one nobody can tell whose it is.
      if (typeof voucher.externalVoucherNumber !== 'string') throw unreadableNumber(voucher);
      yield voucher;
    }
    yield* this.#waiting();
  }

  /** What waits for a person is not among the posted ones. */
  async *#waiting(): AsyncGenerator<TripletexVoucher> {
    if (this.#config.sendToLedger) return;
    const query = { includeNonApproved: true, fields: voucherFields };
    yield* this.#client.values(voucherReply, '/ledger/voucher/>nonPosted', query, 200);
  }

  #voucher(id: number): Promise<TripletexVoucher> {
    return this.#client.value(voucherReply, `/ledger/voucher/${id}`, { fields: voucherFields });
  }

  async #voucherIfThere(id: number): Promise<TripletexVoucher | undefined> {
    try {
      return await this.#voucher(id);
    } catch (error) {
      if (isBilagError(error) && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  /** Read back: what counts is what Tripletex holds. It is written by now, so nothing here may say otherwise. */
  async #receiptOf(id: number, outcome: Receipt['outcome'], reference?: string): Promise<Receipt> {
    try {
      const held = toPosted(await this.#voucher(id));
      if (reference !== undefined && held.reference !== reference) throw lostReference(id);
      const { number } = held;
      return { outcome, id: held.id, digest: viewDigest(held), ...(number !== undefined && { number }) };
    } catch (error) {
      // It is there, and will not be found by looking either: sending it again would double it, so its content counts as other.
      if (isBilagError(error) && unseen.has(error.kind)) return { outcome, id: String(id), digest: '' };
      throw unknownOutcome('it was booked, but could not be read back', `voucher with id ${id} in Tripletex`, error);
    }
  }

  /** Ids alone: the name of a company may be that of a person. */
  async #noClientChosen(): Promise<BilagError> {
    const clients = await Array.fromAsync(this.#client.values(idReply, '/company/>withLoginAccess', { fields: 'id' }));
    return new BilagError('config', {
      what: 'the tokens are an accountant’s, and no client is chosen',
      where: 'config.companyId',
      now: `give the id of one of the ${clients.length} clients: ${clients.map(({ id }) => id).join(', ')}`,
    });
  }

  #refuseUnpinned(): void {
    if (this.#config.companyId !== undefined) return;
    throw new BilagError('config', {
      what: 'no company is chosen to post to',
      where: 'config.companyId',
      now: 'put in the id that identify() tells; from then on another company is refused',
    });
  }

  async #refuseClosed(date: PlainDate, where: string): Promise<void> {
    if (!isClosed(date, await this.#lookups.periods())) return;
    this.#lookups.forget();
    throw periodClosed(date, where);
  }

  /** A refusal in better words: the closed period it may be about, or the line. */
  async #refusalOf(error: unknown, date: PlainDate, placeIn: (refused: TripletexError) => string): Promise<unknown> {
    if (!(error instanceof TripletexError) || error.status !== 422) return error;
    this.#lookups.forget();
    const where = placeIn(error);
    // What Tripletex answers in a closed period is not published, so the periods themselves are asked.
    const periods = await this.#lookups.periods().catch(() => []);
    if (isClosed(date, periods)) return periodClosed(date, where);
    return new BilagError(error.kind, { what: error.what, where, now: error.now }, { cause: error });
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

/** Both ends of a reversal know each other, whichever of them Tripletex tells. */
function linked(vouchers: readonly TripletexVoucher[]): TripletexVoucher[] {
  const originals = new Map<number, number>();
  for (const { id, reverseVoucher } of vouchers) {
    if (reverseVoucher && reverseVoucher.id > id) originals.set(reverseVoucher.id, id);
  }
  return vouchers.map((voucher) => {
    const original = originals.get(voucher.id);
    return original === undefined || voucher.reverseVoucher
      ? voucher
      : { ...voucher, reverseVoucher: { id: original } };
  });
}

function lineIn(refused: TripletexError, voucher: Voucher, reference: string, directory: Directory): string {
  const lines = voucher.lines.map((line) => ({
    account: line.account,
    needs: needsOf(line, directory.accounts.get(line.account)),
  }));
  const index = refused.messages.map((message) => lineOf(message, lines)).find((at) => at !== undefined);
  const line = index === undefined ? undefined : lines[index];
  return line === undefined || index === undefined ? `voucher ${reference}` : placeOf(reference, index, line.account);
}

async function* both<Value>(first: AsyncIterable<Value>, second: AsyncIterable<Value>): AsyncGenerator<Value> {
  yield* first;
  yield* second;
}

/** Whether an external number can be one of ours: a voucher's key has a hyphen in it. Others use the field too. */
function isReference(externalVoucherNumber: string | null | undefined): boolean {
  return /^(?=.{3,35}$)[A-Z0-9.]+-[A-Z0-9.-]+$/.test(externalVoucherNumber ?? '');
}

function shown({ id, numberAsString }: TripletexVoucher): string {
  return numberAsString ?? `with id ${id}`;
}

/** The reply said that it was booked, and now these tokens may not see it. */
const unseen: ReadonlySet<string> = new Set(['forbidden', 'not-found', 'conflict']);

function unreadableNumber(voucher: TripletexVoucher): BilagError {
  return new BilagError('forbidden', {
    what: 'the external number of a voucher cannot be read',
    where: `voucher ${shown(voucher)} in Tripletex`,
    now: 'give the employee token access to all vouchers; without it nothing can be looked up before it is posted',
  });
}

function periodClosed(date: PlainDate, where: string): BilagError {
  return new BilagError('blocked', {
    what: `the accounting period of ${date} is closed`,
    where,
    now: 'ask whoever keeps the books to open it, or raise lockedThrough in the policy and plan again',
  });
}

function lostReference(id: number): BilagError {
  return new BilagError('conflict', {
    what: 'the voucher does not carry our reference',
    where: `voucher with id ${id} in Tripletex`,
    now: 'look at it in Tripletex',
  });
}
