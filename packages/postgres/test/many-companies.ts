import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkCompany, type Company, type CompanyStores } from '@bilag/company';
import { addDays, plainDate, type CredentialStore, type PlainDate } from '@bilag/core';
import type { SliceSize } from '@bilag/office';
import { bilagAccounts, startTripletexSimulator, type TripletexSimulator } from '@bilag/simulator-tripletex';
import { startVippsSimulator, type Merchant, type VippsSimulator } from '@bilag/simulator-vipps';
import { tripletex } from '@bilag/tripletex';
import { vipps } from '@bilag/vipps';
import pg from 'pg';
import { firstTripletexId, inputOf, merchantOf } from '../../office/test/office-bench.ts';
import { migratePostgres, openQueue, type Enqueued, type OfficeQueue, type QueueStatus } from '../src/index.ts';

/** What a worker in another process needs to know: plain data. */
export interface ManySettings {
  readonly connectionString: string;
  readonly schema: string;
  readonly vippsUrl: string;
  readonly booksUrl: string;
  readonly partner: { readonly clientId: string; readonly clientSecret: string };
  readonly consumerToken: string;
  /** The day of which each company has its one voucher. */
  readonly day: PlainDate;
  /** From when on the first company trades. */
  readonly from: PlainDate;
}

export interface ManyOptions {
  readonly connectionString: string;
  readonly schema: string;
  readonly count: number;
  /** The first company trades for longer than the one day of the others, and more. */
  readonly big?: { readonly dates: number; readonly entriesPerDay: number };
}

/** How a worker is to be. */
export interface WorkerSettings {
  readonly atOnce?: number;
  readonly connections?: number;
  readonly slice?: SliceSize;
  /** How far its clock is from the right time. */
  readonly hoursAhead?: number;
  /** It kills itself when so many of its writes are durable. */
  readonly diesAfterWrite?: number;
  readonly untilEmpty?: boolean;
  /** A company that it cannot make anything of. */
  readonly poison?: string;
}

/** What a worker says of itself now and then, and at its end. */
export interface Told {
  readonly done: readonly string[];
  readonly overtaken: number;
  readonly failed: number;
  readonly unreachable: number;
  readonly statements: number;
  readonly writes: number;
  /** Resident, after a collection. */
  readonly rss: number;
  /** Of processor since it was loaded. */
  readonly cpuMs: number;
  readonly isEnd?: boolean;
}

const program = join(import.meta.dirname, 'programs/work.ts');

/** A worker in a process of its own. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly told: Told[] = [];

  constructor(settings: ManySettings, worker: WorkerSettings, file: string) {
    writeFileSync(file, JSON.stringify({ settings, worker }));
    this.child = fork(program, [file], {
      execArgv: ['--conditions=@bilag/source', '--no-warnings', '--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ended = once(this.child, 'exit');
    this.child.on('message', (told: Told) => this.told.push(told));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.ended;
  }
}

/** What the books really hold. */
export interface Held {
  readonly vouchers: number;
  readonly wanted: number;
  readonly doubled: number;
  /** Companies of which a voucher is not there. */
  readonly lost: readonly string[];
}

/** Companies of one accounting partner, connected, kept in PostgreSQL, with their books in one Tripletex without limits. */
export class ManyCompanies implements AsyncDisposable {
  readonly settings: ManySettings;
  readonly ids: readonly string[];
  readonly vipps: VippsSimulator;
  readonly books: TripletexSimulator;
  readonly #merchants: readonly Merchant[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'bilag-many-'));
  readonly #workers: WorkerProcess[] = [];
  readonly #enqueued = new Set<string>();

  private constructor(
    settings: ManySettings,
    merchants: readonly Merchant[],
    vippsSimulator: VippsSimulator,
    books: TripletexSimulator,
  ) {
    this.settings = settings;
    this.ids = merchants.map((_, index) => `kafe-${index}`);
    this.#merchants = merchants;
    this.vipps = vippsSimulator;
    this.books = books;
  }

