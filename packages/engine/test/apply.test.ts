import { plainDate, type Finding } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import {
  apply,
  release,
  settle,
  undo,
  verify,
  waitsForPerson,
  openDeliveryLog,
  type DeliveryResult,
  type Plan,
} from '../src/index.ts';
import { connectFake } from './fake-adapter.ts';
import { settlesMs } from './fake-books.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleDate, sampleVoucher, sampleVouchers, type Sample } from './sample-vouchers.ts';

const year = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };

async function post(run: FakeRun, samples: readonly Sample[]): Promise<DeliveryResult> {
  return apply(await planFor(run, samples), run.context);
}

function planFor(run: FakeRun, samples: readonly Sample[], change: { rebook?: boolean } = {}): Promise<Plan> {
  return run.planOf(bookedDates(samples.map(sampleVoucher)), change);
}

function changes({ items }: Plan): string[] {
  return items.map(({ key, change }) => `${key.slice(-4)} ${change}`);
}

describe('posting a plan', () => {
  test('posts each voucher once, and then there is nothing to do', async () => {
    await using run = await startFakeRun({ concurrency: 3 });
    const samples = Array.from({ length: 7 }, (_, index) => ({ index }));
    const told: number[] = [];
    const result = await apply(await planFor(run, samples), {
      ...run.context,
      onProgress: ({ done }) => void told.push(done),
    });
    expect(result).toMatchObject({ end: 'done', stoppedBy: null });
    expect(result.outcomes.map(({ date, did }) => [date, did])).toEqual(
      samples.map(({ index }) => [sampleDate(index), 'posted']),
    );
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const again = await planFor(run, samples);
    expect(again.counts).toEqual({ new: 0, unchanged: 7, changed: 0, missing: 0, blocked: 0, held: 0 });
    expect(await apply(again, run.context)).toMatchObject({ end: 'nothing', outcomes: [] });
    expect(run.books.vouchers).toHaveLength(7);
    expect(await verify(year, run.context)).toEqual({ checked: 7, findings: [] });
  });

  test('the intent is durable before the request, once its turn has come, and the lease is renewed before it', async () => {
    await using run = await startFakeRun();
    // The adapter was seen to ask.
    await post(run, [{ index: 1 }]);
    await post(run, [{ index: 0 }, { index: 1 }]);
    const reference = sampleVoucher({ index: 0 }).key;
    const after = run.steps.filter((name) => name.startsWith('after'));
    const at = after.indexOf(`after send ${reference}`);
    expect(after.slice(at - 2, at + 2)).toEqual([
      'after renew lease',
      `after save intent ${reference}`,
      `after send ${reference}`,
      `after save posted ${reference}`,
    ]);
    // What stands there was looked at before, and is looked at again.
    expect(after.indexOf('after look through the target')).toBeLessThan(at);
    expect(after.slice(at)).toContain('after look back');
  });

  test('planning writes nothing', async () => {
    await using run = await startFakeRun();
    await planFor(run, [{ index: 0 }]);
    expect(await run.store.rows('kaffebaren')).toEqual([]);
    expect(run.server.requests).toEqual([]);
  });

  test('open dates are left out, and dates with an error are blocked', async () => {
    await using run = await startFakeRun();
    const [open, wrong] = sampleVouchers(2);
    const error: Finding = { code: 'x', severity: 'error', message: 'the chain is broken', where: '', action: '' };
    const plan = await run.planOf([
      ...bookedDates([open!], { bookable: false }),
      ...bookedDates([wrong!], { findings: [error] }),
    ]);
    expect(plan.items).toMatchObject([{ change: 'blocked', isToBeSent: false, why: 'the chain is broken' }]);
    expect(plan.findings).toMatchObject([{ code: 'voucher-blocked' }]);
    expect(plan.heldDates).toMatchObject([
      { date: open!.date, because: 'overtaken' },
      { date: wrong!.date, because: 'error', why: 'the chain is broken; ' },
    ]);
    expect(waitsForPerson(plan)).toBe(true);
    expect(waitsForPerson(await run.planOf(bookedDates([open!], { bookable: false })))).toBe(false);
  });

  test('an open date with entries that lies before closed ones waits for a person, a quiet one does not', async () => {
    await using run = await startFakeRun();
    const [early, later] = sampleVouchers(2);
    const closed = bookedDates([later!]);
    const overtaken = await run.planOf([...bookedDates([early!], { bookable: false }), ...closed]);
    expect(overtaken.heldDates).toMatchObject([{ date: early!.date, because: 'overtaken' }]);
    expect(waitsForPerson(overtaken)).toBe(true);
    const quiet = await run.planOf([...bookedDates([early!], { bookable: false, vouchers: [] }), ...closed]);
    expect(quiet.heldDates).toMatchObject([{ date: early!.date, because: 'open' }]);
    expect(waitsForPerson(quiet)).toBe(false);
  });

  test('what booking found about a date is told with its voucher, not again when it is posted', async () => {
    await using run = await startFakeRun();
    const [voucher] = sampleVouchers(1);
    const odd: Finding = { code: 'odd', severity: 'warning', message: '', where: '', action: '', date: voucher!.date };
    const dates = bookedDates([voucher!], { findings: [odd, { ...odd, severity: 'info' }] });
    const plan = await run.planOf(dates);
    expect(plan.findings).toEqual([odd]);
    await apply(plan, run.context);
    expect((await run.planOf(dates)).findings).toEqual([]);
  });

  test('a date without a voucher that is held by an error is told too', async () => {
    await using run = await startFakeRun();
    const [voucher] = sampleVouchers(1);
    const error: Finding = { code: 'x', severity: 'error', message: '', where: '', action: '', date: voucher!.date };
    const plan = await run.planOf(bookedDates([voucher!], { findings: [error], vouchers: [] }));
    expect(plan).toMatchObject({ items: [], heldDates: [{ because: 'error' }], findings: [error] });
    expect(waitsForPerson(plan)).toBe(true);
  });

  test('another company behind the same credentials is refused', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }]);
    run.books.companyId = 'C2';
    await expect(post(run, [{ index: 1 }])).rejects.toMatchObject({ kind: 'conflict' });
    expect(run.books.vouchers).toHaveLength(1);
  });

  test('two at the same moment: one works, the other is told who does', async () => {
    await using run = await startFakeRun();
    const plan = await planFor(run, [{ index: 0 }, { index: 1 }]);
    const second = openDeliveryLog(run.store.where).then((store) =>
      apply(plan, { ...run.context, store, holder: 'the second' }).finally(() => store.close()),
    );
    const results = await Promise.allSettled([apply(plan, { ...run.context, holder: 'the first' }), second]);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(String((refused[0] as PromiseRejectedResult).reason)).toMatch(
      /the (?:first|second) is delivering for kaffebaren/,
    );
    expect(run.books.vouchers).toHaveLength(2);
  });

  test('source data is attached once, and what is missing later', async () => {
    await using run = await startFakeRun();
    const attachment = (): { name: string; mediaType: string; content: Uint8Array } => ({
      name: 'source.csv',
      mediaType: 'text/csv',
      content: new Uint8Array(),
    });
    run.server.faults.arm({ kind: 'cut', match: ({ path }) => path.endsWith('/files') });
    const first = await apply(await planFor(run, [{ index: 0 }, { index: 1 }]), run.context, { attachment });
    expect(first.end).toBe('done');
    expect(first.findings).toMatchObject([{ code: 'attachment-failed' }]);
    const second = await apply(await planFor(run, [{ index: 0 }, { index: 1 }]), run.context, { attachment });
    expect(second.findings).toEqual([]);
    expect([...run.books.attached]).toEqual([
      ['2', ['source.csv']],
      ['1', ['source.csv']],
    ]);
  });
});

