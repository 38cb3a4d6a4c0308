import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as realWait } from 'node:timers/promises';
import type { FaultServer } from '@bilag/fault-server';
import { expectedDigest, viewDigest, voucherReference } from '@bilag/core';
import { armFault, runToTheEnd, SpareProcesses, takeoverMs, type FaultName } from '../../../test/crash-runner.ts';
import type { Task, Told } from './crash-task.ts';
import { startFakeBooks, type FakeBooks, type FakeKind } from './fake-books.ts';
import { startServing, temporaryFolder } from './run-program.ts';
import { sampleVoucher, type Sample } from './sample-vouchers.ts';

export const scenarioNames = ['post', 'correct', 'undo', 'undo by mirrored vouchers'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** One schedule: what is delivered to which target, what goes wrong, and when the process is killed. */
export interface Schedule {
  readonly kind: FakeKind;
  readonly scenario: ScenarioName;
  readonly fault: FaultName;
  /** Which matching request the fault strikes. */
  readonly faultAt: number;
  /** At a step boundary, after real milliseconds, or when the nth request arrives or is done. */
  readonly kills: readonly Kill[];
  readonly concurrency: number;
}

export type Kill =
  | { readonly at: 'step'; readonly step: number }
  | { readonly at: 'time'; readonly ms: number }
  | { readonly at: 'arrived' | 'done'; readonly request: number };

/** What a schedule came to. */
export interface Verdict {
  readonly schedule: Schedule;
  readonly killed: number;
  readonly duplicates: readonly string[];
  /** Not in the target, and nobody was asked. */
  readonly losses: readonly string[];
  /** In the target with other content. */
  readonly wrong: readonly string[];
  readonly asked: readonly string[];
  readonly steps: number;
}

/** Delivering processes, some of them started ahead. */
export class DeliveryProcesses extends SpareProcesses {
  constructor(spare = 2) {
    super(() => startServing('deliver'), spare);
  }
}

/** Runs one schedule to its end: kills, starts again, and looks through the back door. */
export async function runSchedule(schedule: Schedule, processes: DeliveryProcesses): Promise<Verdict> {
  const server = await startFakeBooks(schedule.kind);
  const logPath = join(temporaryFolder(), 'delivery.sqlite');
  try {
    let now = Date.parse('2026-04-01T06:00:00Z');
    const { asked, killed, steps } = await runToTheEnd({
      schedule,
      tasks: tasksOf(schedule, logPath, server.url),
      kills: schedule.kills,
      armFault: () => armScheduled(server, schedule),
      disarm: () => server.faults.disarmAll(),
      run: async (task, kill: Kill | undefined) => {
        const dieAtStep = kill?.at === 'step' ? kill.step : -1;
        const told = await runTask({ ...task, now, dieAtStep }, kill, server, processes);
        now = (told === 'killed' ? Math.max(now, server.backDoor.now) : told.now) + takeoverMs;
        return told;
      },
    });
    return { ...judge(schedule, server.backDoor, asked), killed, steps };
  } finally {
    await server.close();
    rmSync(join(logPath, '..'), { recursive: true, force: true });
  }
}

const first: readonly Sample[] = [{ index: 0 }, { index: 1 }];
const corrected: readonly Sample[] = [{ index: 0, gross: 12_345 }, { index: 1 }, { index: 2 }];

function tasksOf(
  { kind, scenario, concurrency }: Schedule,
  logPath: string,
  url: string,
): Omit<Task, 'now' | 'dieAtStep'>[] {
  const canReverse = scenario !== 'undo by mirrored vouchers';
  const common = { logPath, url, kind, concurrency, canReverse, attaches: scenario === 'post', wantsNames: false };
  const posting = { ...common, samples: first, undoes: false };
  if (scenario === 'post') return [{ ...posting, samples: [...first, { index: 2 }] }];
  if (scenario === 'correct') return [posting, { ...common, samples: corrected, undoes: false }];
  return [posting, { ...common, samples: [], undoes: true }];
}

async function runTask(
  task: Task,
  kill: Kill | undefined,
  server: FaultServer<FakeBooks>,
  processes: DeliveryProcesses,
): Promise<Told | 'killed'> {
  const child = await processes.take();
  let isDone = false;
  const ended = Promise.race([
    once(child, 'message').then(([told]) => told as Told),
    once(child, 'exit').then(() => 'killed' as const),
  ]);
  const killNow = (): void => void (isDone || child.kill('SIGKILL'));
  let requests = 0;
  server.backDoor.onRequest = (moment) => {
    if (kill?.at === moment && requests === kill.request) killNow();
    if (moment === 'done') requests += 1;
  };
  child.send(task);
  if (kill?.at === 'time') void realWait(kill.ms).then(killNow);
  const told = await ended;
  isDone = true;
  server.backDoor.onRequest = () => undefined;
  // A kill on its way may still strike a process that has just told its end.
  if (told !== 'killed') processes.giveBack(child);
  return told;
}

function armScheduled(server: FaultServer<FakeBooks>, { fault, faultAt }: Schedule): void {
  if (fault === 'slow search index') server.backDoor.searchDelayMs = slowMs;
  armFault(fault, faultAt, {
    arm: (made) => server.faults.arm(made),
    write: ({ method }) => method === 'POST',
    read: ({ method, path }) => method === 'GET' && path === '/vouchers',
    retryAfterSeconds: 30,
  });
}

/** Less than the fake declares. */
const slowMs = 50_000;

/** What must be there in the end, and what is. */
function judge(schedule: Schedule, books: FakeBooks, asked: readonly string[]): Omit<Verdict, 'killed' | 'steps'> {
  const duplicates: string[] = [];
  const losses: string[] = [];
  const wrong: string[] = [];
  // A voucher waits for the reversal of the revision before it, so that a person asked about one is asked about both.
  const isAsked = (reference: string): boolean =>
    asked.some((text) => text.startsWith(reference.replace(/\.R\d+$/, '')));
  const references = new Set(books.vouchers.map(({ reference }) => reference));
  for (const reference of references) if (books.live(reference).length > 1) duplicates.push(reference);
  for (const { reference, digest } of wantedOf(schedule)) {
    const live = books.live(reference);
    if (live.length === 0 && !isAsked(reference)) losses.push(reference);
    for (const posted of live) if (viewDigest(posted) !== digest) wrong.push(reference);
  }
  const net = new Map<string, number>();
  for (const posted of books.vouchers.filter((voucher) => voucher.state !== 'deleted')) {
    for (const { account, amount } of posted.lines) net.set(account, (net.get(account) ?? 0) + amount);
  }
  const expected = expectedClearing(schedule);
  if (asked.length === 0 && (net.get('1579') ?? 0) !== expected) wrong.push(`1579: ${net.get('1579')} not ${expected}`);
  return { schedule, duplicates, losses, wrong, asked };
}

function wantedOf({ scenario }: Schedule): { readonly reference: string; readonly digest: string }[] {
  const samples = scenario === 'post' ? [...first, { index: 2 }] : scenario === 'correct' ? corrected : [];
  return samples.map((sample) => {
    const voucher = sampleVoucher(sample);
    const revision = scenario === 'correct' && sample.index === 0 ? 2 : 1;
    return { reference: voucherReference({ ...voucher, revision }), digest: expectedDigest(voucher, 'gross') };
  });
}

function expectedClearing({ scenario }: Schedule): number {
  if (scenario === 'post') return 30_003;
  return scenario === 'correct' ? 12_345 + 10_001 + 10_002 : 0;
}
