/**
 * How long a night takes over a log that holds many vouchers: `node --conditions=@bilag/source long-log.ts 1000 10000`.
 * Each log is planned and applied with ten vouchers that are new, for the period of the last days and for everything.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addDays,
  amount,
  createVoucher,
  expectedLines,
  newDelivery,
  plainDate,
  voucherReference,
  zero,
  type BookedDate,
  type PlainDate,
  type Posted,
  type Service,
  type Voucher,
} from '@bilag/core';
import { apply, openDeliveryLog, plan, type DeliveryContext, type DeliveryRow } from '@bilag/engine';

const ledgers = 20;
const newOnes = 10;
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

function* datesOf(count: number): Generator<BookedDate> {
  const none = { provider: zero, books: zero };
  for (let index = 0; index < count; index += 1) {
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
    list: async function* () {
      for (let index = 0; index < count; index += 1) yield postedOf(index);
      yield* posted;
    },
    post: async (voucher, reference, beforeWrite) => {
      await beforeWrite?.(1_000);
      const id = `new ${posted.length}`;
      const { date, currency } = voucher;
      posted.push({ id, reference, date, currency, state: 'live', lines: expectedLines(voucher, 'gross') } as Posted);
      return { outcome: 'created', id, digest: null } as never;
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
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  globalThis.gc?.();
  const kept = process.memoryUsage().heapUsed - before;
  say(
    `  ${what.padEnd(24)} ${seconds.toFixed(2)} s, ${megabytes(peak - before)} MB at most, ${megabytes(kept)} MB kept`,
  );
  return result;
}

for (const count of process.argv.slice(2).map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'long-log-'));
  const store = await openDeliveryLog(join(folder, 'delivery.sqlite'));
  const lease = await store.takeLease(companyId, { holder: 'bench', now: time, leaseMs: 60_000, requestTimeoutMs: 0 });
  for (let index = 0; index < count; index += 1_000) {
    const length = Math.min(1_000, count - index);
    await store.save(
      lease,
      Array.from({ length }, (_, place) => rowOf(index + place)),
    );
  }
  await store.releaseLease(lease);
  say(`${count} vouchers in the log`);
  let now = time;
  const context: DeliveryContext = {
    companyId,
    store,
    adapter: {
      id: 'fake',
      vat: 'gross',
      dedupe: { by: 'search', settlesMs: 0 },
      limits: { concurrency: 1, perSecond: 1000 },
    },
    service: targetOf(count),
    clock: { now: () => now, sleep: async (ms) => void (now += ms), signal: new AbortController().signal },
  };
  const last = addDays(first, Math.floor((count + newOnes) / ledgers));
  const planOf = (from: PlainDate) => plan({ companyId, store, from, to: last, dates: datesOf(count + newOnes) });
  const booked = await measured('making the vouchers', async () => [...datesOf(count + newOnes)].length);
  const recent = await measured('plan of the last days', () => planOf(addDays(last, -7)));
  const whole = await measured('plan of everything', () => planOf(first));
  const { outcomes } = await measured('apply', () => apply(whole, context));
  const again = await measured('apply of nothing new', async () => apply(await planOf(addDays(last, -7)), context));
  say(
    `  ${booked} dates; ${recent.counts.new} and ${whole.counts.new} new, ${outcomes.length} sent, then ${again.outcomes.length}`,
  );
  await store.close();
  rmSync(folder, { recursive: true });
}
