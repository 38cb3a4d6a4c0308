import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realWait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runToTheEnd, SpareProcesses, takeoverMs, type FaultName } from '../../../test/crash-runner.ts';
import { openStage } from './crash-stages.ts';
import type { TargetName, Task, Told } from './crash-task.ts';

export const scenarioNames = ['post', 'correct', 'undo'] as const;

/** One schedule: what is delivered where, what goes wrong on the way, and when the process is killed. */
export interface Schedule {
  readonly target: TargetName;
  readonly scenario: (typeof scenarioNames)[number];
  readonly fault: FaultName;
  /** How many writes (or look-ups) pass before the fault strikes. */
  readonly faultAt: number;
  readonly kills: readonly Kill[];
}

/** At a step boundary, or some milliseconds after the nth request was begun. */
export type Kill =
  | { readonly at: 'step'; readonly step: number }
  | { readonly at: 'request'; readonly request: number; readonly afterMs: number };

export interface Verdict {
  readonly schedule: Schedule;
  readonly killed: number;
  readonly steps: number;
  /** Vouchers that are there more than once, or not at all with nobody asked, by what the accounts say. */
  readonly duplicates: number;
  readonly losses: number;
  readonly asked: readonly string[];
  readonly balances: readonly number[];
}

const start = Date.parse('2026-04-01T06:00:00Z');

/** Runs one schedule to its end: kills, starts again, and counts through the back door. */
export async function runSchedule(schedule: Schedule, processes: DeliveryProcesses): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-crash-'));
  const time = { ms: start };
  const stage = await openStage[schedule.target](time);
  try {
    const common = { target: schedule.target, logPath: join(folder, 'log.sqlite'), turnFolder: join(folder, 'turns') };
    const { config, secrets } = stage;
    const { asked, ...ended } = await runToTheEnd({
      schedule,
      tasks: daysOf(schedule).map((part) => ({ ...common, ...part, config, secrets })),
      kills: schedule.kills,
      armFault: () => stage.arm(schedule.fault, schedule.faultAt),
      disarm: () => stage.disarm(),
      run: async (task, kill: Kill | undefined) => {
        const dieAtStep = kill?.at === 'step' ? kill.step : -1;
        const told = await runTask({ ...task, now: time.ms, dieAtStep }, kill, time, processes);
        time.ms += takeoverMs;
        return told;
      },
    });
    return { schedule, ...ended, asked, ...judge(schedule, stage.balances(), asked) };
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function daysOf({ scenario }: Schedule): Pick<Task, 'days' | 'undoes'>[] {
  if (scenario === 'post') return [{ days: [1, 1, 1], undoes: false }];
  const posted = { days: [1, 1], undoes: false };
  return scenario === 'correct' ? [posted, { days: [3, 1, 1], undoes: false }] : [posted, { days: [], undoes: true }];
}

/** The digits of what reached the bank and what was sold count the vouchers of each day. */
function judge(
  { scenario }: Schedule,
  balances: readonly number[],
  asked: readonly string[],
): Pick<Verdict, 'duplicates' | 'losses' | 'balances'> {
  const wanted = scenario === 'post' ? [1, 1, 1] : scenario === 'correct' ? [3, 1, 1] : [0, 0, 0];
  let [duplicates, losses] = [0, 0];
  for (const balance of balances) {
    for (const [day, want] of wanted.entries()) {
      const held = Math.floor(balance / (1000 * 10 ** day)) % 10;
      const most = scenario === 'undo' ? 1 : Math.max(want, 1);
      if (held > (asked.length > 0 ? most : want)) duplicates += 1;
      if (held < want && asked.length === 0) losses += 1;
    }
    if (asked.length === 0 && balance !== wanted.reduce((sum, want, day) => sum + want * 1000 * 10 ** day, 0))
      losses += 1;
  }
  return { duplicates, losses, balances };
}

type Done = Extract<Told, { says: 'done' }>;

async function runTask(
  task: Task,
  kill: Kill | undefined,
  time: { ms: number },
  processes: DeliveryProcesses,
): Promise<Done | 'killed'> {
  const child = await processes.take();
  let requests = 0;
  let isDone = false;
  let exited = (): void => undefined;
  const ended = new Promise<Done | 'killed'>((resolve) => {
    exited = () => resolve('killed');
    child.on('message', (told: Told) => {
      time.ms = Math.max(time.ms, told.says === 'ready' ? 0 : told.now);
      if (told.says === 'done') resolve(told);
      if (told.says !== 'turn') return;
      if (kill?.at === 'request' && requests === kill.request) {
        void realWait(kill.afterMs).then(() => isDone || child.kill('SIGKILL'));
      }
      requests += 1;
      if (child.connected) child.send('go', () => undefined);
    });
    child.once('exit', exited);
  });
  child.send(task);
  const told = await ended;
  isDone = true;
  child.removeAllListeners('message');
  // It is given the next task too.
  child.off('exit', exited);
  if (told !== 'killed') processes.giveBack(child);
  return told;
}

/** Delivering processes, some of them started ahead. */
export class DeliveryProcesses extends SpareProcesses {
  constructor(spare = 2) {
    super(startOne, spare);
  }
}

function startOne(): ChildProcess {
  const program = fileURLToPath(new URL('programs/deliver-to-target.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=@bilag/source', '--no-warnings', program], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'bilag-compiled') },
  });
}
