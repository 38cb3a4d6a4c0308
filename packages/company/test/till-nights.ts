/** A merchant with a till as its source and books in memory: nights without a network, as the bench runs them too. */
import {
  BilagError,
  defineAdapter,
  defineSource,
  expectedLines,
  isBilagError,
  isClosed,
  plainDate,
  viewDigest,
  type LedgerDate,
  type PlainDate,
  type PolicyInput,
  type Posted,
  type RawPage,
  type Reading,
  type Service,
  type ServiceAdapter,
  type Source,
  type Voucher,
} from '@bilag/core';
import { openArchive, openDeliveryLog, type ArchiveStore } from '@bilag/engine';
import type { BankFile } from '@bilag/simulator-bank';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { checkCompany, fileStores, OpenCompany, type CompanyStores, type OpenTarget } from '../src/index.ts';

/** A page is what the till says of a date of one ledger, as JSON. */
export const till: Source = defineSource({
  contract: 1,
  kind: 'source',
  id: 'till',
  title: 'The till',
  config: z.object({}),
  profile: { provider: 'The till', series: 'TILL' },
  api: {
    scope: () => ({
      topics: ['funds'],
      fees: 'not-read',
      keysSee: 'own',
      keys: 'none',
      credentials: 'env:TILL',
      connection: 'till',
      noAccess: 'ask the till',
    }),
    connect: async () => {
      throw new BilagError('unsupported', { what: 'the till has no line', where: 'till', action: 'fill the archive' });
    },
    dates: datesOf,
    datesVersion: '1',
  },
});

async function* datesOf(
  pages: Iterable<RawPage> | AsyncIterable<RawPage>,
): AsyncGenerator<LedgerDate, void, undefined> {
  for await (const { body } of pages) yield JSON.parse(new TextDecoder().decode(body)) as LedgerDate;
}

/** Books that are searched, and do what they are told. */
export class Books {
  readonly posted: Posted[] = [];
  lockedThrough: PlainDate | undefined;
  /** Whether files can be laid with vouchers. */
  attaches = false;
  /** What happens elsewhere while a voucher is posted. */
  meanwhile: () => void = () => undefined;

  readonly adapter: ServiceAdapter<unknown> = defineAdapter({
    contract: 1,
    kind: 'service',
    id: 'books',
    title: 'The books',
    config: z.unknown(),
    vat: 'gross',
    shape: { documents: ['journal'], maxLines: 500 },
    limits: { concurrency: 1, perSecond: 1_000_000 },
    dedupe: { by: 'search', settlesMs: 0 },
    connect: () => this.#service(),
  });

  #service(): Service & Required<Pick<Service, 'find'>> {
    const { posted } = this;
    return {
      identify: async () => ({
        id: '1',
        name: 'Kafé Eksempel AS',
        organisationNumber: '987654321',
        country: 'NO',
        currency: 'NOK',
      }),
      chart: async () => ({
        accounts: [],
        vatCodes: [],
        dimensions: [],
        ...(this.lockedThrough === undefined ? {} : { lockedThrough: this.lockedThrough }),
      }),
      find: async (reference) => {
        const ids = posted.filter((each) => each.reference === reference).map(({ id }) => id);
        return posted.filter((each) => each.reference === reference || ids.includes(each.reverses ?? ''));
      },
      list: async function* (from, to) {
        yield* posted.filter(({ date }) => date >= from && date <= to);
      },
      post: async (voucher, reference, beforeWrite) => {
        await beforeWrite?.(1_000);
        this.meanwhile();
        return this.#keep({ ...viewOf(voucher), reference });
      },
      reverse: async (id, date, reference, beforeWrite) => {
        await beforeWrite?.(1_000);
        const at = posted.findIndex((each) => each.id === id);
        const original = posted[at];
        if (original?.state !== 'live')
          throw new BilagError('conflict', { what: 'it is not live', where: id, action: 'look' });
        posted[at] = { ...original, state: 'reversed' };
        const lines = original.lines.map((line) => ({ ...line, amount: -line.amount as typeof line.amount }));
        return this.#keep({ ...original, date, reference, lines, state: 'live', reverses: id });
      },
      ...(this.attaches && { attach: async (_id, _file, beforeWrite) => beforeWrite?.(1_000) }),
    };
  }

  #keep(view: Omit<Posted, 'id'>) {
    const posted: Posted = { ...view, id: String(this.posted.length + 1) };
    this.posted.push(posted);
    return { outcome: 'created' as const, id: posted.id, digest: viewDigest(posted) };
  }
}

