import { settingMarks, type FetchedLedger, type OpenCompany, type OpenTarget } from '@bilag/company';
import {
  addDays,
  consequences,
  isBilagError,
  plainDate,
  refuseFarLock,
  type BilagError,
  type PlainDate,
} from '@bilag/core';
import type { DeliveryResult } from '@bilag/engine';
import type { CompanyState, OfficeStore, Reason, TopicState } from '../store/office-store.ts';
import { deliveryReasons } from './delivery-reasons.ts';

/** How much of a company is done before others get their turn. */
export interface SliceSize {
  /** Dates of each ledger that are fetched. */
  readonly dates: number;
  /** Vouchers that are posted; more where one date has more. */
  readonly vouchers: number;
}

/** Where a company goes on, and how it stands so far: plain data, so that a job in a queue can carry it. */
export type Rest = { readonly soFar: CompanyState } & (
  | { readonly do: 'fetch'; readonly from: PlainDate }
  | { readonly do: 'deliver' }
);

/** What one turn of a company needs. */
export interface CompanyTurn {
  readonly target: string;
  readonly store: OfficeStore;
  readonly slice: SliceSize;
  /** What the turn before has left; absent at the first. */
  readonly rest?: Rest | undefined;
  readonly now: Date;
}

/** What a turn came to. */
export interface CompanyNight {
  /** How the company stands; while something is left, so far. */
  readonly state: CompanyState;
  /** What is left for another turn. */
  readonly rest: Rest | null;
  /** How long whoever was busy wants to be left alone, where it said so. */
  readonly retryAfterMs?: number;
}

/**
 * One turn of one company's night: what is new is fetched, then posted to the target, then read back. A company that has much
 * to do gets several turns, each as long as a slice. It may be killed at any point and run again, on this machine or another.
 *
 * Whatever goes wrong with the company is in its state. Only an abort is thrown, and what the office's own store throws.
 */
export async function companyNight(open: OpenCompany, turn: CompanyTurn): Promise<CompanyNight> {
  const reached: Reached = { state: turn.rest?.soFar ?? newState(open, turn) };
  const { id, policy } = open.company;
  try {
    refuseFarLock(
      policy.lockedThrough,
      plainDate(turn.now.toISOString().slice(0, 10)),
      `company ${id}, policy.lockedThrough`,
    );
    return turn.rest?.do === 'deliver' ? await deliver(open, turn, reached) : await fetchFirst(open, turn, reached);
  } catch (error) {
    if (open.signal.aborted) throw error;
    return { state: withReasons(reached.state, [told(error)], 'partial'), rest: null, ...retryAfterOf(error) };
  }
}

/** How far a turn has come: what was fetched and posted is so, whatever goes wrong after it. */
interface Reached {
  state: CompanyState;
}

/** A lease ends and a pause is over at a time that is known. */
function retryAfterOf(error: unknown): Pick<CompanyNight, 'retryAfterMs'> {
  const wait = isBilagError(error) && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof wait === 'number' ? { retryAfterMs: wait } : {};
}

async function fetchFirst(open: OpenCompany, turn: CompanyTurn, reached: Reached): Promise<CompanyNight> {
  const { rest, slice } = turn;
  const { state: before } = reached;
  const from = rest?.do === 'fetch' ? rest.from : undefined;
  const ledgers = await open.fetch({ mostDates: slice.dates, from });
  const failures = ledgers.flatMap((ledger) => ledger.failures.map(({ error }) => told(error)));
  const fetched = before.fetched + ledgers.reduce((sum, ledger) => sum + ledger.fetched, 0);
  const state = withReasons({ ...before, fetched, topics: ledgers.flatMap(topicsOf) }, failures);
  reached.state = state;
  const next = ledgers.flatMap((ledger) => ledger.next ?? []).toSorted()[0];
  // What failed is asked for again the next night; what was had is posted now.
  const isMore = next !== undefined && failures.length === 0;
  if (isMore) return { state, rest: { do: 'fetch', from: next, soFar: state } };
  const isAnyClosed = state.topics.length === 0 || state.topics.some(({ closedThrough }) => closedThrough !== null);
  return isAnyClosed ? deliver(open, turn, reached) : { state: withReasons(state, [], 'partial'), rest: null };
}

