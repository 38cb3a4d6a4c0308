import { consequences } from './delivery-rules.ts';
import type { DeliveryRules } from './delivery-rules.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { ErrorKind, ErrorParts } from '../errors.ts';
import type { Receipt } from '../contracts/service.ts';

export type { DeliveryState } from './delivery-state.ts';

/** Why a write stands where it stands. */
export interface DeliveryProblem extends ErrorParts {
  readonly kind: ErrorKind;
}

/** One write under one reference, as far as it has come. Times are milliseconds since the epoch. */
export interface Delivery {
  readonly state: DeliveryState;
  /** The view digest of what is sent; null where the target itself makes the content (its own reversal). */
  readonly expected: string | null;
  /** Sends that the adapter asked for, each counted before its first byte. */
  readonly attempts: number;
  /** Those of them that were not certainly without effect. */
  readonly uncertain: number;
  readonly firstSentAt: number | null;
  readonly sentAt: number | null;
  /** Look-ups of this run, since the last send, that found nothing. */
  readonly misses: number;
  readonly firstMissAt: number | null;
  readonly lastMissAt: number | null;
  /** The target's id, once it has one. */
  readonly targetId: string | null;
  /** The number people see. */
  readonly number: string | null;
  readonly problem: DeliveryProblem | null;
  /** The target holds the reference more than once: nothing more is sent to this company. */
  readonly isDoubled: boolean;
  /** Looked up in this run, since the last send. Not kept in the log. */
  readonly isLookedUp: boolean;
  /** Reads and sends of this run that were turned away in a row. Not kept in the log. */
  readonly refusals: number;
  /** Not before this time. Not kept in the log. */
  readonly waitUntil: number;
}

/** What the target holds under the reference. */
export interface Hit {
  readonly id: string;
  readonly state: 'live' | 'reversed' | 'deleted';
  /** Null where content cannot be compared. */
  readonly digest: string | null;
  readonly number?: string;
  /** It is not in the books yet: sent again it is brought there, and is no other (`Posted.isUnfinished`). */
  readonly isUnfinished?: true;
}

/** What happened. */
export type DeliveryEvent =
  | { readonly type: 'sending' }
  | { readonly type: 'answered'; readonly receipt: Receipt }
  | {
      readonly type: 'looked-up';
      readonly hits: readonly Hit[];
      /** Why nothing may be sent, where the look-up showed that: the voucher that a reversal would take back was changed, say. */
      readonly forbids?: DeliveryProblem | undefined;
    }
  | {
      readonly type: 'failed';
      readonly during: 'send' | 'look-up';
      readonly problem: DeliveryProblem;
      /** How long the target asked us to wait, where it did. */
      readonly retryAfterMs?: number;
    };

/**
 * What to do next.
 *
 * - `look-up`: ask the target for the reference, and report `looked-up`.
 * - `send`: report `sending`, make that durable, then send once and report `answered` or `failed`.
 * - `wait`: ask again at this time.
 * - `ask`: a person decides; nothing more is sent by itself.
 * - `give-up`: the target is not to be reached now; a later run goes on.
 * - `rest`: nothing; the write is finished, or waits for a person.
 */
export type DeliveryStep =
  | { readonly do: 'look-up' }
  | { readonly do: 'send' }
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'ask'; readonly problem: DeliveryProblem }
  | { readonly do: 'give-up'; readonly problem: DeliveryProblem }
  | { readonly do: 'rest' };

/**
 * A write of which nothing is done yet.
 *
 * @example
 * ```ts
 * import { advance, deliveryRules, newDelivery, nextStep } from '@bilag/core';
 *
 * const rules = deliveryRules({ by: 'search', settlesMs: 60_000 }, { canFind: true });
 * let delivery = newDelivery('the digest');
 * nextStep(delivery, rules, 0).do; // => 'look-up'
 * delivery = advance(delivery, { type: 'looked-up', hits: [] }, rules, 0);
 * nextStep(delivery, rules, 0).do; // => 'send'
 * delivery = advance(delivery, { type: 'sending' }, rules, 0);
 * // No answer, or a crash: the outcome is unknown, and it is looked up before anything is sent again.
 * nextStep(delivery, rules, 0).do; // => 'look-up'
 * delivery = advance(delivery, { type: 'looked-up', hits: [] }, rules, 0);
 * nextStep(delivery, rules, 0).do; // => 'wait'
 * ```
 */