function viewOf(voucher: Voucher): Omit<Posted, 'id' | 'reference'> {
  const { date, currency, document } = voucher;
  return { state: 'live', document, date, currency, lines: expectedLines(voucher, 'gross') };
}

/** Time that only waiting moves. */
export class Clock {
  ms: number = Date.parse('2026-06-01T06:00:00Z');
  readonly now = (): Date => new Date(this.ms);
  readonly sleep = async (ms: number): Promise<void> => void (this.ms += ms);
}

export const firstDate: PlainDate = plainDate('2026-01-20');

/** What a night may find otherwise than the one before. */
export interface Changes {
  /** Whether what is kept between nights is found. */
  readonly keepsCheckpoints?: boolean;
  readonly source?: Source;
}

export interface BothPlans {
  readonly going: string;
  readonly whole: string;
  readonly booked: { readonly going: number; readonly whole: number };
}

/** A company with its archive, its log and its books. */
export class Merchant {
  readonly folder: string;
  readonly books: Books = new Books();
  readonly clock: Clock = new Clock();
  policy: PolicyInput;
  /** What its config says otherwise. */
  more: object = {};
  /** How many dates were booked by plans that may go on, and by those that may not. */
  booked: { going: number; whole: number } = { going: 0, whole: 0 };
  readonly #closed = new Set<string>();

