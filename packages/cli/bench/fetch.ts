/**
 * How long fetching takes over a network that needs 40 ms for a reply, beside undici asking for the same addresses, as many at a
 * time, without a token and without keeping anything:
 *
 *     node --conditions=@bilag/source packages/cli/bench/fetch.ts [days]
 *
 * The provider is in another process.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { addDays, plainDate } from '@bilag/core';
import { cafeConfig, clearBenches, createBench, keysOf } from '../test/bench.ts';

// Of the package that sends: the command line itself needs none.
const { request } = createRequire(new URL('../../http/package.json', import.meta.url))('undici') as {
  readonly request: (url: string) => Promise<{ readonly body: { dump(): Promise<void> } }>;
};
const atATime = 8;
const first = plainDate('2026-01-01');
const [days = '180', role] = process.argv.slice(2);
const last = addDays(first, Number(days) - 1);
const now = new Date(`${addDays(last, 5)}T10:00:00Z`);
if (role === 'serve') await serve();
else await measure();

/** Says where it is, and to each message which addresses it was asked for since the one before. */
async function serve(): Promise<void> {
  const { generateMerchant, startVippsSimulator } = await import('@bilag/simulator-vipps');
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
  const faults = [{ kind: 'slow', delayMs: 40, times: Infinity }] as const;
  const vipps = await startVippsSimulator({ merchants: [merchant], now: () => now, faults });
  let told = 0;
  process.on('message', () => {
    const asked = vipps.requests.slice(told).filter(({ path }) => path.includes('/dates/'));
    told = vipps.requests.length;
    process.send?.(asked.map(({ path, search }) => vipps.url + path + search));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: vipps.url, env: keysOf(vipps) });
}

async function measure(): Promise<void> {
  const execArgv = ['--conditions=@bilag/source'];
  const provider = fork(import.meta.filename, [days, 'serve'], { execArgv });
  try {
    const { url, env } = await toldBy<{ url: string; env: Record<string, string> }>(provider);
    const bench = createBench();
    bench.env = env;
    const policy = { versions: [{ from: first, market: 'NO', sales: { sale: '25' } }] } as const;
    bench.write('bilag.config.json', cafeConfig(url, { policy }));
    // Everything is loaded, and the keys are taken.
    await bench.runIn({ now: () => now }, 'fetch', '--to', first);
    await askedOf(provider);
    const fetched = await timed(async () => {
      const { code, messages } = await bench.runIn({ now: () => now }, 'fetch', '--to', last);
      if (code !== 0) throw new Error(messages);
    });
    const asked = await askedOf(provider);
    const left = asked.values();
    const bare = await timed(async () => {
      await Promise.all(
        Array.from({ length: atATime }, async () => {
          for (const each of left) await (await request(each)).body.dump();
        }),
      );
    });
    process.stdout.write(
      `${asked.length} pages: fetched in ${fetched.seconds} s, undici ${atATime} at a time ${bare.seconds} s: ${(fetched.ms / bare.ms).toFixed(2)} times; processor ${fetched.processor} and ${bare.processor} s\n`,
    );
  } finally {
    provider.disconnect();
    clearBenches();
  }
}

async function askedOf(provider: ChildProcess): Promise<readonly string[]> {
  const told = toldBy<readonly string[]>(provider);
  provider.send('asked');
  return told;
}

async function toldBy<Told>(provider: ChildProcess): Promise<Told> {
  const [told] = (await once(provider, 'message')) as [Told];
  return told;
}

async function timed(work: () => Promise<void>): Promise<{ ms: number; seconds: string; processor: string }> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms, seconds: (ms / 1000).toFixed(2), processor: ((user + system) / 1_000_000).toFixed(2) };
}
