/**
 * A night of many merchants with faults on, a second one in which what failed is made good, and a third one that brings
 * nothing; memory and time of the office's process alone, since the provider and the books are in another:
 *
 *     node --expose-gc --conditions=@bilag/source packages/office/bench/many-merchants.ts [merchants] [at once]
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { night, openOffice } from '@bilag/office';
import { companiesOf, connectAll, ManyServers, type Held, type ManyMerchants } from '../test/many-merchants.ts';
import { VirtualTime } from '../test/office-bench.ts';

type Asked = 'wrong' | 'right' | 'held';
interface Answer {
  readonly place?: ManyMerchants;
  readonly held?: Held;
  readonly requests: number;
}

const [first = '2000', second = '8'] = process.argv.slice(2);
if (first === 'serve') await serve(Number(second));
else await measure(Number(first), Number(second));

async function serve(count: number): Promise<void> {
  const servers = await ManyServers.start(count);
  const answer = (more: Partial<Answer>): void => void process.send?.({ ...more, requests: servers.requests });
  process.on('message', (asked: Asked) => {
    if (asked === 'wrong') servers.goWrong(25);
    if (asked === 'right') void servers.goRight();
    answer(asked === 'held' ? { held: servers.held() } : {});
  });
  process.on('disconnect', () => process.exit(0));
  answer({ place: servers.place });
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measure(count: number, concurrency: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-many-'));
  const servers = fork(import.meta.filename, ['serve', String(count)], {
    execArgv: ['--conditions=@bilag/source', '--max-old-space-size=4096'],
  });
  const next = (): Promise<Answer> =>
    new Promise((resolve) => servers.once('message', (answer: Answer) => resolve(answer)));
  const ask = async (asked: Asked): Promise<Answer> => {
    const answered = next();
    servers.send(asked);
    return answered;
  };
  const { place } = await next();
  if (place === undefined) throw new Error('the servers did not start');
  await connectAll(place, folder);
  const time = new VirtualTime();
  const { signal } = new AbortController();
  const store = await openOffice(join(folder, 'office.sqlite'));
  const surroundings = { env: place.env, now: time.now, sleep: time.sleep, signal };
  report(`${count} merchants, ${concurrency} at once`);
  for (const [name, faults] of [
    ['first night, faults on', 'wrong'],
    ['second night, made good', 'right'],
    ['third night, nothing new', 'right'],
  ] as const) {
    await time.sleep(3_600_000);
    const { requests: before } = await ask(faults);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const memory = new Map<number, number>();
    let done = 0;
    const { counts, posted } = await night(companiesOf(place, folder), {
      target: 'books',
      store,
      surroundings,
      concurrency,
      onCompany: () => {
        done += 1;
        if (done % Math.ceil(count / 8) !== 0) return;
        globalThis.gc?.();
        memory.set(done, process.memoryUsage.rss());
      },
    });
    const seconds = (performance.now() - start) / 1000;
    const used = process.cpuUsage(cpu);
    const { held, requests } = await ask('held');
    const rss = [...memory.values()].map((bytes) => Math.round(bytes / 1_048_576)).join(' ');
    report(
      `${name}: ${seconds.toFixed(0)} s, ${((count / seconds) * 60).toFixed(0)} merchants a minute, ${((used.user + used.system) / 1e6).toFixed(0)} s of CPU; ${JSON.stringify(counts)}, ${posted} posted, ${requests - before} requests`,
    );
    report(
      `  in the books: ${held?.vouchers} vouchers, ${held?.doubled} doubled, ${held?.missing.length} merchants with one missing`,
    );
    report(`  memory in MiB as it went on: ${rss}`);
  }
  await store.close();
  servers.disconnect();
  rmSync(folder, { recursive: true, force: true });
}
