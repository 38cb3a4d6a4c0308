import {
  createVoucher,
  gatherFindings,
  isDeliverable,
  latestLock,
  type BookedDate,
  type Finding,
  type PlainDate,
  type Voucher,
} from '@bilag/core';
import { holdingStates, type DeliveryRow, type DeliveryStore, type KeptFinding } from '../log/delivery-store.ts';
import { keepToOneGrouping } from './one-grouping.ts';
import { findingsOf, ledgerLeftOut, stillSo } from './plan-findings.ts';

/** What would happen to one voucher. */
export interface PlanItem {
  /**
   * - `new`: to be posted, or posted with an outcome that has to be looked up.
   * - `unchanged`: in the books, as it should be or as an earlier policy booked it.
   * - `changed`: other facts than those posted: to be reversed and booked again under the next revision.
   * - `missing`: posted, and no longer among what should be in the books.
   * - `blocked`: cannot be posted as things are.
   * - `held`: a person took it back or keeps it back: nothing is done about it before it is released.
   */
  readonly change: 'new' | 'unchanged' | 'changed' | 'missing' | 'blocked' | 'held';
  readonly key: string;
  readonly date: PlainDate;
  /** Whether applying the plan will send anything for it: nothing was sent yet. */
  readonly isToBeSent: boolean;
  /** Why, in one sentence; empty where the change says it all. */
  readonly why: string;
  /** What should be in the books, with the revision it would be posted under; null for `missing`. */
  readonly voucher: Voucher | null;
  /** What the log says was posted, or is under way, under this key. */
  readonly posted: DeliveryRow | null;
}

/** What `apply` would do. Plain data: it may be shown, kept as JSON and compared. */
export interface Plan {
  readonly companyId: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** The first date there is anything of: what was ever delivered lies on it or later. */
  readonly begins: PlainDate;
  /** Nothing is dated on or before it: the later of what the target and the policy close; null where nothing is. */
  readonly lockedThrough: PlainDate | null;
  /** The last run that the log knew: what is written later is not in this plan. Null where there was none. */
  readonly lastRun: string | null;
  /** By date and key. */
  readonly items: readonly PlanItem[];
  readonly counts: Readonly<Record<PlanItem['change'], number>>;
  /** By ledger and date as they were given: what is not delivered yet. */
  readonly heldDates: readonly HeldDate[];
  /** What `verify` found in the target, whatever the period, until it is settled or gone. */
  readonly unsettled: readonly KeptFinding[];
  /**
   * Of the plan itself, what is unsettled, and what booking found about the dates that are held by an error or whose vouchers are sent or
   * blocked: a nightly plan does not tell again what was known when a date was posted.
   */
  readonly findings: readonly Finding[];
}

/** A date of the period that may not be delivered yet. */
export interface HeldDate {
  readonly ledgerId: string;
  readonly date: PlainDate;
  /**
   * `open`: the provider may still add to it. `overtaken`: it is open, has entries, and a later date is closed already: the
   * provider closes dates in their order, so something of it is missing. `error`: something has to be mended first.
   */
  readonly because: 'open' | 'overtaken' | 'error';
  readonly why: string;
}

/** What a plan is made of. */
export interface PlanSource {
  readonly companyId: string;
  readonly store: Pick<DeliveryStore, 'rows' | 'holdersOf' | 'findings' | 'runs'>;
  /** The period, by posting date. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** What `book()` gives, from the cut-over on. Open dates are left out, dates with errors become `blocked`. */
  readonly dates: AsyncIterable<BookedDate> | Iterable<BookedDate>;
  /** What the target says is closed, see `ServiceChart`. */
  readonly lockedThrough?: PlainDate | undefined;
  /** Also book again what only the policy changed: the same facts on other accounts. False by default. */
  readonly rebook?: boolean;
}

/**
 * Compares what should be in the books with what the log says was posted. Writes nothing.
 *
 * What is posted is not posted again under a later grouping, text or policy: a fact is in one live voucher only. Where the
 * facts themselves changed the voucher is `changed`; where only the policy did it stays, unless `rebook` is given.
 */