describe('what is in the books is not posted again', () => {
  test('when texts change', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }]);
    expect(changes(await planFor(run, [{ index: 0, text: 'Kaffe' }]))).toEqual(['0302 unchanged']);
  });

  test('when the policy books the same facts otherwise, unless that is asked for', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }]);
    const facts = sampleVoucher({ index: 0 }).facts;
    const kept = await planFor(run, [{ index: 0, account: '3100', facts }]);
    expect(changes(kept)).toEqual(['0302 unchanged']);
    expect(kept.findings).toMatchObject([{ code: 'booked-otherwise', severity: 'info' }]);
    const rebooked = await planFor(run, [{ index: 0, account: '3100', facts }], { rebook: true });
    expect(changes(rebooked)).toEqual(['0302 changed']);
    await apply(rebooked, run.context, { mostReversals: 1 });
    expect(run.books.vouchers.map(({ reference, state }) => `${reference} ${state}`)).toEqual([
      '302321-20260302 reversed',
      '302321-20260302.U1 live',
      '302321-20260302.R2 live',
    ]);
    expect((await verify(year, run.context)).findings).toEqual([]);
  });

  test('when they are grouped otherwise', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }, { index: 1 }]);
    const facts = sampleVouchers(2).flatMap((voucher) => voucher.facts);
    const byPayout = await planFor(run, [{ index: 1, gross: 20_001, facts, key: '302321-P20260303' }]);
    expect(changes(byPayout)).toEqual(['0303 unchanged']);
    expect(byPayout.findings).toMatchObject([{ code: 'booked-elsewhere' }]);
    const partly = await planFor(run, [{ index: 1, facts: [...facts, 'new'], key: '302321-P20260303' }]);
    expect(changes(partly)).toEqual(['0303 blocked']);
    expect(await apply(partly, run.context)).toMatchObject({ end: 'nothing' });
  });

  test('what should no longer be there is missing, and stays until a person undoes it', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }, { index: 1 }]);
    const plan = await planFor(run, [{ index: 1 }]);
    expect(changes(plan)).toEqual(['0302 missing', '0303 unchanged']);
    expect(await apply(plan, run.context)).toMatchObject({ end: 'nothing' });
  });
});

