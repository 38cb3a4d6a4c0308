import { describe, expect, test } from 'vitest';
import {
  advance,
  consequences,
  deliveryRules,
  endOfState,
  newDelivery,
  nextStep,
  resumed,
  worstEnd,
  type Delivery,
  type DeliveryEvent,
  type DeliveryRules,
  type ErrorKind,
  type Hit,
} from '../src/index.ts';

const settlesMs = 60_000;
const trusting = { whenNotFound: 'send-again' } as const;
const bySearch = deliveryRules({ by: 'search', settlesMs }, { canFind: true }, { ...trusting, requestTimeoutMs: 0 });
const ours: Hit = { id: '7', state: 'live', digest: 'ours' };

/** Runs events, each with its time in seconds. */
function after(rules: DeliveryRules, ...events: readonly (readonly [number, DeliveryEvent])[]): Delivery {
  return events.reduce((delivery, [s, event]) => advance(delivery, event, rules, s * 1000), newDelivery('ours'));
}

const nothing: DeliveryEvent = { type: 'looked-up', hits: [] };
const sending: DeliveryEvent = { type: 'sending' };
const lost = failing('unknown-outcome');

function failing(kind: ErrorKind, during: 'send' | 'look-up' = 'send'): DeliveryEvent {
  return { type: 'failed', during, problem: { kind, what: kind, where: 'target', action: 'see' } };
}

describe('a voucher is sent once', () => {
  test('a target that can be searched is asked before the first send', () => {
    expect(nextStep(newDelivery('ours'), bySearch, 0)).toEqual({ do: 'look-up' });
    expect(nextStep(after(bySearch, [0, nothing]), bySearch, 0)).toEqual({ do: 'send' });
  });

  test('one that cannot is sent to at once', () => {
    const rules = deliveryRules({ by: 'none' }, { canFind: false });
    expect(nextStep(newDelivery('ours'), rules, 0)).toEqual({ do: 'send' });
  });

  test('the answer is compared with what was to be posted, and the target is asked once more', () => {
    const receipt = { outcome: 'created', id: '7', digest: 'ours' } as const;
    const posted = after(bySearch, [0, nothing], [0, sending], [1, { type: 'answered', receipt }]);
    expect(posted).toMatchObject({ state: 'posted', targetId: '7', problem: null });
    expect(nextStep(posted, bySearch, 1000)).toEqual({ do: 'look-up' });
    expect(nextStep(resumed(posted), bySearch, 1000)).toEqual({ do: 'rest' });
    const seen = advance(posted, { type: 'looked-up', hits: [ours] }, bySearch, 1000);
    expect(nextStep(seen, bySearch, 1000)).toEqual({ do: 'rest' });
    const notYetSeen = advance(posted, nothing, bySearch, 1000);
    expect(nextStep(notYetSeen, bySearch, 1000)).toEqual({ do: 'rest' });
    const other = { outcome: 'created', id: '7', digest: 'theirs' } as const;
    expect(after(bySearch, [0, nothing], [0, sending], [1, { type: 'answered', receipt: other }]).state).toBe(
      'conflict',
    );
  });

  test('another voucher beside the one just posted is a doubled one', () => {
    const receipt = { outcome: 'created', id: '8', digest: 'ours' } as const;
    const doubled = after(
      bySearch,
      [0, nothing],
      [0, sending],
      [1, { type: 'answered', receipt }],
      [1, { type: 'looked-up', hits: [ours] }],
    );
    expect(doubled).toMatchObject({ state: 'conflict', isDoubled: true, targetId: '8', problem: { kind: 'conflict' } });
    expect(doubled.problem?.what).toContain('2 times (7, 8)');
    expect(nextStep(resumed(doubled), bySearch, 9e9)).toEqual({ do: 'rest' });
  });

  test('one that somebody reversed beside it is not', () => {
    const receipt = { outcome: 'created', id: '8', digest: 'ours' } as const;
    const hits: readonly Hit[] = [
      { ...ours, state: 'reversed' },
      { ...ours, id: '8' },
    ];
    const seen = [1, { type: 'looked-up', hits }] as const;
    expect(after(bySearch, [0, nothing], [0, sending], [1, { type: 'answered', receipt }], seen)).toMatchObject({
      state: 'posted',
      isDoubled: false,
      isLookedUp: true,
    });
  });

  test("the target's own reversal is taken as it comes: its content is not ours to compare", () => {
    const reversal = (event: DeliveryEvent): Delivery =>
      [sending, event].reduce((delivery, each) => advance(delivery, each, bySearch, 0), newDelivery(null));
    const receipt = { outcome: 'created', id: '9', digest: 'theirs' } as const;
    const posted = reversal({ type: 'answered', receipt });
    expect(posted).toMatchObject({ state: 'posted', targetId: '9', problem: null });
    // Its voucher may be shown under another id than the one that was answered.
    const shown: DeliveryEvent = { type: 'looked-up', hits: [{ ...ours, id: '10', digest: 'theirs' }] };
    expect(advance(posted, shown, bySearch, 0)).toMatchObject({ state: 'posted', isDoubled: false });
    expect(reversal(shown)).toMatchObject({ state: 'posted', targetId: '10' });
  });

  test('the number people see is kept, from the answer or from the look-up', () => {
    const receipt = { outcome: 'created', id: '7', digest: 'ours', number: '3-2026' } as const;
    expect(after(bySearch, [0, nothing], [0, sending], [1, { type: 'answered', receipt }]).number).toBe('3-2026');
    expect(after(bySearch, [0, { type: 'looked-up', hits: [{ ...ours, number: '4-2026' }] }]).number).toBe('4-2026');
    expect(after(bySearch, [0, { type: 'looked-up', hits: [ours] }]).number).toBeNull();
  });

  test.each<[string, readonly Hit[], object]>([
    ['once and the same', [ours], { state: 'posted', targetId: '7' }],
    [
      'once and different',
      [{ ...ours, digest: 'theirs' }],
      {
        state: 'conflict',
        isDoubled: false,
        targetId: '7',
        problem: { kind: 'conflict', what: expect.stringMatching(/\(7\)/) },
      },
    ],
    [
      'twice',
      [ours, { ...ours, id: '8' }],
      {
        state: 'conflict',
        isDoubled: true,
        targetId: '7',
        problem: { kind: 'conflict', what: expect.stringMatching(/2 times \(7, 8\)/) },
      },
    ],
    ['once, and once reversed', [{ ...ours, id: '6', state: 'reversed' }, ours], { state: 'posted', targetId: '7' }],
    [
      'only reversed',
      [{ ...ours, state: 'reversed' }],
      {
        state: 'conflict',
        isDoubled: false,
        problem: { kind: 'conflict', what: expect.stringMatching(/reversed .*\(7\)/) },
      },
    ],
    [
      'only deleted',
      [{ ...ours, state: 'deleted' }],
      { state: 'conflict', isDoubled: false, problem: { kind: 'conflict', what: expect.stringMatching(/deleted/) } },
    ],
  ])('found %s', (_, hits, expected) => {
    expect(after(bySearch, [0, { type: 'looked-up', hits }])).toMatchObject(expected);
    expect(after(bySearch, [0, nothing], [0, sending], [1, lost], [2, { type: 'looked-up', hits }])).toMatchObject(
      expected,
    );
  });
});

