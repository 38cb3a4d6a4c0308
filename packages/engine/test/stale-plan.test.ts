import { describe, expect, test } from 'vitest';
import { apply, hold, release, undo } from '../src/index.ts';
import { settlesMs, type FakeKind } from './fake-books.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleDate, sampleVoucher } from './sample-vouchers.ts';

const [first, second] = [sampleVoucher({ index: 0 }), sampleVoucher({ index: 1 })];
const bothDates = { from: sampleDate(0), to: sampleDate(1) };

function total({ books }: FakeRun): number {
  return books.vouchers.filter(({ state, reverses }) => state === 'live' && reverses === undefined).length;
}

describe('a run that planned before another one was done', () => {
  test.each<FakeKind>(['search', 'server-reference', 'server-key', 'none'])(
    'posts nothing of it again, also while the target does not show it yet (%s)',
    async (kind) => {
      await using run = await startFakeRun({ kind });
      run.books.searchDelayMs = settlesMs - 1_000;
      const plans = [await run.planOf(bookedDates([first])), await run.planOf(bookedDates([first, second]))];
      for (const plan of plans) expect(await apply(plan, run.context)).toMatchObject({ end: 'done' });
      expect(total(run)).toBe(2);
      expect(await run.store.rows('kaffebaren', { states: ['posted'] })).toHaveLength(2);
    },
  );

  test('does not book a change twice', async () => {
    await using run = await startFakeRun();
    await apply(await run.planOf(bookedDates([first])), run.context);
    run.clock.pass(3_600_000);
    run.books.searchDelayMs = settlesMs - 1_000;
    const changed = sampleVoucher({ index: 0, gross: 500 });
    const [one, other] = [
      await run.planOf(bookedDates([changed]), { rebook: true }),
      await run.planOf(bookedDates([changed]), { rebook: true }),
    ];
    await apply(one, run.context, { mostReversals: 1 });
    expect(await apply(other, run.context, { mostReversals: 1 })).toMatchObject({ end: 'done' });
    expect(total(run)).toBe(1);
  });

  test('leaves alone what a person took back, held or changed meanwhile, and says so', async () => {
    await using run = await startFakeRun();
    const planned = await run.planOf(bookedDates([first]));
    const held = await run.planOf(bookedDates([second]));
    await apply(planned, run.context);
    await undo(bothDates, run.context, { confirm: () => true });
    await hold([second], run.context);
    for (const plan of [planned, held]) {
      expect(await apply(plan, run.context)).toMatchObject({
        end: 'retry',
        outcomes: [{ did: 'nothing', problem: { kind: 'busy' } }],
      });
    }
    expect(total(run)).toBe(0);
    expect((await run.planOf(bookedDates([first, second]))).counts).toMatchObject({ held: 2 });
    await release(bothDates, run.context);
    await apply(await run.planOf(bookedDates([first, second])), run.context);
    expect(total(run)).toBe(2);
  });

  test('posts nothing of a date that another run posted under another grouping', async () => {
    await using run = await startFakeRun();
    const otherwise = sampleVoucher({ index: 0, key: '302321-20260302.E1', facts: ['302321/spelt otherwise'] });
    const [byDate, byEntry] = [await run.planOf(bookedDates([first])), await run.planOf(bookedDates([otherwise]))];
    await apply(byDate, run.context);
    expect(await apply(byEntry, run.context)).toMatchObject({ end: 'retry' });
    expect(total(run)).toBe(1);
  });

  test('posts nothing of a date that a run which was under way posted under another grouping', async () => {
    await using run = await startFakeRun();
    const otherwise = sampleVoucher({ index: 0, key: '302321-20260302.E1', facts: ['302321/spelt otherwise'] });
    const byDate = await run.planOf(bookedDates([first]));
    let byEntry: typeof byDate | undefined;
    const onStep = async (name: string): Promise<void> => {
      if (name === 'after save run') byEntry = await run.planOf(bookedDates([otherwise]));
    };
    await apply(byDate, { ...run.context, onStep });
    expect(await apply(byEntry!, run.context)).toMatchObject({ end: 'retry' });
    expect(total(run)).toBe(1);
  });
});