describe('a changed voucher', () => {
  test('is reversed and booked under the next revision, with leave', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }]);
    const plan = await planFor(run, [{ index: 0, gross: 99 }]);
    expect(changes(plan)).toEqual(['0302 changed']);
    await expect(apply(plan, run.context)).rejects.toMatchObject({ kind: 'blocked' });
    expect(run.books.vouchers).toHaveLength(1);
    const result = await apply(plan, run.context, { mostReversals: 1 });
    expect(result.outcomes.map(({ reference, state }) => [reference, state])).toEqual([
      ['302321-20260302.U1', 'posted'],
      ['302321-20260302.R2', 'posted'],
    ]);
    expect(changes(await planFor(run, [{ index: 0, gross: 99 }]))).toEqual(['0302 unchanged']);
  });

  test('of a closed date is reversed on the first open one, by a mirrored voucher where the target has no reversal', async () => {
    await using run = await startFakeRun({ canReverse: false });
    await post(run, [{ index: 0 }]);
    const lockedThrough = plainDate('2026-03-31');
    await undo(year, run.context, { confirm: () => true, lockedThrough });
    const [first, mirrored] = run.books.vouchers;
    expect(mirrored).toMatchObject({ date: '2026-04-01', reference: '302321-20260302.U1', state: 'live' });
    expect(mirrored?.lines.map(({ amount }) => -amount)).toEqual(first?.lines.map(({ amount }) => amount));
  });

  test('of a closed date is mirrored too where the target reverses on the date of the voucher alone', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }]);
    const context = { ...run.context, adapter: { ...run.context.adapter, reversal: 'own-date' as const } };
    await undo(year, context, { confirm: () => true, lockedThrough: plainDate('2026-03-31') });
    const mirrored = run.books.vouchers.filter(({ reference }) => reference === '302321-20260302.U1');
    expect(mirrored).toMatchObject([{ date: '2026-04-01', document: 'journal', state: 'live' }]);
    expect(mirrored[0]?.reverses).toBeUndefined();
  });
});

describe('undo', () => {
  test('asks first, takes back a run, and what is taken back may be posted again when it is released', async () => {
    await using run = await startFakeRun();
    const { run: id } = await post(run, [{ index: 0 }, { index: 1 }]);
    await post(run, [{ index: 0 }, { index: 1 }, { index: 2 }]);
    const asked: number[] = [];
    const refused = await undo({ run: id }, run.context, { confirm: (rows) => (asked.push(rows.length), false) });
    expect([asked, refused.end]).toEqual([[2], 'nothing']);
    const undone = await undo({ run: id }, run.context, { confirm: () => true });
    expect(undone.outcomes.map(({ reference }) => reference)).toEqual(['302321-20260303.U1', '302321-20260302.U1']);
    await release(year, run.context);
    const plan = await planFor(run, [{ index: 0 }, { index: 1 }, { index: 2 }]);
    expect(changes(plan)).toEqual(['0302 new', '0303 new', '0304 unchanged']);
    await apply(plan, run.context);
    expect((await verify(year, run.context)).findings).toEqual([]);
    expect(run.books.live('302321-20260302.R2')).toHaveLength(1);
    expect(run.books.vouchers.filter(({ state, reverses }) => state === 'live' && reverses === undefined)).toHaveLength(
      3,
    );
  });

  test('of one voucher', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }, { index: 1 }]);
    await undo({ reference: '302321-20260303' }, run.context, { confirm: () => true });
    expect(run.books.vouchers.map(({ state }) => state)).toEqual(['live', 'reversed', 'live']);
    expect(await undo({ reference: '302321-20260303' }, run.context, { confirm: () => true })).toMatchObject({
      end: 'nothing',
    });
  });
});