describe('an unknown outcome is looked up before anything is sent again', () => {
  test('and after a crash an intent is the same as an unknown outcome', () => {
    const intended = resumed(after(bySearch, [0, nothing], [0, sending]));
    expect(intended.state).toBe('intended');
    expect(nextStep(intended, bySearch, 5000)).toEqual({ do: 'look-up' });
    const missed = advance(intended, nothing, bySearch, 5000);
    expect(nextStep(missed, bySearch, 5000)).toEqual({ do: 'wait', until: 10_000 });
  });

  test('with search, not before the target had its time and was asked twice', () => {
    let delivery = after(bySearch, [0, nothing], [0, sending], [1, lost]);
    const times: number[] = [];
    for (let now = 1000; ;) {
      const step = nextStep(delivery, bySearch, now);
      if (step.do === 'send') break;
      if (step.do === 'wait') now = step.until;
      else {
        times.push(now / 1000);
        delivery = advance(delivery, nothing, bySearch, now);
      }
    }
    expect(times).toEqual([1, 6, 36, 61]);
  });

  test('nor before the longest request is over, after a crash or a long silence', () => {
    const rules = deliveryRules(
      { by: 'search', settlesMs },
      { canFind: true },
      { ...trusting, requestTimeoutMs: 30_000 },
    );
    const crashed = after(rules, [0, nothing], [0, sending], [10, nothing], [89, nothing]);
    expect(nextStep(crashed, rules, 89_000)).toEqual({ do: 'wait', until: 100_000 });
    const silent = after(rules, [0, nothing], [0, sending], [100, lost], [101, nothing], [170, nothing]);
    expect(nextStep(silent, rules, 170_000)).toEqual({ do: 'wait', until: 191_000 });
  });

  test('and for a person the time counts from the send, not from when the answer got lost', () => {
    const rules = deliveryRules({ by: 'search', settlesMs }, { canFind: true }, { requestTimeoutMs: 30_000 });
    const quick = after(rules, [100, nothing], [100, sending], [101, lost], [102, nothing], [180, nothing]);
    expect(nextStep(quick, rules, 180_000)).toEqual({ do: 'wait', until: 190_000 });
  });

  test('nor by a clock that is ahead of the one that sent: the run itself has looked for the whole time', () => {
    const crashed = resumed(after(bySearch, [0, nothing], [0, sending]));
    const threeHours = 3 * 3600;
    let delivery = advance(crashed, nothing, bySearch, threeHours * 1000);
    for (const s of [5, 35]) delivery = advance(delivery, nothing, bySearch, (threeHours + s) * 1000);
    expect(nextStep(delivery, bySearch, (threeHours + 35) * 1000)).toEqual({
      do: 'wait',
      until: (threeHours + 60) * 1000,
    });
    delivery = advance(delivery, nothing, bySearch, (threeHours + 60) * 1000);
    expect(nextStep(delivery, bySearch, (threeHours + 60) * 1000)).toEqual({ do: 'send' });
  });

  test('what was sent by a clock that was ahead is not waited for until then', () => {
    const rules = deliveryRules({ by: 'search', settlesMs }, { canFind: true }, { requestTimeoutMs: 0 });
    const month = 30 * 86_400;
    const looked = after(rules, [month, nothing], [month, sending], [month, lost], [month + 1, nothing]);
    const early = advance(resumed(looked), nothing, rules, 0);
    expect(nextStep(early, rules, 0)).toEqual({ do: 'wait', until: 5_000 });
    const settled = advance(early, nothing, rules, 60_000);
    expect(nextStep(settled, rules, 60_000).do).toBe('ask');
  });

  test('without a pause between them there are two looks all the same', () => {
    const rules = deliveryRules(
      { by: 'search', settlesMs: 0 },
      { canFind: true },
      { ...trusting, requestTimeoutMs: 0, missSpreadMs: 0, lookAgainMs: [0] },
    );
    const once = after(rules, [0, nothing], [0, sending], [1, lost], [2, nothing]);
    expect(nextStep(once, rules, 2000)).toEqual({ do: 'look-up' });
    expect(nextStep(advance(once, nothing, rules, 2000), rules, 2000)).toEqual({ do: 'send' });
  });

  test('nor is a target asked again and again before it had its time', () => {
    const rules = deliveryRules(
      { by: 'search', settlesMs },
      { canFind: true },
      { ...trusting, requestTimeoutMs: 0, lookAgainMs: [0] },
    );
    const missed = after(rules, [0, nothing], [0, sending], [1, lost], [2, nothing]);
    expect(nextStep(missed, rules, 2000)).toEqual({ do: 'wait', until: 62_000 });
  });

  test('long after the send a person is asked after two looks, with time between them', () => {
    const rules = deliveryRules({ by: 'search', settlesMs }, { canFind: true }, { requestTimeoutMs: 0 });
    const late = after(rules, [0, nothing], [0, sending], [1, lost], [5000, nothing]);
    expect(nextStep(late, rules, 5_000_000)).toEqual({ do: 'wait', until: 5_005_000 });
    const twice = advance(late, nothing, rules, 5_005_000);
    expect(nextStep(twice, rules, 5_005_000)).toEqual({ do: 'wait', until: 5_010_000 });
    expect(nextStep(advance(twice, nothing, rules, 5_010_000), rules, 5_010_000)).toMatchObject({ do: 'ask' });
  });

  test('where a person shall decide, nothing is sent a second time', () => {
    const rules = deliveryRules({ by: 'search', settlesMs }, { canFind: true }, { requestTimeoutMs: 0 });
    const settled = after(rules, [0, nothing], [0, sending], [1, lost], [2, nothing], [62, nothing]);
    expect(nextStep(settled, rules, 62_000)).toMatchObject({ do: 'ask', problem: { kind: 'unknown-outcome' } });
  });

  test('nor to a target that proves no absence, whatever is chosen: it is looked at twice, then a person is asked', () => {
    const dedupe = { by: 'search', settlesMs, provesAbsence: false } as const;
    const rules = deliveryRules(dedupe, { canFind: true }, { ...trusting, requestTimeoutMs: 0 });
    const once = after(rules, [0, nothing], [0, sending], [1, lost], [2, nothing]);
    expect(nextStep(once, rules, 2_000)).toMatchObject({ do: 'wait' });
    const settled = advance(once, nothing, rules, 62_000);
    expect(nextStep(settled, rules, 62_000)).toMatchObject({ do: 'ask', problem: { kind: 'unknown-outcome' } });
  });

  test('a target that refuses a second one is sent to again', () => {
    const rules = deliveryRules({ by: 'server-reference' }, { canFind: false });
    expect(nextStep(after(rules, [0, sending], [1, lost]), rules, 1000)).toEqual({ do: 'send' });
  });

  test('one that remembers a key is sent to again as long as it does', () => {
    const rules = deliveryRules({ by: 'server-key', keptMs: 10_000 }, { canFind: false }, { requestTimeoutMs: 1000 });
    const unknown = after(rules, [0, sending], [1, lost], [2, sending], [9, lost]);
    expect(nextStep(unknown, rules, 8_999)).toEqual({ do: 'send' });
    expect(nextStep(unknown, rules, 9_000).do).toBe('ask');
    // Sent in the future: a clock is wrong, and nobody knows how long the key is kept.
    const ahead = resumed(after(rules, [1000, sending], [1001, lost]));
    expect(nextStep(ahead, rules, 0)).toMatchObject({
      do: 'ask',
      problem: { what: expect.stringContaining('clock') },
    });
  });

  test('without either a person is asked', () => {
    const blind = deliveryRules({ by: 'none' }, { canFind: false });
    expect(nextStep(after(blind, [0, sending], [1, lost]), blind, 1000).do).toBe('ask');
    const seeing = deliveryRules({ by: 'none' }, { canFind: true });
    const unknown = after(seeing, [0, nothing], [0, sending], [1, lost]);
    expect(nextStep(unknown, seeing, 1000)).toEqual({ do: 'look-up' });
    expect(nextStep(advance(unknown, nothing, seeing, 1000), seeing, 9e9).do).toBe('ask');
  });

  test('after five sends that never arrived a person is asked', () => {
    const rules = deliveryRules({ by: 'server-reference' }, { canFind: false });
    const events = Array.from({ length: 5 }, (_, at) => [[at, sending] as const, [at, lost] as const]).flat();
    expect(nextStep(after(rules, ...events), rules, 5000)).toMatchObject({ do: 'ask' });
  });
});

