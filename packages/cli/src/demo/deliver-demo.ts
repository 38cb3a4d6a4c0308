import type { Proof } from '@bilag/company';
import { BilagError, type Amount } from '@bilag/core';
import { camt053Files } from '@bilag/simulator-bank';
import { demoMerchants } from '@bilag/simulator-vipps';
import { bilagAccounts, startTripletexSimulator, type TripletexSimulator } from '@bilag/simulator-tripletex';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { scheduler } from 'node:timers/promises';
import { isSource, mainScript } from '../main-script.ts';
import type { ExitCode } from '../program/exit-codes.ts';
import { run } from '../program/run.ts';
import { bankPaymentsOf } from './demo-bank.ts';
import { demoNow, type DemoCompany } from './demo-companies.ts';

/** One posting as a person sees it in the accounting system. */
export interface SeenPosting {
  readonly account: string;
  readonly amount: Amount;
}

/** A voucher as a person sees it there. */
export interface SeenVoucher {
  readonly number: number;
  readonly date: string;
  readonly text: string;
  readonly postings: readonly SeenPosting[];
}

/** What the demonstration did in the accounting system, step by step. */
export interface DeliveryDemo {
  readonly company: string;
  readonly postedBefore: number;
  /** Which voucher was being written when the process was killed. */
  readonly killedAt: number;
  readonly postedAfter: number;
  readonly foundAfter: number;
  readonly verified: number;
  readonly isClean: boolean;
  readonly undone: string;
  /** From the ledger to the bank and back from Tripletex, after the voucher was posted again. */
  readonly proof: Proof;
  /** The voucher that was taken back, and what takes it back. */
  readonly seen: readonly SeenVoucher[];
  /** What stands in the accounting system that should not, or does not and should: nothing, if all is well. */
  readonly differences: readonly string[];
}

export interface DeliveryDemoOptions {
  /** The company whose quarter is posted, and its keys for the simulated provider. */
  readonly company: DemoCompany['company'];
  readonly keys: Readonly<Record<string, string>>;
  /** Everything of it is kept here, in the place of what an earlier demonstration left. */
  readonly folder: string;
  /** Where the page of the proof is written. */
  readonly page: string;
  readonly signal: AbortSignal;
  readonly onStep?: ((text: string) => void) | undefined;
}

/** The write of the second run that gets no reply before its process is killed. */
const killedAt = 10;

/**
 * Posts a quarter to a simulated Tripletex by the commands a person types: one `apply` is a process that is killed in
 * the middle of a write. The simulator is gone afterwards; archive, log and statements stay, to be looked at.
 */
export async function deliverDemo(options: DeliveryDemoOptions): Promise<DeliveryDemo> {
  const { company, keys, folder, page, signal, onStep } = options;
  const { organisationNumber } = company;
  await using tripletex = await startTripletexSimulator({
    companies: [{ id: companyId, organisationNumber, accounts: bilagAccounts }],
    // The real one would make everybody wait.
    rateLimit: null,
  });
  const { consumerToken, employeeTokens } = tripletex.credentials;
  const env = {
    ...keys,
    TRIPLETEX_CONSUMER_TOKEN: consumerToken,
    TRIPLETEX_EMPLOYEE_TOKEN: employeeTokens[companyId] ?? '',
  };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'bilag.config.json'), JSON.stringify(postedCompany(company, tripletex.url)));
  const place = { folder, env, signal };
  const shell = new Shell(place);

  onStep?.(`${company.name}: fetching, to post it to a simulated Tripletex`);
  await new Shell(place).run(demoNow, 'fetch', '--to', '2026-09-30');
  // Long ago enough: before a first run sends anything it waits until the target shows what others may have written.
  const earlier = new Date(Date.now() - 30 * 60_000);
  await shell.run(earlier, 'connect', 'tripletex');
  onStep?.(`${company.name}: posting July`);
  const first = await shell.run(earlier, 'apply', 'tripletex', '--to', '2026-07-31');
  onStep?.(`${company.name}: posting the rest, until the process is killed`);
  await applyUntilKilled(tripletex, place);

  onStep?.(`${company.name}: running it again`);
  // As if it were run again when the lease of the dead process has ended.
  const later = new Date(Date.now() + 5 * 60_000);
  const applied = await shell.run(later, 'apply', 'tripletex');
  const did = applied.outcomes?.map((outcome) => outcome.did) ?? [];
  onStep?.(`${company.name}: reading back`);
  const { checked = 0, isClean = false } = await shell.run(later, 'verify', 'tripletex');
  const last = applied.outcomes?.at(-1)?.reference ?? '';
  const before = differencesOf(tripletex, checked);
  await shell.run(later, 'undo', 'tripletex', '--voucher', last, '--yes');
  const seen = seenIn(tripletex, last);

  onStep?.(`${company.name}: taking in the bank, and proving it all`);
  await shell.run(later, 'release', 'tripletex', '--voucher', last);
  await shell.run(later, 'bank', 'import', ...(await writeStatements(folder)));
  await shell.run(later, 'apply', 'tripletex');
  const proof = await shell.run(later, 'prove', '--period', '2026-Q3', '--page', page);
  return {
    company: company.name,
    postedBefore: first.outcomes?.length ?? 0,
    killedAt: (first.outcomes?.length ?? 0) + killedAt,
    postedAfter: did.filter((what) => what === 'posted').length,
    foundAfter: did.filter((what) => what === 'found').length,
    verified: checked,
    isClean,
    undone: last,
    seen,
    proof: proof as unknown as Proof,
    differences: before,
  };
}