describe('a person in the books', () => {
  test('a voucher that waits as a draft, where it was to be booked, is noticed', async () => {
    await using run = await startFakeRun();
    await post(run, [{ index: 0 }]);
    run.books.edit('1', (posted) => ({ ...posted, isUnfinished: true }));
    run.clock.pass(settlesMs);
    const { findings } = await verify(year, run.context);
    expect(findings.map(({ code }) => code)).toEqual(['voucher-unfinished']);
  });

  test('who edits, deletes, reverses or doubles a voucher is noticed', async () => {
    await using run = await startFakeRun();
    await post(
      run,
      [0, 1, 2, 3, 4].map((index) => ({ index })),
    );
    run.books.edit('1', (posted) => ({ ...posted, date: plainDate('2026-05-05') }));
    run.books.edit('2', (posted) => ({ ...posted, state: 'deleted' }));
    run.books.edit('3', (posted) => ({ ...posted, state: 'reversed' }));
    run.books.vouchers.push({ ...run.books.vouchers[3]!, id: '99' });
    run.books.vouchers.splice(1, 1, { ...run.books.vouchers[1]!, reference: 'X' });
    const early = await verify(year, run.context);
    expect(early.findings.map(({ severity, code }) => `${severity} ${code}`)).toContain('info voucher-not-shown-yet');
    run.clock.pass(settlesMs);
    const { checked, findings } = await verify(year, run.context);
    expect(checked).toBe(5);
    expect(findings.map(({ code, vouchers }) => `${vouchers?.[0]?.slice(-4)} ${code}`)).toEqual([
      '0302 voucher-edited',
      '0303 voucher-deleted',
      '0304 voucher-reversed',
      '0305 voucher-doubled',
    ]);
  });

  test('who books the same revenue is noticed before anything is sent', async () => {
    await using run = await startFakeRun();
    const { lines, date } = sampleVoucher({ index: 0 });
    const foreign = {
      id: 'F1',
      reference: '',
      date,
      currency: 'NOK',
      lines,
      state: 'live',
      document: 'journal',
      seenAt: 0,
    } as const;
    run.books.vouchers.push({ ...foreign, number: '17' });
    const plan = await planFor(run, [{ index: 0 }, { index: 1 }]);
    const refusal = await apply(plan, run.context).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ kind: 'blocked' });
    expect(String(refusal)).toMatch(/not ours \(17 of 2026-03-02\).*revenue may be booked already/);
    expect(run.books.vouchers).toHaveLength(1);
    expect(await apply(plan, run.context, { revenueIsOurs: true })).toMatchObject({ end: 'done' });
  });

  test('the same revenue is noticed also when the log has a voucher that the target never took', async () => {
    await using run = await startFakeRun();
    run.books.lockedThrough = '2026-03-02';
    await post(run, [{ index: 0 }]);
    const { lines, date } = sampleVoucher({ index: 1 });
    const foreign = {
      id: 'F1',
      reference: '',
      date,
      currency: 'NOK',
      lines,
      state: 'live',
      document: 'journal',
    } as const;
    run.books.vouchers.push({ ...foreign, number: '17', seenAt: 0 });
    const plan = await planFor(run, [{ index: 0 }, { index: 1 }]);
    await expect(apply(plan, run.context)).rejects.toMatchObject({ kind: 'blocked' });
    expect(run.books.vouchers).toHaveLength(1);
  });

  test('who closed the period is waited for', async () => {
    await using run = await startFakeRun();
    run.books.lockedThrough = '2026-03-02';
    const result = await post(run, [{ index: 0 }, { index: 1 }]);
    expect(result.outcomes.map(({ state }) => state)).toEqual(['blocked', 'posted']);
    expect(result.end).toBe('person');
    expect(changes(await planFor(run, [{ index: 0 }, { index: 1 }]))).toEqual(['0302 blocked', '0303 unchanged']);
    run.books.lockedThrough = '';
    const again = await planFor(run, [{ index: 0 }, { index: 1 }]);
    expect(await apply(again, run.context)).toMatchObject({ end: 'done' });
    // What was sent is judged by what became of it, not by what hindered it before.
    expect([waitsForPerson(again), waitsForPerson(again, 'applied')]).toEqual([true, false]);
  });

  test('a voucher that is there twice stops the company until it is settled', async () => {
    await using run = await startFakeRun();
    const twin = sampleVoucher({ index: 0 });
    const { date, lines, key: reference } = twin;
    for (const id of ['8', '9']) {
      run.books.vouchers.push({
        id,
        reference,
        date,
        currency: 'NOK',
        lines,
        state: 'live',
        document: 'journal',
        seenAt: 0,
      });
    }
    const { find, list: _list, ...service } = run.context.service;
    const unlisted = { ...run.context, service: { ...service, find: find! } };
    const samples = [{ index: 0 }, { index: 1 }];
    const result = await apply(await planFor(run, samples), unlisted);
    expect(result).toMatchObject({ end: 'person', stoppedBy: { kind: 'conflict' } });
    expect(result.outcomes.map(({ state }) => state)).toEqual(['conflict', 'planned']);
    await expect(post(run, [{ index: 0 }, { index: 1 }])).rejects.toMatchObject({ kind: 'conflict' });
    await expect(settle(reference, { is: 'there', targetId: '8' }, run.context)).rejects.toMatchObject({
      kind: 'conflict',
    });
    run.books.edit('9', (posted) => ({ ...posted, state: 'deleted' }));
    await settle(reference, { is: 'there', targetId: '8' }, run.context);
    expect(await post(run, [{ index: 0 }, { index: 1 }])).toMatchObject({ end: 'done' });
  });
});

