import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompanyInput } from '@bilag/cli';
import { addDays, plainDate } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { cafeConfig, clearBenches, createBench, type Bench } from './bench.ts';

afterAll(clearBenches);

/* A café whose food went from 15 % to 25 % on 5 July: what is refunded after that was sold before. */

const policy: CompanyInput['policy'] = {
  versions: [
    { from: '2026-07-01', market: 'NO', sales: { sale: '15' } },
    { from: '2026-07-05', market: 'NO', sales: { sale: '25' } },
  ],
};

interface Row {
  readonly date: string;
  readonly type: string;
  readonly amount: number;
  readonly order: string;
  readonly topic?: 'fees';
}

const sold: Row = { date: '2026-07-02', type: 'capture', amount: 11_500, order: 'bord-å-"1"' };
const later: Row = { date: '2026-07-05', type: 'capture', amount: 12_500, order: 'bord-2' };
const rows: readonly Row[] = [
  sold,
  later,
  { ...sold, date: '2026-07-06', type: 'refund', amount: -11_500 },
  { ...later, date: '2026-07-07', type: 'refund', amount: -12_500 },
];

/** The café's archive, with a page for each date of each topic. */
async function archived(written: readonly Row[], own: CompanyInput['policy'] = policy): Promise<Bench> {
  const topics = written.some(({ topic }) => topic === 'fees') ? (['funds', 'fees'] as const) : (['funds'] as const);
  const bench = createBench();
  bench.write(
    'bilag.config.json',
    cafeConfig('http://127.0.0.1:9', {
      policy: own,
      source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS', fees: topics.length > 1 },
    }),
  );
  const archive = await openArchive(bench.path('archive', 'kafe'));
  await archive.rememberLedgers([{ id: '302400', currency: 'NOK', handles: ['api:123455'] }]);
  for (const topic of topics) {
    let balance = 0;
    for (let date = plainDate('2026-07-01'); date <= '2026-07-07'; date = addDays(date, 1)) {
      const items = written
        .filter((row) => row.date === date && (row.topic ?? 'funds') === topic)
        .map(({ type, amount, order }, index) => {
          const balanceBefore = balance;
          balance += amount;
          const time = `${date}T10:00:0${index}.000000Z`;
          return {
            pspReference: `${date}-${index}`,
            time,
            ledgerDate: date,
            entryType: type,
            reference: order,
            currency: 'NOK',
            amount,
            balanceBefore,
            balanceAfter: balance,
            recipientHandle: 'api:123455',
          };
        });
      const place = { ledgerId: '302400', topic, date, closed: true };
      const body = Buffer.from(JSON.stringify({ items, hasMore: false, tryLater: false }));
      const request = `GET /report/v2/ledgers/302400/${topic}/dates/${date}`;
      await archive.store({
        ...place,
        pages: [{ ...place, sequence: 0, request, receivedAt: '2026-07-08T06:00:00Z', body }],
      });
    }
  }
  await archive.close();
  return bench;
}

/** The same as rows of version 1 in files, the refunds in one of their own. */
function inFiles(): Bench {
  const bench = createBench();
  const source = {
    kind: 'v1-files',
    files: ['sales.json', 'refunds.json'],
    settlement: 'gross',
    amounts: 'minor-integers',
  } as const;
  bench.write('bilag.config.json', cafeConfig('', { policy, source }));
  const v1 = rows.map(({ date, type, amount, order }) => ({
    transactionId: `${type}-${date}`,
    timestamp: `${date}T12:00:00+0200`,
    ledgerDate: date,
    ledgerId: '302400',
    transactionType: type,
    orderId: order,
    currency: 'NOK',
    ledgerAmount: amount,
    grossAmount: amount,
    fee: 0,
    recipientHandle: 'api:123455',
  }));
  bench.write('sales.json', v1.slice(0, 2));
  bench.write('refunds.json', v1.slice(2));
  return bench;
}

interface BookedCompany {
  readonly vouchers: readonly { readonly lines: readonly { readonly account: string; readonly amount: number }[] }[];
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
}

async function book(bench: Bench): Promise<BookedCompany> {
  const { code, out } = await bench.run('book', '--json');
  expect(code).toBe(0);
  return (JSON.parse(out) as { companies: [BookedCompany] }).companies[0];
}

function left({ vouchers }: BookedCompany): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, amount } of vouchers.flatMap(({ lines }) => lines))
    sums[account] = (sums[account] ?? 0) + amount;
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

/** What a file that begins in the middle has on sales and VAT: its openings, and the two refunds. */
async function exported(bench: Bench): Promise<readonly string[]> {
  const period = ['--from', '2026-07-06', '--until', '2026-07-07'];
  expect(await bench.run('export', '--target', 'journal', ...period, '--out', 'out')).toMatchObject({ code: 0 });
  const text = readdirSync(bench.path('out'))
    .filter((name) => name.endsWith('.journal'))
    .map((name) => readFileSync(bench.path('out', name), 'utf8'))
    .join('');
  const lines = text.matchAll(/^ +(?:Income|Liabilities):(\d+) .*? (-?[\d.]+) NOK/gm);
  return [...lines].map(([, account, sum]) => `${account} ${sum}`);
}

describe('a refund of what was sold under an earlier version of the policy', () => {
  test.each([
    ['an archive', async () => archived(rows)],
    ['files', async () => inFiles()],
  ])('leaves nothing of it: from %s, the whole and a file of the days after', async (_, open) => {
    const bench = await open();
    const books = await book(bench);
    expect(left(books)).toEqual({});
    expect(books.findings.map(({ code }) => code)).toEqual(['follows-original']);
    const openings = ['2700 -25.00', '2701 -15.00', '3000 -100.00', '3030 -100.00'];
    const refunds = ['3030 100.00', '2701 15.00', '3000 100.00', '2700 25.00'];
    expect(await exported(bench)).toEqual([...openings, ...refunds]);
  });

  test('goes to suspense when the sale is not in the archive, and the finding names order and amount', async () => {
    const bench = await archived([{ date: '2026-07-06', type: 'refund', amount: -11_500, order: 'bord-0' }]);
    const books = await book(bench);
    expect(left(books)).toEqual({ '1579': -11_500, '2999': 11_500 });
    expect(books.findings).toMatchObject([{ code: 'original-unknown', severity: 'warning' }]);
    expect(books.findings[0]?.message).toMatch(/-115\.00 of order bord-0/);
  });
});

describe('fees that an earlier version of the policy left to their invoice', () => {
  const versions = [
    { from: '2026-07-01', market: 'NO', sales: { sale: '25' }, fees: { invoiced: 'on-invoice' } },
    { from: '2026-07-03', market: 'NO', sales: { sale: '25' } },
  ] as const;
  const fees: readonly Row[] = [
    { ...sold, type: 'capture-fee', amount: -200, topic: 'fees' },
    { ...later, type: 'capture-fee', amount: -30, topic: 'fees' },
  ];

  test('are counted in the proof until that comes, and no payout is waited for', async () => {
    const bench = await archived([sold, ...fees], { versions });
    const { out } = await bench.run('book');
    expect(out).toContain(
      'fees payable -2.30 = fees -2.30, counting -2.00 that awaits its invoice; equal on 7 of 7 dates',
    );
    expect(out).not.toContain('waiting');
  });
});
