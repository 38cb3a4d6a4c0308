import { fileStores, type Company } from '@bilag/company';
import { BilagError, definePolicy, plainDate, type CredentialStore } from '@bilag/core';
import { environmentCredentials } from '@bilag/engine';
import { describe, expect, test } from 'vitest';
import { merchantOf, now, openOfficeBench } from './office-bench.ts';

/** Dates of the week with sales: each becomes a voucher. */
const tradingDays = 6;

function merchants(count: number): ReturnType<typeof merchantOf>[] {
  return Array.from({ length: count }, (_, index) => merchantOf(index));
}

describe('a night of many companies', () => {
  test('fetches, posts and reads back each of them; a second night brings nothing and doubles nothing', async () => {
    await using bench = await openOfficeBench(merchants(5));
    const first = await bench.night();
    expect(first).toMatchObject({ counts: { nothing: 5, retry: 0, person: 0 }, skipped: 0, before: 0, unclaimed: [] });
    expect(first.posted).toBe(5 * tradingDays);
    expect([0, 1, 2, 3, 4].map(bench.vouchersOf)).toEqual(Array.from({ length: 5 }, () => tradingDays));
    const asked = bench.vipps.requests.length + bench.tripletex.requests.length;
    const second = await bench.night();
    expect(second).toMatchObject({ counts: { nothing: 5, retry: 0, person: 0 }, posted: 0, changes: [] });
    expect([0, 1, 2, 3, 4].map(bench.vouchersOf)).toEqual(Array.from({ length: 5 }, () => tradingDays));
    expect(bench.vipps.requests.length + bench.tripletex.requests.length - asked).toBeLessThan(asked / 2);
  });

  test('leaves nothing of a company open: the files of many would be too many', async () => {
    const open = new Set<object>();
    const counted = async <Store extends { close(): Promise<void> }>(opening: Promise<Store>): Promise<Store> => {
      const store = await opening;
      const close = store.close.bind(store);
      open.add(store);
      store.close = async () => {
        await close();
        open.delete(store);
      };
      return store;
    };
    await using bench = await openOfficeBench(
      merchants(3),
      {},
      {
        ...fileStores,
        openArchive: async (...asked) => counted(fileStores.openArchive(...asked)),
        openDeliveries: async (...asked) => counted(fileStores.openDeliveries(...asked)),
      },
    );
    const openAtEnd: number[] = [];
    await bench.night({ concurrency: 1, onCompany: () => void openAtEnd.push(open.size) });
    expect(openAtEnd).toEqual([0, 0, 0]);
  });

  test('remembers how far each topic of each ledger is', async () => {
    await using bench = await openOfficeBench(merchants(1));
    await bench.night();
    expect((await bench.states())['kafe-0']?.topics).toEqual([
      { ledgerId: '400000', topic: 'funds', closedThrough: '2026-07-07' },
      { ledgerId: '400000', topic: 'fees', closedThrough: '2026-07-07' },
    ]);
  });

  test('remembers what the provider owed, as it tells and as the books have it', async () => {
    await using bench = await openOfficeBench([merchantOf(0, { payouts: 'weekly' })]);
    await bench.night();
    const { standing, currency } = (await bench.states())['kafe-0'] ?? {};
    expect(currency).toBe('NOK');
    // The date that is still open counts too.
    expect(standing?.through).toBe('2026-07-08');
    expect(standing?.provider).toBeGreaterThan(0);
    expect(standing?.books).toBe(standing?.provider);
  });

  test('one bad merchant stops no other, and what each needs is told once, with what to do', async () => {
    await using bench = await openOfficeBench(merchants(5));
    const [good, lost, unknown, ...rest] = bench.companies as [Company, Company, Company, Company, Company];
    const wrongKeys = {
      ...lost.targets['books'],
      config: { ...(lost.targets['books']?.config as object), credentials: 'env:NOBODY' },
    };
    const bad = [
      good,
      { ...lost, targets: { books: wrongKeys } } as Company,
      { ...unknown, organisationNumber: '911111111' },
      ...rest,
    ];
    bench.vipps.faults.arm({
      kind: 'malformed',
      times: Number.POSITIVE_INFINITY,
      match: ({ path }) => path.includes('/400003/'),
    });
    const { counts, posted } = await bench.night({}, bad);
    expect(counts).toEqual({ nothing: 2, retry: 1, person: 2 });
    expect(posted).toBe(2 * tradingDays);
    const states = await bench.states();
    expect(states['kafe-1']?.reasons).toMatchObject([{ what: expect.stringContaining('NOBODY') as string }]);
    expect(states['kafe-2']?.reasons).toMatchObject([
      { what: 'none of the ledgers that the keys can see is owned by 911111111' },
    ]);
    expect(states['kafe-3']?.reasons.length).toBeGreaterThan(0);
    for (const { reasons } of Object.values(states)) for (const { action } of reasons) expect(action).not.toBe('');
  });

  test('what was fetched is told also of a company whose books could not be opened then', async () => {
    await using bench = await openOfficeBench(merchants(1));
    const [company] = bench.companies as [Company];
    const books = { ...company.targets['books'], config: { ...(company.targets['books']?.config as object) } };
    Object.assign(books.config, { credentials: 'env:NOBODY' });
    const told = await bench.night({}, [{ ...company, targets: { books } } as Company]);
    expect(told).toMatchObject({ counts: { person: 1 }, fetched: 8, posted: 0, unclaimed: [] });
    expect((await bench.states())['kafe-0']?.topics[0]).toMatchObject({ topic: 'funds', closedThrough: '2026-07-07' });
  });

  test('a company without the target is skipped and counted, and not fetched', async () => {
    await using bench = await openOfficeBench(merchants(2));
    const [one, other] = bench.companies as [Company, Company];
    expect(await bench.night({}, [{ ...one, targets: {} }, other])).toMatchObject({
      skipped: 1,
      counts: { nothing: 1 },
      unclaimed: ['400000'],
    });
    expect(bench.vipps.requests.some(({ path }) => path.includes('/400000/'))).toBe(false);
  });

  test('a ledger that no company has is told', async () => {
    await using bench = await openOfficeBench(merchants(3));
    expect((await bench.night({}, bench.companies.slice(0, 2))).unclaimed).toEqual(['400002']);
  });

  test('a list of companies that breaks off leaves those before it done, and the night can go on', async () => {
    await using bench = await openOfficeBench(merchants(3));
    const [first, ...others] = bench.companies as [Company, ...Company[]];
    const broken = async function* (): AsyncGenerator<Company> {
      yield first;
      throw new Error('the database is away');
    };
    expect(await bench.night({}, broken())).toMatchObject({
      counts: { nothing: 1 },
      brokenOff: { message: 'the database is away' },
    });
    expect(await bench.night({}, [first, ...others])).toMatchObject({ before: 1, counts: { nothing: 2 } });
    expect([0, 1, 2].map(bench.vouchersOf)).toEqual([tradingDays, tradingDays, tradingDays]);
  });

  test('a night that is stopped anywhere goes on where it was, and doubles nothing', async () => {
    await using bench = await openOfficeBench(merchants(6));
    for (const after of [1, 3]) {
      const stop = new AbortController();
      const surroundings = { ...bench.surroundings, signal: stop.signal };
      const onCompany = (): void => {
        bench.done.push('');
        if (bench.done.length >= after) stop.abort(new Error('interrupted'));
      };
      await expect(bench.night({ surroundings, onCompany, concurrency: 2 })).rejects.toThrow('interrupted');
    }
    const { before, counts } = await bench.night();
    expect(before).toBeGreaterThanOrEqual(2);
    const reasons = Object.values(await bench.states()).flatMap((state) => state.reasons);
    expect({ done: before + counts.nothing, reasons }).toEqual({ done: 6, reasons: [] });
    expect([0, 1, 2, 3, 4, 5].map(bench.vouchersOf)).toEqual(Array.from({ length: 6 }, () => tradingDays));
  });
});

