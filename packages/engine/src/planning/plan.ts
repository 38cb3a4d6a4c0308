import {
  addDays,
  gatherFindings,
  latestLock,
  type BookedDate,
  type Finding,
  type PlainDate,
  type Voucher,
} from '@bilag/core';
import type { DeliveryRow, DeliveryStore, KeptFinding, RowHead } from '../log/delivery-store.ts';
import { decide, isWhollyWanted } from './decide.ts';
import { fullRows, writtenBy } from './log-reading.ts';
import { keepToOneGrouping, type IsWanted } from './one-grouping.ts';
import { findingsOf, ledgerLeftOut, stillSo } from './plan-findings.ts';
import { readWanted } from './read-wanted.ts';
import { settledFor, Settling, type PlanCheckpoint } from './settled-books.ts';

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
  /**
   * What should be in the books, with the revision it would be posted under; null for `missing`. Of a plan that was made here it is read
   * each time it is asked for: who goes through a long plan without keeping them needs little memory.
   */
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
  /** Where that run had not ended: the references of what it had written, which is in this plan. */
  readonly lastRunWrote?: readonly string[];
  /** By date and key; what is unchanged as far as it was asked for. */
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
  readonly store: Pick<DeliveryStore, 'rows' | 'heads' | 'holdersOf' | 'findings' | 'runs'>;
  /** The period, by posting date. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** What `book()` gives, from the cut-over on. Open dates are left out, dates with errors become `blocked`. */
  readonly dates: AsyncIterable<BookedDate> | Iterable<BookedDate>;
  /** What the target says is closed, see `ServiceChart`. */
  readonly lockedThrough?: PlainDate | undefined;
  /** Also book again what only the policy changed: the same facts on other accounts. False by default. */
  readonly rebook?: boolean;
  /**
   * Which of the vouchers that are in the books exactly as they should be stand among the items; all of them by default. They
   * are counted in any case. A plan of years that lists none of them keeps what is to be done alone.
   */
  readonly listsUnchanged?: (posted: RowHead, voucher: Voucher) => boolean;
  /** To go on from what an earlier plan settled: the plan is the same, and costs what is new. For one that does not list all. */
  readonly checkpoint?: PlanCheckpoint | undefined;
}

/**
 * Compares what should be in the books with what the log says was posted. Writes nothing.
 *
 * What is posted is not posted again under a later grouping, text or policy: a fact is in one live voucher only. Where the
 * facts themselves changed the voucher is `changed`; where only the policy did it stays, unless `rebook` is given.
 *
 * The dates are read once, as they come. Of what is in the books and lies outside of the period little is kept, so that a
 * plan of the last days costs what they bring, however much the log holds.
 */
export async function plan(source: PlanSource): Promise<Plan> {
  const { companyId, from, to, store } = source;
  const [lastRun] = await store.runs(companyId, { most: 1 });
  const lastRunWrote = lastRun?.endedAt === null ? await writtenBy(lastRun.id, source) : undefined;
  const { checkpoint } = source;
  const { settled, dates = source.dates } = (await settledFor(source)) ?? {};
  const settling = checkpoint === undefined ? undefined : new Settling(checkpoint, settled);
  const read = await readWanted({ ...source, dates }, { settled, settling });
  await settling?.end(read, lastRun, source);
  const { heldDates, keys, counted, vouchers } = read;
  const begins = read.begins < from ? read.begins : from;
  const lockedThrough = latestLock([source.lockedThrough, read.policyLock]);
  const decided = read.found.flatMap((one) => {
    if ('change' in one) return isInPeriod(one, from, to) ? [one] : [];
    const item = decide(one, { counted, lockedThrough, rebook: source.rebook });
    return item === undefined || !isInPeriod(item, from, to) ? [] : [vouchers.keep(item, one)];
  });
  const isWanted: IsWanted = {
    byKey: ({ key, date }) => keys.has(key) || (settled !== undefined && date <= settled.through),
    byFacts: (row) => isWhollyWanted(row, counted),
  };
  const items: PlanItem[] = [...(await keepToOneGrouping(decided, source, isWanted))];
  const findings: Finding[] = items.flatMap(findingsOf);
  const leftOut = new Map<string, number>();
  const unread = { ...source, from: settled === undefined ? from : addDays(settled.through, 1) };
  for await (const row of noLongerWanted(unread, isWanted)) {
    const { ledgerId } = row.voucher;
    // Nothing was said of this ledger: its vouchers stay what they are.
    if (!read.ledgers.has(ledgerId)) {
      leftOut.set(ledgerId, (leftOut.get(ledgerId) ?? 0) + 1);
      continue;
    }
    const item = missing(row);
    items.push(item);
    findings.push(...findingsOf(item));
  }
  items.sort((a, b) => (a.date === b.date ? compare(a.key, b.key) : compare(a.date, b.date)));
  const unsettled = await store.findings(companyId);
  const counts = { new: 0, unchanged: read.unlisted, changed: 0, missing: 0, blocked: 0, held: 0 };
  for (const item of items) counts[item.change] += 1;
  return {
    companyId,
    from,
    to,
    begins,
    lockedThrough: lockedThrough ?? null,
    lastRun: lastRun?.id ?? null,
    ...(lastRunWrote === undefined ? {} : { lastRunWrote }),
    items,
    counts,
    heldDates,
    unsettled,
    findings: [
      ...gatherFindings([...relevantTo(items, heldDates, read.findings), ...findings]),
      ...[...leftOut].map(ledgerLeftOut),
      ...unsettled.map(stillSo),
    ],
  };
}

/** What was posted in the period, and is no longer among what should be in the books. */
async function* noLongerWanted(source: PlanSource, isWanted: IsWanted): AsyncGenerator<DeliveryRow, void, undefined> {
  const { companyId, from, to, store } = source;
  const heads: RowHead[] = [];
  for await (const head of store.heads(companyId, { from, to, states: ['posted'] })) {
    if (head.kind === 'voucher' && !isWanted.byKey(head)) heads.push(head);
  }
  for await (const row of fullRows(heads, source)) if (!isWanted.byFacts(row)) yield row;
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

function relevantTo(
  items: readonly PlanItem[],
  heldDates: readonly HeldDate[],
  found: readonly Finding[],
): readonly Finding[] {
  const dates = new Set(heldDates.flatMap(({ because, date }) => (because === 'open' ? [] : [date])));
  for (const { isToBeSent, change, voucher } of items)
    if (voucher !== null && (isToBeSent || change === 'blocked')) dates.add(voucher.ledgerDate);
  return found.filter(({ date }) => date !== undefined && dates.has(date));
}

function missing(row: DeliveryRow): PlanItem {
  const why = 'posted, and not among what should be in the books now';
  return { change: 'missing', key: row.key, date: row.date, isToBeSent: false, why, voucher: null, posted: row };
}

function isInPeriod({ date, posted }: PlanItem, from: PlainDate, to: PlainDate): boolean {
  return (date >= from && date <= to) || (posted !== null && posted.date >= from && posted.date <= to);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
