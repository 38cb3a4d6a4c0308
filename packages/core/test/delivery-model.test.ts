import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advance,
  deliveryRules,
  newDelivery,
  nextStep,
  resumed,
  type Dedupe,
  type Delivery,
  type DeliveryEvent,
  type DeliveryRules,
  type ErrorKind,
  type Hit,
} from '../src/index.ts';
import { runs } from './property-runs.ts';

/** What happens to one send or look-up, in the order of the requests. Absent: nothing goes wrong. */
type Mishap =
  | { readonly kind: 'none' | 'refused' | 'lost-before' | 'crash-before' }
  /** Written, and no reply: after a delay, and seen by the search later still. */
  | { readonly kind: 'lost-after' | 'crash-after'; readonly commitsIn: number; readonly seenIn: number }
  | { readonly kind: 'answered'; readonly seenIn: number }
  | { readonly kind: 'away'; readonly forMs: number };

const settlesMs = 60_000;
const keptMs = 600_000;

function mishaps(longestMs: number): fc.Arbitrary<Mishap> {
  const part = fc.integer({ min: 0, max: longestMs / 2 });
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('none' as const, 'refused', 'lost-before', 'crash-before') }),
    fc.record({ kind: fc.constantFrom('lost-after' as const, 'crash-after'), commitsIn: part, seenIn: part }),
    fc.record({ kind: fc.constant('answered' as const), seenIn: part }),
    fc.record({ kind: fc.constant('away' as const), forMs: fc.integer({ min: 1, max: 900_000 }) }),
  );
}

interface Held {
  readonly at: number;
  readonly seenAt: number;
}

/** A target that keeps what it is sent, as its class says, and shows it when it likes. */
class ModelTarget {
  readonly #dedupe: Dedupe;
  readonly held: Held[] = [];
  #firstAt: number | undefined;

  constructor(dedupe: Dedupe) {
    this.#dedupe = dedupe;
  }