describe('a target that drafts a voucher before it books it', () => {
  const draft: DeliveryEvent = { type: 'looked-up', hits: [{ ...ours, isUnfinished: true }] };

  test('a draft is no voucher: it is sent again, which books it', () => {
    const found = after(bySearch, [0, nothing], [0, sending], [1, lost], [2, draft]);
    expect(found).toMatchObject({ state: 'planned', targetId: null });
    expect(nextStep(found, bySearch, 2000)).toEqual({ do: 'wait', until: 3000 });
    expect(nextStep(found, bySearch, 3000)).toEqual({ do: 'send' });
  });

  test('a draft of something else, and one beside a booked voucher, are for a person', () => {
    const other: DeliveryEvent = { type: 'looked-up', hits: [{ ...ours, digest: 'theirs', isUnfinished: true }] };
    expect(after(bySearch, [0, other]).state).toBe('conflict');
    const both: DeliveryEvent = { type: 'looked-up', hits: [{ ...ours, id: '8', isUnfinished: true }, ours] };
    expect(after(bySearch, [0, both])).toMatchObject({ state: 'conflict', isDoubled: true });
  });

  test('one that is never booked is not tried for ever', () => {
    const tries = [1, 2, 3, 4, 5].flatMap(
      (at) =>
        [
          [at, sending],
          [at, lost],
          [at, draft],
        ] as const,
    );
    const tried = after(bySearch, [0, nothing], ...tries);
    expect(nextStep(tried, bySearch, 600_000)).toMatchObject({ do: 'ask', problem: { kind: 'unknown-outcome' } });
  });
});

