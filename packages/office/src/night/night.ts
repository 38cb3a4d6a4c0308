import { OpenCompany, SourceConnections, type Company, type SharedConnection, type Surroundings } from '@bilag/company';
import { discover } from '../discovery/discover.ts';
import type { CompanyState, KeptChange, NightRun, OfficeStore } from '../store/office-store.ts';
import { companyNight, type Rest, type SliceSize } from './company-night.ts';
import { Turns } from './turns.ts';

export interface NightOptions {
  /** The target, by its name in the companies' configs. */
  readonly target: string;
  readonly store: OfficeStore;
  readonly surroundings: Surroundings;
  /** How many companies are at work at once. Default 8. */
  readonly concurrency?: number;
  /** Default 100 dates of each ledger, 200 vouchers. */
  readonly slice?: SliceSize;
  /** Told of each company that is done with, whatever came of it. */
  readonly onCompany?: (state: CompanyState) => void | Promise<void>;
  /** Told whenever something has moved on. */
  readonly onProgress?: (progress: NightProgress) => void;
}

export interface NightProgress {
  readonly done: number;
  /** The companies at work now. */
  readonly atWork: readonly string[];
}

/** What a night came to. */
export interface NightResult {
  readonly night: NightRun;
  /** Companies without the target. */
  readonly skipped: number;
  /** Companies that were done with before this night was cut off; they are not done again. */
  readonly before: number;
  readonly counts: Readonly<Record<CompanyState['asksFor'], number>>;
  readonly fetched: number;
  readonly posted: number;
  /** What has changed among the ledgers that the keys see. */
  readonly changes: readonly KeptChange[];
  /** Ledgers that the keys see and that no company of this night has. */
  readonly unclaimed: readonly string[];
  /** What the list of companies threw, when it broke off: those before it are done, and the night has not ended. */
  readonly brokenOff: unknown;
}

/** How long ago a night that was cut off may have begun to be gone on with. */
const goesOnMs = 12 * 3_600_000;

/**
 * The night of many companies: each is fetched, delivered and read back; several at once, and one that has much to do in
 * turns, so that it never keeps the others from theirs. What goes wrong with one is told in its state and stops no other.
 * A night that was cut off goes on where it was, when it is run again within twelve hours.
 *
 * Memory holds the companies at work and those that have turns left, never the whole list. Throws when it is aborted, and
 * what the office's own store throws.
 */
export async function night(
  companies: AsyncIterable<Company> | Iterable<Company>,
  options: NightOptions,
): Promise<NightResult> {
  const { store, surroundings, target, concurrency = 8 } = options;
  const startedAt = surroundings.now().getTime();
  const run = await store.beginNight({ target, at: startedAt, goesOnSince: startedAt - goesOnMs });
  const work = new NightWork(run, await store.companiesOf(run), options);
  const turns = new Turns<CompanyAtWork>(work.wanted(companies));
  try {
    const workers = Array.from({ length: concurrency }, async () => turns.run(async (one) => work.turn(one)));
    // What is at work ends its turn before anything is closed.
    await Promise.allSettled(workers);
    surroundings.signal.throwIfAborted();
    await Promise.all(workers);
  } finally {
    await work.close();
  }
  if (turns.brokenOff === undefined) await store.endNight(run, surroundings.now().getTime());
  return { ...work.result(), changes: await store.changes({ since: run.startedAt }), brokenOff: turns.brokenOff };
}

/** A company, and where its night goes on. */
interface CompanyAtWork {
  readonly company: Company;
  readonly rest?: Rest;
}

const defaultSlice: SliceSize = { dates: 100, vouchers: 200 };

class NightWork {
  readonly #run: NightRun;
  readonly #before: ReadonlySet<string>;
  readonly #options: NightOptions;
  /** Keys that see many merchants' ledgers are shared, because limits are per key; a merchant's own end with its turn. */
  readonly #shared: SourceConnections;
  readonly #looks = new Map<string, Promise<unknown>>();
  readonly #seen = new Set<string>();
  readonly #claimed = new Set<string>();
  readonly #atWork = new Set<string>();
  readonly #counts = { nothing: 0, retry: 0, person: 0 };
  #skipped = 0;
  #passed = 0;
  #fetched = 0;
  #posted = 0;

  constructor(run: NightRun, before: ReadonlySet<string>, options: NightOptions) {
    this.#run = run;
    this.#before = before;
    this.#options = options;
    this.#shared = new SourceConnections(options.surroundings);
  }

  async *wanted(companies: AsyncIterable<Company> | Iterable<Company>): AsyncGenerator<CompanyAtWork> {
    for await (const company of companies) {
      if (!Object.hasOwn(company.targets, this.#options.target)) this.#skipped += 1;
      else if (this.#before.has(company.id)) this.#passed += 1;
      else yield { company };
    }
  }

  /** One turn of one company; gives it back while it has turns left. */
  async turn({ company, rest }: CompanyAtWork): Promise<CompanyAtWork | undefined> {
    const { surroundings, target, store, slice = defaultSlice, onCompany } = this.#options;
    this.#move(company.id, true);
    const isShared = company.source.declaration.api?.scope(company.source.config).keysSee === 'many';
    const connections = isShared ? this.#shared : new SourceConnections(surroundings);
    const open = new OpenCompany(company, surroundings, connections);
    try {
      if (rest === undefined) await this.#look(company, connections);
      const done = await companyNight(open, { target, store, slice, rest, now: surroundings.now() });
      if (done.rest !== null) return { company, rest: done.rest };
      await store.saveCompany(this.#run, done.state);
      this.#count(done.state);
      await onCompany?.(done.state);
      return undefined;
    } finally {
      await open.close();
      if (!isShared) await connections.close();
      this.#move(company.id, false);
    }
  }

  result(): Omit<NightResult, 'changes' | 'brokenOff'> {
    return {
      night: this.#run,
      skipped: this.#skipped,
      before: this.#passed,
      counts: this.#counts,
      fetched: this.#fetched,
      posted: this.#posted,
      unclaimed: [...this.#seen].filter((id) => !this.#claimed.has(id)).toSorted(),
    };
  }

  async close(): Promise<void> {
    await this.#shared.close();
  }

  /** Once per keys and night. What a look cannot be had of, fetching says for each company. */
  async #look(company: Company, connections: SourceConnections): Promise<void> {
    const connection = await connections.of(company).catch(() => undefined);
    if (connection === undefined) return;
    const { keys, connection: place } = connection.scope;
    const key = JSON.stringify([company.source.declaration.id, keys, place]);
    const look = this.#looks.get(key) ?? this.#lookOnce(connection);
    this.#looks.set(key, look);
    await look;
  }

  async #lookOnce(connection: SharedConnection): Promise<void> {
    let ledgers;
    try {
      ledgers = await connection.ledgers();
    } catch {
      return;
    }
    for (const { id } of ledgers) this.#seen.add(id);
    await discover(
      { scope: connection.scope, ledgers: async () => ledgers },
      this.#options.store,
      this.#options.surroundings.now(),
    );
  }

  #count({ asksFor, fetched, posted, topics }: CompanyState): void {
    this.#counts[asksFor] += 1;
    this.#fetched += fetched;
    this.#posted += posted;
    for (const { ledgerId } of topics) this.#claimed.add(ledgerId);
  }

  #move(companyId: string, isAtWork: boolean): void {
    if (isAtWork) this.#atWork.add(companyId);
    else this.#atWork.delete(companyId);
    const { nothing, retry, person } = this.#counts;
    this.#options.onProgress?.({ done: nothing + retry + person, atWork: [...this.#atWork] });
  }
}
