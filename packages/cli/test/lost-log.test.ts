import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { openDeliveryLog } from '@bilag/engine';
import { afterAll, describe, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { openDeliveryBench, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

const targets = ['tripletex', 'fiken'] as const;
type TargetName = (typeof targets)[number];
const minute = 60_000;

/** A café, connected; the target shows what is posted as late as it declares. */
async function connected(name: TargetName): Promise<DeliveryBench> {
  const stage = await openDeliveryBench({ tripletex: { searchDelayMs: 9 * minute } });
  stage.fiken.listAfter(4 * minute);
  expect(await stage.run('connect', name)).toMatchObject({ code: 0, messages: '' });
  return stage;
}

function heldIn({ tripletex, fiken }: DeliveryBench, name: TargetName): number {
  return name === 'fiken' ? fiken.company().books.transactions.length : tripletex.backDoor.company().vouchers().length;
}

const all: Readonly<Record<TargetName, number>> = { tripletex: 6, fiken: 12 };

/** The log, as it is not while a process has it open. */
const log = (stage: DeliveryBench): string => stage.bench.path('delivery/kafe.sqlite');

function lose(stage: DeliveryBench): void {
  rmSync(stage.bench.path('delivery'), { recursive: true });
}

describe.for(targets)('a delivery log at %s', (name) => {
  test('that was lost is recognised by what the archive remembers, and a rebuild finds everything', async () => {
    await using stage = await connected(name);
    expect(await stage.run('apply', name, '--to', '2026-07-03')).toMatchObject({ code: 0 });
    const before = heldIn(stage, name);
    lose(stage);
    expect((await stage.run('apply', name)).messages).toContain('run bilag connect');
    expect(await stage.run('connect', name)).toMatchObject({ code: 0 });
    stage.time.ms += 10 * minute;
    expect((await stage.run('verify', name)).out).toContain('voucher-not-in-log');
    const refused = await stage.run('apply', name);
    expect(refused.code).toBe(3);
    expect(refused.messages).toContain('more was delivered than the log knows');
    expect((await stage.run('status')).out).toContain('the log has forgotten deliveries');
    expect(heldIn(stage, name)).toBe(before);
    expect(await stage.run('rebuild', name)).toMatchObject({ code: 0 });
    expect(await stage.run('apply', name)).toMatchObject({ code: 0 });
    expect(heldIn(stage, name)).toBe(all[name]);
  });

  test('of another installation is refused when the target shows what the first posted', async () => {
    await using stage = await connected(name);
    expect(await stage.run('apply', name, '--to', '2026-07-03')).toMatchObject({ code: 0 });
    const before = heldIn(stage, name);
    // Another machine has neither.
    lose(stage);
    const archive = stage.bench.path('archive/kafe');
    for (const file of readdirSync(archive)) if (file.startsWith('delivered-')) rmSync(`${archive}/${file}`);
    const { now, sleep } = stage.time;
    expect(await stage.bench.runIn({ now, sleep }, 'connect', name)).toMatchObject({ code: 0 });
    const refused = await stage.run('apply', name);
    expect(refused.code).toBe(3);
    expect(refused.messages).toMatch(/^waiting, until 2026-\S+ at the latest: \S+ may not show yet/);
    expect(refused.messages).toContain('of ours that the log does not know');
    expect(heldIn(stage, name)).toBe(before);
    expect(await stage.run('rebuild', name)).toMatchObject({ code: 0 });
    expect(await stage.run('apply', name)).toMatchObject({ code: 0 });
    expect(heldIn(stage, name)).toBe(all[name]);
  });

  test('that was restored from an older backup is recognised', async () => {
    await using stage = await connected(name);
    expect(await stage.run('apply', name, '--to', '2026-07-01')).toMatchObject({ code: 0 });
    copyFileSync(log(stage), stage.bench.path('backup.sqlite'));
    expect(await stage.run('apply', name, '--to', '2026-07-03')).toMatchObject({ code: 0 });
    const before = heldIn(stage, name);
    copyFileSync(stage.bench.path('backup.sqlite'), log(stage));
    const refused = await stage.run('apply', name);
    expect(refused.code).toBe(3);
    expect(refused.messages).toContain('restored from an older backup');
    expect(heldIn(stage, name)).toBe(before);
    expect(await stage.run('rebuild', name)).toMatchObject({ code: 0 });
    expect(await stage.run('apply', name)).toMatchObject({ code: 0 });
    expect(heldIn(stage, name)).toBe(all[name]);
  });
});

describe('the company in the target', () => {
  test('is compared by its organisation number whenever something is posted, taken back or rebuilt', async () => {
    await using stage = await connected('tripletex');
    expect(await stage.run('apply', 'tripletex')).toMatchObject({ code: 0 });
    stage.configure({ organisationNumber: '987654330' });
    const undo = ['undo', 'tripletex', '--from', '2026-07-01', '--to', '2026-07-07', '--yes'];
    for (const command of [['apply', 'tripletex'], undo, ['rebuild', 'tripletex'], ['verify', 'tripletex']]) {
      const { code, messages } = await stage.run(...command);
      expect([command[0], code]).toEqual([command[0], 3]);
      expect(messages).toContain('organisation number 987654321');
    }
    expect(heldIn(stage, 'tripletex')).toBe(all.tripletex);
  });
});

describe('the lease of another process', () => {
  test('is waited for with --wait', async () => {
    await using stage = await connected('tripletex');
    const store = await openDeliveryLog(log(stage));
    const asked = { holder: 'process 17', now: stage.time.ms, leaseMs: minute, requestTimeoutMs: minute };
    await store.takeLease('kafe', asked);
    await store.close();
    const told = await stage.run('apply', 'tripletex');
    expect(told.code).toBe(4);
    expect(told.messages).toMatch(
      /its lease ends by itself at \S+, in 1\d\d seconds \(bilag apply --wait waits for it\)/,
    );
    const waited = await stage.run('apply', 'tripletex', '--wait');
    expect(waited.code).toBe(0);
    expect(waited.messages).toMatch(/^waiting, until \S+ at the latest: process 17 is delivering for kafe/);
  });

  test('is named when it is from the future, and ended by a person', async () => {
    await using stage = await connected('tripletex');
    const store = await openDeliveryLog(log(stage));
    const request = { holder: 'process 17', leaseMs: minute, requestTimeoutMs: minute };
    await store.takeLease('kafe', { ...request, now: stage.time.ms + 30 * 1440 * minute });
    await store.close();
    const refused = await stage.run('apply', 'tripletex', '--wait');
    expect(refused.code).toBe(3);
    expect(refused.messages).toMatch(/process 17 is from the future.*one of the two clocks is wrong/);
    const status = await stage.run('status');
    expect([status.code, status.out]).toEqual([3, expect.stringContaining('end its lease with --end-lease')]);
    const ended = await stage.run('status', '--end-lease');
    expect([ended.code, ended.out]).toEqual([0, expect.stringContaining('process 17 was cut off')]);
    expect((await stage.run('status', '--end-lease')).messages).toContain('is not from the future, and ends by itself');
    expect((await stage.run('apply', 'tripletex')).code).toBe(4);
    stage.time.ms += minute;
    expect((await stage.run('apply', 'tripletex')).code).toBe(0);
    expect((await stage.run('status', '--end-lease')).messages).toContain('nobody has a lease');
  });
});
