import { afterAll, describe, expect, test } from 'vitest';
import { DeliveryProcesses, runSchedule, scenarioNames, type Schedule, type Verdict } from './crash-runner.ts';
import { randomSchedules, schedulesOf, tallyOf } from './crash-schedules.ts';

const processes = new DeliveryProcesses(3);
afterAll(() => processes.stop());

async function runAll(schedules: readonly Schedule[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const left = schedules.values();
  const lane = async (): Promise<void> => {
    for (const schedule of left) verdicts.push(await runSchedule(schedule, processes));
  };
  await Promise.all([lane(), lane()]);
  return verdicts;
}

const clean = { duplicates: 0, losses: 0, wrong: 0, broken: [] };

// `bench/crash.ts` runs thousands of these.
describe('a process that is killed while it delivers', () => {
  test('leaves every voucher in the target once in the end, at boundaries by sample', async () => {
    const schedules = scenarioNames.flatMap((scenario) =>
      [16, 19, 20, 21, 22].map((step): Schedule => {
        return { kind: 'search', scenario, fault: 'none', faultAt: 0, kills: [{ at: 'step', step }], concurrency: 1 };
      }),
    );
    const tally = tallyOf(await runAll(schedules));
    expect(tally).toMatchObject({ ...clean, kills: schedules.length, asked: {} });
  });

  test('at random moments, on every kind of target, with faults on the way', async () => {
    const tally = tallyOf(await runAll(randomSchedules(25, 7)));
    expect(tally).toMatchObject(clean);
    expect(Object.keys(tally.asked).filter((kind) => kind !== 'none')).toEqual([]);
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
