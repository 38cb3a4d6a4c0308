import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { proposedGroupings } from '../src/init/proposed-groupings.ts';
import { run, type CompanyInput, type World } from '@bilag/cli';
import type { ExitCode } from '../src/program/exit-codes.ts';
import { plainDate } from '@bilag/core';
import {
  generateMerchant,
  startVippsSimulator,
  uneventful,
  type Merchant,
  type VippsSimulator,
  type VippsSimulatorOptions,
} from '@bilag/simulator-vipps';

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly messages: string;
}

/** A folder to run commands in. */
export interface Bench {
  readonly folder: string;
  /** Runs a command in this process. */
  run(...argv: readonly string[]): Promise<Ran>;
  /** Runs a command with another world. */
  runIn(world: Partial<World>, ...argv: readonly string[]): Promise<Ran>;
  path(...parts: readonly string[]): string;
  write(name: string, content: string | object): void;
  env: Record<string, string>;
}

/** The clock of every test: the day after the little café's last. */
export const now: Date = new Date('2026-07-08T10:00:00Z');

export function createBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-cli-'));
  benches.push(folder);
  const bench: Bench = {
    folder,
    env: {},
    run: async (...argv) => bench.runIn({}, ...argv),
    runIn: async (world, ...argv) => {
      const out = new Collector();
      const messages = new Collector();
      const code = await run(argv, {
        stdin: Readable.from([]),
        stdout: out,
        stderr: messages,
        env: bench.env,
        cwd: folder,
        now: () => now,
        signal: new AbortController().signal,
        ...world,
      });
      return { code, out: out.text, messages: messages.text };
    },
    path: (...parts) => join(folder, ...parts),
    write: (name, content) =>
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2)),
  };
  return bench;
}

const benches: string[] = [];

/** Removes the folders of all benches. */
export function clearBenches(): void {
  for (const folder of benches.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A stream that keeps what is written to it. */
export class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A café with a week of plain trade and one sales unit. */
export const cafe: Merchant = generateMerchant({
  seed: 'kafé',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-07'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  capturesPerDay: 8,
  features: uneventful,
});

/** A shop of somebody else's, which the same partner can see. */
export const shop: Merchant = generateMerchant({
  seed: 'butikk',
  market: 'NO',
  ledgerId: '302500',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-07'),
  owner: { name: 'Butikk Eksempel AS', organisationNumber: '987654330' },
  salesUnits: [{ handle: 'api:123466', name: 'Butikk', trade: 'web-shop' }],
  capturesPerDay: 8,
  features: uneventful,
});

export async function startSimulator(options: Partial<VippsSimulatorOptions> = {}): Promise<VippsSimulator> {
  return startVippsSimulator({ merchants: [cafe, shop], now: () => now, ...options });
}

/** The simulator's keys as environment variables. */
export function keysOf({ credentials }: VippsSimulator): Record<string, string> {
  const [merchant] = credentials.merchants;
  return {
    PARTNER_CLIENT_ID: credentials.partner.clientId,
    PARTNER_CLIENT_SECRET: credentials.partner.clientSecret,
    VIPPS_CLIENT_ID: merchant?.clientId ?? '',
    VIPPS_CLIENT_SECRET: merchant?.clientSecret ?? '',
    VIPPS_SUBSCRIPTION_KEY: merchant?.subscriptionKey ?? '',
    VIPPS_MERCHANT_SERIAL_NUMBER: merchant?.merchantSerialNumber ?? '',
  };
}

/** The café as a config has it. */
export function cafeConfig(baseUrl: string, changes: Partial<CompanyInput> = {}): CompanyInput {
  return {
    id: 'kafe',
    name: 'Kafé Eksempel AS',
    organisationNumber: '987 654 321 MVA',
    country: 'NO',
    currency: 'NOK',
    source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS', baseUrl },
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary' }] },
    targets: {
      'saf-t': { adapter: '@bilag/saf-t', config: safTConfig },
      journal: { adapter: '@bilag/journal', config: { dialect: 'hledger' } },
    },
    ...changes,
  };
}

/** What the SAF-T adapter wants to know of the café. */
export const safTConfig: Readonly<Record<string, unknown>> = {
  address: { city: 'Oslo' },
  contact: { lastName: 'Hansen' },
  vatRegistered: true,
  grouping: { accounts: proposedGroupings },
  startsWithoutOpenings: true,
};

/** Every file below a folder with what it holds: to prove that nothing was touched. */
export function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String).toSorted();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [relative('.', name), readFileSync(join(folder, name)).toString('base64')]),
  );
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Starts `bilag` in a process of its own. */
export function startBilag(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string> },
): ChildProcess {
  return spawn(process.execPath, ['--conditions=@bilag/source', main, ...argv], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits until a process has ended. */
export async function endOf(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly out: string; readonly messages: string }> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, messages] = await Promise.all([
    ended,
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { code, out, messages };
}

/** Runs `bilag` in a process of its own. */
export async function bilag(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string> },
): Promise<{ readonly code: number | null; readonly out: string; readonly messages: string }> {
  return endOf(startBilag(argv, options));
}