describe('a merchant with much to do', () => {
  const slice = { dates: 20, vouchers: 10 };
  const year = { from: plainDate('2026-05-01') };

  test('takes turns: those with little are done before it, and all of it is posted in the end', async () => {
    await using bench = await openOfficeBench([merchantOf(0, year), merchantOf(1), merchantOf(2)]);
    const [first, ...others] = bench.companies as [Company, ...Company[]];
    const policy = definePolicy({
      versions: [{ from: '2026-05-01', market: 'NO', sales: { sale: '25' }, lines: 'summary' }],
    });
    const { counts } = await bench.night({ slice, concurrency: 1 }, [{ ...first, policy }, ...others]);
    expect(counts).toEqual({ nothing: 3, retry: 0, person: 0 });
    expect(bench.done).toEqual(['kafe-1', 'kafe-2', 'kafe-0']);
    expect(bench.vouchersOf(0)).toBe(58);
    const { fetched, posted, topics } = (await bench.states())['kafe-0'] ?? { fetched: 0, posted: 0, topics: [] };
    expect({ fetched, posted, through: topics[0]?.closedThrough }).toEqual({
      fetched: 69,
      posted: 58,
      through: '2026-07-07',
    });
  });
});

describe('when the money goes elsewhere', () => {
  test('nothing is posted before a person has confirmed it, and the other merchants are not kept waiting', async () => {
    const before = merchants(2);
    await using bench = await openOfficeBench(before);
    await bench.night({}, bench.companies.slice(0, 1));
    const changed = [merchantOf(0), merchantOf(1, { bankAccount: '12345678903' })];
    const companies = await bench.ledgersBecome({ merchants: changed });
    const { counts, changes, posted } = await bench.night({}, companies);
    expect({ counts, posted }).toEqual({ counts: { nothing: 1, retry: 0, person: 1 }, posted: 0 });
    expect(changes.map(({ kind, ledgerId }) => [kind, ledgerId])).toEqual([['payout-account', '400001']]);
    const { reasons } = (await bench.states())['kafe-1'] ?? { reasons: [] };
    expect(reasons[0]?.what).toBe(
      'payouts of ledger 400001 go to BBAN:NO 12345678903 now, and went to BBAN:NO 86011117947: nothing is delivered before a person has confirmed it',
    );
    expect(reasons[0]?.action).toContain('bilag discover --confirm 400001');
    // It stays so, night after night.
    expect((await bench.night({}, companies)).counts.person).toBe(1);
    expect(bench.vouchersOf(1)).toBe(0);
    await bench.store.confirm('400001', { by: 'Kari', at: now.getTime() });
    expect(await bench.night({}, companies)).toMatchObject({ counts: { nothing: 2 }, posted: tradingDays });
  });

  test('a vault that was away for the first merchant keeps nobody from looking for the next', async () => {
    const before = merchants(2);
    await using bench = await openOfficeBench(before);
    await bench.night({}, bench.companies.slice(0, 1));
    const changed = [merchantOf(0), merchantOf(1, { bankAccount: '12345678903' })];
    const companies = await bench.ledgersBecome({ merchants: changed });
    const { get } = environmentCredentials(bench.surroundings.env);
    let isAway = true;
    const vault: CredentialStore = {
      get: async (reference) => {
        if (!isAway) return get(reference);
        isAway = false;
        throw new BilagError('unavailable', { what: 'the vault is away', where: reference, action: 'try again later' });
      },
    };
    const surroundings = { ...bench.surroundings, credentials: vault };
    const { counts, changes, posted } = await bench.night({ surroundings, concurrency: 1 }, companies);
    expect({ counts, posted }).toEqual({ counts: { nothing: 1, retry: 0, person: 1 }, posted: 0 });
    expect(changes.map(({ kind, ledgerId }) => [kind, ledgerId])).toEqual([['payout-account', '400001']]);
  });

  test('access that was withdrawn is told with the company, and with what changed', async () => {
    await using bench = await openOfficeBench(merchants(2));
    await bench.night();
    const companies = await bench.ledgersBecome({ merchants: [merchantOf(0)] });
    const { counts, changes } = await bench.night({}, companies);
    expect(counts).toEqual({ nothing: 1, retry: 0, person: 1 });
    expect(changes.map(({ kind, ledgerId }) => [kind, ledgerId])).toEqual([['gone', '400001']]);
    expect((await bench.states())['kafe-1']?.reasons[0]?.action).toContain('ask the merchant for access again');
  });
});
