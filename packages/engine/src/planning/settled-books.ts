import { addDays, isDeliverable, type BookedDate, type Finding, type PlainDate, type Voucher } from '@bilag/core';
import { holdingStates, type RowHead, type RunRow } from '../log/delivery-store.ts';
import { runsSince } from './log-reading.ts';
import type { Held, Read } from './read-wanted.ts';
import type { PlanSource } from './plan.ts';

/**
 * What a plan found in the books as it should be, so that a later one need not read it again. Plain data, which may be kept as JSON. It
 * holds for the dates it was made of and the same choice of what is listed, which is for its keeper to know; whether the log is still
 * as it was, a plan sees by itself.
 */
export interface SettledBooks {
  /** The first date that was read. */
  readonly begins: PlainDate;
  /** The last that was read, or that a voucher is dated on. */
  readonly ends: PlainDate;
  /** What the log has up to this posting date should be in the books, and is. */
  readonly through: PlainDate;
  /** The keys of those that are dated later. */
  readonly later: readonly (readonly [key: string, date: PlainDate])[];
  readonly vouchers: number;
  readonly ledgers: readonly string[];
  readonly policyLock: PlainDate | null;
  /** Dates on which nothing happened, and that the provider never closed. */
  readonly openDates: readonly Pick<Held, 'ledgerId' | 'date'>[];
  /** What is told with a voucher that is still to come. */
  readonly findings: readonly Finding[];
  /** The last run that the log knew. */
  readonly lastRun: string;
}

/** How a plan goes on from an earlier one, and lets a later one go on from it. */
export interface PlanCheckpoint {
  /** What an earlier plan settled, and the dates after it: read in the place of all dates where the plan comes out the same. */
  readonly from?: { readonly settled: SettledBooks; readonly dates: PlanSource['dates'] } | undefined;
  /** As soon as a checkpoint of the books was made between two of the dates: the `pendingFrom` of that. */
  readonly passed: () => PlainDate | undefined;
  /** Told where everything before that checkpoint is settled. */
  readonly keep: (settled: SettledBooks) => void;
}

type Log = Pick<PlanSource, 'store' | 'companyId'>;

/** What a plan may go on from: nothing that it would tell of has changed, or lies outside of its period. */
export async function settledFor(source: PlanSource): Promise<PlanCheckpoint['from']> {
  const { checkpoint, from, to, rebook, listsUnchanged } = source;
  if (checkpoint?.from === undefined || rebook === true || listsUnchanged === undefined) return undefined;
  const { settled } = checkpoint.from;
  if (from > settled.begins || to < settled.ends) return undefined;
  return (await isUntouched(settled, source)) ? checkpoint.from : undefined;
}

/**
 * Whether no later run has written to a row that is settled, or taken anything back. The last one has ended in the log that was read:
 * where it has not, that was put back from a copy that was made while it wrote.
 */
async function isUntouched({ lastRun, through, later }: SettledBooks, log: Log): Promise<boolean> {
  const since = await runsSince(lastRun, log);
  if (since === undefined || since.run.endedAt === null) return false;
  const keys = new Set(later.map(([key]) => key));
  for (const { id: run, kind: act } of since.later) {
    // What is settled as it is stands in the log by its date there: no date tells whether it was settled here.
    if (act === 'settle') return false;
    for await (const { kind, date, key } of log.store.heads(log.companyId, { run }))
      if (kind === 'reversal' || date <= through || keys.has(key)) return false;
  }
  return true;
}

/** Watches what a plan reads up to a checkpoint of the books, whether it is all settled. */
export class Settling {
  readonly #checkpoint: PlanCheckpoint;
  readonly #before: SettledBooks | undefined;
  /** What is settled, by key, as far as it was read now or may still be asked for. */
  readonly #dates: Map<string, PlainDate>;
  readonly #openDates: Pick<Held, 'ledgerId' | 'date'>[];
  readonly #findings: Finding[];
  #vouchers: number;
  #ends: PlainDate | undefined;
  #isWhole = true;

  constructor(checkpoint: PlanCheckpoint, before: SettledBooks | undefined) {
    this.#checkpoint = checkpoint;
    this.#before = before;
    this.#dates = new Map(before?.later);
    this.#openDates = [...(before?.openDates ?? [])];
    this.#findings = [...(before?.findings ?? [])];
    this.#vouchers = before?.vouchers ?? 0;
    this.#ends = before?.ends;
  }

  /** Whether a date that was just read belongs to what is to be settled. */
  take(booked: BookedDate, held: Held): boolean {
    if (this.#checkpoint.passed() !== undefined) return false;
    for (const finding of booked.findings) if (finding.severity !== 'info') this.#findings.push(finding);
    this.#stretchTo(booked.date);
    if (isDeliverable(booked)) return true;
    if (held.error !== undefined || held.hasEntries) this.#isWhole = false;
    this.#openDates.push({ ledgerId: held.ledgerId, date: held.date });
    return true;
  }

  /** Takes what the log has of a voucher that belongs to it: a person may have moved it there to another date. */
  note({ key, date }: Voucher, head: RowHead | undefined, isSettled: boolean): void {
    if (!isSettled) this.#isWhole = false;
    this.#dates.set(key, head === undefined || head.date < date ? date : head.date);
    this.#vouchers += 1;
    this.#stretchTo(date);
  }

  /** Tells what is settled, unless something before the checkpoint is not. `lastRun` is from before anything was read. */
  async end(
    read: Pick<Read, 'begins' | 'ledgers' | 'policyLock'>,
    lastRun: RunRow | undefined,
    log: Log,
  ): Promise<void> {
    const pendingFrom = this.#checkpoint.passed();
    // A run that is not over may still write what was read before.
    if (pendingFrom === undefined || lastRun === undefined || lastRun.endedAt === null) return;
    if (!this.#isWhole || this.#ends === undefined) return;
    const through = addDays(pendingFrom, -1);
    if (this.#before !== undefined && through < this.#before.through) return;
    if (!(await this.#isAllOf(log, through))) return;
    this.#checkpoint.keep({
      begins: read.begins,
      ends: this.#ends,
      through,
      later: [...this.#dates].filter(([, date]) => date > through),
      vouchers: this.#vouchers,
      ledgers: [...read.ledgers],
      policyLock: read.policyLock ?? null,
      openDates: this.#openDates,
      findings: this.#findings.filter(({ date }) => date !== undefined && date >= pendingFrom),
      lastRun: lastRun.id,
    });
  }

  /** Whether the log has nothing else up to a date that is in the books or kept out of them. */
  async #isAllOf({ store, companyId }: Log, through: PlainDate): Promise<boolean> {
    const from = this.#before === undefined ? {} : { from: addDays(this.#before.through, 1) };
    for await (const head of store.heads(companyId, { ...from, to: through }))
      if (isInBooksOrHeld(head) && !this.#dates.has(head.key)) return false;
    return true;
  }

  #stretchTo(date: PlainDate): void {
    if (this.#ends === undefined || date > this.#ends) this.#ends = date;
  }
}

function isInBooksOrHeld({ kind, delivery, isHeld }: RowHead): boolean {
  return kind === 'voucher' && (isHeld || holdingStates.includes(delivery.state));
}