  static async open({ connectionString, schema, count, big }: ManyOptions): Promise<ManyCompanies> {
    await migratePostgres({ connectionString, schema });
    const day = lastTradingDay();
    const from = addDays(day, 1 - (big?.dates ?? 1));
    const merchants = Array.from({ length: count }, (_, index) => {
      const isBig = big !== undefined && index === 0;
      return merchantOf(index, {
        from: isBig ? from : day,
        to: day,
        ...(isBig ? { capturesPerDay: big.entriesPerDay } : {}),
      });
    });
    const vippsSimulator = await startVippsSimulator({ merchants });
    const books = await startTripletexSimulator({
      rateLimit: null,
      companies: merchants.map(({ ledger }, index) => ({
        id: firstTripletexId + index,
        organisationNumber: ledger.owner.id,
        accounts: bilagAccounts,
      })),
    });
    const { partner } = vippsSimulator.credentials;
    const { consumerToken } = books.credentials;
    const settings = {
      connectionString,
      schema,
      vippsUrl: vippsSimulator.url,
      booksUrl: books.url,
      partner,
      day,
      from,
    };
    const many = new ManyCompanies({ ...settings, consumerToken }, merchants, vippsSimulator, books);
    await many.#connect();
    return many;
  }

  /** Every so many posts reach the books and get no reply. */
  loseAnswers(every: number): void {
    let count = 0;
    const match = (): boolean => (count += 1) % every === 0;
    this.books.faults.arm({ kind: 'cut', strikes: 'after', on: 'post', times: Number.POSITIVE_INFINITY, match });
  }

  async enqueue(ids: readonly string[] = this.ids): Promise<Enqueued> {
    for (const id of ids) this.#enqueued.add(id);
    const companies = ids.map((id) => ({ id }));
    const at = Date.now();
    const asked = { target: 'books', at, goesOnSince: at - 43_200_000 };
    return this.#withQueue((queue) => queue.enqueue(companies, asked));
  }

  async status(): Promise<QueueStatus> {
    return this.#withQueue((queue) => queue.status());
  }

  /** Puts companies that failed each time back into the queue. */
  async redrive(): Promise<number> {
    return this.#withQueue((queue) => queue.redrive());
  }

  start(worker: WorkerSettings = {}): WorkerProcess {
    const started = new WorkerProcess(this.settings, worker, join(this.#folder, `${this.#workers.length}.json`));
    this.#workers.push(started);
    return started;
  }

  /** How many vouchers are in the books by now. */
  get vouchers(): number {
    return this.ids.reduce((sum, _, index) => sum + this.#there(index).length, 0);
  }

  /** What the books hold of the companies that were put into the queue. */
  held(): Held {
    let [vouchers, wanted, doubled] = [0, 0, 0];
    const lost: string[] = [];
    for (const [index, id] of this.ids.entries()) {
      const there = this.#there(index);
      const different = new Set(there).size;
      const dates = [...(this.#merchants[index]?.dates() ?? [])].filter(({ funds }) => funds.length > 0);
      const due = this.#enqueued.has(id) ? dates.length : 0;
      vouchers += there.length;
      wanted += due;
      // Under whatever reference: what nobody is due.
      doubled += Math.max(0, there.length - due);
      if (different < due) lost.push(id);
    }
    return { vouchers, wanted, doubled, lost };
  }

  /** What an operator does by hand. */
  async byHand(sql: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const { connectionString, schema } = this.settings;
    const client = new pg.Client({ connectionString, options: `-c search_path=${schema},${schema}_queue` });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** The companies that a worker is at, or was when it died. */
  async heldBy({ child }: WorkerProcess): Promise<readonly string[]> {
    const rows = await this.byHand(companiesWhere('holder = $1'), [`process ${child.pid}`]);
    return rows.map((row) => String(row['company_id']));
  }

  /** How many companies of the night are not done with; undefined where the server is away for a moment. */
  async left(): Promise<number | undefined> {
    const rows = await this.byHand('SELECT count(*) AS left FROM night_company').catch(() => []);
    return rows[0] && Number(rows[0]['left']);
  }

  /**
   * Moves what a worker that is gone left behind two minutes back, and lets its jobs be taken again, so that nobody has to wait: as
   * if its leases had passed. What others hold stays as it is, since they may be at work.
   */
  async letTimePass({ child }: WorkerProcess): Promise<void> {
    const ms = 120_000;
    const ago = "interval '120 s'";
    const isGone = `holder = 'process ${child.pid}'`;
    const itsCompanies = companiesWhere(isGone);
    // Where nobody is at work, what is under way is its own.
    const isItsJob = this.#workers.some(({ isRunning }) => isRunning)
      ? `data ->> 'companyId' IN (${itsCompanies})`
      : 'true';
    const stamps = ['first_sent_at', 'sent_at', 'first_miss_at', 'last_miss_at', 'created_at', 'updated_at'];
    await this.byHand(`
      UPDATE job SET state = 'retry', retry_count = retry_count + 1, start_after = now() WHERE state = 'active' AND ${isItsJob};
      UPDATE delivery SET ${stamps.map((stamp) => `${stamp} = ${stamp} - ${ms}`).join(', ')} WHERE company_id IN (${itsCompanies});
      UPDATE lease SET since = since - ${ms}, expires_at = expires_at - ${ms} WHERE ${isGone};
      UPDATE archive_writer SET free_at = free_at - ${ago} WHERE ${isGone}`);
  }

  /** Until every company of the night is done with; false where it takes longer than so many seconds. */
  async isDoneWithin(seconds: number): Promise<boolean> {
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      if ((await this.left()) === 0) return true;
      await delay(250);
    }
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers) if (worker.isRunning) await worker.kill();
    await this.vipps.close();
    await this.books.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #withQueue<Result>(work: (queue: OfficeQueue) => Promise<Result>): Promise<Result> {
    const queue = await openQueue(this.settings);
    try {
      return await work(queue);
    } finally {
      await queue.close();
    }
  }

  #there(index: number): string[] {
    return this.books.backDoor
      .company(firstTripletexId + index)
      .vouchers()
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ externalVoucherNumber }) => String(externalVoucherNumber));
  }