export function newDelivery(expected: string | null): Delivery {
  return {
    state: 'planned',
    expected,
    attempts: 0,
    uncertain: 0,
    firstSentAt: null,
    sentAt: null,
    misses: 0,
    firstMissAt: null,
    lastMissAt: null,
    targetId: null,
    number: null,
    problem: null,
    isDoubled: false,
    isLookedUp: false,
    refusals: 0,
    waitUntil: 0,
  };
}

/**
 * A write that the log knows, at the start of a run: what belonged to an earlier run is forgotten. So are its look-ups: they were
 * timed by the clock of another process.
 */
export function resumed(delivery: Delivery): Delivery {
  const isOpen = delivery.state === 'intended' || delivery.state === 'unknown-outcome';
  const problem = isOpen ? null : delivery.problem;
  const misses = { misses: 0, firstMissAt: null, lastMissAt: null };
  return { ...delivery, ...misses, problem, isLookedUp: delivery.state === 'posted', refusals: 0, waitUntil: 0 };
}

/** What to do next about a write. Pure: the same record, rules and time give the same step. */
export function nextStep(delivery: Delivery, rules: DeliveryRules, now: number): DeliveryStep {
  const { state, waitUntil, refusals, problem } = delivery;
  const isSettled = state !== 'planned' && state !== 'intended' && state !== 'unknown-outcome' && state !== 'posted';
  if (isSettled) return { do: 'rest' };
  if (state === 'posted') return rules.canFind && !delivery.isLookedUp ? { do: 'look-up' } : { do: 'rest' };
  if (refusals > rules.mostRefusals && problem !== null) return { do: 'give-up', problem };
  if (waitUntil > now) return { do: 'wait', until: waitUntil };
  return state === 'planned' ? stepFromPlanned(delivery, rules) : stepFromUnknown(delivery, rules, now);
}

function stepFromPlanned(delivery: Delivery, rules: DeliveryRules): DeliveryStep {
  if (rules.canFind && !delivery.isLookedUp) return { do: 'look-up' };
  if (delivery.uncertain >= rules.mostAttempts) return { do: 'ask', problem: neverArrived(delivery) };
  return { do: 'send' };
}

/** Nothing is sent again before the target had the time it declares, and was asked often enough. */
function stepFromUnknown(delivery: Delivery, rules: DeliveryRules, now: number): DeliveryStep {
  const { misses, uncertain, firstSentAt, problem } = delivery;
  if (rules.canFind && misses === 0) return { do: 'look-up' };
  // An earlier send may have arrived, and now the target refuses another: nobody but a person can tell.
  if (problem !== null && isRefusal(problem)) return { do: 'ask', problem };
  if (uncertain >= rules.mostAttempts) return { do: 'ask', problem: neverArrived(delivery) };
  switch (rules.dedupe.by) {
    case 'server-reference':
      return { do: 'send' };
    case 'server-key':
      if (firstSentAt !== null && firstSentAt > now + rules.requestTimeoutMs) {
        const what = 'it was sent in the future: one of two clocks is wrong, and how long the key is kept is not known';
        return { do: 'ask', problem: notResolved(what) };
      }
      return firstSentAt !== null && now + rules.requestTimeoutMs < firstSentAt + rules.dedupe.keptMs
        ? { do: 'send' }
        : { do: 'ask', problem: notResolved('the target no longer remembers the key it was sent with') };
    case 'search':
      return stepFromMisses(delivery, rules, rules.dedupe.settlesMs, now);
    case 'none':
      return { do: 'ask', problem: notResolved('the target cannot be asked whether it arrived') };
  }
}

function isRefusal({ kind }: DeliveryProblem): boolean {
  return kind !== 'unknown-outcome' && consequences[kind].run === 'goes-on';
}

/**
 * When something was sent is told by the clock of whoever sent it, which may have been ahead: it counts as no later than the
 * first look of this run. It may also be this clock that is ahead: before anything is sent again, this run itself has looked
 * for as long as the target may take.
 */
