import { isDeliverable, latestLock, type BookedDate, type Finding, type PlainDate, type Voucher } from '@bilag/core';
import type { DeliveryRow, RowHead } from '../log/delivery-store.ts';
import { atRest, isMovedAlone, type Counted, type Wanted } from './decide.ts';
import { KeptVouchers } from './kept-vouchers.ts';
import { fullRows } from './log-reading.ts';
import { keepLast } from './one-grouping.ts';
import type { HeldDate, PlanItem, PlanSource } from './plan.ts';
import type { SettledBooks, Settling } from './settled-books.ts';

/** What the dates give, read once. */
export interface Read {
  /** The first date, or the beginning of the period where there is none. */
  readonly begins: PlainDate;
  /** In the order they came: what may have to be done, and of the period what is in the books and stays. */
  readonly found: readonly (Wanted | PlanItem)[];
  /** Those of what was found. */
  readonly vouchers: KeptVouchers;
  /** How many of the period are in the books as they should be and are not listed. */
  readonly unlisted: number;
  /** The keys of everything that should be in the books. */
  readonly keys: ReadonlySet<string>;
  readonly counted: Counted;
  readonly heldDates: readonly HeldDate[];
  /** What booking found, without what is only told. */
  readonly findings: readonly Finding[];
  /** The ledgers that these books are of. */
  readonly ledgers: ReadonlySet<string>;
  /** What the policy of the dates closes. */
  readonly policyLock: PlainDate | undefined;
}

interface Waiting extends Pick<Wanted, 'voucher' | 'hindrance'> {
  /** Whether it comes before the checkpoint that is being settled. */
  readonly isBefore: boolean;
}

/** What an earlier plan settled, which is not read again, and what is to be settled now. */
export interface GoingOn {
  readonly settled: SettledBooks | undefined;
  readonly settling: Settling | undefined;
}

/** Reads the dates as they come, and asks the log about many vouchers at once. */
export async function readWanted(source: PlanSource, { settled, settling }: GoingOn): Promise<Read> {
  const { dates, from, to } = source;
  const known = new KnownVouchers(source, { settled, settling });
  const held: Held[] = (settled?.openDates ?? []).map((date) => ({ ...date, error: undefined, hasEntries: false }));
  const closedThrough = new Map<string, PlainDate>();
  const findings: Finding[] = [...(settled?.findings ?? [])];
  const ledgers = new Set(settled?.ledgers);
  let begins = settled?.begins;
  let policyLock = settled?.policyLock ?? undefined;
  for await (const booked of dates) {
    const told = heldOf(booked);
    const isBefore = settling?.take(booked, told) === true;
    if (begins === undefined || booked.date < begins) begins = booked.date;
    for (const { ledgerId } of [booked, ...booked.vouchers]) ledgers.add(ledgerId);
    policyLock = latestLock([policyLock, booked.lockedThrough]);
    for (const finding of booked.findings) if (finding.severity !== 'info') findings.push(finding);
    if (booked.date >= from && booked.date <= to && !isDeliverable(booked)) held.push(told);
    if (booked.bookable) closedThrough.set(booked.ledgerId, booked.date);
    for (const voucher of booked.vouchers) await known.take({ voucher, hindrance: hindranceOf(booked), isBefore });
  }
  await known.ask();
  const { found, vouchers, unlisted, keys, counted } = known;
  const heldDates = held.map((date) => heldDateOf(date, closedThrough.get(date.ledgerId)));
  return { begins: begins ?? from, found, vouchers, unlisted, keys, counted, heldDates, findings, ledgers, policyLock };
}

/**
 * What the log knows of vouchers. Of those that are in the books as they should be, and lie outside of the period or are not to
 * be listed, the keys alone are kept.
 */
class KnownVouchers {
  readonly found: (Wanted | PlanItem)[] = [];
  readonly vouchers: KeptVouchers = new KeptVouchers();
  readonly keys: Set<string>;
  readonly counted = new Map<string, number>();
  unlisted: number;
  readonly #source: PlanSource;
  readonly #settling: Settling | undefined;
  #waiting: Waiting[] = [];

  constructor(source: PlanSource, { settled, settling }: GoingOn) {
    this.#source = source;
    this.#settling = settling;
    this.keys = new Set(settled?.later.map(([key]) => key));
    this.unlisted = settled?.vouchers ?? 0;
  }