export async function plan(source: PlanSource): Promise<Plan> {
  const { companyId, from, to, store } = source;
  const [lastRun] = await store.runs(companyId);
  const { begins, wanted, heldDates, found, ledgers, policyLock } = await readWanted(source);
  const lockedThrough = latestLock([source.lockedThrough, policyLock]);
  const counted = countWanted(wanted);
  const keys = new Set(wanted.map(({ voucher }) => voucher.key));
  const decided = wanted.flatMap((want) => {
    const item = decide(want, counted, { ...source, lockedThrough });
    return item === undefined || !isInPeriod(item, from, to) ? [] : [item];
  });
  const isWanted = (row: DeliveryRow): boolean => keys.has(row.key) || isWhollyWanted(row, counted);
  const items: PlanItem[] = [...(await keepToOneGrouping(decided, source, isWanted))];
  const findings: Finding[] = items.flatMap(findingsOf);
  const leftOut = new Map<string, number>();
  for (const row of await store.rows(companyId, { from, to, states: ['posted'] })) {
    if (row.kind === 'reversal' || isWanted(row)) continue;
    const { ledgerId } = row.voucher;
    // Nothing was said of this ledger: its vouchers stay what they are.
    if (!ledgers.has(ledgerId)) {
      leftOut.set(ledgerId, (leftOut.get(ledgerId) ?? 0) + 1);
      continue;
    }
    const item = missing(row);
    items.push(item);
    findings.push(...findingsOf(item));
  }
  items.sort((a, b) => (a.date === b.date ? compare(a.key, b.key) : compare(a.date, b.date)));
  const unsettled = await store.findings(companyId);
  const counts = { new: 0, unchanged: 0, changed: 0, missing: 0, blocked: 0, held: 0 };
  for (const item of items) counts[item.change] += 1;
  return {
    companyId,
    from,
    to,
    begins,
    lockedThrough: lockedThrough ?? null,
    lastRun: lastRun?.id ?? null,
    items,
    counts,
    heldDates,
    unsettled,
    findings: [
      ...gatherFindings([...relevantTo(items, heldDates, found), ...findings]),
      ...[...leftOut].map(ledgerLeftOut),
      ...unsettled.map(stillSo),
    ],
  };
}

/**
 * Whether something waits for a person. Of a plan that was `applied`, what was sent is judged by its outcome: here is the
 * rest, which applying does nothing about.
 */
export function waitsForPerson(
  { items, heldDates, unsettled }: Pick<Plan, 'items' | 'heldDates' | 'unsettled'>,
  when: 'planned' | 'applied' = 'planned',
): boolean {
  const left = when === 'applied' ? items.filter(({ isToBeSent }) => !isToBeSent) : items;
  return (
    left.some(({ change }) => change === 'blocked' || change === 'missing') ||
    heldDates.some(({ because }) => because !== 'open') ||
    unsettled.some(({ finding }) => finding.severity === 'error')
  );
}

/** A voucher that should be in the books, and what the log knows of it. */
interface Wanted {
  readonly voucher: Voucher;
  /** Why it may not be posted: its date is open, or has an error. */
  readonly hindrance: { readonly isOpen: boolean; readonly why: string } | undefined;
  /** The last revision under its key. */
  readonly last: DeliveryRow | undefined;
  /** Fact → reference of the live voucher that holds it. */
  readonly holders: ReadonlyMap<string, string>;
}

/** What the dates give, read once. */
interface Read {
  readonly begins: PlainDate;
  readonly wanted: readonly Wanted[];
  readonly heldDates: readonly HeldDate[];
  readonly found: readonly Finding[];
  /** The ledgers that these books are of. */
  readonly ledgers: ReadonlySet<string>;
  /** What the policy of the dates closes. */
  readonly policyLock: PlainDate | undefined;
}

