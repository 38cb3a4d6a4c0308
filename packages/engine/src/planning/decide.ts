import { createVoucher, digestOf, type PlainDate, type Voucher } from '@bilag/core';
import { holdingStates, type DeliveryRow } from '../log/delivery-store.ts';
import type { PlanItem } from './plan.ts';

/** A voucher that should be in the books, and what the log knows of it. */
export interface Wanted {
  readonly voucher: Voucher;
  /** Why it may not be posted: its date is open, or has an error. */
  readonly hindrance: { readonly isOpen: boolean; readonly why: string } | undefined;
  /** The last revision under its key. */
  readonly last: DeliveryRow | undefined;
  /** Fact → reference of the live voucher that holds it. */
  readonly holders: ReadonlyMap<string, string>;
}

/** How many facts of each live voucher are still wanted, by its reference. */
export type Counted = ReadonlyMap<string, number>;

/** What a decision follows from beside the voucher and the log. */
export interface Deciding {
  readonly counted: Counted;
  readonly lockedThrough: PlainDate | undefined;
  readonly rebook?: boolean | undefined;
}

/** Whether all that a voucher in the books was made of is still wanted, as it was grouped or otherwise. */
export function isWhollyWanted(
  { reference, voucher }: Pick<DeliveryRow, 'reference' | 'voucher'>,
  counted: Counted,
): boolean {
  return (counted.get(reference) ?? 0) >= new Set(voucher.facts).size;
}

/**
 * What becomes of a voucher that is in the books, whatever comes after it: most of a long log. Undefined where something may
 * have to be done.
 */
export function atRest(want: Wanted, rebook: boolean): PlanItem | undefined {
  const { voucher, last } = want;
  const isPosted = last?.delivery.state === 'posted';
  const isSettled = isPosted
    ? voucher.digest === last.digest || (!rebook && hasSameFacts(voucher, last.voucher))
    : (last === undefined || !holdingStates.includes(last.delivery.state)) && isInBooks(want);
  if (!isSettled) return undefined;
  return isPosted
    ? decidePosted(want, last, { counted: noneCounted, lockedThrough: undefined, rebook })
    : decideNew(want);
}

const noneCounted: Counted = new Map();

/** What is to be done about a voucher; undefined for nothing, because its date is open. */
export function decide(want: Wanted, deciding: Deciding): PlanItem | undefined {
  const { voucher, last, hindrance } = want;
  const live = last !== undefined && holdingStates.includes(last.delivery.state) ? last : undefined;
  const item =
    live === undefined
      ? decideNew(want)
      : live.delivery.state === 'posted'
        ? decidePosted(want, live, deciding)
        : decideUnderWay(voucher, live);
  if (live?.delivery.state === 'intended' || live?.delivery.state === 'unknown-outcome') return item;
  if (last?.isHeld === true && item.change !== 'unchanged') return { ...item, ...heldBack(last) };
  if (!item.isToBeSent) return item;
  if (hindrance?.isOpen === true) return undefined;
  if (hindrance !== undefined) return { ...item, change: 'blocked', isToBeSent: false, why: hindrance.why };
  const { lockedThrough } = deciding;
  if (lockedThrough !== undefined && voucher.date <= lockedThrough) {
    return { ...item, change: 'blocked', isToBeSent: false, why: `the books are closed through ${lockedThrough}` };
  }
  return item;
}

function heldBack({ delivery }: DeliveryRow): Pick<PlanItem, 'change' | 'isToBeSent' | 'why'> {
  const why = delivery.state === 'reversed' ? 'taken back, and held until it is released' : 'held until it is released';
  return { change: 'held', isToBeSent: false, why };
}

function decideNew(want: Wanted): PlanItem {
  const { voucher, last, holders } = want;
  const common = { key: voucher.key, date: voucher.date, posted: last ?? null };
  const others = [...new Set(holders.values())].join(', ');
  if (isInBooks(want)) {
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

function decidePosted(want: Wanted, live: DeliveryRow, { counted, rebook }: Deciding): PlanItem {
  const { voucher, holders } = want;
  const common = { key: voucher.key, date: voucher.date, posted: live, voucher };
  const unchanged = { ...common, date: live.date, change: 'unchanged', isToBeSent: false } as const;
  if (voucher.digest === live.digest) return { ...unchanged, why: '' };
  const changed = {
    ...common,
    voucher: withRevision(voucher, live.revision + 1),
    change: 'changed',
    isToBeSent: true,
  } as const;
  if (hasSameFacts(voucher, live.voucher)) {
    if (rebook === true && !isMovedAlone(voucher, { date: live.voucher.date, digest: live.digest }))
      return { ...changed, why: 'the policy books it otherwise now' };
    return { ...unchanged, why: 'booked by an earlier policy, and kept' };
  }
  const others = [...new Set(holders.values())].filter((reference) => reference !== live.reference);
  if (isInBooks(want) && isWhollyWanted(live, counted)) {
    return { ...unchanged, why: 'grouped otherwise, and in the books as it is' };
  }
  if (others.length > 0)
    return { ...common, change: 'blocked', isToBeSent: false, why: partlyBooked(others.join(', ')) };
  return { ...changed, why: 'the provider’s entries of it are not the same as when it was posted' };
}

/** Whether it would be booked as it is, but later: its period was closed after it was posted, and there it stays. */
export function isMovedAlone(voucher: Voucher, { date, digest }: Pick<Voucher, 'date' | 'digest'>): boolean {
  return voucher.date > date && digestOf({ ...voucher, date }) === digest;
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

function partlyBooked(others: string): string {
  return `some of its facts are in the books as ${others}: undo that first`;
}

/** Whether all its facts are held by live vouchers. */
function isInBooks({ voucher, holders }: Wanted): boolean {
  return holders.size > 0 && holders.size === new Set(voucher.facts).size;
}

function hasSameFacts(one: Voucher, other: Voucher): boolean {
  const [facts, others] = [new Set(one.facts), new Set(other.facts)];
  return facts.size === others.size && [...facts].every((fact) => others.has(fact));
}

function withRevision(voucher: Voucher, revision: number): Voucher {
  return revision === voucher.revision ? voucher : createVoucher({ ...voucher, revision });
}
