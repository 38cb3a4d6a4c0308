import {
  checkpointFit,
  isBilagError,
  plainDate,
  type BookCheckpoint,
  type BookedDate,
  type BookOptions,
  type LedgerBalances,
  type PlainDate,
} from '@bilag/core';
import type { PlanCheckpoint, SettledBooks } from '@bilag/engine';
import { createHash } from 'node:crypto';
import type { Company } from '../config/company.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
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
  readonly #place: Place;
  #made: Omit<Kept, 'settled'> | undefined;
  #settled: SettledBooks | undefined;

  private constructor(place: Place, from: Kept | undefined, after: PlainDate | undefined, told: () => Told) {
    this.#place = place;
    this.#from = from;
    const keep = (books: BookCheckpoint): void => void (this.#made = { books, told: told() });
    this.next = after === undefined ? {} : { checkpoint: { after, keep } };
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
    const digest = (content: string): string => {
      const through = plainDate(content.slice(0, 10));
      return createHash('sha256')
        .update(JSON.stringify([...of, checkpoints.madeOf(through), content]))
        .digest('hex');
    };
    const place: Place = { name: target.name, kept: checkpoints.kept, digest };
    const from = await readKept(place);
    let posted: PlainDate | undefined;
    const since = from === undefined ? {} : { from: from.settled.through };
    for await (const { date } of store.heads(company.id, { ...since, states: ['posted'] })) posted = date;
    return new TargetCheckpoint(place, from, posted === undefined ? undefined : checkpoints.lastClosed(posted), told);
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
    if (this.#made === undefined || this.#settled === undefined) return;
    const made: Kept = { ...this.#made, settled: this.#settled };
    const content = `${made.books.through}\n${JSON.stringify(made)}`;
    const { name, kept, digest } = this.#place;
    try {
      await kept.keepCheckpoint(name, { madeOf: digest(content), content });
    } catch (error) {
      if (!isBilagError(error)) throw error;
    }
  }
}

interface Place {
  readonly name: string;
  readonly kept: NonNullable<CompanyDates['checkpoints']>['kept'];
  /** Of a content, which begins with its last date, and of everything that it may be made of. */
  readonly digest: (content: string) => string;
}

async function readKept({ name, kept, digest }: Place): Promise<Kept | undefined> {
  const found = await kept.checkpoint(name);
  if (found === undefined || !/^\d{4}-\d{2}-\d{2}\n/.test(found.content)) return undefined;
  return digest(found.content) === found.madeOf ? (JSON.parse(found.content.slice(11)) as Kept) : undefined;
}
