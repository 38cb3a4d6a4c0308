/**
 * Kills a delivering process at every step boundary and at random moments, with every fault, and counts through the back door:
 *
 *     node --conditions=@bilag/source packages/engine/bench/crash.ts [schedules] [seed]
 */
import { DeliveryProcesses, runSchedule, scenarioNames, type Verdict } from '../test/crash-runner.ts';
import { schedulesOf, tallyOf } from '../test/crash-schedules.ts';
import type { FakeKind } from '../test/fake-books.ts';

const wanted = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? 1);
const lanes = 2;
const startedAt = Date.now();
const processes = new DeliveryProcesses(lanes + 1);

const steps = new Map<string, number>();
for (const kind of ['search', 'server-reference', 'server-key', 'none'] as const) {
  for (const scenario of scenarioNames) {
    const verdict = await runSchedule(
      { kind, scenario, fault: 'none', faultAt: 0, kills: [], concurrency: 1 },
      processes,
    );
    steps.set(`${kind} ${scenario}`, verdict.steps);
  }
}
const { schedules, boundaries, ofBoundaries } = schedulesOf(
  wanted,
  seed,
  (kind: FakeKind, scenario) => steps.get(`${kind} ${scenario}`) ?? 0,
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
