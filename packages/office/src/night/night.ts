import { OpenCompany, SourceConnections, type Company, type Surroundings } from '@bilag/company';
import { isBilagError } from '@bilag/core';
import { Looks, withConnectionsOf } from '../discovery/discover.ts';
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
  readonly #shared: SourceConnections;
  readonly #looks: Looks;
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
    this.#looks = new Looks(options.store, options.surroundings.now);
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
    try {
      const done = await withConnectionsOf(company, this.#shared, surroundings, async (connections) => {
        if (rest === undefined) await this.#look(company, connections);
        await using open = new OpenCompany(company, surroundings, connections);
        return await companyNight(open, { target, store, slice, rest, now: surroundings.now() });
      });
      if (done.rest !== null) return { company, rest: done.rest };
      await store.saveCompany(this.#run, done.state);
      this.#count(done.state);
      await onCompany?.(done.state);
      return undefined;
    } finally {
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
      unclaimed: [...this.#looks.seen].filter((id) => !this.#claimed.has(id)).toSorted(),
    };
  }

  async close(): Promise<void> {
    await this.#shared.close();
  }

  /** What a look cannot be had of, fetching says for each company. */
  async #look(company: Company, connections: SourceConnections): Promise<void> {
    try {
      await this.#looks.at(company, connections);
    } catch (error) {
      if (!isBilagError(error)) throw error;
    }
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
