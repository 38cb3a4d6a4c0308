/**
 * What a first night holds at most that has many vouchers to post: `node --expose-gc --conditions=@bilag/source first-night.ts 20000`.
 * One voucher a sale, a hundred a date; planned, and posted to a target that keeps nothing but how many it has.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addDays,
  amount,
  createVoucher,
  expectedDigest,
  expectedLines,
  plainDate,
  voucherReference,
  zero,
  type BookedDate,
  type PlainDate,
  type Posted,
  type Service,
  type Voucher,
} from '@bilag/core';
import { apply, openDeliveryLog, plan, type DeliveryContext, type DeliveryStore } from '@bilag/engine';

const count = Number(process.argv[2] ?? 20_000);
const aDate = 100;
const ledgerId = '302321';
const companyId = 'kaffebaren';
const first = plainDate('2020-01-01');
const adapter = {
  id: 'fake',
  vat: 'gross',
  dedupe: { by: 'search', settlesMs: 0 },
  limits: { concurrency: 4, perSecond: 1000 },
} as const;

function dateOf(index: number): PlainDate {
  return addDays(first, Math.floor(index / aDate));
}

function voucherOf(index: number): Voucher {
  const date = dateOf(index);
  const number = String(index % aDate).padStart(3, '0');
  const facts = [`${ledgerId}/funds/${date}/capture/${number}`, `${ledgerId}/fees/${date}/capture-fee/${number}`];
  const text = `Salg blåbær & rømme ${number}`;
  const reference = `psp${date.replaceAll('-', '')}${number}`;
  return createVoucher({
    key: `${ledgerId}-${date.replaceAll('-', '')}-${number}`,
    date,
    ledgerId,
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay ${ledgerId}, ${date}`,
    currency: 'NOK',
    lines: [
      { account: '1579', amount: amount(10_000), role: 'clearing', text, reference, facts: facts.slice(0, 1) },
      { account: '3000', amount: amount(-10_000), text, reference, facts: facts.slice(0, 1) },
      { account: '7770', amount: amount(175), role: 'fee', text, reference, facts: facts.slice(1) },
      { account: '1579', amount: amount(-175), role: 'clearing', text, reference, facts: facts.slice(1) },
    ],
    facts,
  });
}

function* dates(): Generator<BookedDate> {
  const none = { provider: zero, books: zero };
  for (let start = 0; start < count; start += aDate) {
    const length = Math.min(aDate, count - start);
    yield {
      ledgerId,
      date: dateOf(start),
      currency: 'NOK',
      bookable: true,
      vouchers: Array.from({ length }, (_, place) => voucherOf(start + place)),
      findings: [],
      balances: [{ ledgerId, funds: none, inTransit: zero, preBooked: zero }],
      totals: [],
    };
  }
}

/** Whether it has each voucher, and nothing else: what it shows of one is made when it is asked. */
const isPosted = new Uint8Array(count);

function indexOf(reference: string): number {
  const [, day = '', number = ''] = reference.split('-');
  const date = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`);
  return aDate * Math.round((date - Date.parse(first)) / 86_400_000) + Number(number);
}

function postedOf(index: number): Posted {
  const voucher = voucherOf(index);
  const { date, currency } = voucher;
  const lines = expectedLines(voucher, 'gross');
  return { id: `id ${index}`, reference: voucherReference(voucher), date, currency, state: 'live', lines } as Posted;
}

const service: Service = {
  identify: async () => ({
    id: '1',
    name: 'Prøve AS',
    organisationNumber: '999999999',
    country: 'NO',
    currency: 'NOK',
  }),
  chart: async () => ({ accounts: [], vatCodes: [], dimensions: [] }),
  find: async (reference) => (isPosted[indexOf(reference)] === 1 ? [postedOf(indexOf(reference))] : []),
  list: async function* (from, to) {
    const start = Math.max(0, aDate * Math.round((Date.parse(from) - Date.parse(first)) / 86_400_000));
    for (let index = start; index < count && dateOf(index) <= to; index += 1)
      if (isPosted[index] === 1) yield postedOf(index);
  },
  post: async (voucher, reference, beforeWrite) => {
    await beforeWrite?.(1_000);
    const index = indexOf(reference);
    if (isPosted[index] === 1) throw new Error(`${reference} is posted twice`);
    isPosted[index] = 1;
    return { outcome: 'created', id: `id ${index}`, digest: expectedDigest(voucher, 'gross') };
  },
};

function contextOf(store: DeliveryStore): DeliveryContext {
  let now = Date.parse('2026-04-01T06:00:00Z');
  // A voucher takes some 20 ms, so that what was looked up grows old.
  const clock = { now: () => (now += 2), sleep: async (ms: number) => void (now += ms) };
  return { companyId, store, adapter, service, clock: { ...clock, signal: new AbortController().signal } };
}

function keptMb(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 2 ** 20);
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

const folder = mkdtempSync(join(tmpdir(), 'first-night-'));
const store = await openDeliveryLog(join(folder, 'delivery.sqlite'));
const context = contextOf(store);
const begun = process.cpuUsage();
const before = keptMb();
const made = await plan({ companyId, store, from: first, to: dateOf(count), dates: dates() });
const planMicroseconds = process.cpuUsage(begun);
const afterPlan = { planPeakMb: peakMb(), planKeptMb: keptMb() - before };
const { outcomes, end } = await apply(made, context);
const { user, system } = process.cpuUsage(begun);
if (end !== 'done' || outcomes.length !== count) throw new Error(`${outcomes.length} of ${count}: ${end}`);
const told = {
  ...afterPlan,
  planUs: Math.round((planMicroseconds.user + planMicroseconds.system) / count),
  bothUs: Math.round((user + system) / count),
  keptMb: keptMb() - before,
  peakMb: peakMb(),
};
await store.close();
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(told)}\n`);