async function readWanted({ companyId, store, dates, from, to }: PlanSource): Promise<Read> {
  const wanted: Wanted[] = [];
  const held: BookedDate[] = [];
  const closedThrough = new Map<string, PlainDate>();
  const found: Finding[] = [];
  const ledgers = new Set<string>();
  let begins = from;
  let policyLock: PlainDate | undefined;
  for await (const booked of dates) {
    if (booked.date < begins) begins = booked.date;
    for (const { ledgerId } of [booked, ...booked.vouchers]) ledgers.add(ledgerId);
    policyLock = latestLock([policyLock, booked.lockedThrough]);
    for (const finding of booked.findings) if (finding.severity !== 'info') found.push(finding);
    if (booked.date >= from && booked.date <= to && !isDeliverable(booked)) held.push(booked);
    if (booked.bookable) closedThrough.set(booked.ledgerId, booked.date);
    for (const voucher of booked.vouchers) {
      const rows = await store.rows(companyId, { key: voucher.key });
      const last = rows
        .filter((row) => row.kind === 'voucher')
        .sort((a, b) => a.revision - b.revision)
        .at(-1);
      const holders = await store.holdersOf(companyId, voucher.facts);
      wanted.push({ voucher, hindrance: hindranceOf(booked), last, holders });
    }
  }
  const heldDates = held.map((booked) => heldDateOf(booked, closedThrough.get(booked.ledgerId)));
  return { begins, wanted, heldDates, found, ledgers, policyLock };
}

function heldDateOf(booked: BookedDate, closedThrough: PlainDate | undefined): HeldDate {
  const { ledgerId, date, findings } = booked;
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) return { ledgerId, date, because: 'error', why: `${error.message}; ${error.action}` };
  if (closedThrough !== undefined && closedThrough > date && hasEntries(booked)) {
    const why = `it is still open, and ${closedThrough} is closed: fetch it again, and ask the provider if it stays so`;
    return { ledgerId, date, because: 'overtaken', why };
  }
  return { ledgerId, date, because: 'open', why: 'the provider may still add to it' };
}

/** A date without any may stay open for ever (Report API, `tryLater`): the balances of the next show that nothing is missing. */
function hasEntries({ vouchers, totals }: BookedDate): boolean {
  return vouchers.length > 0 || totals.some(({ entries }) => entries > 0);
}

function relevantTo(
  items: readonly PlanItem[],
  heldDates: readonly HeldDate[],
  found: readonly Finding[],
): readonly Finding[] {
  const dates = new Set([
    ...items.flatMap(({ isToBeSent, change, voucher }) =>
      voucher !== null && (isToBeSent || change === 'blocked') ? [voucher.ledgerDate] : [],
    ),
    ...heldDates.flatMap(({ because, date }) => (because === 'open' ? [] : [date])),
  ]);
  return found.filter(({ date }) => date !== undefined && dates.has(date));
}

function hindranceOf(booked: BookedDate): Wanted['hindrance'] {
  if (isDeliverable(booked)) return undefined;
  const error = booked.findings.find((finding) => finding.severity === 'error');
  if (error === undefined) return { isOpen: true, why: 'the provider may still add to this date' };
  return { isOpen: false, why: error.message };
}

/** How many facts of each live voucher are still wanted. */
type Counted = ReadonlyMap<string, number>;

function countWanted(wanted: readonly Wanted[]): Counted {
  const counted = new Map<string, number>();
  for (const { holders } of wanted) {
    for (const reference of holders.values()) counted.set(reference, (counted.get(reference) ?? 0) + 1);
  }
  return counted;
}

function isWhollyWanted(row: DeliveryRow, counted: Counted): boolean {
  return (counted.get(row.reference) ?? 0) >= new Set(row.voucher.facts).size;
}

function decide(want: Wanted, counted: Counted, source: PlanSource): PlanItem | undefined {
  const { voucher, last, hindrance } = want;
  const live = last !== undefined && holdingStates.includes(last.delivery.state) ? last : undefined;
  const item =
    live === undefined
      ? decideNew(want)
      : live.delivery.state === 'posted'
        ? decidePosted(want, live, counted, source)
        : decideUnderWay(voucher, live);
  if (live?.delivery.state === 'intended' || live?.delivery.state === 'unknown-outcome') return item;
  if (last?.isHeld === true && item.change !== 'unchanged') return { ...item, ...heldBack(last) };
  if (!item.isToBeSent) return item;
  if (hindrance?.isOpen === true) return undefined;
  if (hindrance !== undefined) return { ...item, change: 'blocked', isToBeSent: false, why: hindrance.why };
  const { lockedThrough } = source;
  if (lockedThrough !== undefined && voucher.date <= lockedThrough) {
    return { ...item, change: 'blocked', isToBeSent: false, why: `the books are closed through ${lockedThrough}` };
  }
  return item;
}