describe('one table says what an error means', () => {
  test('to the log, to the run and to the scheduler', () => {
    const table = Object.entries(consequences).map(
      ([kind, { state, run, ends }]) => `${kind}: ${state}, ${run}, ${ends}`,
    );
    expect(table).toEqual([
      'config: planned, stops, usage',
      'rejected: rejected, goes-on, data',
      'unauthorised: planned, stops, person',
      'forbidden: planned, stops, person',
      'not-found: planned, stops, usage',
      'busy: planned, tries-again, retry',
      'unavailable: planned, tries-again, retry',
      'unknown-outcome: unknown-outcome, goes-on, person',
      'conflict: conflict, goes-on, person',
      'blocked: blocked, goes-on, person',
      'unsupported: rejected, goes-on, usage',
    ]);
    expect(endOfState).toEqual({
      planned: 'retry',
      intended: 'retry',
      posted: 'done',
      rejected: 'data',
      conflict: 'person',
      blocked: 'person',
      'unknown-outcome': 'person',
      reversed: 'done',
    });
  });

  test('nobody trusts a search to be complete without being told to', () => {
    expect(deliveryRules({ by: 'search', settlesMs }, { canFind: true }).whenNotFound).toBe('ask');
  });

  test('what was refused is told again in the next run, what was cut off is not', () => {
    expect(resumed(after(bySearch, [0, nothing], [0, sending], [1, failing('blocked')])).problem).toMatchObject({
      kind: 'blocked',
    });
    const cutOff = after(bySearch, [0, nothing], [0, sending], [1, failing('busy')], [2, nothing], [2, sending]);
    expect(resumed(cutOff)).toMatchObject({ state: 'intended', problem: null });
  });

  test('a first send that is refused had no effect, whatever the target', () => {
    for (const by of ['server-reference', 'none'] as const) {
      const rules = deliveryRules({ by }, { canFind: false });
      expect(after(rules, [0, sending], [1, failing('blocked')])).toMatchObject({ state: 'blocked', uncertain: 0 });
    }
  });

  test('nor had an earlier one where the search has settled', () => {
    const settled = [
      [0, nothing],
      [0, sending],
      [1, lost],
      [2, nothing],
      [62, nothing],
    ] as const;
    expect(after(bySearch, ...settled, [62, sending], [63, failing('busy')])).toMatchObject({
      state: 'planned',
      uncertain: 1,
    });
  });

  test('a busy target is sent to again after an unknown outcome, where it refuses a second one', () => {
    const rules = deliveryRules({ by: 'server-reference' }, { canFind: false });
    const busy = after(rules, [0, sending], [1, lost], [2, sending], [3, failing('busy')]);
    expect(busy).toMatchObject({ state: 'unknown-outcome', uncertain: 1 });
    expect(nextStep(busy, rules, 3000)).toEqual({ do: 'wait', until: 4000 });
    expect(nextStep(busy, rules, 4000)).toEqual({ do: 'send' });
  });

  test('a look-up without an answer is repeated: it wrote nothing', () => {
    const unsure = after(bySearch, [0, failing('unknown-outcome', 'look-up')]);
    expect(unsure.state).toBe('planned');
    expect(nextStep(unsure, bySearch, 0)).toEqual({ do: 'wait', until: 1000 });
  });

  test('the longest pause is the last one', () => {
    const rules = deliveryRules({ by: 'none' }, { canFind: false }, { tryAgainMs: [1000, 5000], mostRefusals: 9 });
    const refusals = [0, 1, 2, 3].flatMap((at) => [[at, sending] as const, [at, failing('busy')] as const]);
    expect(nextStep(after(rules, ...refusals), rules, 3000)).toEqual({ do: 'wait', until: 8000 });
  });

  test.each(Object.entries(consequences))('%s', (kind, { state, run }) => {
    const failed = after(bySearch, [0, nothing], [0, sending], [1, failing(kind as ErrorKind)]);
    expect(failed.state).toBe(state);
    const isFinal = state === 'rejected' || state === 'blocked' || state === 'conflict';
    const otherwise = isFinal ? { do: 'rest' } : { do: 'look-up' };
    expect(nextStep(failed, bySearch, 1000)).toEqual(run === 'tries-again' ? { do: 'wait', until: 2000 } : otherwise);
  });

  test('only an unknown outcome may have been written', () => {
    const unsure = Object.values(consequences).filter(
      ({ state }) => state === 'unknown-outcome' || state === 'intended',
    );
    expect(unsure).toEqual([consequences['unknown-outcome']]);
  });

  test('a target that keeps turning us away is left for a later run', () => {
    let delivery = newDelivery('ours');
    let now = 0;
    const times: number[] = [];
    for (;;) {
      const step = nextStep(delivery, bySearch, now);
      if (step.do === 'wait') now = step.until;
      else if (step.do === 'look-up') {
        times.push(now);
        delivery = advance(delivery, failing('unavailable', 'look-up'), bySearch, now);
      } else break;
    }
    expect(nextStep(delivery, bySearch, now)).toMatchObject({ do: 'give-up', problem: { kind: 'unavailable' } });
    expect(times).toEqual([0, 1000, 6000, 26_000, 86_000]);
    expect(nextStep(resumed(delivery), bySearch, now)).toEqual({ do: 'look-up' });
  });

  test('also when it takes look-ups and only refuses to write', () => {
    let delivery = newDelivery('ours');
    let now = 0;
    let sends = 0;
    for (;;) {
      const step = nextStep(delivery, bySearch, now);
      if (step.do === 'wait') now = step.until;
      else if (step.do === 'look-up') delivery = advance(delivery, nothing, bySearch, now);
      else if (step.do === 'send') {
        sends += 1;
        delivery = advance(advance(delivery, sending, bySearch, now), failing('busy'), bySearch, now);
      } else break;
    }
    expect([sends, nextStep(delivery, bySearch, now).do]).toEqual([5, 'give-up']);
    // Turned away is not unknown: tomorrow it is sent again.
    expect(delivery).toMatchObject({ attempts: 5, uncertain: 0, state: 'planned' });
  });

  test('a refusal says nothing of an earlier send that may have arrived', () => {
    const rules = deliveryRules({ by: 'server-reference' }, { canFind: false });
    const refused = after(rules, [0, sending], [1, lost], [2, sending], [3, failing('blocked')]);
    expect(refused).toMatchObject({ state: 'unknown-outcome', uncertain: 1 });
    expect(nextStep(refused, rules, 3000)).toMatchObject({ do: 'ask', problem: { kind: 'blocked' } });
    expect(nextStep(resumed(refused), rules, 3000)).toEqual({ do: 'send' });
  });

  test('a target that says how long to wait is waited for that long', () => {
    const busy = { ...failing('busy'), retryAfterMs: 90_000 } as DeliveryEvent;
    expect(nextStep(after(bySearch, [0, nothing], [0, sending], [1, busy]), bySearch, 1000)).toEqual({
      do: 'wait',
      until: 91_000,
    });
  });

  test('a look-up that fails says nothing of what was posted', () => {
    const receipt = { outcome: 'created', id: '7', digest: 'ours' } as const;
    const posted = after(bySearch, [0, nothing], [0, sending], [1, { type: 'answered', receipt }]);
    const unsure = advance(posted, failing('unavailable', 'look-up'), bySearch, 1000);
    expect(unsure).toMatchObject({ state: 'posted', problem: null });
    expect(nextStep(unsure, bySearch, 1000)).toEqual({ do: 'rest' });
  });

  test('a look-up that is refused is not repeated', () => {
    const refused = after(bySearch, [0, failing('forbidden', 'look-up')]);
    expect(nextStep(refused, bySearch, 0)).toMatchObject({ do: 'give-up', problem: { kind: 'forbidden' } });
  });

  test('what needs a person comes before what passes by itself', () => {
    expect(worstEnd(['done', 'retry', 'person', 'data'])).toBe('person');
    expect(worstEnd(['done', 'retry'])).toBe('retry');
    expect(worstEnd([])).toBe('done');
    expect(endOfState.posted).toBe('done');
  });
});

