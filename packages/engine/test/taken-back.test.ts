import { createVoucher, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import {
  apply,
  hold,
  openDeliveryLog,
  release,
  settle,
  undo,
  verify,
  waitsForPerson,
  type DeliveryResult,
  type Plan,
} from '../src/index.ts';
import { settlesMs } from './fake-books.ts';
import { startFakeRun, type FakeRun, type FakeRunOptions } from './fake-run.ts';
import { bookedDates, sampleVoucher, type Sample } from './sample-vouchers.ts';

const reference = '302321-20260302';
const day = '2026-03-02';
const yes = { confirm: () => true };

/** One voucher in the books, for as long as the target may take to show it. */
async function posted(options: FakeRunOptions = {}): Promise<FakeRun> {
  const run = await startFakeRun(options);
  await apply(await planFor(run, [{ index: 0 }]), run.context);
  run.clock.pass(settlesMs);
  return run;
}

function planFor(run: FakeRun, samples: readonly Sample[]): Promise<Plan> {
  return run.planOf(bookedDates(samples.map(sampleVoucher)));
}

function undoIt(run: FakeRun): Promise<DeliveryResult> {
  return undo({ reference }, run.context, yes);
}

/** What stands on the clearing account. */
function clearing({ books }: FakeRun): number {
  const live = books.vouchers.filter(({ state }) => state !== 'deleted');
  return live.flatMap(({ lines }) => lines).reduce((sum, line) => sum + (line.account === '1579' ? line.amount : 0), 0);
}

function reverseByHand({ books }: FakeRun): void {
  const [first] = books.vouchers;
  if (first === undefined) return;
  const lines = first.lines.map((line) => ({ ...line, amount: -line.amount as (typeof line)['amount'] }));
  books.edit(first.id, (voucher) => ({ ...voucher, state: 'reversed' }));
  books.vouchers.push({ ...first, id: '90', reference: '', lines, state: 'live', reverses: first.id });
}

function changes({ items }: Plan): string[] {
  return items.map(({ change, isToBeSent }) => `${change}${isToBeSent ? ', sent' : ''}`);
}

describe.for([{ canReverse: true }, { canReverse: false }])('a reversal reads first what it takes back (%o)', (how) => {
  test('what a person reversed is recorded, and nothing is sent', async () => {
    await using run = await posted(how);
    reverseByHand(run);
    const result = await undoIt(run);
    expect(result).toMatchObject({ end: 'done', outcomes: [{ state: 'posted', did: 'found' }] });
    expect(clearing(run)).toBe(0);
    expect(run.books.vouchers).toHaveLength(2);
    expect(await run.store.rows('kaffebaren', { reference })).toMatchObject([{ delivery: { state: 'reversed' } }]);
  });

  test('what a person reversed and the provider changed is held, not booked again without a word', async () => {
    await using run = await posted(how);
    reverseByHand(run);
    const changed = await planFor(run, [{ index: 0, gross: 99 }]);
    const result = await apply(changed, run.context, { mostReversals: 1 });
    expect(result.end).toBe('person');
    expect(result.outcomes).toMatchObject([
      { reference: `${reference}.U1`, did: 'found' },
      { reference: `${reference}.R2`, did: 'nothing', problem: { kind: 'blocked' } },
    ]);
    expect(clearing(run)).toBe(0);
    const later = await planFor(run, [{ index: 0, gross: 99 }]);
    expect(changes(later)).toEqual(['held']);
    await release({ voucher: reference }, run.context);
    await apply(await planFor(run, [{ index: 0, gross: 99 }]), run.context);
    expect(clearing(run)).toBe(99);
  });

  test('what a person corrected is a conflict: the difference would stay', async () => {
    await using run = await posted(how);
    run.books.edit('1', (voucher) => ({
      ...voucher,
      lines: voucher.lines.map((line) => ({ ...line, amount: Math.sign(line.amount) as (typeof line)['amount'] })),
    }));
    const result = await undoIt(run);
    expect(result).toMatchObject({ end: 'person', outcomes: [{ state: 'conflict', asksPerson: true }] });
    expect(result.outcomes[0]?.problem?.what).toContain('somebody edited the voucher');
    expect(run.books.vouchers).toHaveLength(1);
    expect(await run.store.rows('kaffebaren', { reference })).toMatchObject([{ delivery: { state: 'posted' } }]);
  });

  test('what a person deleted is said, and settled before it is posted again', async () => {
    await using run = await posted(how);
    run.books.vouchers.splice(0);
    const result = await undoIt(run);
    expect(result).toMatchObject({ end: 'person', outcomes: [{ state: 'conflict' }] });
    expect(result.outcomes[0]?.problem?.what).toContain('no longer holds the voucher');
    expect(await settle(reference, { is: 'not-there' }, run.context)).toMatchObject({ delivery: { state: 'planned' } });
    await apply(await planFor(run, [{ index: 0 }]), run.context);
    expect(run.books.vouchers.map(({ reference: held }) => held)).toEqual([reference]);
  });

  test('one that is still shown as deleted comes again under its next revision', async () => {
    await using run = await posted(how);
    run.books.edit('1', (voucher) => ({ ...voucher, state: 'deleted' }));
    await expect(settle(reference, { is: 'there', targetId: '1' }, run.context)).rejects.toMatchObject({
      kind: 'conflict',
    });
    await settle(reference, { is: 'not-there' }, run.context);
    await apply(await planFor(run, [{ index: 0 }]), run.context);
    expect(run.books.live(`${reference}.R2`)).toHaveLength(1);
  });
});

describe('a voucher that is not shown', () => {
  test('is not settled as not there while the target may still take its time', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs;
    await apply(await planFor(run, [{ index: 0 }]), run.context);
    await expect(settle(reference, { is: 'not-there' }, run.context)).rejects.toMatchObject({ kind: 'busy' });
    run.clock.pass(settlesMs);
    await expect(settle(reference, { is: 'not-there' }, run.context)).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('is waited for before it is taken back', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs / 2;
    await apply(await planFor(run, [{ index: 0 }]), run.context);
    expect(await undoIt(run)).toMatchObject({ end: 'done' });
    expect(clearing(run)).toBe(0);
  });
});

describe('what is undone is held', () => {
  test('until it is released, over restarts, and is shown', async () => {
    await using run = await posted();
    await undoIt(run);
    const store = await openDeliveryLog(run.store.where);
    expect(await store.rows('kaffebaren', { reference })).toMatchObject([{ isHeld: true }]);
    await store.close();
    const night = await planFor(run, [{ index: 0 }]);
    expect(changes(night)).toEqual(['held']);
    expect(night).toMatchObject({ counts: { held: 1 }, findings: [{ code: 'voucher-held' }] });
    expect(await apply(night, run.context)).toMatchObject({ end: 'nothing' });
    await release({ from: plainDate('2026-03-01'), to: plainDate('2026-03-31') }, run.context);
    expect(changes(await planFor(run, [{ index: 0 }]))).toEqual(['new, sent']);
    await expect(release({ voucher: reference }, run.context)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('also when the undo was cut off and a later run brings it to its end', async () => {
    await using run = await posted();
    const stopping = { ...run.context, onStep: stopAfter(`after send ${reference}.U1`, run.store) };
    await undo({ reference }, stopping, yes).catch(() => undefined);
    const [begun] = (await run.store.rows('kaffebaren')).filter(({ kind }) => kind === 'reversal');
    expect(begun?.delivery.state).toBe('intended');
    run.clock.pass(1_000_000);
    await apply(await planFor(run, [{ index: 0 }]), run.context);
    expect(changes(await planFor(run, [{ index: 0 }]))).toEqual(['held']);
  });

  test('and what was never posted is held the same way, unless it is under way', async () => {
    await using run = await startFakeRun();
    await hold([sampleVoucher({ index: 0 })], run.context);
    expect(changes(await planFor(run, [{ index: 0 }]))).toEqual(['held']);
    await apply(await planFor(run, [{ index: 0 }]), run.context);
    expect(run.books.vouchers).toEqual([]);
    await release({ voucher: reference }, run.context);
    run.server.faults.arm({ kind: 'status', status: 500, times: Infinity, match: ({ method }) => method === 'POST' });
    const ask = { ...run.context, rules: { whenNotFound: 'ask' as const } };
    await apply(await planFor(run, [{ index: 0 }]), ask);
    await expect(hold([sampleVoucher({ index: 0 })], run.context)).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('a posted one that is held stays as it is when its entries change', async () => {
    await using run = await posted();
    await hold([sampleVoucher({ index: 0 })], run.context);
    expect(changes(await planFor(run, [{ index: 0 }]))).toEqual(['unchanged']);
    expect(changes(await planFor(run, [{ index: 0, gross: 99 }]))).toEqual(['held']);
  });
});

describe.each([{ canReverse: true }, { canReverse: false }])('what was taken back (%o)', (how) => {
  test('and brought back into the books by a person is found by verify', async () => {
    await using run = await posted(how);
    await undoIt(run);
    run.clock.pass(settlesMs);
    const range = { from: plainDate(day), to: plainDate(day) };
    expect((await verify(range, run.context)).findings).toEqual([]);
    run.books.vouchers.splice(1);
    run.books.edit('1', (voucher) => ({ ...voucher, state: 'live' }));
    expect((await verify(range, run.context)).findings).toMatchObject([{ code: 'voucher-back', severity: 'error' }]);
    expect(waitsForPerson(await planFor(run, [{ index: 0 }]))).toBe(true);
    run.books.vouchers.splice(0);
    await verify(range, run.context);
    expect(waitsForPerson(await planFor(run, [{ index: 0 }]))).toBe(false);
  });
});

describe('a next revision', () => {
  test('is not posted when somebody brought the one before back into the books', async () => {
    await using run = await posted();
    await undoIt(run);
    run.clock.pass(settlesMs);
    run.books.vouchers.splice(1);
    run.books.edit('1', (voucher) => ({ ...voucher, state: 'live' }));
    await release({ voucher: reference }, run.context);
    const result = await apply(await planFor(run, [{ index: 0 }]), run.context);
    expect(result).toMatchObject({ end: 'person', outcomes: [{ reference: `${reference}.R2`, state: 'conflict' }] });
    expect(run.books.vouchers).toHaveLength(1);
  });
});

describe('a lock is a lock', () => {
  test('of the policy too: what it closes is not reversed on its own date', async () => {
    await using run = await posted();
    const moved = createVoucher({ ...sampleVoucher({ index: 0, gross: 99 }), date: plainDate('2026-04-01') });
    const plan = await run.planOf(bookedDates([moved], { lockedThrough: plainDate('2026-03-31') }));
    expect(plan.lockedThrough).toBe('2026-03-31');
    await apply(plan, run.context, { mostReversals: 1, lockedThrough: plainDate('2026-02-28') });
    expect(run.books.vouchers.map(({ reference: held, date }) => `${held} ${date}`)).toEqual([
      `${reference} 2026-03-02`,
      `${reference}.U1 2026-04-01`,
      `${reference}.R2 2026-04-01`,
    ]);
  });

  test('for a reversal that was begun before the period was closed', async () => {
    await using run = await posted();
    run.server.faults.arm({ kind: 'status', status: 500, times: 1, match: ({ path }) => path.endsWith('/reverse') });
    await undo({ reference }, { ...run.context, rules: { whenNotFound: 'ask' } }, yes);
    const lockedThrough = plainDate('2026-03-31');
    const result = await apply(await planFor(run, [{ index: 0 }]), run.context, { lockedThrough });
    expect(result.outcomes).toMatchObject([{ reference: `${reference}.U1`, state: 'blocked' }]);
    await undo({ reference }, run.context, { ...yes, lockedThrough });
    expect(run.books.vouchers.map(({ date }) => date)).toEqual(['2026-03-02', '2026-04-01']);
  });

  test('in the far future it is a slip of the pen, and refused', async () => {
    await using run = await posted();
    const lockedThrough = plainDate('2062-01-31');
    const far = undo({ reference }, run.context, { ...yes, lockedThrough });
    await expect(far).rejects.toMatchObject({ kind: 'config' });
    await expect(apply(await planFor(run, []), run.context, { lockedThrough })).rejects.toMatchObject({
      kind: 'config',
    });
    expect(run.books.vouchers).toHaveLength(1);
  });
});

function stopAfter(name: string, store: FakeRun['store']): (step: string) => Promise<void> {
  return async (step) => {
    if (step === name || step === `before save unknown-outcome ${name.slice('after send '.length)}`) {
      // As a process that dies: nothing more of it reaches the log.
      const lease = await store.leaseOf('kaffebaren');
      if (lease !== undefined) await store.releaseLease(lease);
      throw new Error('stopped');
    }
  };
}
