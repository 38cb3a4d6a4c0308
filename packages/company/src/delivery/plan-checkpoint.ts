import {
  checkpointFit,
  keyDate,
  type BookCheckpoint,
  type BookedDate,
  type BookOptions,
  type LedgerBalances,
  type PlainDate,
} from '@bilag/core';
import type { PlanCheckpoint, SettledBooks } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
import { keepCheckpoint, readCheckpoint } from '../dates/kept-checkpoint.ts';
import { version } from '../version.ts';
import type { DeliveryConnection } from './delivery-connection.ts';

/** What is kept between two nights: where the books stand, what of them the log has, and what they told. */
export interface Kept {
  readonly books: BookCheckpoint;
  readonly settled: SettledBooks;
  readonly told: Told;
}

/** The last that books told of each ledger, and of which date. */
export interface Told {
  readonly through?: PlainDate | undefined;
  readonly providers: readonly (readonly [ledgerId: string, provider: string])[];
  readonly balances: readonly LedgerBalances[];
}

/**
 * Where the books of a target go on from, and where the next plan may. What is kept lies in the archive, under a digest of itself and of
 * everything it was made of: anything else is as if there were none.
 */
export class TargetCheckpoint {
  /** How `book()` is asked for the next one. */
  readonly next: Pick<BookOptions, 'checkpoint'>;
  readonly #from: Kept | undefined;
  readonly #place: Place | undefined;
  #made: Omit<Kept, 'settled'> | undefined;
  #settled: SettledBooks | undefined;

  private constructor(from: Kept | undefined, place: Place | undefined, told: () => Told) {
    this.#from = from;
    this.#place = place;
    const keep = (books: BookCheckpoint): void => void (this.#made = { books, told: told() });
    this.next = place === undefined ? {} : { checkpoint: { after: place.after, keep } };
  }

  /** Undefined where the books are made from the cut-over each time. `told` is asked as soon as the next checkpoint is passed. */
  static async open(
    company: Company,
    { checkpoints }: CompanyDates,
    { target, service, store }: Pick<DeliveryConnection, 'target' | 'service' | 'store'>,
    told: () => Told,
  ): Promise<TargetCheckpoint | undefined> {
    if (checkpoints === undefined) return undefined;
    const fits = checkpointFit(company.policy, target.adapter.shape);
    const of = [version, company.id, target.adapter.id, fits, service.attach !== undefined];
    const madeOf = async (through: PlainDate): Promise<string> =>
      JSON.stringify([...of, await checkpoints.madeOf(through)]);
    const { kept } = checkpoints;
    const found = await readCheckpoint<Kept>(await kept.checkpoint(target.name), madeOf);
    const from = found?.kept;
    if (!(await checkpoints.haveNoFilesAfter(from?.books.through))) return undefined;
    // By ledger date: what is moved out of a closed period may be dated after everything else.
    let posted: PlainDate | undefined;
    const since = from === undefined ? {} : { from: from.settled.through };
    for await (const { key, date } of store.heads(company.id, { ...since, states: ['posted'] })) {
      const ledgerDate = keyDate(key) ?? date;
      if (posted === undefined || ledgerDate > posted) posted = ledgerDate;
    }
    const after = posted === undefined ? undefined : await checkpoints.lastClosed(posted);
    if (after === undefined) return new TargetCheckpoint(from, undefined, told);
    // Asked before the dates are read: what comes meanwhile may be read or not, and is not in it. Nor may what came to dates that are not read.
    const place = { name: target.name, kept, after, madeOf: await madeOf(after) };
    if (found !== undefined && (await madeOf(found.kept.books.through)) !== found.madeOf) return undefined;
    return new TargetCheckpoint(from, place, told);
  }

  /** What a plan is told of it. */
  ofPlan(bookedFrom: (kept: Kept) => AsyncIterable<BookedDate>): PlanCheckpoint {
    const from = this.#from;
    return {
      from: from === undefined ? undefined : { settled: from.settled, dates: bookedFrom(from) },
      passed: () => this.#made?.books.pendingFrom,
      keep: (settled) => void (this.#settled = settled),
    };
  }

  /** Keeps what was made. A place that cannot be written to costs the next plan time, and this one nothing. */
  async save(): Promise<void> {
    if (this.#place === undefined || this.#made === undefined || this.#settled === undefined) return;
    const made: Kept = { ...this.#made, settled: this.#settled };
    const { name, kept, madeOf } = this.#place;
    await keepCheckpoint(kept, name, { through: made.books.through, kept: made, madeOf });
  }
}

/** Where the next one is kept. */
interface Place {
  readonly name: string;
  readonly kept: NonNullable<CompanyDates['checkpoints']>['kept'];
  readonly after: PlainDate;
  /** Everything that it is made of. */
  readonly madeOf: string;
}