  /** As connected long ago, and as if they had posted before: a log that never has waits before its first voucher. */
  async #connect(): Promise<void> {
    await this.byHand(
      `INSERT INTO company SELECT 'kafe-' || index, 'tripletex', ($2::integer + index)::text
       FROM generate_series(0, $1::integer - 1) AS index`,
      [this.ids.length, firstTripletexId],
    );
    await this.byHand(
      `INSERT INTO past SELECT 'kafe-' || index, 'whole', 0,
         server_history()
       FROM generate_series(0, $1::integer - 1) AS index`,
      [this.ids.length],
    );
  }
}

function companiesWhere(isHeld: string): string {
  return `SELECT company_id FROM lease WHERE ${isHeld} AND token IS NOT NULL
    UNION SELECT archive FROM archive_writer WHERE ${isHeld} AND token IS NOT NULL`;
}

/** What companies are kept in: the database of all workers, or files in a folder. */
export type CompanyHome = { readonly database: CompanyStores } | { readonly folder: string };

/** The keys of every company, as a vendor's vault gives them. */
export function vaultOf({ partner, consumerToken }: ManySettings): CredentialStore {
  return {
    get: async (reference) => {
      if (reference === 'env:PARTNER') return { ...partner };
      const id = firstTripletexId + Number(reference.slice('env:BOOKS_'.length));
      return { consumerToken, employeeToken: `simulated-tripletex-employee-of-company-${id}` };
    },
  };
}

/** A company, as any worker makes it out of its id. */
export function companyOf(settings: ManySettings, id: string, place: CompanyHome): Company {
  const index = Number(id.slice('kafe-'.length));
  const { vippsUrl, booksUrl } = settings;
  const from = index === 0 ? settings.from : settings.day;
  // Its organisation number and its name are all that is asked of the merchant here.
  const owner = { id: String(900_000_000 + index) };
  const merchant = { name: `Kafé ${index} AS`, ledger: { owner } } as Merchant;
  const input = inputOf(merchant, index, vippsUrl, booksUrl);
  const { books } = input.targets ?? {};
  return checkCompany(
    {
      ...input,
      store: 'database' in place ? 'database' : 'files',
      policy: { versions: [{ ...input.policy.versions[0], from }] },
      targets: { books: { ...books, adapter: unlimited } },
    },
    { file: 'the queue', folder: tmpdir(), sources: [vipps], ...place },
  );
}

/** A target that takes as much as it gets. */
const unlimited = { ...tripletex, limits: { concurrency: 8, perSecond: 100_000 } };

/** The last day that has ended and on which cafés are open. */
function lastTradingDay(): PlainDate {
  const yesterday = addDays(plainDate(new Date().toISOString().slice(0, 10)), -1);
  return new Date(yesterday).getUTCDay() === 0 ? addDays(yesterday, -1) : yesterday;
}

/** Looks again until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, everyMs = 50): Promise<void> {
  while (!(await isSo())) await delay(everyMs);
}