  constructor(grouping: 'date' | 'payout' | 'entry' = 'date', from: PlainDate = firstDate) {
    // Where it is in memory a night does not wait for the disk.
    this.folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bilag-nights-'));
    this.policy = { versions: [{ from, market: 'NO', sales: { sale: '25' }, lines: 'summary', grouping }] };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get archive(): string {
    return join(this.folder, 'archive/kafe');
  }

  get delivery(): string {
    return join(this.folder, 'delivery/kafe.sqlite');
  }

  /** Puts dates into the archive, each as the till says it now. What is closed there stays as it is. */
  async receive(dates: readonly LedgerDate[], ledgerIds: readonly string[]): Promise<void> {
    const fresh = dates.filter(({ ledgerId, date }) => !this.#closed.has(`${ledgerId} ${date}`));
    for (const date of fresh) if (isClosed(date)) this.#closed.add(`${date.ledgerId} ${date.date}`);
    const archive = await openArchive(this.archive);
    await archive.rememberLedgers(ledgerIds.map((id) => ({ id, currency: 'NOK', handles: [`api:${id}`] })));
    await archive.storeTogether(fresh.map(readingOf));
    await archive.close();
  }

  /** As connected, and as if it had posted before: a log that never has waits before its first voucher. */
  async connect(): Promise<void> {
    const log = await openDeliveryLog(this.delivery, { memory: this.archive });
    const request = { holder: 'test', now: this.clock.ms, leaseMs: 1_000, requestTimeoutMs: 0 };
    const lease = await log.takeLease('kafe', request);
    await log.pinTarget(lease, { adapterId: 'books', targetCompanyId: '1' });
    await log.markWhole(lease);
    await log.releaseLease(lease);
    await log.close();
  }

  open({ keepsCheckpoints = true, source = till }: Changes = {}): OpenCompany {
    const { folder, policy, books, clock } = this;
    const input = {
      id: 'kafe',
      name: 'Kafé Eksempel AS',
      organisationNumber: '987654321',
      country: 'NO',
      currency: 'NOK',
      store: 'database',
      source: { kind: 'till' },
      policy,
      // Invoices of the till are to be paid.
      feeSettlement: { '302321': 'gross', '302322': 'gross' },
      targets: { books: { adapter: books.adapter, config: {} } },
      ...this.more,
    };
    const database = keepsCheckpoints ? fileStores : forgetful;
    const company = checkCompany(input, { file: 'bilag.config.ts', folder, sources: [source], database });
    const { signal } = new AbortController();
    return new OpenCompany(company, { env: {}, now: clock.now, sleep: clock.sleep, signal });
  }

  /** Plans as a night does, and tells all that the plan says. */
  async planned(changes: Changes = {}): Promise<string> {
    await using open = this.open(changes);
    const target = await open.target('books');
    const name = changes.keepsCheckpoints === false ? 'whole' : 'going';
    const onDate = (): void => void (this.booked[name] += 1);
    const { plan, nameOf, ...more } = await target.plan({ unchanged: 'counted', onDate });
    return JSON.stringify({ plan, ...more, names: ['1579', '1920', '3000'].map((account) => nameOf(account)) });
  }

  /** Plans with what is kept and without: what each says, and how many dates it booked for that. */
  async planBoth(changes: Changes = {}): Promise<BothPlans> {
    this.booked = { going: 0, whole: 0 };
    const whole = await said(() => this.planned({ ...changes, keepsCheckpoints: false }));
    return { whole, going: await said(() => this.planned(changes)), booked: this.booked };
  }

  /** Delivers as a night does, and says who is asked. */
  async deliver(): Promise<string> {
    await using open = this.open();
    const { asksFor } = await (await open.target('books')).deliver({ mostReversals: 1_000 });
    this.clock.ms += 86_400_000;
    return asksFor;
  }

  /** What a person does with what the log has. */
  async inLog(work: (target: OpenTarget) => Promise<unknown>): Promise<void> {
    await using open = this.open();
    await work(await open.target('books'));
  }

  /** What a person does with what the company has; what is refused changes nothing. */
  async change(work: (open: OpenCompany) => Promise<unknown>): Promise<void> {
    await using open = this.open();
    await said(async () => String(await work(open)));
  }

  /** The bank delivers files; those that were there before are known. */
  async hear(files: readonly BankFile[]): Promise<void> {
    const paths = files.map(({ name }) => join(this.folder, name));
    for (const [place, { bytes }] of files.entries()) writeFileSync(paths[place] ?? '', bytes);
    if (files.length > 0) await this.change((open) => open.importBankFiles(paths));
  }

  async record(invoice: object): Promise<void> {
    const path = join(this.folder, 'invoice.json');
    writeFileSync(path, JSON.stringify(invoice));
    await this.change((open) => open.recordInvoice(path));
  }

  loseLog(): void {
    rmSync(join(this.folder, 'delivery'), { recursive: true });
    for (const name of readdirSync(this.archive)) if (name.startsWith('delivered-')) rmSync(join(this.archive, name));
  }

  /** Changes what is kept between nights, behind its back. */
  async alter(change: (content: string) => string): Promise<void> {
    const archive = await openArchive(this.archive);
    const kept = await archive.checkpoint('books');
    if (kept !== undefined) await archive.keepCheckpoint('books', { ...kept, content: change(kept.content) });
    await archive.close();
  }
}

/** What came of it, or what was wrong. */
export async function said(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!isBilagError(error)) throw error;
    return `${error.kind}: ${error.what}`;
  }
}

function readingOf(date: LedgerDate): Reading {
  const body = new TextEncoder().encode(JSON.stringify(date));
  const page = { sequence: 0, body, request: 'GET /dates', receivedAt: '2026-01-01T00:00:00Z' };
  return { ledgerId: date.ledgerId, topic: 'funds', date: date.date, closed: isClosed(date), pages: [page] };
}

const forgetful: CompanyStores = {
  ...fileStores,
  openArchive: async (company, options) => {
    const archive = await fileStores.openArchive(company, options);
    const changes: Partial<ArchiveStore> = {
      checkpoint: async () => undefined,
      keepCheckpoint: async () => undefined,
    };
    return new Proxy(archive, {
      get: (store, name) => {
        const value: unknown = changes[name as keyof ArchiveStore] ?? Reflect.get(store, name);
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
  },
};
