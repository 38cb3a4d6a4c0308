import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as realWait } from 'node:timers/promises';
import type { Fault, FaultAim } from '../packages/fault-server/src/index.ts';

/** What goes wrong on the way to the target, beside the kill. */
export const faultNames = [
  'none',
  'refuse',
  'hang before commit',
  'hang after commit',
  'cut before commit',
  'cut after commit',
  'cut midway',
  '500 before commit',
  '500 after commit',
  '429 with header',
  '429 without header',
  'slow search index',
  'cut look-up',
] as const;
export type FaultName = (typeof faultNames)[number];

type AimedFault = Fault & FaultAim;
type Match = NonNullable<FaultAim['match']>;

/** Where faults strike: what writes, what looks up, and how long a target that is busy wants to be left alone. */
export interface FaultPlaces {
  readonly arm: (fault: AimedFault) => { disarm(): Promise<void> };
  readonly write: Match;
  readonly read: Match;
  readonly retryAfterSeconds: number;
}

/** Arms the fault of that name; none for what the target itself does slowly, which the caller sees to. */
export function armFault(name: FaultName, skip: number, { arm, write, read, retryAfterSeconds }: FaultPlaces): void {
  const fault = faultsOf(retryAfterSeconds)[name];
  if (fault === undefined) return;
  const armed = arm({ ...fault, match: name === 'cut look-up' ? read : write, skip });
  // A port that refuses stays closed for a moment of real time, and opens again.
  if (name === 'refuse') void realWait(20 + skip * 10).then(() => armed.disarm());
}

function faultsOf(retryAfterSeconds: number): Partial<Record<FaultName, AimedFault>> {
  return {
    refuse: { kind: 'refuse' },
    'hang before commit': { kind: 'hang' },
    'hang after commit': { kind: 'hang', strikes: 'after' },
    'cut before commit': { kind: 'cut' },
    'cut after commit': { kind: 'cut', strikes: 'after' },
    'cut midway': { kind: 'cut', strikes: 'midway' },
    '500 before commit': { kind: 'status', status: 500, headers: {} },
    '500 after commit': { kind: 'status', status: 500, headers: {}, strikes: 'after' },
    '429 with header': { kind: 'status', status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
    '429 without header': { kind: 'status', status: 429, headers: {} },
    'cut look-up': { kind: 'cut' },
  };
}

/** How long after a process ended, in virtual time, the next may take its place. */
export const takeoverMs = 130_000;

/** What a process says at its end. */
export interface RunEnd {
  readonly steps: number;
  readonly ends?: readonly string[];
  /** Vouchers a person is asked about. */
  readonly asked?: readonly string[];
  readonly error?: { readonly kind: string; readonly message: string };
}

/** What all the processes of a schedule came to. */
export interface RunsEnd {
  readonly killed: number;
  readonly steps: number;
  readonly asked: readonly string[];
}

/** How one schedule is run: its tasks one after the other, the last of them with a fault and with kills. */
export interface Runs<Task, Kill> {
  /** For an error that says which it was. */
  readonly schedule: object;
  readonly tasks: readonly Task[];
  readonly kills: readonly Kill[];
  readonly armFault: () => void;
  readonly disarm: () => Promise<void>;
  /** One process, until it told its end or was killed. */
  readonly run: (task: Task, kill: Kill | undefined) => Promise<RunEnd | 'killed'>;
}

/** Starts again what was killed or did not get through, until every task is done. */
export async function runToTheEnd<Task, Kill>(runs: Runs<Task, Kill>): Promise<RunsEnd> {
  const kills = [...runs.kills];
  let [killed, steps, asked] = [0, 0, [] as readonly string[]];
  for (const [index, task] of runs.tasks.entries()) {
    const isLast = index === runs.tasks.length - 1;
    if (isLast) runs.armFault();
    for (let starts = 0; ; starts += 1) {
      if (starts > 12) throw new Error(`it does not come to an end: ${JSON.stringify(runs.schedule)}`);
      const told = await runs.run(task, isLast ? kills.shift() : undefined);
      if (told === 'killed') {
        killed += 1;
        continue;
      }
      const { error, ends = [] } = told;
      // What another start gets past.
      if (error !== undefined && error.kind !== 'busy' && error.kind !== 'unavailable') throw new Error(error.message);
      steps = Math.max(steps, told.steps);
      asked = told.asked ?? [];
      if (error === undefined && !ends.includes('retry')) break;
      await runs.disarm();
    }
  }
  return { killed, steps, asked };
}

/** Delivering processes, some of them started ahead: starting one takes longer than a schedule. */
export class SpareProcesses {
  readonly #start: () => ChildProcess;
  readonly #spare: number;
  readonly #ready: Promise<ChildProcess>[] = [];

  /** A process says something as soon as it can be given a task. */
  constructor(start: () => ChildProcess, spare: number) {
    this.#start = start;
    this.#spare = spare;
    this.#fill();
  }

  async take(): Promise<ChildProcess> {
    const child = (await this.#ready.shift()) as ChildProcess;
    this.#fill();
    return child;
  }

  /** One that was not killed serves the next schedule. */
  giveBack(child: ChildProcess): void {
    if (child.exitCode === null && child.signalCode === null) this.#ready.unshift(Promise.resolve(child));
  }

  async stop(): Promise<void> {
    for (const child of await Promise.all(this.#ready)) child.kill('SIGKILL');
  }

  #fill(): void {
    while (this.#ready.length < this.#spare) this.#ready.push(this.#startOne());
  }

  async #startOne(): Promise<ChildProcess> {
    const child = this.#start();
    await once(child, 'message');
    return child;
  }
}
