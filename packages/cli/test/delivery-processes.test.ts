import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { bilag, clearBenches, endOf, startBilag, type Ran } from './bench.ts';
import { openDeliveryBench, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

/** A café and a Tripletex on the clock on the wall, for processes of their own. */
async function openStage(): Promise<DeliveryBench> {
  const stage = await openDeliveryBench({ tripletex: { now: () => new Date(), rateLimit: null } });
  expect((await stage.runIn({ now: () => new Date() }, 'connect', 'tripletex')).code).toBe(0);
  return stage;
}

/** Writes that have arrived. */
function posts({ tripletex }: DeliveryBench): number {
  return tripletex.requests.filter(({ method, path }) => isVoucherPost({ method, path })).length;
}

async function untilPosts(stage: DeliveryBench, count: number): Promise<void> {
  while (posts(stage) < count) await delay(20);
}

function isVoucherPost({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && path.endsWith('/ledger/voucher');
}

const danish = {
  country: 'DK',
  currency: 'DKK',
  policy: { versions: [{ from: '2026-07-01', market: 'DK', sales: { sale: '25' }, lines: 'summary' }] },
} as const;

describe.for([
  ['tripletex', {}],
  ['fiken', {}],
  ['poweroffice', {}],
  ['economic', danish],
  ['business-central', {}],
] as const)('bilag simulate %s', ([name, country]) => {
  test('is a system to try connect and plan on, with what to write into the config', async () => {
    await using stage = await openDeliveryBench();
    const { bench } = stage;
    // By its short name, or by its adapter's.
    const system = name === 'fiken' ? '@bilag/fiken' : name;
    const child = startBilag(['simulate', system, '--organisation', '987654321'], { cwd: bench.folder });
    const ended = endOf(child);
    const lines = await linesUntil(child, '# }');
    const assigned = lines.flatMap((line) => (line.startsWith('export ') ? [line.slice('export '.length)] : []));
    const keys = assigned.map((line) => line.split('=') as [string, string]);
    const json = lines.slice(lines.indexOf('# {')).map((line) => line.slice(2));
    const target = JSON.parse(json.join('\n')) as { adapter: string; config: object };
    stage.configure({ ...country, targets: { [name]: target } });
    const options = { cwd: bench.folder, env: { ...bench.env, ...Object.fromEntries(keys) } };
    expect(await bilag(['connect', name], options)).toMatchObject({ code: 0, messages: '' });
    // The café's ledger is in Norwegian kroner: there is nothing to plan in others.
    const next = 'currency' in country ? 'status' : 'plan';
    expect(await bilag([next, name], options)).toMatchObject({ code: 0, messages: '' });
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

async function linesUntil(child: ChildProcess, last: string): Promise<string[]> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes(`\n${last}\n`)) await delay(20);
  return text.trimEnd().split('\n');
}

describe('several processes', () => {
  test('two apply for the same company at once: one works, the other says who holds the lease', async () => {
    await using stage = await openStage();
    const { bench, tripletex } = stage;
    // The first one's write waits until the second has been told.
    const gate = Promise.withResolvers<undefined>();
    tripletex.faults.arm({
      kind: 'answer',
      answer: async (request, handle) => gate.promise.then(() => handle(request)),
      match: isVoucherPost,
    });
    const first = startBilag(['apply', 'tripletex', '--json'], { cwd: bench.folder, env: bench.env });
    const ended = endOf(first);
    await untilPosts(stage, 1);
    const second = await bilag(['apply', 'tripletex'], { cwd: bench.folder, env: bench.env });
    expect(second.code).toBe(4);
    expect(second.messages).toContain(`process ${first.pid}`);
    expect(second.messages).toContain('is delivering for kafe since');
    expect((await stage.run('status')).out).toContain(`process ${first.pid}`);
    gate.resolve(undefined);
    expect(await ended).toMatchObject({ code: 0, messages: '' });
    expect(tripletex.backDoor.company().vouchers()).toHaveLength(6);
    expect((await stage.run('status')).out).toContain('nobody is posting now');
  });

  test('one that is killed in the middle of a write is gone on with, and nothing is posted twice', async () => {
    await using stage = await openStage();
    const { bench, tripletex } = stage;
    // Written, and the reply never comes.
    tripletex.faults.arm({ kind: 'hang', strikes: 'after', skip: 2, match: isVoucherPost });
    const child = startBilag(['apply', 'tripletex'], { cwd: bench.folder, env: bench.env });
    const ended = endOf(child);
    await untilPosts(stage, 3);
    while (tripletex.backDoor.company().vouchers().length < 3) await delay(20);
    child.kill('SIGKILL');
    await ended;
    await tripletex.faults.disarmAll();

    const early = await bilag(['apply', 'tripletex'], { cwd: bench.folder, env: bench.env });
    expect(early.code).toBe(4);
    expect(early.messages).toMatch(/if it has died, its lease ends by itself at \S+, in 1?\d\d seconds/);
    const killed = Date.now();
    const statusAt = (ms: number): Promise<Ran> => stage.runIn({ now: () => new Date(ms) }, 'status');
    const freeAt = /and the next run may begin at (\S+)/;
    expect((await statusAt(killed)).out).toMatch(/is posting since .* its lease ends at/);
    const [, begin = ''] = freeAt.exec((await statusAt(killed)).out) ?? [];
    const late = await statusAt(Date.parse(begin) - 1_000);
    expect(late.out).toMatch(/was cut off: its lease ended at/);
    expect(late.out).toMatch(/^\S+ +apply +\S+ +cut off/m);
    expect((await statusAt(Date.parse(begin))).out).toContain('nobody is posting now: process');

    let now = Date.now() + 5 * 60_000;
    const sleep = async (ms: number): Promise<void> => void (now += ms);
    const later = await stage.runIn({ now: () => new Date(now), sleep }, 'apply', 'tripletex', '--send-again');
    expect(later).toMatchObject({ code: 0, messages: '' });
    expect(later.out).toContain('posted, was there');
    const held = tripletex.backDoor.company().vouchers();
    expect(new Set(held.map(({ externalVoucherNumber }) => externalVoucherNumber)).size).toBe(6);
    expect(held).toHaveLength(6);
  });

  test('stopped by Ctrl-C it ends, and the next goes on', async () => {
    await using stage = await openStage();
    const { bench, tripletex } = stage;
    tripletex.faults.arm({ kind: 'slow', delayMs: 1_500, skip: 1, match: isVoucherPost });
    const child = startBilag(['apply', 'tripletex'], { cwd: bench.folder, env: bench.env });
    const ended = endOf(child);
    await untilPosts(stage, 2);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    let now = Date.now();
    const sleep = async (ms: number): Promise<void> => void (now += ms);
    const next = await stage.runIn({ now: () => new Date(now), sleep }, 'apply', 'tripletex', '--send-again');
    expect(next).toMatchObject({ code: 0, messages: '' });
    expect(tripletex.backDoor.company().vouchers()).toHaveLength(6);
  });
});
