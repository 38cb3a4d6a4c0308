import { plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import {
  apply,
  openDeliveryLog,
  settle,
  undo,
  verify,
  waitsForPerson,
  type DeliveryRow,
  type Plan,
} from '../src/index.ts';
import { settlesMs } from './fake-books.ts';
import { startFakeRun, type FakeRun, type FakeRunOptions } from './fake-run.ts';
import { bookedDates, sampleVouchers } from './sample-vouchers.ts';

const year = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };
const [first, second] = ['302321-20260302', '302321-20260303'] as const;
const day = 86_400_000;

/** Two vouchers in the books, and perhaps a third that is to come. */
async function posted(options: FakeRunOptions = {}): Promise<FakeRun> {
  const run = await startFakeRun(options);
  await apply(await planOf(run, 2), run.context);
  run.clock.pass(settlesMs);
  return run;
}

function planOf(run: FakeRun, count: number): Promise<Plan> {
  return run.planOf(bookedDates(sampleVouchers(count)));
}

async function kept({ store }: FakeRun): Promise<string[]> {
  const again = await openDeliveryLog(store.where);
  const findings = await again.findings('kaffebaren');
  await again.close();
  return findings.map(({ reference, finding }) => `${reference} ${finding.code}`);
}

describe('what verify found stays said', () => {
  test('over restarts, with when it was found first, until it is as it should be again', async () => {
    await using run = await posted();
    const date = plainDate('2026-05-05');
    const [before] = run.books.vouchers;
    run.books.edit('1', (voucher) => ({ ...voucher, date }));
    await verify(year, run.context);
    const foundAt = run.clock.now();
    run.clock.pass(3 * day);
    await verify(year, run.context);
    const plan = await planOf(run, 2);
    expect(plan.unsettled).toMatchObject([{ reference: first, foundAt, seenAt: foundAt + 3 * day }]);
    expect(plan.findings).toMatchObject([
      { code: 'voucher-edited', message: expect.stringContaining('2026-04-01') as string },
    ]);
    expect([waitsForPerson(plan), waitsForPerson(plan, 'applied')]).toEqual([true, true]);
    expect(await kept(run)).toEqual([`${first} voucher-edited`]);
    run.books.edit('1', (voucher) => ({ ...voucher, date: before?.date ?? date }));
    expect(await verify(year, run.context)).toEqual({ checked: 2, findings: [] });
    expect(await kept(run)).toEqual([]);
  });

  test('a look at other dates forgets nothing of it', async () => {
    await using run = await posted();
    run.books.edit('1', (voucher) => ({ ...voucher, state: 'deleted' }));
    await verify(year, run.context);
    await verify({ from: plainDate('2026-03-03'), to: plainDate('2026-03-31') }, run.context);
    expect(await kept(run)).toEqual([`${first} voucher-deleted`]);
  });

  test('after a double nothing more is posted to the company, until one is left', async () => {
    await using run = await posted();
    const [twin] = run.books.vouchers;
    if (twin !== undefined) run.books.vouchers.push({ ...twin, id: '99' });
    await verify(year, run.context);
    const plan = await planOf(run, 3);
    expect(plan.findings.map(({ code }) => code)).toContain('voucher-doubled');
    const refused = await apply(plan, run.context).catch((error: unknown) => error as Error);
    expect(refused).toMatchObject({ kind: 'conflict' });
    expect(String(refused)).toContain(`held ${first} more than once`);
    run.books.vouchers.pop();
    await verify(year, run.context);
    expect(await apply(await planOf(run, 3), run.context)).toMatchObject({ end: 'done' });
  });

  test('a person who kept the other one of two says which it is', async () => {
    await using run = await posted();
    const [twin] = run.books.vouchers;
    if (twin !== undefined) run.books.vouchers.push({ ...twin, id: '99' });
    await verify(year, run.context);
    await expect(settle(first, { is: 'there', targetId: '99' }, run.context)).rejects.toMatchObject({
      kind: 'conflict',
    });
    run.books.vouchers.shift();
    await settle(first, { is: 'there', targetId: '99' }, run.context);
    expect(await kept(run)).toEqual([]);
    expect(await undo({ reference: first }, run.context, { confirm: () => true })).toMatchObject({ end: 'done' });
  });

  test.for([true, false])(
    'what was changed on purpose stays as it is, and is undone as far as it can be (%s)',
    async (canReverse) => {
      await using run = await posted({ canReverse });
      run.books.edit('1', (voucher) => ({
        ...voucher,
        lines: voucher.lines.map((line) => (line.account === '3000' ? { ...line, account: '3100' } : line)),
      }));
      await verify(year, run.context);
      const there = { is: 'there', targetId: '1' } as const;
      await expect(settle(first, there, run.context)).rejects.toMatchObject({ kind: 'conflict' });
      await settle(first, { ...there, asItIs: true }, run.context);
      expect(await verify(year, run.context)).toEqual({ checked: 2, findings: [] });
      expect((await planOf(run, 2)).counts).toMatchObject({ unchanged: 2 });
      // The target's own reversal takes back what is there; a mirrored voucher would leave the difference.
      const { end } = await undo({ reference: first }, run.context, { confirm: () => true });
      expect(end).toBe(canReverse ? 'done' : 'person');
      const changed = run.books.vouchers.flatMap(({ lines }) => lines).filter(({ account }) => account === '3100');
      expect(changed.reduce((sum, { amount }) => sum + amount, 0)).toBe(canReverse ? 0 : -10_000);
    },
  );

  test('what was moved on purpose is known by its date there, and is not taken back in a period that was closed', async () => {
    await using run = await posted();
    const context = { ...run.context, adapter: { ...run.context.adapter, reversal: 'own-date' as const } };
    const moved = plainDate('2026-02-27');
    run.books.edit('1', (voucher) => ({ ...voucher, date: moved }));
    await settle(first, { is: 'there', targetId: '1', asItIs: true }, run.context);
    expect((await run.store.rows('kaffebaren', { reference: first })).map(({ date }) => date)).toEqual([moved]);
    expect((await verify({ from: moved, to: moved }, run.context)).checked).toBe(1);
    expect((await planOf(run, 2)).counts).toMatchObject({ unchanged: 2 });
    const lockedThrough = plainDate('2026-02-28');
    expect((await undo({ reference: first }, context, { confirm: () => true, lockedThrough })).end).toBe('person');
    expect(run.books.vouchers).toHaveLength(2);
  });

  test('what waits outside of the books in the target is not settled as there', async () => {
    await using run = await posted();
    run.books.edit('1', (voucher) => ({ ...voucher, isUnfinished: true }));
    for (const asItIs of [true, false]) {
      const settled = settle(first, { is: 'there', targetId: '1', asItIs }, run.context);
      await expect(settled).rejects.toMatchObject({ kind: 'conflict', what: expect.stringContaining('outside of') });
    }
  });

  test('what somebody else has settled since a person looked is not settled otherwise', async () => {
    // Nothing but the log says that it is there: settled as not there, it would be posted again.
    await using run = await posted({ kind: 'none' });
    const confirm = ({ delivery }: DeliveryRow): boolean => delivery.state === 'unknown-outcome';
    const settled = settle(first, { is: 'not-there' }, run.context, { confirm });
    await expect(settled).rejects.toMatchObject({
      kind: 'conflict',
      what: expect.stringContaining('by now it is posted'),
    });
    await apply(await planOf(run, 2), run.context);
    expect(run.books.vouchers).toHaveLength(2);
  });

  test('what is settled, undone, or known to the log by now is not said any more', async () => {
    await using run = await posted();
    run.books.edit('1', (voucher) => ({ ...voucher, state: 'deleted' }));
    run.books.edit('2', (voucher) => ({ ...voucher, state: 'reversed' }));
    const [one] = run.books.vouchers;
    if (one !== undefined) run.books.vouchers.push({ ...one, id: '98', state: 'live', reference: '302321-20260304' });
    await verify(year, run.context);
    expect(await kept(run)).toEqual([
      `${first} voucher-deleted`,
      `${second} voucher-reversed`,
      '302321-20260304 voucher-not-in-log',
    ]);
    await settle(first, { is: 'not-there' }, run.context);
    await undo({ reference: second }, run.context, { confirm: () => true });
    run.books.vouchers.pop();
    expect(await kept(run)).toEqual(['302321-20260304 voucher-not-in-log']);
    await verify(year, run.context);
    expect(await kept(run)).toEqual([]);
  });
});
