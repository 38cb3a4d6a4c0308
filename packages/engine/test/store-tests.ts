import { newDelivery, voucherReference, type DeliveryState, type Voucher } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import type { DeliveryRow, DeliveryStore, Lease } from '../src/index.ts';
import { sampleDate, sampleVoucher, sampleVouchers } from './sample-vouchers.ts';

/** What every store must keep, whatever database it stands on. `open` gives the same store again at each call. */
export function storeTests(name: string, newStore: () => { readonly open: () => Promise<DeliveryStore> }): void {
  describe(`${name} keeps what was delivered`, () => {
    test('rows come back as they were saved, also after it was closed', async () => {
      const { open } = newStore();
      const store = await open();
      const lease = await take(store);
      const saved = sampleVouchers(3).map((voucher) => rowOf(voucher, 'posted'));
      await store.save(lease, saved);
      expect(await store.rows('kaffebaren')).toEqual(saved);
      await store.close();
      const again = await open();
      expect(await again.rows('kaffebaren')).toEqual(saved);
      expect(await again.rows('another')).toEqual([]);
      await again.close();
    });

    test('by date, run, key, reference and state', async () => {
      const { store, lease } = await opened(newStore);
      const [first, second, third] = sampleVouchers(3) as [Voucher, Voucher, Voucher];
      await store.save(lease, [
        rowOf(third, 'blocked'),
        rowOf(first, 'posted'),
        rowOf(second, 'posted', { run: 'later' }),
      ]);
      const keys = async (filter: Parameters<DeliveryStore['rows']>[1]): Promise<string[]> =>
        (await store.rows('kaffebaren', filter)).map(({ key }) => key);
      expect(await keys({})).toEqual([first.key, second.key, third.key]);
      expect(await keys({ from: sampleDate(1), to: sampleDate(1) })).toEqual([second.key]);
      expect(await keys({ run: 'later' })).toEqual([second.key]);
      expect(await keys({ key: third.key })).toEqual([third.key]);
      expect(await keys({ reference: first.key })).toEqual([first.key]);
      expect(await keys({ states: ['blocked', 'rejected'] })).toEqual([third.key]);
      await store.close();
    });

    test('a row is brought up to date, and keeps when it was made', async () => {
      const { store, lease } = await opened(newStore);
      const voucher = sampleVoucher({ index: 0 });
      await store.save(lease, [rowOf(voucher, 'planned')]);
      await store.save(lease, [
        rowOf(sampleVoucher({ index: 0, gross: 5 }), 'posted', { createdAt: 99, updatedAt: 99 }),
      ]);
      const [row] = await store.rows('kaffebaren');
      expect(row).toMatchObject({ createdAt: 1, updatedAt: 99, delivery: { state: 'posted' } });
      expect(row?.voucher.lines[0]?.amount).toBe(5);
      await store.close();
    });

    test('runs, and the company in the target', async () => {
      const { store, lease } = await opened(newStore);
      const run = { companyId: 'kaffebaren', id: 'a', kind: 'apply', startedAt: 1, endedAt: null } as const;
      await store.saveRun(lease, run);
      await store.saveRun(lease, { ...run, id: 'b', startedAt: 2 });
      await store.saveRun(lease, { ...run, endedAt: 3 });
      expect((await store.runs('kaffebaren')).map(({ id, endedAt }) => [id, endedAt])).toEqual([
        ['b', null],
        ['a', 3],
      ]);
      await store.pinTarget(lease, { adapterId: 'fiken', targetCompanyId: 'C1' });
      await store.pinTarget(lease, { adapterId: 'fiken', targetCompanyId: 'C1' });
      await expect(store.pinTarget(lease, { adapterId: 'fiken', targetCompanyId: 'C2' })).rejects.toMatchObject({
        kind: 'conflict',
      });
      expect(await store.pinnedTarget('kaffebaren')).toEqual({ adapterId: 'fiken', targetCompanyId: 'C1' });
      expect(await store.companies()).toEqual(['kaffebaren']);
      await store.close();
    });
  });

  describe(`${name} lets a fact be in one live voucher`, () => {
    const voucher = sampleVoucher({ index: 0, facts: ['a', 'b'] });
    const other = sampleVoucher({ index: 1, facts: ['b', 'c'] });

    test.each<DeliveryState>(['intended', 'posted', 'unknown-outcome', 'conflict'])('held while %s', async (state) => {
      const { store, lease } = await opened(newStore);
      await store.save(lease, [rowOf(voucher, state)]);
      await expect(store.save(lease, [rowOf(other, 'intended')])).rejects.toMatchObject({ kind: 'conflict' });
      expect(await store.rows('kaffebaren')).toHaveLength(1);
      const holders = await store.holdersOf('kaffebaren', ['a', 'b', 'c']);
      expect([...holders]).toEqual([
        ['a', voucher.key],
        ['b', voucher.key],
      ]);
      await store.close();
    });

    test.each<DeliveryState>(['planned', 'rejected', 'blocked', 'reversed'])('let go when %s', async (state) => {
      const { store, lease } = await opened(newStore);
      await store.save(lease, [rowOf(voucher, 'posted')]);
      await store.save(lease, [rowOf(voucher, state)]);
      await store.save(lease, [rowOf(other, 'intended')]);
      expect((await store.holdersOf('kaffebaren', ['a', 'b'])).get('b')).toBe(other.key);
      await store.close();
    });

    test('one voucher lets go as another takes over, in one step', async () => {
      const { store, lease } = await opened(newStore);
      await store.save(lease, [rowOf(voucher, 'posted')]);
      await store.save(lease, [rowOf(other, 'intended'), rowOf(voucher, 'reversed')]);
      expect((await store.holdersOf('kaffebaren', ['b'])).get('b')).toBe(other.key);
      await store.close();
    });
  });

  describe(`${name} lets one process write for a company`, () => {
    test('the second is told who holds it and since when', async () => {
      const { open } = newStore();
      const [first, second] = [await open(), await open()];
      await take(first, 1000);
      const refusal = await take(second, 2000).catch((error: unknown) => error as Error);
      expect(refusal).toMatchObject({ kind: 'busy' });
      expect(String(refusal)).toContain('process 1 is delivering for kaffebaren since 1970-01-01T00:00:01.000Z');
      await expect(second.takeLease('another', request(2000))).resolves.toMatchObject({ companyId: 'another' });
      await first.close();
      await second.close();
    });

    test('and may take over when the lease and the longest request are over; the first cannot write then', async () => {
      const { open } = newStore();
      const [first, second] = [await open(), await open()];
      const lost = await take(first, 0);
      await first.renewLease(lost, 50_000, 60_000);
      await expect(take(second, 110_000 + 29_999)).rejects.toMatchObject({ kind: 'busy' });
      const lease = await take(second, 110_000 + 30_000);
      await expect(first.save(lost, [rowOf(sampleVoucher({ index: 0 }), 'intended')])).rejects.toMatchObject({
        kind: 'busy',
      });
      await expect(first.renewLease(lost, 150_000, 60_000)).rejects.toMatchObject({ kind: 'busy' });
      // Letting go of what one no longer holds changes nothing.
      await first.releaseLease(lost);
      expect((await second.leaseOf('kaffebaren'))?.token).toBe(lease.token);
      await second.releaseLease(lease);
      expect(await first.leaseOf('kaffebaren')).toBeUndefined();
      await first.close();
      await second.close();
    });
  });
}

async function opened(
  newStore: () => { readonly open: () => Promise<DeliveryStore> },
): Promise<{ readonly store: DeliveryStore; readonly lease: Lease }> {
  const store = await newStore().open();
  return { store, lease: await take(store) };
}

function take(store: DeliveryStore, now = 0): Promise<Lease> {
  return store.takeLease('kaffebaren', request(now));
}

function request(now: number): Parameters<DeliveryStore['takeLease']>[1] {
  return { holder: 'process 1', now, leaseMs: 60_000, requestTimeoutMs: 30_000 };
}

function rowOf(voucher: Voucher, state: DeliveryState, change: Partial<DeliveryRow> = {}): DeliveryRow {
  return {
    companyId: 'kaffebaren',
    key: voucher.key,
    revision: voucher.revision,
    kind: 'voucher',
    reference: voucherReference(voucher),
    date: voucher.date,
    digest: voucher.digest,
    voucher,
    delivery: { ...newDelivery('view'), state, isLookedUp: state === 'posted' },
    run: 'first',
    createdAt: 1,
    updatedAt: 1,
    isAttached: false,
    ...change,
  };
}
