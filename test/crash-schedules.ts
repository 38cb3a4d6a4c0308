import { faultNames, type FaultName } from './crash-runner.ts';

/** What every schedule has: a fault at some write or look-up, and kills. */
export interface CrashSchedule<Kill> {
  readonly fault: FaultName;
  readonly faultAt: number;
  readonly kills: readonly Kill[];
}

/** Chance that is the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 on, below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  /** Any fault at one of the first places, and up to three kills. */
  schedule<Kill>(faultPlaces: number, kill: () => Kill): CrashSchedule<Kill> {
    const fault = this.pick(faultNames);
    const faultAt = this.below(faultPlaces);
    return { fault, faultAt, kills: Array.from({ length: this.below(4) }, kill) };
  }
}

/** Which schedules are run, and how many of all step boundaries they are killed at. */
export interface ChosenSchedules<Schedule> {
  readonly schedules: readonly Schedule[];
  readonly boundaries: number;
  readonly ofBoundaries: number;
}

/**
 * As many schedules as are wanted, all of them by the seed: kills at boundaries, half of the number at most, every other with a
 * fault and all with more kills by chance, and the rest by chance altogether.
 */
export function chooseSchedules<Kill, Schedule extends CrashSchedule<Kill>>(
  wanted: number,
  seed: number,
  everyBoundary: readonly Schedule[],
  byChance: (count: number, seed: number) => readonly Schedule[],
): ChosenSchedules<Schedule> {
  const others = byChance(everyBoundary.length, seed + 1);
  const chance = new Chance(seed);
  const shuffled = everyBoundary
    .map((schedule, index) => ({ schedule, by: others[index] as Schedule, at: chance.below(2 ** 31) }))
    .sort((a, b) => a.at - b.at);
  const atBoundaries = shuffled.slice(0, Math.min(everyBoundary.length, Math.ceil(wanted / 2)));
  return {
    schedules: [
      ...atBoundaries.map(({ schedule, by }) => ({
        ...schedule,
        fault: by.faultAt % 2 === 0 ? 'none' : by.fault,
        faultAt: by.faultAt,
        kills: [...schedule.kills, ...by.kills.slice(1)],
      })),
      ...byChance(Math.max(0, wanted - atBoundaries.length), seed),
    ],
    boundaries: atBoundaries.length,
    ofBoundaries: everyBoundary.length,
  };
}