describe('a target that is in trouble', () => {
  test('a rejected voucher does not stop the others, an expired key does', async () => {
    await using run = await startFakeRun();
    const writes = ({ method }: { method: string }): boolean => method === 'POST';
    run.server.faults.arm({ kind: 'status', status: 422, headers: {}, match: writes });
    const rejected = await post(run, [{ index: 0 }, { index: 1 }]);
    expect(rejected.outcomes.map(({ state }) => state)).toEqual(['rejected', 'posted']);
    expect(rejected.end).toBe('data');
    run.server.faults.arm({ kind: 'status', status: 401, headers: {}, match: writes });
    const stopped = await post(run, [{ index: 0 }, { index: 1 }, { index: 2 }]);
    expect(stopped).toMatchObject({ end: 'person', stoppedBy: { kind: 'unauthorised' } });
    expect(stopped.outcomes.map(({ state }) => state)).toEqual(['planned', 'planned']);
    expect(await post(run, [{ index: 0 }, { index: 1 }, { index: 2 }])).toMatchObject({ end: 'done' });
  });

  test('one that is away is left for later, and says so', async () => {
    await using run = await startFakeRun();
    run.server.faults.arm({
      kind: 'status',
      status: 429,
      headers: {},
      times: Infinity,
      match: ({ method }) => method === 'POST',
    });
    expect(await post(run, [{ index: 0 }, { index: 1 }])).toMatchObject({ end: 'retry', stoppedBy: { kind: 'busy' } });
  });

  test('an adapter that fails in its own code leaves an outcome that is looked up', async () => {
    await using run = await startFakeRun();
    const service = connectFake({ url: run.server.url, kind: 'search', now: run.clock.now });
    let failures = 1;
    const failing = {
      ...service,
      post: async (...given: Parameters<typeof service.post>) => {
        const receipt = await service.post(...given);
        if (failures-- > 0) throw new TypeError('secret-token is not a function');
        return receipt;
      },
    };
    const result = await apply(await planFor(run, [{ index: 0 }]), { ...run.context, service: failing });
    expect(result).toMatchObject({ end: 'done', outcomes: [{ did: 'found' }] });
    expect(JSON.stringify(await run.store.rows('kaffebaren'))).not.toContain('secret-token');
  });
});
