import { Chance, chooseSchedules, type ChosenSchedules } from '../../../test/crash-schedules.ts';
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

/** Schedules by the seed, out of every boundary and by chance: see `chooseSchedules`. */
export function schedulesOf(
  wanted: number,
  seed: number,
  stepsOf: (kind: FakeKind, scenario: Schedule['scenario']) => number,
): ChosenSchedules<Schedule> {
  return chooseSchedules<Kill, Schedule>(wanted, seed, everyBoundary(stepsOf), randomSchedules);
}

/** Schedules by chance: any fault anywhere, killed up to three times at any boundary or moment. */
export function randomSchedules(count: number, seed: number): Schedule[] {
  const chance = new Chance(seed);
  const kill = (): Kill => {
    const at = chance.pick(['step', 'step', 'time', 'arrived', 'done'] as const);
    if (at === 'step') return { at, step: chance.below(50) };
    return at === 'time' ? { at, ms: chance.below(60) } : { at, request: chance.below(14) };
  };
  return Array.from({ length: count }, () => ({
    kind: chance.pick(['search', 'search', ...kinds]),
    scenario: chance.pick(scenarioNames),
    ...chance.schedule(3, kill),
    concurrency: 1 + chance.below(2),
  }));
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
