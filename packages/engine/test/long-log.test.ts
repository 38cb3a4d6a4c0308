import { voucherReference, newDelivery, type Voucher } from '@bilag/core';
import { expect, test } from 'vitest';
import { apply, plan, type DeliveryRow, type DeliveryStore } from '../src/index.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleDate, sampleVoucher, sampleVouchers } from './sample-vouchers.ts';

const count = 1_200;

/** A log and a target in which three years of days are posted. */
async function longRun(): Promise<FakeRun> {
  const run = await startFakeRun();
  const lease = await run.store.takeLease('kaffebaren', { holder: 'test', now: 0, leaseMs: 1, requestTimeoutMs: 0 });
  await run.store.save(lease, sampleVouchers(count).map(postedRow));
  await run.store.releaseLease(lease);
  return run;
}

function postedRow(voucher: Voucher, index: number): DeliveryRow {
  const { key, revision, date, digest } = voucher;
  return {
    companyId: 'kaffebaren',
    key,
    revision,
    kind: 'voucher',
    reference: voucherReference(voucher),
    date,
    digest,
    voucher,
    delivery: { ...newDelivery(null), state: 'posted', attempts: 1, targetId: `T${index}` },
    run: 'first',
    createdAt: 0,
    updatedAt: 0,
    isAttached: false,
    isHeld: false,
  };
}

/** Counts what the log is asked, and the vouchers it gives. */
function counting(store: DeliveryStore): {
  readonly store: DeliveryStore;
  readonly asked: { questions: number; vouchers: number };
} {
  const asked = { questions: 0, vouchers: 0 };
  const counted = new Proxy(store, {
    get: (_, name) => {
      const value: unknown = Reflect.get(store, name);
      if (typeof value !== 'function') return value;
      return (...values: unknown[]) => {
        asked.questions += 1;
        const answer: unknown = value.apply(store, values);
        if (name !== 'rows') return answer;
        return (answer as ReturnType<DeliveryStore['rows']>).then((rows) => ((asked.vouchers += rows.length), rows));
      };
    },
  });
  return { store: counted, asked };
}

/** Of what is posted one was changed, one is gone, and one is new. */
const wanted = [
  ...sampleVouchers(count).filter((_, index) => index !== count - 2),
  sampleVoucher({ index: count }),
].map((voucher) => (voucher.date === sampleDate(count - 3) ? sampleVoucher({ index: count - 3, gross: 5 }) : voucher));

test('a plan of the last days over a long log reads the vouchers of those days alone, and asks about many at once', async () => {
  await using run = await longRun();
  const { store, asked } = counting(run.store);
  const period = { from: sampleDate(count - 5), to: sampleDate(count) };
  const { items } = await plan({ companyId: 'kaffebaren', store, ...period, dates: bookedDates(wanted) });
  expect(items.map(({ change }) => change)).toEqual([
    'unchanged',
    'unchanged',
    'changed',
    'missing',
    'unchanged',
    'new',
  ]);
  expect(asked.vouchers).toBeLessThanOrEqual(10);
  expect(asked.questions).toBeLessThanOrEqual(20);
});

test('a plan of everything finds the same, and applying it reads what is new', async () => {
  await using run = await longRun();
  const period = { from: sampleDate(0), to: sampleDate(count) };
  const made = await plan({ companyId: 'kaffebaren', store: run.store, ...period, dates: bookedDates(wanted) });
  const { unchanged, changed, missing, blocked, held } = made.counts;
  expect([unchanged, changed, missing, made.counts.new, blocked + held]).toEqual([count - 2, 1, 1, 1, 0]);
  // What is unchanged is counted also where it is not listed, and nothing of it is kept.
  const source = { companyId: 'kaffebaren', store: run.store, ...period, dates: bookedDates(wanted) };
  const short = await plan({ ...source, listsUnchanged: () => false });
  expect(short.counts).toEqual(made.counts);
  expect(short.items).toEqual(made.items.filter(({ change }) => change !== 'unchanged'));
  const { store, asked } = counting(run.store);
  const { list: _, ...service } = run.context.service;
  const { outcomes } = await apply(made, { ...run.context, store, service }, { mostReversals: 1 });
  expect(outcomes.map(({ kind, revision }) => `${kind} ${revision}`)).toEqual(['reversal 1', 'voucher 2', 'voucher 1']);
  expect(asked.vouchers).toBeLessThanOrEqual(10);
});