const companyId = 2_100_001;

/** The company whose quarter is posted, to books at this address. */
export function postedCompany(company: DemoCompany['company'], host: string): DemoCompany['company'] {
  const config = { host, credentials: 'env:TRIPLETEX', companyId };
  const versions = company.policy.versions.map((version) => ({ ...version, payouts: 'in-transit' as const }));
  return { ...company, policy: { versions }, targets: { tripletex: { adapter: '@bilag/tripletex', config } } };
}

/** The bank of the café over the quarter: a statement a day, in which other people's money moves too. */
async function writeStatements(folder: string): Promise<readonly string[]> {
  const [cafe] = demoMerchants();
  if (cafe === undefined) throw new TypeError('the demonstration has no café');
  const { from, to, ledger } = cafe;
  const number = ledger.payoutBankAccount.id;
  const payments = await bankPaymentsOf(cafe, to);
  const files = camt053Files({ number, currency: 'NOK', from, to, payments, otherRows: 3 }, { version: '08' });
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
  return files.map(({ name }) => name);
}

interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A process of its own, as a scheduler starts it, killed when the books hold a voucher it has no reply for. */
async function applyUntilKilled(tripletex: TripletexSimulator, { folder, env, signal }: Place): Promise<void> {
  const struck = tripletex.faults.arm({
    kind: 'hang',
    strikes: 'after',
    skip: killedAt - 1,
    match: ({ method, path }) => method === 'POST' && path.endsWith('/ledger/voucher'),
  });
  const conditions = isSource ? ['--conditions=@bilag/source'] : [];
  const child = spawn(process.execPath, [...conditions, mainScript, 'apply', 'tripletex'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: 'ignore',
    signal,
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  while (child.exitCode === null && child.signalCode === null && struck.strikes === 0) await scheduler.wait(10);
  child.kill('SIGKILL');
  const [code] = await ended;
  await tripletex.faults.disarmAll();
  if (code !== null) throw notAsMeant(`the process that was to be killed ended by itself with ${code}`);
}

/** What the demonstration reads of the commands' JSON. */
interface Told {
  readonly outcomes?: readonly { readonly reference: string; readonly did: string }[];
  readonly checked?: number;
  readonly isClean?: boolean;
}

/** Runs commands as a person would type them, at a time of its own that only waiting moves, never back. */
class Shell {
  readonly #place: Place;
  #ms = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  async run(at: Date, ...argv: readonly string[]): Promise<Told> {
    const { folder, env, signal } = this.#place;
    const [out, messages] = [new Kept(), new Kept()];
    this.#ms = Math.max(this.#ms, at.getTime());
    const code: ExitCode = await run([...argv, '--json'], {
      stdin: Readable.from([]),
      stdout: out,
      stderr: messages,
      env,
      cwd: folder,
      now: () => new Date(this.#ms),
      sleep: async (waitMs) => {
        this.#ms += waitMs;
        await scheduler.yield();
      },
      signal,
    });
    signal.throwIfAborted();
    if (code !== 0) throw notAsMeant(`bilag ${argv.join(' ')} ended with ${code}: ${messages.text || out.text}`);
    const { companies: [told] = [{}] } = JSON.parse(out.text) as { readonly companies?: readonly Told[] };
    return told ?? {};
  }
}

class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function vouchersOf(tripletex: TripletexSimulator) {
  return tripletex.backDoor.company().vouchers();
}

/** Asked of the books themselves, and not of what was told over HTTP. */
function differencesOf(tripletex: TripletexSimulator, expected: number): readonly string[] {
  const held = vouchersOf(tripletex);
  const numbers = new Set(held.map(({ externalVoucherNumber }) => externalVoucherNumber));
  return [
    ...(held.length === expected ? [] : [`${held.length} vouchers stand in Tripletex, ${expected} were meant`]),
    ...(numbers.size === held.length ? [] : [`${held.length - numbers.size} of them stand there twice`]),
  ];
}

function seenIn(tripletex: TripletexSimulator, reference: string): readonly SeenVoucher[] {
  const held = vouchersOf(tripletex);
  const posted = held.find(({ externalVoucherNumber }) => externalVoucherNumber === reference);
  const shown = held.filter((voucher) => voucher === posted || voucher.reverses === posted?.id);
  return shown.map(({ number, date, description, postings }) => ({
    number,
    date,
    text: description,
    postings: postings.map(({ account, amount }) => ({ account, amount })),
  }));
}

function notAsMeant(what: string): BilagError {
  return new BilagError('conflict', { what, where: 'demo', action: 'report it' });
}
