import { expectedDigest, type BilagError, type Voucher } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './connections.ts';
import { day, referenceOf, wholeDay } from './days.ts';

const isWrite = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method !== 'GET' && !path.startsWith('/oauth');

describe('a write whose reply is lost', () => {
  const losses = [
    ['the connection is cut after it was booked', { kind: 'cut', strikes: 'after' }, 1],
    ['the connection is cut before it was booked', { kind: 'cut', strikes: 'before' }, 0],
    ['500 after it was booked', { kind: 'status', status: 500, strikes: 'after' }, 1],
    ['502 with a page', { kind: 'status', status: 502, body: '<html>Bad gateway</html>' }, 0],
    ['429', { kind: 'status', status: 429 }, 0],
    ['no reply at all', { kind: 'hang', strikes: 'after' }, 1],
  ] as const;

  test.for(losses)(
    '%s: the outcome is unknown, one request was sent, and the lookup knows',
    async ([, fault, there]) => {
      await using stage = await openStage();
      const service = stage.connect({ timeoutMs: 1_000 });
      for (const voucher of await wholeDay()) {
        const before = stage.fiken.requests.filter(isWrite).length;
        stage.fiken.faults.arm({ ...fault, match: isWrite });
        const posting = service.post(voucher, referenceOf(voucher));
        await expect(posting).rejects.toMatchObject({ kind: 'unknown-outcome' });
        expect(stage.fiken.requests.filter(isWrite)).toHaveLength(before + 1);
        expect(await service.find(referenceOf(voucher))).toHaveLength(there);
      }
    },
  );

  test('a port that nobody listens on has certainly taken nothing', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const [sale] = (await wholeDay()) as [Voucher];
    const refusal = stage.fiken.faults.arm({ kind: 'refuse' });
    await expect(service.post(sale, referenceOf(sale))).rejects.toMatchObject({ kind: 'unavailable' });
    await refusal.disarm();
  });

  test('booked, and then not to be read: that is not "nothing was written"', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const voucher of await wholeDay()) {
      const broken = stage.fiken.faults.arm({
        kind: 'status',
        status: 404,
        times: Number.POSITIVE_INFINITY,
        match: ({ method }) => method === 'GET',
      });
      const posting = service.post(voucher, referenceOf(voucher));
      await expect(posting).rejects.toMatchObject({
        kind: 'unknown-outcome',
        what: expect.stringMatching(/it was taken/),
      });
      await broken.disarm();
      expect(await service.find(referenceOf(voucher))).toHaveLength(1);
    }
  });

  test('a reversal whose reply is lost is there when it is asked for again', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const voucher of await wholeDay()) {
      const { id } = await service.post(voucher, referenceOf(voucher));
      stage.fiken.faults.arm({ kind: 'cut', strikes: 'after', match: isWrite });
      const reference = `${voucher.key}.U1`;
      await expect(service.reverse(id, day, reference)).rejects.toMatchObject({ kind: 'unknown-outcome' });
      expect(await service.find(reference)).toMatchObject([{ state: 'live', reverses: id }]);
      expect(await service.reverse(id, day, reference)).toMatchObject({ outcome: 'exists' });
    }
    expect([...stage.fiken.company().books.balances().values()].every((balance) => balance === 0)).toBe(true);
  });
});

describe('a read that fails', () => {
  test.for([
    [429, [1250, 2500, 5000]],
    [500, [500, 1000, 2000]],
    [503, [500, 1000, 2000]],
  ] as const)('%i: it is made again after a pause that grows', async ([status, pauses]) => {
    await using stage = await openStage();
    stage.fiken.faults.arm({ kind: 'status', status, times: 3 });
    expect(await stage.connect().identify()).toMatchObject({ id: 'bilag-test-as', organisationNumber: '999999999' });
    expect(stage.time.slept).toEqual(pauses);
  });

  test('for ever: it is given up', async () => {
    await using stage = await openStage();
    stage.fiken.faults.arm({ kind: 'status', status: 429, times: Number.POSITIVE_INFINITY });
    await expect(stage.connect().identify()).rejects.toMatchObject({ kind: 'busy' });
    expect(stage.fiken.requests).toHaveLength(6);
  });

  test('half a page is asked for again', async () => {
    await using stage = await openStage();
    stage.fiken.faults.arm({ kind: 'cut', strikes: 'midway' });
    expect((await stage.connect().chart()).accounts.length).toBeGreaterThan(20);
  });
});

function openedAgain({ fiken }: Stage): void {
  const { locks } = fiken.company().books;
  locks.closeThrough('2026-12-30');
  locks.open();
}

describe('what a person has to open or to mend', () => {
  const locks: readonly (readonly [string, (stage: Stage) => void, readonly number[]])[] = [
    [
      'a filed VAT return stops what has VAT',
      ({ fiken }) => fiken.company().books.locks.fileVatReturn('2026-04-30'),
      [0, 1],
    ],
    [
      'a reconciled bank account stops what is on it',
      ({ fiken }) => fiken.company().books.locks.reconcileBank('1920:10001', '2026-03-31'),
      [1],
    ],
    ['a closed year stops everything', ({ fiken }) => fiken.company().books.locks.closeYear(2026), [0, 1]],
    [
      'books closed through a date stop everything until then',
      ({ fiken }) => fiken.company().books.locks.closeThrough('2026-12-30'),
      [0, 1],
    ],
    ['an opened lock stops nothing', openedAgain, []],
  ];

  test.for(locks)('%s, as blocked, and nothing is booked', async ([, lock, stopped]) => {
    await using stage = await openStage();
    const service = stage.connect();
    lock(stage);
    for (const [index, voucher] of (await wholeDay()).entries()) {
      const came = await service.post(voucher, referenceOf(voucher)).then(
        ({ digest }) => digest,
        (error: unknown) => (error as BilagError).kind,
      );
      expect(came).toBe(stopped.includes(index) ? 'blocked' : expectedDigest(voucher, 'explicit'));
      expect(await service.find(referenceOf(voucher))).toHaveLength(stopped.includes(index) ? 0 : 1);
    }
  });

  test('the missing module, the company that was not granted, and the slug that is none', async () => {
    await using stage = await openStage();
    const company = stage.fiken.company();
    const [sale] = (await wholeDay()) as [Voucher];
    company.hasApiAccess = false;
    await expect(stage.connect().identify()).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(stage.connect().post(sale, 'x')).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringMatching(/HTTP 402.*module/s),
    });
    company.isGranted = false;
    await expect(stage.connect().identify()).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(stage.connect({ company: 'other-as' }).identify()).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('a 401 that is about a counter is no matter of the token', async () => {
    await using stage = await openStage();
    const [sale] = (await wholeDay()) as [Voucher];
    stage.fiken.company().counterIsMissing = true;
    await expect(stage.connect().post(sale, referenceOf(sale))).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/counter not initialized/),
    });
    stage.fiken.access.revoke();
    await expect(stage.connect().post(sale, referenceOf(sale))).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  test('a bank account that is not there, and VAT that Fiken computes otherwise', async () => {
    await using stage = await openStage({ rounding: { of: 'account' } });
    const [sale, journal] = (await wholeDay()) as [Voucher, Voucher];
    const elsewhere = stage.connect({ accounts: { '1920': '1920:10009', '1579': '1920:10008' } });
    await expect(elsewhere.post(sale, referenceOf(sale))).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/Kan ikke opprette konto 1920:10008/),
    });
    await expect(stage.connect().post(journal, referenceOf(journal))).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/Summen av posteringslinjene er ikke null: 0,01/),
    });
    expect(stage.fiken.company().books.transactions).toEqual([]);
  });
});