function stepFromMisses(delivery: Delivery, rules: DeliveryRules, settlesMs: number, now: number): DeliveryStep {
  const { misses, lastMissAt, sentAt } = delivery;
  const firstMissAt = delivery.firstMissAt ?? now;
  // The adapter asks right before it writes: where it did not ask, most likely nothing was sent.
  const isSentAgain = rules.whenNotFound === 'send-again' || delivery.attempts === 0;
  const from = isSentAgain ? firstMissAt : Math.min(sentAt ?? 0, firstMissAt);
  // The target may have written it as late as the request could last.
  const settledAt = from + rules.requestTimeoutMs + settlesMs;
  const enoughAt = Math.max(settledAt, firstMissAt + rules.missSpreadMs);
  const isEnough = misses >= 2 && lastMissAt !== null && lastMissAt >= enoughAt;
  if (isEnough && isSentAgain) return { do: 'send' };
  if (isEnough) return { do: 'ask', problem: notResolved('it was not found when the target had the time it declares') };
  const pause = rules.lookAgainMs[Math.min(misses, rules.lookAgainMs.length) - 1] ?? rules.missSpreadMs;
  const nextAt = Math.min((lastMissAt ?? now) + pause, enoughAt);
  const until = nextAt > (lastMissAt ?? 0) ? nextAt : enoughAt;
  return now >= until ? { do: 'look-up' } : { do: 'wait', until };
}

/** The record after an event. An event that does not fit the state is a mistake in the caller, and throws. */
export function advance(delivery: Delivery, event: DeliveryEvent, rules: DeliveryRules, now: number): Delivery {
  switch (event.type) {
    case 'sending':
      return sending(delivery, now);
    case 'answered':
      return answered(delivery, event.receipt);
    case 'looked-up':
      return delivery.state === 'posted'
        ? confirmed(delivery, event.hits)
        : lookedUp({ ...delivery, isLookedUp: true }, event, rules, now);
    case 'failed':
      return failed(delivery, event, rules, now);
  }
}

function sending(delivery: Delivery, now: number): Delivery {
  return {
    ...delivery,
    state: 'intended',
    attempts: delivery.attempts + 1,
    uncertain: delivery.uncertain + 1,
    firstSentAt: delivery.firstSentAt ?? now,
    sentAt: now,
    misses: 0,
    firstMissAt: null,
    lastMissAt: null,
    isLookedUp: false,
  };
}

function answered(delivery: Delivery, { id, digest, number }: Receipt): Delivery {
  const held = { ...delivery, targetId: id, number: number ?? null, refusals: 0 };
  return delivery.expected === null || digest === delivery.expected
    ? { ...held, state: 'posted', problem: null }
    : { ...held, state: 'conflict', problem: otherContent(id) };
}

function lookedUp(
  delivery: Delivery,
  { hits, forbids }: Extract<DeliveryEvent, { type: 'looked-up' }>,
  rules: DeliveryRules,
  now: number,
): Delivery {
  const live = hits.filter((hit) => hit.state === 'live');
  const [hit] = live.length > 0 ? live : hits;
  if (hit === undefined && forbids !== undefined) return { ...delivery, state: 'conflict', problem: forbids };
  if (hit === undefined) return missed(delivery, now);
  if (live.length > 1)
    return doubled(
      delivery,
      live.map(({ id }) => id),
    );
  const held = { ...delivery, targetId: hit.id, number: hit.number ?? null };
  if (hit.state !== 'live') return { ...held, state: 'conflict', problem: undoneThere(hit) };
  const isAsWanted = delivery.expected === null || hit.digest === delivery.expected;
  if (isAsWanted && hit.isUnfinished === true) return unfinished(delivery, rules, now);
  return isAsWanted
    ? { ...held, state: 'posted', problem: null }
    : { ...held, state: 'conflict', problem: otherContent(hit.id) };
}

