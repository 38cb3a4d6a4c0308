import { amount, type Voucher } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { apply, release, undo, waitsForPerson, type Plan } from '../src/index.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleDate, sampleVoucher, type Sample } from './sample-vouchers.ts';

/** A payment of the nth date, as one reader or another spells its time. */
function payment(index: number, time: string): string {
  return `302321/funds/${sampleDate(index)}/capture/5/${time}/100//`;
}

const old = 'T12:00:00+0100';
const now = 'T12:00:00+01:00';
const byDate = (index: number, time: string): Sample => ({ index, facts: [payment(index, time)] });
const byEntry = (index: number, time: string): Sample => ({
  ...byDate(index, time),
  key: `302321-2026030${index + 2}.E1`,
});
const byPayout = (index: number, time: string): Sample => ({
  index,
  key: `302321-P2026030${index + 2}`,
  facts: Array.from({ length: index + 1 }, (_, at) => payment(at, time)),
});

function planFor(run: FakeRun, samples: readonly Sample[]): Promise<Plan> {
  return run.planOf(bookedDates(samples.map(sampleVoucher)));
}

async function posted(samples: readonly Sample[]): Promise<FakeRun> {
  const run = await startFakeRun();
  await apply(await planFor(run, samples), run.context);
  return run;
}

function changes({ items }: Plan): string[] {
  return items.map(({ key, change, isToBeSent }) => `${key.slice(7)} ${change}${isToBeSent ? ', sent' : ''}`);
}

describe('what is in the books is there once, whatever is spelt and grouped anew', () => {
  test('posted by date, then spelt otherwise and grouped by entry: nothing is sent, and it is said', async () => {
    await using run = await posted([byDate(0, old)]);
    const plan = await planFor(run, [byEntry(0, now)]);
    expect(changes(plan)).toEqual(['20260302 missing', '20260302.E1 blocked']);
    expect(plan.items.find(({ change }) => change === 'blocked')?.why).toContain('302321-20260302');
    expect(waitsForPerson(plan)).toBe(true);
    expect(await apply(plan, run.context)).toMatchObject({ end: 'nothing' });
    expect(run.books.vouchers).toHaveLength(1);
  });

  test('posted by date, then by payout: each date of the payout counts', async () => {
    await using run = await posted([byDate(0, old)]);
    const plan = await planFor(run, [byPayout(2, now)]);
    expect(changes(plan)).toEqual(['20260302 missing', 'P20260304 blocked']);
  });

  test('posted by payout, then by date and one date alone: no date of the payout is sent', async () => {
    await using run = await posted([byPayout(2, old)]);
    const plan = await planFor(run, [byDate(0, now), byDate(1, now), byDate(2, now), byDate(3, now)]);
    expect(changes(plan)).toEqual([
      '20260302 blocked',
      '20260303 blocked',
      '20260304 blocked',
      'P20260304 missing',
      '20260305 new, sent',
    ]);
  });

  test('a date that is partly spelt otherwise is not posted either', async () => {
    const both = { index: 0, facts: [payment(0, old), `${payment(0, old)}2`] };
    await using run = await posted([both]);
    const respelt = [byEntry(0, now), { index: 0, facts: [`${payment(0, old)}2`], key: '302321-20260302.E2' }];
    expect(changes(await planFor(run, respelt))).toEqual([
      '20260302 missing',
      '20260302.E1 blocked',
      '20260302.E2 unchanged',
    ]);
  });

  test('another ledger, and another date, are not hindered', async () => {
    await using run = await posted([byDate(0, old)]);
    const other = sampleVoucher({ ...byDate(0, now), key: '400001-20260302' });
    const plan = await run.planOf(bookedDates([{ ...other, ledgerId: '400001' }, sampleVoucher(byDate(1, now))]));
    expect(changes(plan)).toEqual(['20260302 missing', '20260302 new, sent', '20260303 new, sent']);
  });

  test('an invoice posted by its document is not posted by the ledger on another date, and another debt is', async () => {
    const owing = (sample: Sample, value: number): Voucher => {
      const voucher = sampleVoucher(sample);
      const [line] = voucher.lines;
      if (line === undefined) throw new TypeError('a voucher has lines');
      const debt = { ...line, account: '2400', amount: amount(-value), role: 'payable' } as const;
      return { ...voucher, lines: [debt, { ...line, account: '7770', amount: amount(value) }] };
    };
    const document = { index: 0, facts: ['invoice/302321/F-1'], key: '302321-20260302.D1' };
    await using run = await startFakeRun();
    await apply(await run.planOf(bookedDates([owing(document, 123_00)])), run.context);
    const told = owing(byDate(2, now), 123_00);
    const other = owing(byDate(3, now), 99_00);
    expect(changes(await run.planOf(bookedDates([told, other])))).toEqual([
      '20260302.D1 missing',
      '20260304 blocked',
      '20260305 new, sent',
    ]);
  });

  test('what a person took back does not come again under another grouping before it is released', async () => {
    await using run = await posted([byDate(0, old)]);
    await undo({ reference: '302321-20260302' }, run.context, { confirm: () => true });
    expect(changes(await planFor(run, [byEntry(0, old)]))).toEqual(['20260302.E1 held']);
    expect(changes(await planFor(run, [byEntry(0, now)]))).toEqual(['20260302.E1 held']);
    await release({ voucher: '302321-20260302' }, run.context);
    expect(changes(await planFor(run, [byEntry(0, now)]))).toEqual(['20260302.E1 new, sent']);
  });
});
