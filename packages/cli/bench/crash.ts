/**
 * Kills a process that delivers to the simulated accounting systems, at every step boundary and in the middle of requests, with
 * every fault, and counts through the back door:
 *
 *     node --conditions=@bilag/source packages/cli/bench/crash.ts [schedules] [seed]
 */
import { DeliveryProcesses, runSchedule, scenarioNames, type Verdict } from '../test/crash-runner.ts';
import { schedulesOf, tallyOf } from '../test/crash-schedules.ts';
import { targetNames } from '../test/crash-task.ts';

const wanted = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? 1);
const lanes = 2;
const startedAt = Date.now();
const processes = new DeliveryProcesses(lanes + 1);

const steps = new Map<string, number>();
for (const target of targetNames) {
  for (const scenario of scenarioNames) {
    const verdict = await runSchedule({ target, scenario, fault: 'none', faultAt: 0, kills: [] }, processes);
    steps.set(`${target} ${scenario}`, verdict.steps);
  }
}
const { schedules, boundaries, ofBoundaries } = schedulesOf(
  wanted,
  seed,
  (target, scenario) => steps.get(`${target} ${scenario}`) ?? 0,
);
process.stderr.write(
  `seed ${seed}: ${schedules.length} schedules, ${boundaries} of them at ${ofBoundaries} step boundaries\n`,
);
const verdicts: Verdict[] = [];
const left = schedules.entries();
await Promise.all(
  Array.from({ length: lanes }, async () => {
    for (const [index, schedule] of left) {
      verdicts.push(await runSchedule(schedule, processes));
      if (index % 200 === 0) process.stderr.write(`${index} of ${schedules.length}\n`);
    }
  }),
);
await processes.stop();

const { broken, ...tally } = tallyOf(verdicts);
const seconds = Math.round((Date.now() - startedAt) / 1000);
const report = { seed, boundaries, ofBoundaries, ...tally, seconds, broken: broken.slice(0, 10) };
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
