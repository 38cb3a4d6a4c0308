import { faultNames } from '../../../test/crash-runner.ts';
import { scenarioNames, type Kill, type Schedule, type Verdict } from './crash-runner.ts';
import type { FakeKind } from './fake-books.ts';

const kinds: readonly FakeKind[] = ['search', 'server-reference', 'server-key', 'none'];

/** Kills at every step boundary of every scenario on every kind of target, given how many steps each has. */
export function everyBoundary(stepsOf: (kind: FakeKind, scenario: Schedule['scenario']) => number): Schedule[] {
  return kinds.flatMap((kind) =>
    scenarioNames.flatMap((scenario) =>
      Array.from({ length: stepsOf(kind, scenario) }, (_, step): Schedule => {
        return { kind, scenario, fault: 'none', faultAt: 0, kills: [{ at: 'step', step }], concurrency: 1 };
      }),
    ),
  );
}

/**
 * As many schedules as are wanted, all of them by the seed: kills at boundaries, half of the number at most, every other with a
 * fault and all with more kills by chance, and the rest by chance altogether.
 */
export function schedulesOf(
  wanted: number,
  seed: number,
  stepsOf: (kind: FakeKind, scenario: Schedule['scenario']) => number,
): { readonly schedules: readonly Schedule[]; readonly boundaries: number; readonly ofBoundaries: number } {
  const all = everyBoundary(stepsOf);
  const chance = randomSchedules(all.length, seed + 1);
  const random = seeded(seed);
  const shuffled = all
    .map((schedule, index) => ({ schedule, by: chance[index] as Schedule, at: random() }))
    .sort((a, b) => a.at - b.at);
  const atBoundaries = shuffled.slice(0, Math.min(all.length, Math.ceil(wanted / 2))).map(({ schedule, by }) => ({
    ...schedule,
    fault: by.faultAt % 2 === 0 ? 'none' : by.fault,
    faultAt: by.faultAt,
    kills: [...schedule.kills, ...by.kills.slice(1)],
  }));
  const others = randomSchedules(Math.max(0, wanted - atBoundaries.length), seed);
  return { schedules: [...atBoundaries, ...others], boundaries: atBoundaries.length, ofBoundaries: all.length };
}

/** Schedules by chance: any fault anywhere, killed up to three times at any boundary or moment. */
export function randomSchedules(count: number, seed: number): Schedule[] {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const kill = (): Kill => {
    const at = pick(['step', 'step', 'time', 'arrived', 'done'] as const);
    if (at === 'step') return { at, step: below(50) };
    return at === 'time' ? { at, ms: below(60) } : { at, request: below(14) };
  };
  return Array.from({ length: count }, () => ({
    kind: pick(['search', 'search', ...kinds]),
    scenario: pick(scenarioNames),
    fault: pick(faultNames),
    faultAt: below(3),
    kills: Array.from({ length: below(4) }, kill),
    concurrency: 1 + below(2),
  }));
}

/** The same numbers for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What many schedules came to. */
export interface Tally {
  readonly schedules: number;
  readonly kills: number;
  readonly duplicates: number;
  readonly losses: number;
  readonly wrong: number;
  /** Schedules in which a person was asked, by kind of target. */
  readonly asked: Readonly<Record<string, number>>;
  /** Those that broke a promise, in full. */
  readonly broken: readonly Verdict[];
}

export function tallyOf(verdicts: readonly Verdict[]): Tally {
  const asked: Record<string, number> = {};
  for (const { schedule, asked: about } of verdicts) {
    if (about.length > 0) asked[schedule.kind] = (asked[schedule.kind] ?? 0) + 1;
  }
  const count = (part: (verdict: Verdict) => number): number =>
    verdicts.reduce((sum, verdict) => sum + part(verdict), 0);
  return {
    schedules: verdicts.length,
    kills: count(({ killed }) => killed),
    duplicates: count(({ duplicates }) => duplicates.length),
    losses: count(({ losses }) => losses.length),
    wrong: count(({ wrong }) => wrong.length),
    asked,
    broken: verdicts.filter(({ duplicates, losses, wrong }) => duplicates.length + losses.length + wrong.length > 0),
  };
}