  commit(sentAt: number, commitsIn: number, seenIn: number): void {
    const at = sentAt + commitsIn;
    const isRemembered =
      this.#dedupe.by === 'server-key' && this.#firstAt !== undefined && sentAt < this.#firstAt + keptMs;
    if (this.held.length > 0 && (this.#dedupe.by === 'server-reference' || isRemembered)) return;
    this.#firstAt ??= sentAt;
    this.held.push({ at, seenAt: at + seenIn });
  }

  find(now: number): Hit[] {
    return this.held.flatMap(({ seenAt }, index) =>
      seenAt <= now ? [{ id: String(index), state: 'live' as const, digest: 'ours' }] : [],
    );
  }
}

interface Ended {
  readonly delivery: Delivery;
  readonly held: number;
  readonly asked: boolean;
  readonly sends: number;
}

/** Drives the machine as the engine does, restarting it wherever it gave up or died, until it rests or asks. */
function run(rules: DeliveryRules, planned: readonly Mishap[], skews: readonly number[] = []): Ended {
  const clocks = [...skews];
  const target = new ModelTarget(rules.dedupe);
  const left = [...planned];
  let delivery = newDelivery('ours');
  let now = 1_000_000;
  let sends = 0;
  // How far the clock of this process is ahead of the target's.
  let ahead = 0;
  const restarted = (of: Delivery): Delivery => {
    ahead = clocks.shift() ?? 0;
    return resumed(of);
  };
  for (let turns = 0; turns < 500; turns += 1) {
    const step = nextStep(delivery, rules, now + ahead);
    if (step.do === 'rest' || step.do === 'ask') {
      return { delivery, held: target.held.length, asked: step.do === 'ask', sends };
    }
    if (step.do === 'wait') now = step.until - ahead;
    else if (step.do === 'give-up') {
      now += 600_000;
      delivery = restarted(delivery);
    } else {
      const mishap = left.shift() ?? { kind: 'none' };
      if (mishap.kind === 'away') {
        now += mishap.forMs;
        delivery = restarted(delivery);
      } else if (step.do === 'look-up') {
        delivery = advance(delivery, lookUp(mishap, target, now), rules, now + ahead);
      } else {
        sends += 1;
        delivery = advance(delivery, { type: 'sending' }, rules, now + ahead);
        const event = send(mishap, target, now);
        now += 500;
        // A process that dies keeps what it wrote down last: the intent.
        delivery = event === 'crash' ? restarted(delivery) : advance(delivery, event, rules, now + ahead);
        if (event === 'crash') now += 120_000;
      }
    }
  }
  throw new Error('the machine does not come to an end');
}

function lookUp(mishap: Mishap, target: ModelTarget, now: number): DeliveryEvent {
  return mishap.kind === 'refused' ? failing('unavailable', 'look-up') : { type: 'looked-up', hits: target.find(now) };
}

function send(mishap: Mishap, target: ModelTarget, now: number): DeliveryEvent | 'crash' {
  switch (mishap.kind) {
    case 'refused':
      return failing('unavailable', 'send');
    case 'lost-before':
      return failing('unknown-outcome', 'send');
    case 'crash-before':
      return 'crash';
    case 'lost-after':
    case 'crash-after':
      target.commit(now, mishap.commitsIn, mishap.seenIn);
      return mishap.kind === 'lost-after' ? failing('unknown-outcome', 'send') : 'crash';
    default:
      target.commit(now, 0, mishap.kind === 'answered' ? mishap.seenIn : 0);
      return { type: 'answered', receipt: { outcome: 'created', id: '0', digest: 'ours' } };
  }
}

function failing(kind: ErrorKind, during: 'send' | 'look-up'): DeliveryEvent {
  return { type: 'failed', during, problem: { kind, what: kind, where: 'target', action: 'see' } };
}

const targets: readonly [string, DeliveryRules][] = [
  [
    'that can be searched',
    deliveryRules({ by: 'search', settlesMs }, { canFind: true }, { whenNotFound: 'send-again' }),
  ],
  ['that refuses a second one', deliveryRules({ by: 'server-reference' }, { canFind: false })],
  ['that refuses a second one and can be searched', deliveryRules({ by: 'server-reference' }, { canFind: true })],
  ['that remembers a key', deliveryRules({ by: 'server-key', keptMs }, { canFind: false })],
  ['that remembers a key and can be searched', deliveryRules({ by: 'server-key', keptMs }, { canFind: true })],
  ['without any guard', deliveryRules({ by: 'none' }, { canFind: false })],
  ['without any guard that can be searched', deliveryRules({ by: 'none' }, { canFind: true })],
];

describe.each(targets)('a target %s', (_, rules) => {
  test('holds a voucher once at most, whatever happens on the way', () => {
    fc.assert(
      fc.property(fc.array(mishaps(settlesMs), { maxLength: 12 }), (planned) => {
        const { delivery, held, asked } = run(rules, planned);
        expect(held).toBeLessThanOrEqual(1);
        // In the end it is there once, or a person is asked; it is never called posted when it is not.
        expect(asked || (delivery.state === 'posted' && held === 1)).toBe(true);
      }),
      runs(2000),
    );
  });

  test('holds it once when nothing goes wrong', () => {
    expect(run(rules, [])).toMatchObject({ held: 1, sends: 1, asked: false });
  });

  test('is sent to again only after it was turned away or an unknown outcome', () => {
    fc.assert(
      fc.property(fc.array(mishaps(settlesMs), { maxLength: 12 }), (planned) => {
        const { sends } = run(rules, planned);
        const disturbed = planned.filter(({ kind }) => kind !== 'none' && kind !== 'answered' && kind !== 'away');
        expect(sends).toBeLessThanOrEqual(1 + disturbed.length);
      }),
      runs(100),
    );
  });
});

test.each(targets.filter(([, { dedupe }]) => dedupe.by !== 'server-key'))(
  'a target %s holds a voucher once at most, whatever the clocks of those who deliver say',
  (_, rules) => {
    const day = 86_400_000;
    const skews = fc.array(fc.integer({ min: -30 * day, max: 30 * day }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(mishaps(settlesMs), { maxLength: 12 }), skews, (planned, ahead) => {
        const { held, asked, delivery } = run(rules, planned, ahead);
        expect(held).toBeLessThanOrEqual(1);
        expect(asked || (delivery.state === 'posted' && held === 1)).toBe(true);
      }),
      runs(500),
    );
  },
);

test('a target that is slower than it declares gets a voucher once at most where a person is asked instead', () => {
  const rules = deliveryRules({ by: 'search', settlesMs }, { canFind: true });
  fc.assert(
    fc.property(fc.array(mishaps(settlesMs * 100), { maxLength: 12 }), (planned) => {
      const { held, asked, delivery } = run(rules, planned);
      expect(held).toBeLessThanOrEqual(1);
      expect(asked || delivery.state === 'posted').toBe(true);
    }),
    runs(2000),
  );
});