function heldBack({ delivery }: DeliveryRow): Pick<PlanItem, 'change' | 'isToBeSent' | 'why'> {
  const why = delivery.state === 'reversed' ? 'taken back, and held until it is released' : 'held until it is released';
  return { change: 'held', isToBeSent: false, why };
}

function decideNew({ voucher, last, holders }: Wanted): PlanItem {
  const common = { key: voucher.key, date: voucher.date, posted: last ?? null };
  const others = [...new Set(holders.values())].join(', ');
  if (holders.size > 0 && holders.size === new Set(voucher.facts).size) {
    return { ...common, change: 'unchanged', isToBeSent: false, why: `in the books as ${others}`, voucher };
  }
  if (holders.size > 0) return { ...common, change: 'blocked', isToBeSent: false, why: partlyBooked(others), voucher };
  const { state, problem } = last?.delivery ?? { state: undefined, problem: null };
  const next = withRevision(voucher, last === undefined ? 1 : last.revision + (state === 'reversed' ? 1 : 0));
  if (state === 'reversed')
    return { ...common, change: 'new', isToBeSent: true, why: 'was posted and reversed', voucher: next };
  const why = problem === null ? '' : `was not taken before: ${problem.what}`;
  return { ...common, change: state === 'blocked' ? 'blocked' : 'new', isToBeSent: true, why, voucher: next };
}

function decidePosted(want: Wanted, live: DeliveryRow, counted: Counted, source: PlanSource): PlanItem {
  const { voucher, holders } = want;
  const common = { key: voucher.key, date: voucher.date, posted: live, voucher };
  if (voucher.digest === live.digest) return { ...common, change: 'unchanged', isToBeSent: false, why: '' };
  const changed = {
    ...common,
    voucher: withRevision(voucher, live.revision + 1),
    change: 'changed',
    isToBeSent: true,
  } as const;
  const [facts, posted] = [new Set(voucher.facts), new Set(live.voucher.facts)];
  if (facts.size === posted.size && [...facts].every((fact) => posted.has(fact))) {
    if (source.rebook === true) return { ...changed, why: 'the policy books it otherwise now' };
    return { ...common, change: 'unchanged', isToBeSent: false, why: 'booked by an earlier policy, and kept' };
  }
  const others = [...new Set(holders.values())].filter((reference) => reference !== live.reference);
  if (holders.size === facts.size && isWhollyWanted(live, counted)) {
    return { ...common, change: 'unchanged', isToBeSent: false, why: `grouped otherwise, and in the books as it is` };
  }
  if (others.length > 0)
    return { ...common, change: 'blocked', isToBeSent: false, why: partlyBooked(others.join(', ')) };
  return { ...changed, why: 'the provider’s entries of it are not the same as when it was posted' };
}

function decideUnderWay(voucher: Voucher, live: DeliveryRow): PlanItem {
  const common = { key: voucher.key, date: live.date, posted: live, voucher: live.voucher };
  if (live.delivery.state === 'conflict') {
    return {
      ...common,
      change: 'blocked',
      isToBeSent: false,
      why: live.delivery.problem?.what ?? 'a person has to decide',
    };
  }
  return { ...common, change: 'new', isToBeSent: true, why: 'sent before with an unknown outcome: looked up first' };
}

function missing(row: DeliveryRow): PlanItem {
  const why = 'posted, and not among what should be in the books now';
  return { change: 'missing', key: row.key, date: row.date, isToBeSent: false, why, voucher: null, posted: row };
}

function partlyBooked(others: string): string {
  return `some of its facts are in the books as ${others}: undo that first`;
}

function withRevision(voucher: Voucher, revision: number): Voucher {
  return revision === voucher.revision ? voucher : createVoucher({ ...voucher, revision });
}

function isInPeriod({ date, posted }: PlanItem, from: PlainDate, to: PlainDate): boolean {
  return (date >= from && date <= to) || (posted !== null && posted.date >= from && posted.date <= to);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
