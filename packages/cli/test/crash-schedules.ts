import { Chance, chooseSchedules, type ChosenSchedules } from '../../../test/crash-schedules.ts';
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

/** Schedules by the seed, out of every boundary and by chance: see `chooseSchedules`. */
export function schedulesOf(
  wanted: number,
  seed: number,
  stepsOf: (target: TargetName, scenario: Schedule['scenario']) => number,
): ChosenSchedules<Schedule> {
  return chooseSchedules<Kill, Schedule>(wanted, seed, everyBoundary(stepsOf), randomSchedules);
}

/** Schedules by chance: any fault anywhere, killed up to three times at any boundary or in any request. */
export function randomSchedules(count: number, seed: number): Schedule[] {
  const chance = new Chance(seed);
  const kill = (): Kill =>
    chance.below(2) === 0
      ? { at: 'step', step: chance.below(84) }
      : { at: 'request', request: chance.below(30), afterMs: chance.below(8) };
  return Array.from({ length: count }, () => ({
    target: chance.pick(targets),
    scenario: chance.pick(scenarioNames),
    ...chance.schedule(4, kill),
  }));
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
