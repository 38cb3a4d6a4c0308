import { expect, test } from 'vitest';
import { apply, settle, undo, type DeliveryContext } from '../src/index.ts';
import type { FakeKind } from './fake-books.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleDate, sampleVoucher } from './sample-vouchers.ts';

const voucher = sampleVoucher({ index: 0 });
const reference = `${voucher.key}.U1`;

/** A voucher whose undoing got no reply, and that is not found as long as the target may take. */
async function undoneWithoutReply(
  run: FakeRun,
  strikes: 'before' | 'after',
): Promise<{ readonly context: DeliveryContext; readonly again: () => ReturnType<typeof undo> }> {
  const context = { ...run.context, rules: {} };
  await apply(await run.planOf(bookedDates([voucher])), context);
  run.books.searchDelayMs = 3_600_000;
  run.server.faults.arm({ kind: 'cut', strikes, match: ({ method }) => method === 'POST' });
  const again = (): ReturnType<typeof undo> =>
    undo({ from: sampleDate(0), to: sampleDate(0) }, context, { confirm: () => true });
  expect(await again()).toMatchObject({ end: 'person', outcomes: [{ reference, state: 'unknown-outcome' }] });
  return { context, again };
}

test.each<[FakeKind, boolean]>([
  ['none', true],
  ['none', false],
  ['search', false],
])(
  'a reversal that a person found there has taken its voucher back, once (%s, the target reverses itself: %s)',
  async (kind, canReverse) => {
    await using run = await startFakeRun({ kind, canReverse });
    const { context, again } = await undoneWithoutReply(run, 'after');
    run.clock.pass(7_200_000);
    await settle(reference, { is: 'there', targetId: '2' }, context);
    expect((await run.planOf(bookedDates([voucher]))).counts).toMatchObject({ held: 1, unchanged: 0 });
    expect(await again()).toMatchObject({ end: 'nothing' });
    expect(run.books.vouchers).toHaveLength(2);
  },
);

test('a reversal is settled as the target shows it, not otherwise', async () => {
  await using run = await startFakeRun({ canReverse: false });
  const { context, again } = await undoneWithoutReply(run, 'before');
  await expect(settle(reference, { is: 'there', targetId: '2' }, context)).rejects.toMatchObject({ kind: 'conflict' });
  run.clock.pass(7_200_000);
  await settle(reference, { is: 'not-there' }, context);
  run.books.searchDelayMs = 0;
  expect(await again()).toMatchObject({ end: 'done' });
  expect(run.books.vouchers).toHaveLength(2);
});
