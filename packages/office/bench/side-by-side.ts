/**
 * A night of many merchants over a network that needs 20 ms for a reply, one at a time and several side by side:
 *
 *     node --expose-gc --conditions=@bilag/source packages/office/bench/side-by-side.ts [merchants] [at once]
 *
 * One line of JSON: seconds of each night, the processor's beside them, and MB resident after a half and after all of the second. The
 * provider and the books are in another process, and a few merchants have their night before: everything is loaded then.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { night, openOffice } from '@bilag/office';
import { companiesOf, connectAll, ManyServers, type ManyMerchants } from '../test/many-merchants.ts';
import { VirtualTime } from '../test/office-bench.ts';

const delayMs = 20;
const [first = '40', second = '8'] = process.argv.slice(2);
if (first === 'serve') await serve(Number(second));
else await measure(Number(first), Number(second));

async function serve(count: number): Promise<void> {
  const servers = await ManyServers.start(count);
  servers.goSlow(delayMs);
  process.on('disconnect', () => process.exit(0));
  process.send?.(servers.place);
}

async function measure(count: number, concurrency: number): Promise<void> {
  await nightOf(concurrency, concurrency);
  const { seconds: alone, processor: aloneProcessor } = await nightOf(count, 1);
  const { seconds: together, processor: togetherProcessor, ...memory } = await nightOf(count, concurrency);
  const told = { alone, aloneProcessor, together, togetherProcessor, ...memory };
  process.stdout.write(`${JSON.stringify({ stage: 'side-by-side', merchants: count, concurrency, ...told })}\n`);
}

interface Night {
  readonly seconds: number;
  /** Seconds of it, in all threads of this process. */
  readonly processor: number;
  readonly earlyMb: number;
  readonly lateMb: number;
}

/** A first night, with logs and books of its own. */
async function nightOf(count: number, concurrency: number): Promise<Night> {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-side-by-side-'));
  const servers = fork(import.meta.filename, ['serve', String(count)], { execArgv: ['--conditions=@bilag/source'] });
  try {
    const place = await new Promise<ManyMerchants>((resolve) => servers.once('message', resolve));
    await connectAll(place, folder);
    const time = new VirtualTime();
    const store = await openOffice(join(folder, 'office.sqlite'));
    const surroundings = { env: place.env, now: time.now, sleep: time.sleep, signal: new AbortController().signal };
    const start = performance.now();
    const processorBefore = process.cpuUsage();
    let done = 0;
    let earlyMb = 0;
    const { posted } = await night(companiesOf(place, folder), {
      target: 'books',
      store,
      surroundings,
      concurrency,
      onCompany: () => {
        done += 1;
        if (done === Math.ceil(count / 2)) earlyMb = residentMb();
      },
    });
    await store.close();
    if (posted < count) throw new Error(`a night of ${count} merchants posted ${posted} vouchers`);
    const { user, system } = process.cpuUsage(processorBefore);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, processor: (user + system) / 1_000_000, earlyMb, lateMb: residentMb() };
  } finally {
    servers.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function residentMb(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1_048_576;
}
