/**
 * How long fetching takes over a network that needs 40 ms for a reply, beside undici asking for the same addresses, as many at a
 * time, without a token and without keeping anything:
 *
 *     node --conditions=@bilag/source packages/cli/bench/fetch.ts [days]
 */
import { createRequire } from 'node:module';
import { addDays, plainDate } from '@bilag/core';
import { generateMerchant, startVippsSimulator } from '@bilag/simulator-vipps';
import { cafeConfig, clearBenches, createBench, keysOf } from '../test/bench.ts';

// Of the package that sends: the command line itself needs none.
const { request } = createRequire(new URL('../../http/package.json', import.meta.url))('undici') as {
  readonly request: (url: string) => Promise<{ readonly body: { dump(): Promise<void> } }>;
};
const days = Number(process.argv[2] ?? 180);
const atATime = 8;
const first = plainDate('2026-01-01');
const last = addDays(first, days - 1);
const merchant = generateMerchant({
  from: first,
  to: last,
  seed: 'fetch',
  market: 'NO',
  ledgerId: '302321',
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'web-shop', vatRateBasisPoints: 2500 }],
  capturesPerDay: 20,
});
const now = new Date(`${addDays(last, 5)}T10:00:00Z`);
await using vipps = await startVippsSimulator({
  merchants: [merchant],
  now: () => now,
  faults: [{ kind: 'slow', delayMs: 40, times: Infinity }],
});

const bench = createBench();
bench.env = keysOf(vipps);
bench.write(
  'bilag.config.json',
  cafeConfig(vipps.url, { policy: { versions: [{ from: first, market: 'NO', sales: { sale: '25' } }] } }),
);
// Everything is loaded, and the keys are taken.
await bench.runIn({ now: () => now }, 'fetch', '--to', first);
const asksBefore = vipps.requests.length;
const started = performance.now();
const { code, messages } = await bench.runIn({ now: () => now }, 'fetch', '--to', last);
const fetched = (performance.now() - started) / 1000;
if (code !== 0) throw new Error(messages);

const asked = vipps.requests.slice(asksBefore).filter(({ path }) => path.includes('/dates/'));
const urls = asked.map(({ path, search }) => vipps.url + path + search).values();
const again = performance.now();
await Promise.all(
  Array.from({ length: atATime }, async () => {
    for (const url of urls) await (await request(url)).body.dump();
  }),
);
const bare = (performance.now() - again) / 1000;
process.stdout.write(
  `${asked.length} pages: fetched in ${fetched.toFixed(2)} s, undici ${atATime} at a time ${bare.toFixed(2)} s: ${(fetched / bare).toFixed(2)} times\n`,
);
clearBenches();
