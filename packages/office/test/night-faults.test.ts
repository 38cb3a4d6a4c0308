import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { night, openOffice } from '@bilag/office';
import { expect, test } from 'vitest';
import { companiesOf, connectAll, ManyServers } from './many-merchants.ts';
import { VirtualTime } from './office-bench.ts';

/** The same with thousands: packages/office/bench/many-merchants.ts. */
test('whatever goes wrong at the provider and in the books, some nights later each voucher is there once, or a person is asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bilag-many-'));
  await using servers = await ManyServers.start(24);
  const { place } = servers;
  await connectAll(place, folder);
  const time = new VirtualTime();
  const { signal } = new AbortController();
  const store = await openOffice(join(folder, 'office.sqlite'));
  const surroundings = { env: place.env, now: time.now, sleep: time.sleep, signal };
  servers.goWrong(9);
  const first = await night(companiesOf(place, folder), { target: 'books', store, surroundings, concurrency: 4 });
  expect(first.counts.nothing + first.counts.retry + first.counts.person).toBe(24);
  expect(first.counts.nothing).toBeLessThan(24);
  expect(servers.held().doubled).toBe(0);
  await servers.goRight();
  for (let more = 0; more < 3; more += 1) {
    await time.sleep(3_600_000);
    await night(companiesOf(place, folder), { target: 'books', store, surroundings, concurrency: 4 });
  }
  const { vouchers, missing, doubled } = servers.held();
  expect(doubled).toBe(0);
  expect(vouchers).toBe(48 - missing.length);
  // A write without a reply that is not found in the books is never sent again unasked.
  const left = await Array.fromAsync(store.companies());
  const asking = left.filter(({ asksFor }) => asksFor !== 'nothing');
  expect(asking.map(({ companyId }) => companyId).toSorted()).toEqual(missing.toSorted());
  expect(asking.every(({ asksFor, reasons }) => asksFor === 'person' && reasons.length > 0)).toBe(true);
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
