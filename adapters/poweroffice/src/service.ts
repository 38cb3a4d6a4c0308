import {
  addDays,
  BilagError,
  isBilagError,
  keyDate,
  plainDate,
  viewDigest,
  type Attachment,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type Service,
  type ServiceChart,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import { HttpError, type HttpReply } from '@bilag/http';
import { toDocument } from './document.ts';
import { toChart } from './chart.ts';
import { jsonOf, PowerOfficeClient } from './client.ts';
import type { PowerOfficeConfig } from './config.ts';
import { isRefusal, lockedBooks, notReadBack, notShownYet, refusedContent, speaksOfReference } from './errors.ts';
import { toForeign, toPosted } from './from-poweroffice.ts';
import { dimensionsOf, Registers } from './registers.ts';
import {
  createdVoucher,
  financialSettings,
  ledgerTransaction,
  lockDateSettings,
  manualVoucher,
  organization,
  readAs,
  transactionFields,
  type LedgerTransaction,
} from './replies.ts';
import { toManualVoucher } from './to-poweroffice.ts';

/** One client in PowerOffice Go. */
export class PowerOfficeService implements Service {
  readonly #client: PowerOfficeClient;
  readonly #registers: Registers;
  readonly #clearing: ReadonlySet<string>;

  constructor(config: PowerOfficeConfig, context: ServiceContext) {
    this.#client = new PowerOfficeClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#clearing = new Set(config.clearingAccounts);
  }

  async identify(): Promise<CompanyInfo> {
    const client = await this.#settings(organization, '/OrganizationSettings');
    const { CurrencyCode: currency } = await this.#settings(financialSettings, '/FinancialSettings');
    return {
      id: client.Id,
      name: client.LegalName ?? client.Name ?? '',
      organisationNumber: (client.OrganizationNumber ?? '').replaceAll(/\D/g, ''),
      country: 'NO',
      currency,
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.forget();
    return toChart(await this.#registers.entries(), await this.#lockDate());
  }

  async post(voucher: Voucher, reference: string): Promise<Receipt> {
    const json = await this.#body(voucher, reference);
    let reply: HttpReply;
    try {
      reply = await this.#client.write({ method: 'POST', path: '/Vouchers/ManualJournals', json });
    } catch (error) {
      if (isRefusal(error)) return this.#afterRefusal(error, voucher, reference);
      throw error;
    }
    try {
      const { Id: id } = readAs(createdVoucher, jsonOf(reply), reply.where);
      const held = await this.#held(id);
      if (held === undefined) throw new TypeError(`PowerOffice does not show the voucher ${id} it made`);
      return receiptOf('created', held);
    } catch (error) {
      throw notReadBack(error, voucher, reference);
    }
  }

  /** PowerOffice has no search for a reference: it shows it on postings, which are asked for by date. */
  async find(reference: string): Promise<readonly Posted[]> {
    const own = new Map<string, LedgerTransaction[]>();
    const links = new Map<string, LedgerTransaction[]>();
    for await (const row of this.#transactions(searchStart(reference), endOfTime)) {
      const original = linkOf(row);
      if (original !== undefined) push(links, original, row);
      else if (row.ExternalImportReference === reference) push(own, row.VoucherId, row);
    }
    const found: Posted[] = [];
    for (const [id, rows] of own) found.push(...(await this.#shown(id, rows, links.get(id) ?? [], reference)));
    return found;
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const links = await this.#links(from);
    const ours = new Set<string>();
    for (let start = from; start <= to; start = addDays(start, windowDays)) {
      const end = addDays(start, windowDays - 1);
      for (const [id, rows] of await this.#vouchers(start, end < to ? end : to)) {
        const [first] = rows;
        const reference = first.ExternalImportReference ?? '';
        const original = linkOf(first);
        // What takes back or corrects one of ours comes with it.
        if (original !== undefined && ours.has(original)) continue;
        if (isOurs(reference) && original === undefined) {
          ours.add(id);
          yield* await this.#shown(id, rows, links.get(id) ?? [], reference);
        } else if (rows.some(({ AccountNo }) => this.#clearing.has(AccountNo))) {
          yield toForeign(rows);
        }
      }
    }
  }

  /** A voucher has one PDF, and the last one is what remains: sent again it is the same. */
  async attach(id: string, file: Attachment): Promise<void> {
    await this.#client.write({ method: 'PUT', path: '/VoucherDocumentation', query: { id }, form: toDocument(file) });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** With ids. What is not in a register may have been added since it was read: it is read once more. */
  async #body(voucher: Voucher, reference: string): Promise<object> {
    const dimensions = dimensionsOf(voucher);
    try {
      return toManualVoucher(voucher, reference, await this.#registers.entries(dimensions));
    } catch (error) {
      if (!isBilagError(error) || error.kind !== 'rejected') throw error;
      this.#registers.forget();
      return toManualVoucher(voucher, reference, await this.#registers.entries(dimensions));
    }
  }

  /**
   * Why PowerOffice did not take a voucher. Neither texts nor codes are published, so it is looked up: the reference that
   * is there already, then the lock date. What remains is the content, in PowerOffice's own words.
   */
  async #afterRefusal(error: HttpError, voucher: Voucher, reference: string): Promise<Receipt> {
    const [held] = (await this.find(reference)).filter(
      ({ state, reverses }) => state === 'live' && reverses === undefined,
    );
    if (held !== undefined) return receiptOf('exists', held);
    const lockDate = await this.#lockDate();
    if (lockDate !== undefined && voucher.date <= lockDate) throw lockedBooks(error, { voucher, reference, lockDate });
    throw speaksOfReference(error) ? notShownYet(error, voucher, reference) : refusedContent(error, voucher, reference);
  }

  /**
   * A voucher of ours and what reverses it. What a person changes of it is posted as a reversal and another in its place
   * (PowerOffice's guide to account transactions): that is shown as the voucher, so that it compares with what was posted.
   */
  async #shown(
    id: string,
    rows: readonly LedgerTransaction[],
    links: readonly LedgerTransaction[],
    reference: string,
  ): Promise<Posted[]> {
    const [corrections, reversals] = split(links, ({ ReversedVoucherId }) => ReversedVoucherId === undefined);
    // One that another integration posted is not ours to read whole: its postings are.
    const own = (await this.#held(id)) ?? toForeign(atLeastOne(rows));
    if (corrections.length > 0) {
      const { date, lines } = toForeign(atLeastOne(corrections));
      return [{ ...own, state: 'live', date, lines }];
    }
    const vouchers = Map.groupBy(reversals, ({ VoucherId }) => VoucherId);
    const state = vouchers.size > 0 ? 'reversed' : own.state;
    return [{ ...own, state }, ...[...vouchers.values()].map((each) => toForeign(atLeastOne(each), reference))];
  }

  async #held(id: string): Promise<Posted | undefined> {
    let held;
    try {
      held = await this.#client.read(manualVoucher, `/Vouchers/ManualJournals/${encodeURIComponent(id)}`);
    } catch (error) {
      if (error instanceof HttpError && error.status === 404) return undefined;
      throw error;
    }
    if (held === undefined) return undefined;
    const { VoucherLines: lines } = held;
    const dimensions = new Set<string>();
    if (lines.some(({ DepartmentId }) => DepartmentId !== undefined)) dimensions.add('department');
    if (lines.some(({ ProjectId }) => ProjectId !== undefined)) dimensions.add('project');
    return toPosted(held, await this.#registers.entries(dimensions));
  }

  #transactions(from: PlainDate, to: PlainDate, voucherTypes?: string): AsyncIterable<LedgerTransaction> {
    const query = { fromDate: from, toDate: to, voucherTypes, Fields: transactionFields };
    return this.#client.pages(ledgerTransaction, '/AccountTransactions', query);
  }

  /** Reversals and corrections by what they take back: they may stand on a later date. */
  async #links(from: PlainDate): Promise<ReadonlyMap<string, readonly LedgerTransaction[]>> {
    const links = new Map<string, LedgerTransaction[]>();
    for await (const row of this.#transactions(from, endOfTime, 'ReversalVoucher,CorrectionVoucher')) {
      const original = linkOf(row);
      if (original !== undefined) push(links, original, row);
    }
    return links;
  }

  async #vouchers(from: PlainDate, to: PlainDate): Promise<ReadonlyMap<string, AtLeastOne>> {
    const vouchers = new Map<string, [LedgerTransaction, ...LedgerTransaction[]]>();
    for await (const row of this.#transactions(from, to)) {
      const rows = vouchers.get(row.VoucherId);
      if (rows === undefined) vouchers.set(row.VoucherId, [row]);
      else rows.push(row);
    }
    return vouchers;
  }

  async #lockDate(): Promise<PlainDate | undefined> {
    return (await this.#settings(lockDateSettings, '/LockDateSettings')).LockDate;
  }

  async #settings<Value>(schema: Parameters<typeof readAs<Value>>[0], path: string): Promise<Value> {
    const value = await this.#client.read(schema, path);
    if (value !== undefined) return value;
    throw new BilagError('unavailable', {
      what: 'PowerOffice shows no settings',
      where: `GET ${path}`,
      now: 'try again later',
    });
  }
}

type AtLeastOne = readonly [LedgerTransaction, ...LedgerTransaction[]];

function atLeastOne(rows: readonly LedgerTransaction[]): AtLeastOne {
  const [first, ...rest] = rows;
  if (first === undefined) throw new TypeError('a voucher without postings');
  return [first, ...rest];
}

function receiptOf(outcome: Receipt['outcome'], held: Posted): Receipt {
  const { id, number } = held;
  return { outcome, id, digest: viewDigest(held), ...(number === undefined ? {} : { number }) };
}

/** The voucher that this one takes back or corrects. */
function linkOf({ ReversedVoucherId, CorrectionOfVoucherId }: LedgerTransaction): string | undefined {
  return ReversedVoucherId ?? CorrectionOfVoucherId;
}

/** By its form: other integrations have references too. */
function isOurs(reference: string): boolean {
  return /^[A-Z0-9][A-Z0-9.-]{0,34}$/.test(reference) && keyDate(reference) !== undefined;
}

/** A voucher stands on the date in its key, or later where a locked period moved it. */
function searchStart(reference: string): PlainDate {
  const date = keyDate(reference);
  return date === undefined ? beginningOfTime : plainDate(`${date.slice(0, 8)}01`);
}

/** Those that pass, and the others. */
function split<Item>(items: readonly Item[], passes: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(passes), items.filter((item) => !passes(item))];
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

const windowDays = 31;
const beginningOfTime = plainDate('2000-01-01');
const endOfTime = plainDate('2999-12-31');
