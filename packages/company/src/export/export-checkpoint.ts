import {
  addDays,
  checkpointFit,
  fiscalYearStart,
  keyDate,
  type BookedDate,
  type BookOpening,
  type PlainDate,
} from '@bilag/core';
import type { ArchivedCheckpoint } from '@bilag/engine';
import type { TallyState } from '../books/books-summary.ts';
import type { ExportDifferences, RecordedTarget } from '../books/exported-before.ts';
import type { Company } from '../config/company.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
import type { DateCheckpoints } from '../dates/date-checkpoints.ts';
import {
  keepCheckpoint,
  readCheckpoint,
  throughOf,
  type FoundCheckpoint,
  type MadeOf,
} from '../dates/kept-checkpoint.ts';
import type { Period } from '../dates/period.ts';
import { version } from '../version.ts';

/** What an export knows of the dates before its period. */
export interface KeptBooks {
  readonly opening: BookOpening;
  readonly tally: TallyState;
  /** By target: what was not as it had been exported. */
  readonly differences: Readonly<Record<string, ExportDifferences>>;
}

/** Raised when anything else is kept, or means anything else. */
const wayOfKeeping = 1;

/**
 * Where the books of an export go on from, and where the next export of the same targets may: at the day before the period. What is kept
 * lies in the archive, under a digest of itself and of everything it was made of: the dates, the policy, and what the records of earlier
 * exports say of those dates. Anything else is as if there were none.
 */
export class ExportCheckpoint {
  /** Undefined where everything is booked from the cut-over. */
  readonly from: KeptBooks | undefined;
  readonly #place: Place | undefined;
  #made: Pick<KeptBooks, 'opening' | 'tally'> | undefined;
  /** Whether a voucher stands on the other side of the period's start than its date. */
  #isAcross = false;

  private constructor(from: KeptBooks | undefined, place: Place | undefined) {
    this.from = from;
    this.#place = place;
  }

  /** Undefined where the books are made from the cut-over each time, or begin with the period. */
  static async open(
    company: Company,
    { checkpoints }: CompanyDates,
    targets: readonly RecordedTarget[],
    period: Period,
  ): Promise<ExportCheckpoint | undefined> {
    const through = addDays(period.from, -1);
    if (checkpoints === undefined || through < company.policy.versions[0].from) return undefined;
    const madeOf = madeOfBooks(company, checkpoints, targets);
    const names = namesOf(company, targets, period);
    const found = await lastFound(
      await Promise.all(names.all.map(async (name) => checkpoints.kept.checkpoint(name))),
      through,
      madeOf,
    );
    const from = found?.kept;
    if (!(await checkpoints.haveNoFilesAfter(from?.opening.books.through))) return undefined;
    if (from?.opening.books.through === through) return new ExportCheckpoint(from, undefined);
    // Asked before the dates are read: what comes meanwhile may be read or not, and is not in it. Nor may what came to dates that are not read.
    const place = { name: names.own, kept: checkpoints.kept, through, madeOf: await madeOf(through) };
    if (found !== undefined && (await madeOf(found.kept.opening.books.through)) !== found.madeOf) return undefined;
    return new ExportCheckpoint(from, place);
  }

  /** Told where the books stand at the start of the period. */
  keep(opening: BookOpening, tally: TallyState): void {
    this.#made = { opening, tally };
  }

  /** Told of every booked date. */
  take({ date, vouchers }: BookedDate): void {
    const through = this.#place?.through;
    if (through === undefined) return;
    this.#isAcross ||= vouchers.some((voucher) => voucher.date <= through !== date <= through);
  }

  /**
   * Keeps what was made, unless what it says of the dates before the period could come out otherwise in another export: by what the record
   * of exports says of it then, or by a payout that is still to come.
   */
  async save(differences: KeptBooks['differences']): Promise<void> {
    if (this.#place === undefined || this.#made === undefined || this.#isAcross) return;
    const { through, name, kept, madeOf } = this.#place;
    if (this.#made.opening.books.ledgers.some(({ group }) => group !== undefined)) return;
    const keys = Object.values(differences).flatMap(({ changed, gone }) => [...changed, ...gone]);
    if (keys.some((key) => (keyDate(key) ?? addDays(through, 1)) > through)) return;
    await keepCheckpoint(kept, name, { through, kept: { ...this.#made, differences } satisfies KeptBooks, madeOf });
  }
}

/** Where the next one is kept. */
interface Place {
  readonly name: string;
  readonly kept: DateCheckpoints['kept'];
  readonly through: PlainDate;
  /** Everything that it is made of. */
  readonly madeOf: string;
}

function madeOfBooks(
  { id, policy, fiscalYearStartMonth }: Company,
  checkpoints: DateCheckpoints,
  targets: readonly RecordedTarget[],
): MadeOf {
  const fits = checkpointFit(policy, targets[0]?.adapter.shape);
  return async (through) => {
    const exported = targets.map(({ name, record }) => [name, record.state(through)]);
    const of = [version, wayOfKeeping, id, fiscalYearStartMonth, fits, exported];
    return JSON.stringify([...of, await checkpoints.madeOf(through)]);
  };
}

/** One is kept at the start of a year and one within it: a month that is exported each night leaves the year's alone. */
function namesOf(
  { fiscalYearStartMonth }: Company,
  targets: readonly RecordedTarget[],
  { from }: Period,
): { readonly own: string; readonly all: readonly string[] } {
  const all = ['year', 'month'].map((start) => `files of ${targets.map(({ name }) => name).join(' ')}, ${start}`);
  const [year = '', month = ''] = all;
  return { own: from === fiscalYearStart(from, fiscalYearStartMonth) ? year : month, all };
}

/** The last that holds, up to a date. */
async function lastFound(
  kept: readonly (ArchivedCheckpoint | undefined)[],
  through: PlainDate,
  madeOf: MadeOf,
): Promise<FoundCheckpoint<KeptBooks> | undefined> {
  const known = kept
    .map((checkpoint) => ({ checkpoint, ends: checkpoint && throughOf(checkpoint) }))
    .filter(({ ends }) => ends !== undefined && ends <= through)
    .toSorted((a, b) => ((a.ends ?? '') < (b.ends ?? '') ? 1 : -1));
  for (const { checkpoint } of known) {
    const found = await readCheckpoint<KeptBooks>(checkpoint, madeOf);
    if (found !== undefined) return found;
  }
  return undefined;
}
