import { faultNames } from '../../../test/crash-runner.ts';
import { scenarioNames, type Kill, type Schedule, type Verdict } from './crash-runner.ts';
import { targetNames as targets, type TargetName } from './crash-task.ts';

/** Kills at every step boundary of every scenario, given how many steps each has. */
export function everyBoundary(stepsOf: (target: TargetName, scenario: Schedule['scenario']) => number): Schedule[] {
  return targets.flatMap((target) =>
    scenarioNames.flatMap((scenario) =>
      Array.from({ length: stepsOf(target, scenario) }, (_, step): Schedule => {
        return { target, scenario, fault: 'none', faultAt: 0, kills: [{ at: 'step', step }] };
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
  stepsOf: (target: TargetName, scenario: Schedule['scenario']) => number,
): { readonly schedules: readonly Schedule[]; readonly boundaries: number; readonly ofBoundaries: number } {
  const all = everyBoundary(stepsOf);
  const chance = randomSchedules(all.length, seed + 1);
  const below = numbersOf(seed);
  const shuffled = all
    .map((schedule, index) => ({ schedule, by: chance[index] as Schedule, at: below(1e9) }))
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

/** Schedules by chance: any fault anywhere, killed up to three times at any boundary or in any request. */
export function randomSchedules(count: number, seed: number): Schedule[] {
  const below = numbersOf(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const kill = (): Kill =>
    below(2) === 0 ? { at: 'step', step: below(84) } : { at: 'request', request: below(30), afterMs: below(8) };
  return Array.from({ length: count }, () => ({
    target: pick(targets),
    scenario: pick(scenarioNames),
    fault: pick(faultNames),
    faultAt: below(4),
    kills: Array.from({ length: below(4) }, kill),
  }));
}

/** A linear congruential generator (Numerical Recipes): the same numbers for the same seed. */
function numbersOf(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** What many schedules came to. */
export interface Tally {
  readonly schedules: number;
  readonly kills: number;
  readonly duplicates: number;
  readonly losses: number;
  /** Schedules in which a person was asked. */
  readonly asked: number;
  /** Those that broke a promise, in full. */
  readonly broken: readonly Verdict[];
}

export function tallyOf(verdicts: readonly Verdict[]): Tally {
  const count = (part: (verdict: Verdict) => number): number =>
    verdicts.reduce((sum, verdict) => sum + part(verdict), 0);
  return {
    schedules: verdicts.length,
    kills: count(({ killed }) => killed),
    duplicates: count(({ duplicates }) => duplicates),
    losses: count(({ losses }) => losses),
    asked: verdicts.filter(({ asked }) => asked.length > 0).length,
    broken: verdicts.filter(({ duplicates, losses }) => duplicates + losses > 0),
  };
}
