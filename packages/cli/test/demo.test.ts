import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearBenches, contentsOf, createBench, startBilag, type Bench, type Ran } from './bench.ts';

afterAll(clearBenches);

/** What was written but the raw data. */
function filesOf(bench: Bench): Record<string, string> {
  const all = Object.entries(contentsOf(bench.path('demo-output')));
  return Object.fromEntries(all.filter(([name]) => !name.startsWith('archive')));
}

interface DemoJson {
  delivery: Record<string, unknown>;
  imported: Record<string, unknown>;
  companies: {
    company: string;
    differences: unknown[];
    books: { trialBalance: { account: string; closing: number }[] };
  }[];
}

describe('bilag demo', () => {
  const bench = createBench();
  let first: Ran;
  let files: Record<string, string>;
  let again: DemoJson;

  beforeAll(async () => {
    first = await bench.run('demo');
    files = filesOf(bench);
    writeFileSync(bench.path('demo-output', 'kaffebaren', 'notes.txt'), 'mine');
    for (const name of Object.keys(files).filter((file) => file.startsWith('butikken'))) {
      writeFileSync(bench.path('demo-output', name), 'spoilt');
    }
    again = JSON.parse((await bench.run('demo', '--json')).out) as DemoJson;
  }, 300_000);

  test('proves every ledger against the provider and against what the simulator counted', () => {
    expect(first).toMatchObject({ code: 0, messages: '' });
    expect(first.out).toContain('6 of 6 ledgers proved');
    expect(first.out).toContain('5 of 5 companies agree with what the simulator counted');
    expect(first.out).not.toMatch(/NOT PROVED|DIFFERS/);
    for (const company of again.companies)
      expect(company).toMatchObject({ differences: [], books: { isBalanced: true } });
  });

  test('imports a report of the portal for a merchant without keys, and books what the API tells', () => {
    expect(first.out).toMatch(/bilag import {2}.*report\.csv, as the portal hands it out: \d+ rows/);
    expect(again).toMatchObject({ imported: { isProved: true, differences: [] } });
  });

  test('posts a quarter to a simulated Tripletex: killed in the middle, run again, read back, one taken back', () => {
    expect(again.delivery).toMatchObject({
      postedBefore: 30,
      killedAt: 40,
      verified: 88,
      isClean: true,
      differences: [],
    });
    const { foundAfter, postedAfter, seen } = again.delivery as {
      foundAfter: number;
      postedAfter: number;
      seen: { postings: { account: string; amount: number }[] }[];
    };
    // Two are under way at once: the one that got no reply, and another perhaps.
    expect([1, 2]).toContain(foundAfter);
    expect(30 + 10 + postedAfter).toBeGreaterThanOrEqual(87);
    expect(seen).toHaveLength(2);
    const [posted = 0, taken = 0] = seen.map(
      ({ postings }) => postings.find(({ account }) => account === '3000')?.amount ?? 0,
    );
    expect(posted).toBeLessThan(0);
    expect(taken).toBe(-posted);
    expect(first.out).toContain('88 vouchers read back, as they were posted');
  });

  test('gives the same bytes each time, and leaves what is not its own', () => {
    expect(Object.keys(files)).toHaveLength(21);
    expect(filesOf(bench)).toEqual({ ...files, 'kaffebaren/notes.txt': Buffer.from('mine').toString('base64') });
  });

  test('books the documented days as they are documented', () => {
    const [day, v1Day] = again.companies.map(({ books }) =>
      Object.fromEntries(books.trialBalance.map(({ account, closing }) => [account, closing])),
    );
    expect(day).toEqual({ '1579': 0, '1920': 28_800, '2700': -6000, '2960': 0, '3000': -24_000, '7770': 1200 });
    // 9.00 less 6.00 with 25 % VAT, a fee of 1.11, a payout of 1.89 that names another ledger.
    expect(v1Day).toEqual({ '1579': 0, '1920': 189, '2700': -60, '3000': -240, '7770': 111 });
  });

  test('says at its end how to look at it, and that opens the page', async () => {
    const [, argv = ''] = /: npx -y pnpm@12 bilag (.*)\n$/.exec(first.out) ?? [];
    // As it is typed, but for the browser and a port that may be taken.
    const given = argv.split(' ').filter((word) => word !== '--open');
    const child = startBilag([...given, '--port', '0', '--json'], { cwd: bench.folder });
    const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const { url, token } = JSON.parse(String(chunk)) as { readonly url: string; readonly token: string };
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/nb/overview', '/nb/c/kaffebaren/overview']) {
      const reply = await fetch(url + path, { headers });
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain('Kaffebaren Eksempel AS');
    }
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('stopped at the beginning, it leaves nothing half done', async () => {
    const other = createBench();
    const { code } = await other.runIn({ signal: AbortSignal.abort(new Error('stop')) }, 'demo');
    expect(code).toBe(130);
    expect(() => filesOf(other)).toThrow('ENOENT');
  });
});