async function deliver(open: OpenCompany, turn: CompanyTurn, reached: Reached): Promise<CompanyNight> {
  const { state: before } = reached;
  const stopped = await stoppedBy(before, turn.store);
  if (stopped.length > 0) return { state: withReasons(before, stopped, 'partial'), rest: null };
  const target = await open.target(turn.target);
  const all = await target.plan({ unchanged: 'counted' });
  const toSend = all.plan.items.filter(({ isToBeSent }) => isToBeSent);
  const last = toSend[turn.slice.vouchers - 1];
  const isSliced = last !== undefined && toSend.some(({ date }) => date > last.date);
  const planned = isSliced ? await target.plan({ unchanged: 'counted', to: last.date }) : all;
  const result = await target.apply(planned);
  const posted = result.outcomes.filter(({ did }) => did === 'posted').length;
  const state = { ...before, posted: before.posted + posted, standing: all.standing };
  reached.state = state;
  // Where nothing could be posted, another turn would change nothing.
  if (isSliced && posted > 0 && result.stoppedBy === null) return { state, rest: { do: 'deliver', soFar: state } };
  const verified = await target.verify({ from: verifiedFrom(target, result, turn.now) });
  const seen = result.stoppedBy === null && planned === all ? 'whole' : 'partial';
  return { state: withReasons(state, deliveryReasons(planned.plan, result, verified.findings), seen), rest: null };
}

/** Where the money goes elsewhere all of a sudden, nothing is posted before a person has asked the merchant. */
async function stoppedBy({ companyId, topics }: CompanyState, store: OfficeStore): Promise<readonly Told[]> {
  const ledgerIds = [...new Set(topics.map(({ ledgerId }) => ledgerId))];
  const open = await store.changes({ ledgerIds, isOpen: true });
  return open.map(({ what, ledgerId }) => ({
    asksFor: 'person',
    what: `${what}: nothing is delivered before a person has confirmed it`,
    where: `company ${companyId}, ledger ${ledgerId}`,
    action: `ask the merchant, by a number you know, whether that is right; then bilag discover --confirm ${ledgerId}`,
  }));
}

/** What was touched, and the last month: a night costs what it brings; bilag verify reads back everything. */
function verifiedFrom({ company }: OpenTarget, { outcomes }: DeliveryResult, now: Date): PlainDate {
  const monthAgo = addDays(plainDate(now.toISOString().slice(0, 10)), -31);
  const [first = monthAgo] = [...outcomes.map(({ date }) => plainDate(date)), monthAgo].toSorted();
  const cutOver = company.policy.versions[0].from;
  return first < cutOver ? cutOver : first;
}

/** A reason, and who is asked by it. */
export interface Told extends Reason {
  readonly asksFor: 'retry' | 'person';
}

function newState({ company }: OpenCompany, { target, now }: CompanyTurn): CompanyState {
  const nothing = { asksFor: 'nothing', reasons: [], fetched: 0, posted: 0, topics: [] } as const;
  return {
    companyId: company.id,
    target,
    at: now.getTime(),
    currency: company.currency,
    settings: settingMarks(company),
    ...nothing,
  };
}

/** The worst first: what needs a person before what passes by itself. */
function withReasons(state: CompanyState, added: readonly Told[], seen: 'whole' | 'partial' = 'whole'): CompanyState {
  const asked = [...added.map(({ asksFor }) => asksFor), state.asksFor];
  const asksFor = asked.includes('person') ? 'person' : asked.includes('retry') ? 'retry' : 'nothing';
  const byUrgency = added.toSorted((a, b) => Number(b.asksFor === 'person') - Number(a.asksFor === 'person'));
  const reasons = byUrgency.map(({ what, where, action }) => ({ what, where, action }));
  const all = state.asksFor === 'person' ? [...state.reasons, ...reasons] : [...reasons, ...state.reasons];
  const isPartial = seen === 'partial' || all.length > mostReasons;
  return { ...state, asksFor, reasons: all.slice(0, mostReasons), ...(isPartial && { isPartial }) };
}

const mostReasons = 5;

/** What an error means for a night; one that is not ours is a fault in a program, which a person has to look at. */
export function told(error: unknown): Told {
  if (isBilagError(error)) return toldOf(error, consequences[error.kind].ends === 'retry' ? 'retry' : 'person');
  const fault = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
  return {
    asksFor: 'person',
    what: `a fault in Bilag or in an adapter: ${fault.slice(0, 300)}`,
    where: 'BILAG_DEBUG=1 in the environment shows it',
    action: 'report it, without keys and names of customers; nothing more was done for this company',
  };
}

function toldOf({ what, where, action }: Pick<BilagError, keyof Reason>, asksFor: Told['asksFor']): Told {
  return { asksFor, what, where, action };
}

function topicsOf({ ledgerId, topics }: FetchedLedger): readonly TopicState[] {
  return topics.map(({ topic, closedThrough }) => ({ ledgerId, topic, closedThrough }));
}
