import { afterAll, describe, expect, test } from 'vitest';
import { DeliveryProcesses, runSchedule, type Schedule, type Verdict } from './crash-runner.ts';
import { askingTargets, targetNames } from './crash-task.ts';
import { randomSchedules, schedulesOf, tallyOf } from './crash-schedules.ts';

const processes = new DeliveryProcesses(2);
afterAll(() => processes.stop());

async function runAll(schedules: readonly Schedule[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const schedule of schedules) verdicts.push(await runSchedule(schedule, processes));
  return verdicts;
}

// `bench/crash.ts` runs thousands of these.
describe.each(targetNames)('a process that is killed while it delivers to %s', (target) => {
  test('leaves every voucher there once, to the øre, in the end', async () => {
    const around = [18, 19, 20, 21].map((step): Schedule => {
      return { target, scenario: 'post', fault: 'none', faultAt: 0, kills: [{ at: 'step', step }] };
    });
    const byChance = randomSchedules(30 * targetNames.length, 5).filter((schedule) => schedule.target === target);
    const tally = tallyOf(await runAll([...around, ...byChance.slice(0, 10)]));
    expect(tally).toMatchObject({ schedules: 14, duplicates: 0, losses: 0, broken: [] });
    expect(tally.asked).toBeLessThanOrEqual(askingTargets.has(target) ? 14 : 0);
    expect(tally.kills).toBeGreaterThanOrEqual(4);
  });
});

test.each([40, 4000])('of %i schedules every one follows the seed, and there are as many as are wanted', (wanted) => {
  const texts = (seed: number): string[] =>
    schedulesOf(wanted, seed, () => 60).schedules.map((each) => JSON.stringify(each));
  expect(texts(1)).toHaveLength(wanted);
  expect(texts(1)).toEqual(texts(1));
  const others = texts(2);
  const same = texts(1).filter((text, index) => text === others[index]);
  expect(same.length).toBeLessThan(wanted / 4);
});
