/**
 * How long a night takes over a log that holds many vouchers: `node --expose-gc --conditions=@bilag/source long-log.ts 100 100000`.
 * A night opens the log, plans and applies one day with a new voucher of each ledger. Then everything is planned again from the
 * first date, with ten vouchers that are new.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addDays,
  amount,
  createVoucher,
  expectedDigest,
  expectedLines,
  newDelivery,
  plainDate,
  voucherReference,
  zero,
  type BookedDate,
  type Posted,
  type Service,
  type Voucher,
} from '@bilag/core';
import {
  apply,
  openDeliveryLog,
  plan,
  type DeliveryContext,
  type DeliveryRow,
  type DeliveryStore,
} from '@bilag/engine';

const ledgers = 20;
const first = plainDate('2010-01-01');
const companyId = 'kaffebaren';
const time = Date.parse('2026-04-01T06:00:00Z');

function voucherOf(index: number): Voucher {
  const ledgerId = String(302_321 + (index % ledgers));
  const date = addDays(first, Math.floor(index / ledgers));
  const facts = [1, 2, 3, 4, 5].map((number) => `${ledgerId}/funds/${date}/capture/${number}`);
  return createVoucher({
    key: `${ledgerId}-${date.replaceAll('-', '')}`,
    date,
    ledgerId,
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay ${ledgerId} ${date}`,
    currency: 'NOK',
    lines: [
      { account: '1579', amount: amount(10_000), role: 'clearing', text: 'Salg', facts },
      { account: '3000', amount: amount(-10_000), text: 'Salg', facts },
    ],
    facts,
  });
}

function* datesOf(count: number, start = 0): Generator<BookedDate> {
  const none = { provider: zero, books: zero };
  for (let index = start; index < count; index += 1) {
    const voucher = voucherOf(index);
    const { ledgerId, ledgerDate: date } = voucher;
    yield {
      ledgerId,
      date,
      currency: 'NOK',
      bookable: true,
      vouchers: [voucher],
      findings: [],
      balances: [{ ledgerId, funds: none, inTransit: zero, preBooked: zero }],
      totals: [],
    };
  }
}

function postedOf(index: number): Posted {
  const voucher = voucherOf(index);
  const { date, currency } = voucher;
  const reference = voucherReference(voucher);
  return {
    id: `id ${index}`,
    reference,
    date,
    currency,
    state: 'live',
    lines: expectedLines(voucher, 'gross'),
  } as Posted;
}

function rowOf(index: number): DeliveryRow {
  const voucher = voucherOf(index);
  const { key, revision, date, digest } = voucher;
  return {
    companyId,
    key,
    revision,
    kind: 'voucher',
    reference: voucherReference(voucher),
    date,
    digest,
    voucher,
    delivery: { ...newDelivery(digest), state: 'posted', attempts: 1, targetId: `id ${index}` },
    run: 'first',
    createdAt: time,
    updatedAt: time,
    isAttached: false,
    isHeld: false,
  };
}

/** A target that has what the log has, and takes what comes. */
function targetOf(count: number): Service {
  const posted: Posted[] = [];
  return {
    identify: async () => ({
      id: '1',
      name: 'Prøve AS',
      organisationNumber: '999999999',
      country: 'NO',
      currency: 'NOK',
    }),
    chart: async () => ({ accounts: [], vatCodes: [], dimensions: [] }),
    find: async (reference) => posted.filter((one) => one.reference === reference),
    list: async function* (from, to) {
      const start = Math.max(0, ledgers * Math.round((Date.parse(from) - Date.parse(first)) / 86_400_000));
      for (let index = start; index < count; index += 1) yield postedOf(index);
      yield* posted.filter(({ date }) => date >= from && date <= to);
    },
    post: async (voucher, reference, beforeWrite) => {
      await beforeWrite?.(1_000);
      const id = `new ${posted.length}`;
      const { date, currency } = voucher;
      posted.push({ id, reference, date, currency, state: 'live', lines: expectedLines(voucher, 'gross') } as Posted);
      return { outcome: 'created', id, digest: expectedDigest(voucher, 'gross') };
    },
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

async function measured<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().heapUsed)), 20);
  const started = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(started);
  clearInterval(watch);
  globalThis.gc?.();
  const kept = process.memoryUsage().heapUsed - before;
  const cost = `${((user + system) / 1000).toFixed(0).padStart(6)} ms of processor`;
  say(`  ${what.padEnd(24)} ${cost}, ${megabytes(peak - before)} MB at most, ${megabytes(kept)} MB kept`);
  return result;
}

/** A log that holds so many, of a company whose target was looked through when it was first posted to. */
async function makeLog(path: string, count: number): Promise<void> {
  const store = await openDeliveryLog(path);
  const lease = await store.takeLease(companyId, { holder: 'bench', now: time, leaseMs: 60_000, requestTimeoutMs: 0 });
  for (let index = 0; index < count; index += 1_000) {
    const length = Math.min(1_000, count - index);
    await store.save(
      lease,
      Array.from({ length }, (_, place) => rowOf(index + place)),
    );
  }
  await store.markWhole(lease);
  await store.releaseLease(lease);
  await store.close();
}

function contextOf(store: DeliveryStore, service: Service): DeliveryContext {
  let now = time;
  return {
    companyId,
    store,
    adapter: {
      id: 'fake',
      vat: 'gross',
      dedupe: { by: 'search', settlesMs: 0 },
      limits: { concurrency: 1, perSecond: 1000 },
    },
    service,
    clock: { now: () => now, sleep: async (ms) => void (now += ms), signal: new AbortController().signal },
  };
}

const nights = 9;

for (const count of process.argv.slice(2).map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'long-log-'));
  const path = join(folder, 'delivery.sqlite');
  await makeLog(path, count);
  const service = targetOf(count);
  say(`${count} vouchers in the log, ${megabytes(statSync(path).size)} MB`);
  const costs = { open: [] as number[], 'plan and apply': [] as number[] };
  for (let night = 0; night < nights; night += 1) {
    const start = count + night * ledgers;
    const date = addDays(first, start / ledgers);
    const store = await timed(costs.open, () => openDeliveryLog(path));
    const { outcomes } = await timed(costs['plan and apply'], async () => {
      const made = await plan({ companyId, store, from: date, to: date, dates: datesOf(start + ledgers, start) });
      return apply(made, contextOf(store, service));
    });
    await store.close();
    if (outcomes.filter(({ did }) => did === 'posted').length !== ledgers) throw new Error('a night posts one day');
  }
  for (const [what, times] of Object.entries(costs)) {
    const sorted = times.toSorted((a, b) => a - b);
    const [least, median, most] = [sorted[0], sorted[(nights - 1) / 2], sorted.at(-1)].map((ms) =>
      (ms ?? 0).toFixed(1),
    );
    say(`  ${what.padEnd(18)} ${median} ms of processor a night (${least} to ${most})`);
  }
  const store = await openDeliveryLog(path);
  const all = count + nights * ledgers;
  const dates = { from: first, to: addDays(first, Math.ceil(all / ledgers)), dates: datesOf(all) };
  await measured('making the vouchers', async () => [...datesOf(all)].length);
  const counted = { companyId, store, ...dates, listsUnchanged: () => false };
  const whole = await measured('plan of everything', () => plan(counted));
  say(`  ${whole.counts.unchanged} unchanged`);
  await store.close();
  rmSync(folder, { recursive: true });
}

async function timed<Result>(times: number[], work: () => Promise<Result>): Promise<Result> {
  globalThis.gc?.();
  const started = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(started);
  times.push((user + system) / 1000);
  return result;
}