describe('what forbids a write', () => {
  const rules = deliveryRules({ by: 'search', settlesMs: 60_000 }, { canFind: true });
  const forbids = { kind: 'conflict', what: 'it was edited', where: 'there', action: 'ask' } as const;
  const seen = { type: 'looked-up', hits: [], forbids } as const;

  test('seen by the first look, it is a conflict and nothing is sent', () => {
    const delivery = advance(newDelivery('a'), seen, rules, 0);
    expect(delivery).toMatchObject({ state: 'conflict', problem: forbids, attempts: 0 });
    expect(nextStep(delivery, rules, 0)).toEqual({ do: 'rest' });
  });

  test('seen after a send without an answer, it is not sent again', () => {
    const sent = advance(newDelivery(null), { type: 'sending' }, rules, 0);
    expect(advance(sent, seen, rules, 1)).toMatchObject({ state: 'conflict', attempts: 1 });
  });

  test('says nothing against a write that has arrived', () => {
    const hit = { id: '1', state: 'live', digest: 'a' } as const;
    expect(advance(newDelivery('a'), { ...seen, hits: [hit] }, rules, 0).state).toBe('posted');
    const posted = { ...newDelivery('a'), state: 'posted', targetId: '1' } as const;
    expect(advance(posted, seen, rules, 0).state).toBe('posted');
  });
});