  async take(waiting: Waiting): Promise<void> {
    this.#waiting.push(waiting);
    if (this.#waiting.length >= askedAtATime) await this.ask();
  }

  async ask(): Promise<void> {
    const { store, companyId } = this.#source;
    const waiting = this.#waiting;
    this.#waiting = [];
    const heads = new Map<string, RowHead>();
    const keys = waiting.map(({ voucher }) => voucher.key);
    for await (const head of store.heads(companyId, { keys })) keepLast(heads, head);
    const holders = await store.holdersOf(
      companyId,
      waiting.flatMap(({ voucher }) => voucher.facts),
    );
    const needed = waiting.flatMap(({ voucher }) => {
      const head = heads.get(voucher.key);
      return head === undefined || this.#isCountedAlone(voucher, head) ? [] : [head];
    });
    const rows = new Map<string, DeliveryRow>();
    for await (const row of fullRows(needed, this.#source)) rows.set(row.key, row);
    for (const { voucher, hindrance, isBefore } of waiting) {
      const head = heads.get(voucher.key);
      const want = { voucher, hindrance, last: rows.get(voucher.key), holders: holdersIn(holders, voucher) };
      if (isBefore) this.#settling?.note(voucher, head, this.#isSettled(want, head));
      this.#note(want, head);
    }
  }

  #note(want: Wanted, head: RowHead | undefined): void {
    const { voucher, holders } = want;
    this.keys.add(voucher.key);
    const isKept = head === undefined || !this.#isCountedAlone(voucher, head);
    if (!isKept && this.#isOfPeriod(voucher, head)) this.unlisted += 1;
    const item = isKept ? atRest(want, this.#source.rebook === true) : undefined;
    const isSettled = !isKept || item !== undefined;
    for (const reference of holders.values()) {
      // Nothing asks how much is wanted of what is in the books under its own key, and stays.
      if (isSettled && reference === head?.reference) continue;
      this.counted.set(reference, (this.counted.get(reference) ?? 0) + 1);
    }
    if (item === undefined && isKept) this.found.push(this.vouchers.keep(want));
    else if (item !== undefined && this.#isOfPeriod(voucher, head)) this.found.push(this.vouchers.keep(item));
  }

  /** Whether nothing will be told of it whatever comes later, and nothing else is booked of its facts. */
  #isSettled({ voucher, holders }: Wanted, head: RowHead | undefined): boolean {
    if (head === undefined || !isAsItShouldBe(voucher, head)) return false;
    if (this.#source.listsUnchanged?.(head, voucher) !== false) return false;
    return [...holders.values()].every((reference) => reference === head.reference);
  }

  #isCountedAlone(voucher: Voucher, head: RowHead): boolean {
    const { listsUnchanged } = this.#source;
    if (!isAsItShouldBe(voucher, head)) return false;
    return !this.#isOfPeriod(voucher, head) || listsUnchanged?.(head, voucher) === false;
  }

  #isOfPeriod(voucher: Voucher, head: RowHead | undefined): boolean {
    const { from, to } = this.#source;
    return [voucher, head].some((one) => one !== undefined && one.date >= from && one.date <= to);
  }
}

/** So many vouchers: few questions, and little in memory. */
const askedAtATime = 500;

/** Posted as it is wanted, also where its period was closed afterwards: there it stays. */
function isAsItShouldBe(voucher: Voucher, head: RowHead): boolean {
  return head.delivery.state === 'posted' && (head.digest === voucher.digest || isMovedAlone(voucher, head));
}

/** Mostly none: one map for all of those. */
const nobody: ReadonlyMap<string, string> = new Map();

function holdersIn(all: ReadonlyMap<string, string>, { facts }: Voucher): ReadonlyMap<string, string> {
  const own = facts.flatMap((fact): (readonly [string, string])[] => {
    const reference = all.get(fact);
    return reference === undefined ? [] : [[fact, reference]];
  });
  return own.length === 0 ? nobody : new Map(own);
}

/** What there is to say of a date that may not be delivered yet. */
export interface Held extends Pick<BookedDate, 'ledgerId' | 'date'> {
  readonly error: Finding | undefined;
  /** A date without any may stay open for ever (Report API, `tryLater`): the balances of the next show that nothing is missing. */
  readonly hasEntries: boolean;
}

function heldOf({ ledgerId, date, findings, vouchers, totals }: BookedDate): Held {
  const error = findings.find(({ severity }) => severity === 'error');
  return { ledgerId, date, error, hasEntries: vouchers.length > 0 || totals.some(({ entries }) => entries > 0) };
}

function heldDateOf({ ledgerId, date, error, hasEntries }: Held, closedThrough: PlainDate | undefined): HeldDate {
  if (error !== undefined) return { ledgerId, date, because: 'error', why: `${error.message}; ${error.action}` };
  if (closedThrough !== undefined && closedThrough > date && hasEntries) {
    const why = `it is still open, and ${closedThrough} is closed: fetch it again, and ask the provider if it stays so`;
    return { ledgerId, date, because: 'overtaken', why };
  }
  return { ledgerId, date, because: 'open', why: 'the provider may still add to it' };
}

function hindranceOf(booked: BookedDate): Wanted['hindrance'] {
  if (isDeliverable(booked)) return undefined;
  const error = booked.findings.find((finding) => finding.severity === 'error');
  if (error === undefined) return { isOpen: true, why: 'the provider may still add to this date' };
  return { isOpen: false, why: error.message };
}
