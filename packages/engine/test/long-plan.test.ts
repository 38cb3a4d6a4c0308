import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plainDate, type BookedDate, type Service, type Voucher } from '@bilag/core';
import { expect, test } from 'vitest';
import { apply, plan, type DeliveryRow, type Plan } from '../src/index.ts';
import { FileSpool } from '../src/spool/voucher-spool.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleVoucher, sampleVouchers } from './sample-vouchers.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How many of them are still held. */
async function held(vouchers: readonly WeakRef<Voucher>[]): Promise<number> {
  // What a weak reference was asked for stays until the end of the turn.
  await setImmediate();
  collectGarbage();
  return vouchers.filter((voucher) => voucher.deref() !== undefined).length;
}

const period = { from: plainDate('2026-01-01'), to: plainDate('2036-12-31') };

test('a plan lets go of the vouchers that it was made of, and reads each again as it was', async () => {
  await using run = await startFakeRun();
  const given: WeakRef<Voucher>[] = [];
  function* dates(): Generator<BookedDate> {
    for (let index = 0; index < 1_500; index += 1) {
      const voucher = sampleVoucher({ index });
      given.push(new WeakRef(voucher));
      yield* bookedDates([voucher]);
    }
  }
  const { items } = await plan({ companyId: 'kaffebaren', store: run.store, ...period, dates: dates() });
  expect(await held(given)).toBeLessThanOrEqual(1);
  expect(items.map(({ voucher }) => voucher)).toEqual(sampleVouchers(1_500));
  const [first] = items;
  expect(JSON.parse(JSON.stringify(first))).toEqual(JSON.parse(JSON.stringify({ ...first })));
  // As `createVoucher()` gives it.
  expect(() => Object.assign(first?.voucher?.lines[0] ?? {}, { account: '3001' })).toThrow(TypeError);
});

test('applying a plan holds the vouchers that are under way, and not those that are posted or still to come', async () => {
  await using run = await startFakeRun({ concurrency: 2 });
  const source = { companyId: 'kaffebaren', store: run.store, ...period };
  const made = await plan({ ...source, dates: bookedDates(sampleVouchers(600)) });
  const posted: WeakRef<Voucher>[] = [];
  const most: number[] = [];
  const service: Service = {
    ...run.context.service,
    post: async (voucher, reference, beforeWrite) => {
      posted.push(new WeakRef(voucher));
      if (posted.length % 300 === 0) most.push(await held(posted));
      return run.context.service.post(voucher, reference, beforeWrite);
    },
  };
  const { outcomes, end } = await apply(made, { ...run.context, service });
  expect([outcomes.length, end]).toEqual([600, 'done']);
  // Fifty wait until they are looked at again, and of those that were packed together with the one at hand there are 256.
  expect(most).toHaveLength(2);
  expect(Math.max(...most)).toBeLessThanOrEqual(350);
});

/** The same plan with all its vouchers in memory, as they were booked. */
function inMemory(made: Plan, booked: readonly Voucher[]): Plan {
  const originals = new Map(booked.map((voucher) => [voucher.key, voucher]));
  const items = made.items.map((item) => {
    const original = originals.get(item.key);
    return { ...item, voucher: original?.revision === item.voucher?.revision ? (original ?? null) : item.voucher };
  });
  return { ...made, items };
}

/** Posts some days, and then what has become of them with many more. */
async function postTwice(run: FakeRun, change: (made: Plan, booked: readonly Voucher[]) => Plan): Promise<object> {
  const source = { companyId: 'kaffebaren', store: run.store, ...period };
  await apply(await plan({ ...source, dates: bookedDates(sampleVouchers(40)) }), run.context);
  const booked = sampleVouchers(540).map((voucher, index) =>
    index % 10 === 3 && index < 40 ? sampleVoucher({ index, gross: 7 + index }) : voucher,
  );
  const made = await plan({ ...source, dates: bookedDates(booked.toSpliced(20, 1)) });
  const { outcomes, end, findings } = await apply(change(made, booked), run.context, { mostReversals: 10 });
  const rows = await run.store.rows('kaffebaren');
  return {
    counts: made.counts,
    outcomes,
    end,
    findings,
    steps: run.steps,
    rows: rows.map(withoutRun),
    books: run.books.vouchers,
  };
}

/** Runs are called by chance. */
function withoutRun(row: DeliveryRow): object {
  return JSON.parse(JSON.stringify({ ...row, run: '' })) as object;
}

test('a plan that reads its vouchers is posted as one that has them all in memory: the same requests, the same log', async () => {
  await using reading = await startFakeRun();
  await using having = await startFakeRun();
  const read = await postTwice(reading, (made) => made);
  expect(read).toMatchObject({ counts: { new: 500, changed: 4, missing: 1, unchanged: 35 }, end: 'done' });
  expect(await postTwice(having, inMemory)).toEqual(read);
});

test('a voucher of a spool is read again by its place, also where those before and behind it are in a file', () => {
  const spool = new FileSpool();
  const facts = Array.from({ length: 400 }, (_, index) => `302321/funds/2026-03-02/capture/${index} and a reference`);
  const places = Array.from({ length: 600 }, (_, index) => spool.addPlaced(sampleVoucher({ index, facts })));
  for (const index of [599, 0, 300, 1, 299, 598]) {
    expect(spool.at(places[index] ?? -1)).toEqual(sampleVoucher({ index, facts }));
  }
  const [next] = [sampleVoucher({ index: 600 })];
  expect(spool.at(spool.addPlaced(next))).toEqual(next);
  expect(() => spool.at(601)).toThrow(RangeError);
  spool.close();
});