/** The target has drafted it and not booked it: it is sent again, after a pause where that was tried before. */
function unfinished(delivery: Delivery, rules: DeliveryRules, now: number): Delivery {
  const { uncertain } = delivery;
  const pause = uncertain === 0 ? 0 : (rules.tryAgainMs[Math.min(uncertain, rules.tryAgainMs.length) - 1] ?? 0);
  return { ...delivery, state: 'planned', problem: null, waitUntil: Math.max(delivery.waitUntil, now + pause) };
}

function missed(delivery: Delivery, now: number): Delivery {
  const { misses, firstMissAt } = delivery;
  return { ...delivery, misses: misses + 1, firstMissAt: firstMissAt ?? now, lastMissAt: now };
}

/** The look after a send: that a voucher is not shown yet is in order, that another stands beside it is not. */
function confirmed(delivery: Delivery, hits: readonly Hit[]): Delivery {
  const ids = new Set(hits.filter((hit) => hit.state === 'live').map((hit) => hit.id));
  if (delivery.targetId !== null && delivery.expected !== null) ids.add(delivery.targetId);
  return ids.size > 1 ? doubled(delivery, [...ids]) : { ...delivery, isLookedUp: true };
}

function doubled(delivery: Delivery, ids: readonly string[]): Delivery {
  return {
    ...delivery,
    state: 'conflict',
    isDoubled: true,
    targetId: delivery.targetId ?? ids[0] ?? null,
    problem: {
      kind: 'conflict',
      what: `the target holds it ${ids.length} times (${ids.join(', ')})`,
      where: 'the target',
      action: 'let a person keep one and delete the others; nothing more is sent to this company until then',
    },
  };
}

function failed(
  delivery: Delivery,
  { during, problem, retryAfterMs }: Extract<DeliveryEvent, { type: 'failed' }>,
  rules: DeliveryRules,
  now: number,
): Delivery {
  const { state, run } = consequences[problem.kind];
  const isTurnedAway = run === 'tries-again' || (during === 'look-up' && problem.kind === 'unknown-outcome');
  const ownPause = rules.tryAgainMs[Math.min(delivery.refusals, rules.tryAgainMs.length - 1)] ?? 0;
  const pause = Math.max(ownPause, retryAfterMs ?? 0);
  const refusals = pause > rules.longestPauseMs ? rules.mostRefusals + 1 : delivery.refusals + 1;
  const refused = isTurnedAway ? { refusals, waitUntil: now + pause } : {};
  // A look-up changes nothing in the target: when it fails, the write stands as it stood. A voucher with a receipt stays posted.
  if (during === 'look-up') {
    if (delivery.state === 'posted') return { ...delivery, isLookedUp: true };
    const given = isTurnedAway ? refused : { refusals: rules.mostRefusals + 1 };
    return { ...delivery, problem, ...given, isLookedUp: false };
  }
  const certain = { ...delivery, problem, ...refused, isLookedUp: false };
  if (problem.kind === 'unknown-outcome') {
    return { ...certain, state, sentAt: Math.max(delivery.sentAt ?? 0, now - rules.requestTimeoutMs) };
  }
  // This send had no effect. An earlier one may have had: only a search that has settled says that it had not.
  const uncertain = delivery.uncertain - 1;
  const isOpen = uncertain > 0 && rules.dedupe.by !== 'search';
  return { ...certain, uncertain, state: isOpen ? 'unknown-outcome' : state };
}

function otherContent(id: string): DeliveryProblem {
  return {
    kind: 'conflict',
    what: `what the target holds (${id}) is not what was to be posted`,
    where: 'the target',
    action: 'compare the two and correct or delete the one in the target; nothing was changed',
  };
}

function undoneThere(hit: Hit): DeliveryProblem {
  return {
    kind: 'conflict',
    what: `somebody ${hit.state} the voucher in the target (${hit.id})`,
    where: 'the target',
    action: 'ask who did it and why, or rebuild the log from the target; nothing was sent',
  };
}

function neverArrived({ uncertain }: Delivery): DeliveryProblem {
  return notResolved(`it was sent ${uncertain} times and never arrived`);
}

function notResolved(why: string): DeliveryProblem {
  return {
    kind: 'unknown-outcome',
    what: why,
    where: 'the target',
    action: 'look for the voucher there by its reference, and tell Bilag whether it is there',
  };
}
