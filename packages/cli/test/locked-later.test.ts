import { rmSync } from 'node:fs';
import type { Proof } from '@bilag/company';
import { afterAll, describe, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { openDeliveryBench, plainPolicy, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

const key = '302400-20260701';

/** Six vouchers of July in the target, and the policy closes July afterwards. */
async function closedAfterwards(name: string): Promise<DeliveryBench> {
  const stage = await openDeliveryBench();
  expect(await stage.run('connect', name)).toMatchObject({ code: 0, messages: '' });
  expect(await stage.run('apply', name)).toMatchObject({ code: 0 });
  stage.configure({ policy: { ...plainPolicy, lockedThrough: '2026-07-31' } });
  stage.time.ms = Date.parse('2026-08-05T10:00:00Z');
  return stage;
}

async function proofOf(stage: DeliveryBench, name: string): Promise<Proof> {
  const { out } = await stage.run('prove', '--period', '2026-07-07', '--target', name, '--json');
  return (JSON.parse(out) as { readonly companies: readonly [Proof] }).companies[0];
}

describe.for(['tripletex', 'fiken'])('a month that was closed after it was posted to %s', (name) => {
  test('stays on its own dates in a preview, an explanation and a replay', async () => {
    await using stage = await closedAfterwards(name);
    const preview = await stage.run('book');
    expect(preview.code).toBe(0);
    expect(preview.out).toMatch(new RegExp(`^2026-07-01 +${key.replaceAll('.', '\\.')}`, 'm'));
    expect(preview.out).not.toContain('moved-from-locked-period');
    expect(preview.out).not.toContain('2026-08-01');
    const explained = await stage.run('explain', key);
    expect(explained.out).toContain('of 2026-07-01');
    expect(explained.out).not.toContain('2026-08-01');
    expect(await stage.run('replay')).toMatchObject({ code: 0 });
  });

  test('is held against what the target has of it, and found equal', async () => {
    await using stage = await closedAfterwards(name);
    const { tables, findings } = await proofOf(stage, name);
    const compared = tables.filter(({ about }) => about === 'target');
    expect(compared.map(({ title }) => title)).toContainEqual(expect.stringContaining('1579'));
    for (const { lines } of compared)
      expect(lines.filter(({ is }) => is === 'difference').map((line) => line.amount)).toEqual([0]);
    expect(findings.map(({ code }) => code)).not.toContain('proof-target-differs');
  });

  test('is found again as it was posted when the log is lost', async () => {
    await using stage = await closedAfterwards(name);
    rmSync(stage.bench.path('delivery'), { recursive: true });
    expect((await stage.run('connect', name)).code).toBe(0);
    const rebuilt = await stage.run('rebuild', name);
    expect(rebuilt.code).toBe(0);
    expect(rebuilt.out).not.toContain('2026-08-01');
    expect(await stage.run('verify', name)).toMatchObject({ code: 0 });
    expect(await stage.run('replay')).toMatchObject({ code: 0 });
    expect((await stage.run('plan', name)).out).toMatch(/^unchanged +2026-07-01 +302400-20260701/m);
  });

  test('is not taken back and booked again on the first open day, even where the policy is followed anew', async () => {
    await using stage = await closedAfterwards(name);
    const plan = await stage.run('plan', name, '--rebook', '--all');
    expect(plan).toMatchObject({ code: 0 });
    expect(plan.out).not.toContain('2026-08-01  302400');
    expect(plan.out).not.toMatch(/^changed/m);
    expect(plan.out).toMatch(/^unchanged +2026-07-01 +302400-20260701/m);
  });
});
