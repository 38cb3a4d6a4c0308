import type { CompanyInput, World } from '@bilag/cli';
import { plainDate } from '@bilag/core';
import { openDeliveryLog } from '@bilag/engine';
import { startFikenSimulator, type FikenSimulator, type FikenSimulatorOptions } from '@bilag/simulator-fiken';
import {
  bilagAccounts,
  startTripletexSimulator,
  type TripletexSimulator,
  type TripletexSimulatorOptions,
} from '@bilag/simulator-tripletex';
import type { VippsSimulator, VippsSimulatorOptions } from '@bilag/simulator-vipps';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { cafeConfig, createBench, keysOf, startSimulator, type Bench, type Ran } from './bench.ts';

/** Time that only waiting moves: a run that would take minutes takes none. */
export class VirtualTime {
  ms: number;

  constructor(start: Date = new Date('2026-07-08T10:00:00Z')) {
    this.ms = start.getTime();
  }

  readonly now = (): Date => new Date(this.ms);

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.ms += ms;
    // Others take their turn.
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
}

/** Banks and payment services are sub-accounts in Fiken, and its VAT accounts have numbers of their own. */
const fikenAccounts: Readonly<Record<string, string>> = {
  '1920': '1920:10001',
  '1579': '1920:10002',
  '2700': '2701',
  '2701': '2702',
  '2703': '2703',
};

/** The company in the simulated Tripletex. */
export const tripletexCompany = 2_100_001;

/** A café that has fetched its week, and an accounting system it is to be posted to. */
export interface DeliveryBench extends AsyncDisposable {
  readonly bench: Bench;
  readonly time: VirtualTime;
  readonly vipps: VippsSimulator;
  readonly tripletex: TripletexSimulator;
  readonly fiken: FikenSimulator;
  /** Runs a command in virtual time. */
  run(...argv: readonly string[]): Promise<Ran>;
  runIn(world: Partial<World>, ...argv: readonly string[]): Promise<Ran>;
  /** Writes the config anew. */
  configure(changes?: Partial<CompanyInput>): void;
}

export const plainPolicy: CompanyInput['policy'] = {
  versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary' }],
};

/** The keys of both, under the names the configs use. */
export function keysOfTargets(tripletex: TripletexSimulator, fiken: FikenSimulator): Record<string, string> {
  return {
    TRIPLETEX_CONSUMER_TOKEN: tripletex.credentials.consumerToken,
    TRIPLETEX_EMPLOYEE_TOKEN: tripletex.credentials.employeeTokens[tripletexCompany] ?? '',
    FIKEN_TOKEN: fiken.credentials.token,
  };
}

/** Both as targets of a config. */
export function targetsOf(tripletex: TripletexSimulator, fiken: FikenSimulator): NonNullable<CompanyInput['targets']> {
  return {
    tripletex: {
      adapter: '@bilag/tripletex',
      config: { host: tripletex.url, credentials: 'env:TRIPLETEX', companyId: tripletexCompany },
    },
    fiken: {
      adapter: '@bilag/fiken',
      config: {
        credential: 'env:FIKEN',
        company: 'kafe-eksempel-as',
        baseUrl: fiken.baseUrl,
        tokenUrl: fiken.tokenUrl,
        accounts: fikenAccounts,
      },
    },
  };
}

export interface DeliveryBenchOptions {
  readonly vipps?: Partial<VippsSimulatorOptions>;
  readonly tripletex?: TripletexSimulatorOptions;
  readonly fiken?: FikenSimulatorOptions;
  readonly organisationNumber?: string;
}

export async function openDeliveryBench(options: DeliveryBenchOptions = {}): Promise<DeliveryBench> {
  const time = new VirtualTime();
  const { organisationNumber = '987654321' } = options;
  const vipps = await startSimulator(options.vipps);
  const tripletex = await startTripletexSimulator({
    now: time.now,
    companies: [{ id: tripletexCompany, organisationNumber, accounts: bilagAccounts }],
    ...options.tripletex,
  });
  const fiken = await startFikenSimulator({
    now: () => time.ms,
    sleep: time.sleep,
    workMs: 0,
    companies: [{ slug: 'kafe-eksempel-as', name: 'Kafé Eksempel AS', organizationNumber: organisationNumber }],
    ...options.fiken,
  });
  const bench = createBench();
  bench.env = { ...keysOf(vipps), ...keysOfTargets(tripletex, fiken) };
  const configure: DeliveryBench['configure'] = (changes = {}) =>
    bench.write(
      'bilag.config.json',
      cafeConfig(vipps.url, { policy: plainPolicy, targets: targetsOf(tripletex, fiken), ...changes }),
    );
  configure();
  const runIn: DeliveryBench['runIn'] = async (world, ...argv) => {
    const ran = await bench.runIn({ now: time.now, sleep: time.sleep, ...world }, ...argv);
    if (argv[0] === 'connect') await begin(bench.path('delivery/kafe.sqlite'), bench.path('archive/kafe'), time.ms);
    return ran;
  };
  const fetched = await runIn({}, 'fetch', '--to', '2026-07-07');
  if (fetched.code !== 0) throw new Error(fetched.messages);
  return {
    bench,
    time,
    vipps,
    tripletex,
    fiken,
    configure,
    runIn,
    run: (...argv) => runIn({}, ...argv),
    async [Symbol.asyncDispose]() {
      await vipps.close();
      await tripletex.close();
      await fiken.close();
    },
  };
}

/** As if it had posted before: a log that never has waits before its first voucher. */
async function begin(path: string, memory: string, now: number): Promise<void> {
  if (!existsSync(path)) return;
  const log = await openDeliveryLog(path, { create: false, memory });
  if ((await log.pastOf('kafe'))?.is === 'new') {
    const lease = await log.takeLease('kafe', { holder: 'test', now, leaseMs: 1_000, requestTimeoutMs: 1_000 });
    await log.markWhole(lease);
    await log.releaseLease(lease);
  }
  await log.close();
}

/** A terminal that gives these answers. */
export function terminal(...answers: readonly string[]): Partial<World> {
  const stdin = Object.assign(Readable.from(answers.map((answer) => `${answer}\n`)), { isTTY: true });
  return { stdin };
}

/** The dates of the café's week. */
export const week: readonly string[] = [1, 2, 3, 4, 5, 6, 7].map((day) => plainDate(`2026-07-0${day}`));
