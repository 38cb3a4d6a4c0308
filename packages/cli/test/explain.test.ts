import type { Explained, Replay } from '@bilag/company';
import { plainDate } from '@bilag/core';
import { camt053Files } from '@bilag/simulator-bank';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bankPaymentsOf } from '../src/demo/demo-bank.ts';
import { cafe, clearBenches } from './bench.ts';
import { openDeliveryBench, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

const [from, to] = [plainDate('2026-07-01'), plainDate('2026-07-07')];
const version = { from, market: 'NO', sales: { sale: '25' }, lines: 'summary', payouts: 'in-transit' } as const;

let stage: DeliveryBench;

beforeAll(async () => {
  stage = await openDeliveryBench();
  stage.configure({ policy: { versions: [version] } });
  const payments = await bankPaymentsOf(cafe, to);
  const files = camt053Files({ number: '86011117947', currency: 'NOK', from, to, payments }, { version: '02' });
  for (const { name, bytes } of files) stage.bench.write(name, Buffer.from(bytes).toString());
  await stage.run('fetch', '--to', to);
  await stage.run('bank', 'import', ...files.map(({ name }) => name));
  await stage.run('connect', 'tripletex');
  await stage.run('apply', 'tripletex');
}, 120_000);
afterAll(async () => stage[Symbol.asyncDispose]());

async function explain(what: string): Promise<{ readonly code: number; readonly found: readonly Explained[] }> {
  const { code, out } = await stage.run('explain', what, '--json');
  const [{ found }] = (JSON.parse(out) as { readonly companies: readonly [{ readonly found: readonly Explained[] }] })
    .companies;
  return { code, found };
}

function textsOf(nodes: readonly Explained[], is: Explained['is']): readonly string[] {
  return nodes.flatMap((node) => [...(node.is === is ? [node.text] : []), ...textsOf(node.children, is)]);
}

describe('what is explained', () => {
  test('a voucher: its lines, its entries with the page of each, and the id it has in Tripletex', async () => {
    const { code, found } = await explain('302400-20260703');
    expect(code).toBe(0);
    const [voucher] = found;
    expect(voucher?.text).toMatch(/^voucher 302400-20260703 of 2026-07-03/);
    const own = voucher === undefined ? [] : [voucher];
    const id = stage.tripletex.backDoor.company().holding('302400-20260703')[0]?.id;
    expect(textsOf(own, 'target')).toEqual([`voucher 302400-20260703: posted in tripletex, 2026-07-03, id ${id}`]);
    const entries = textsOf(own, 'entry');
    expect(entries.length).toBeGreaterThan(5);
    const pages = textsOf(own, 'page');
    expect(pages).toHaveLength(entries.length);
    const digests = new Set(pages.map((page) => /SHA-256 ([0-9a-f]{64})$/.exec(page)?.[1] ?? ''));
    expect([...digests].filter((digest) => !keptDigests().has(digest))).toEqual([]);
  });

  test('a payout: scheduled, expected, the line of the bank with its file, and the voucher of that', async () => {
    const { found } = await explain('2000001');
    const payout = found.find(({ is }) => is === 'payout');
    expect(payout?.text).toMatch(
      /^payout 302400-2000001 of [\d.]+ NOK, scheduled 2026-07-01, expected at the bank 2026-07-03/,
    );
    expect(
      textsOf(
        [payout].filter((each) => each !== undefined),
        'file',
      ),
    ).toEqual([
      expect.stringMatching(/^camt053-86011117947-2026-07-03\.xml, statement .*, Ntry 1, SHA-256 [0-9a-f]{64}$/),
    ]);
    expect(textsOf(found, 'voucher').some((text) => text.includes('.B'))).toBe(true);
  });

  test('an amount and a date find what has them', async () => {
    const [line] = (await explain('2026-07-03')).found.filter(({ is }) => is === 'bank-line');
    const amount = / (\d+\.\d{2}) NOK/.exec(line?.text ?? '')?.[1] ?? '';
    const { found } = await explain(amount.replace('.', ','));
    expect(new Set(found.map(({ is }) => is))).toEqual(new Set(['voucher', 'entry', 'payout', 'bank-line']));
  });

  test('an order is led from its entry to the voucher and its id', async () => {
    const [capture] = [...cafe.dates()]
      .flatMap(({ funds }) => funds)
      .filter(({ entryType }) => entryType === 'capture');
    const { found } = await explain(capture?.reference ?? '');
    expect(textsOf(found, 'entry')[0]).toContain(capture?.pspReference);
    expect(textsOf(found, 'target')[0]).toContain('posted in tripletex');
  });

  test('as a tree that a bookkeeper reads', async () => {
    const { out } = await stage.run('explain', '302400-20260703');
    expect(out).toMatch(/\n├─ 1579 /);
    expect(out).toMatch(/\n└─ voucher 302400-20260703: posted/);
  });

  test('what nobody knows is said', async () => {
    const { code, out } = await stage.run('explain', 'nobody');
    expect({ code, out }).toEqual({ code: 2, out: expect.stringContaining('is called so') as string });
  });
});

describe('a replay', () => {
  const replay = async (): Promise<Replay & { readonly code: number }> => {
    const { code, out } = await stage.run('replay', '--json');
    return { ...(JSON.parse(out) as { readonly companies: readonly [Replay] }).companies[0], code };
  };

  test('makes every voucher again as it was posted, byte for byte', async () => {
    const { code, posted, same, vouchers, findings } = await replay();
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
    expect(posted).toBeGreaterThan(8);
    expect({ same, vouchers }).toEqual({ same: posted, vouchers: posted });
  });

  test('names what comes out otherwise under another policy, and where', async () => {
    stage.configure({ policy: { versions: [{ ...version, accounts: { fee: '7775' } }] } });
    const { code, findings, same, posted } = await replay();
    stage.configure({ policy: { versions: [version] } });
    expect(code).toBe(1);
    expect(same).toBeLessThan(posted);
    expect(findings[0]).toMatchObject({
      code: 'replayed-otherwise',
      message: expect.stringContaining('does not come out as it was posted: lines') as string,
    });
  });

  test('does not go on where a raw page is not what it was', async () => {
    const [path] = pageFiles();
    const kept = readFileSync(path ?? '');
    writeFileSync(path ?? '', 'spoilt');
    const { code, messages } = await stage.run('replay');
    writeFileSync(path ?? '', kept);
    expect(code).toBe(1);
    expect(messages).toContain('error');
  });
});

function pageFiles(): readonly string[] {
  const folder = stage.bench.path('archive', 'kafe');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && /^[0-9a-f]{60,}/.test(each.name))
    .map((each) => join(each.parentPath, each.name));
}

function keptDigests(): ReadonlySet<string> {
  return new Set(
    pageFiles().map((path) => {
      const bytes = readFileSync(path);
      const body = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
      return createHash('sha256').update(body).digest('hex');
    }),
  );
}
