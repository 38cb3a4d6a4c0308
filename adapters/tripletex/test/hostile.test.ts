import { openServiceWorld, type ServiceSubject, type ServiceWorld } from '@bilag/conformance';
import { plainDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { tripletexConfig } from '../src/config.ts';
import type { TripletexConfig } from '../src/index.ts';
import { subjects } from './conformance.ts';

async function inWorld(work: (world: ServiceWorld) => Promise<void>): Promise<void> {
  const world = await openServiceWorld(subjects[0] as ServiceSubject<TripletexConfig>);
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

test('a list that tells of ever more is given up, and does not hold the company', () =>
  inWorld(async (world) => {
    const service = world.connect();
    await service.identify();
    world.target.server.faults.arm({
      kind: 'answer',
      times: Infinity,
      answer: (request) => {
        world.time.ms += 60_000;
        const from = Number(request.query.get('from') ?? 0);
        const voucher = { id: from + 1, date: '2026-03-02', externalVoucherNumber: 'X', postings: [] };
        const headers = { 'content-type': 'application/json' };
        return { status: 200, headers, body: JSON.stringify({ fullResultSize: 1_000_000, values: [voucher] }) };
      },
    });
    const before = world.requests.length;
    const day = plainDate('2026-03-02');
    await expect(Array.fromAsync(service.list!(day, day))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.requests.length - before).toBeLessThan(30);
  }));

test('a rate limit that is over in a quarter of an hour is told before the write, and nobody waits in its turn', () =>
  inWorld(async (world) => {
    const service = world.connect();
    await service.identify();
    world.target.server.faults.arm({
      kind: 'answer',
      match: ({ path }) => path.endsWith('/accountingPeriod'),
      answer: async (request, handle) => {
        const reply = await handle(request);
        return { ...reply, headers: { ...reply.headers, 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '900' } };
      },
    });
    const since = world.time.ms;
    const voucher = world.vouchers.sales();
    const posting = service.post(voucher, voucher.key);
    await expect(posting).rejects.toMatchObject({ kind: 'busy', retryAfterMs: 900_000 });
    expect(world.sends).toBe(0);
    expect(world.time.ms - since).toBeLessThan(60_000);
  }));

test.each([
  [{ host: 'http://tripletex.example/v2' }, 'https'],
  [{ host: 'http://127.0.0.1.evil.example' }, 'https'],
  [{ host: 'https://user:secret@tripletex.no/v2' }, 'https'],
  [{ timeoutMs: 600_000 }, '60000'],
])('a config with %j is refused: keys would travel openly, or a takeover come too early', (change, words) => {
  const result = tripletexConfig.safeParse({ host: 'test', credentials: 'env:T', ...change });
  expect(result.error?.message).toContain(words);
});
