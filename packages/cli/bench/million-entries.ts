import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { plainDate, type RawPage } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { generateMerchant } from '@bilag/simulator-vipps';
import { proposedGroupings } from '../src/init/proposed-groupings.ts';

/**
 * The whole way of a large ledger, from archived pages to a checked SAF-T file:
 *
 *     node --conditions=@bilag/source packages/cli/bench/million-entries.ts [captures per day] [export arguments…]
 *
 * Makes up a year's ledger of about a million entries on both accounts, archives its pages, and runs `bilag export` on it
 * in a process of its own, whose time and peak memory it prints.
 */
const [perDay = '1780', ...nodeArguments] = process.argv.slice(2);
const main = resolve(import.meta.dirname, '../src/main.ts');
const folder = await mkdtemp(join(tmpdir(), 'bilag-million-'));
const year = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };

const merchant = generateMerchant({
  ...year,
  seed: 'million',
  market: 'NO',
  ledgerId: '302321',
  owner: { name: 'Stor Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Stor', trade: 'web-shop', vatRateBasisPoints: 2500 }],
  capturesPerDay: Number(perDay),
});

const archive = await openArchive(join(folder, 'archive'));
await archive.rememberLedgers([{ id: '302321', currency: 'NOK', handles: ['api:123455'] }]);
let entries = 0;
for (const { date, funds, fees } of merchant.dates()) {
  entries += funds.length + fees.length;
  for (const [topic, items] of [
    ['funds', funds],
    ['fees', fees],
  ] as const) {
    const pages: RawPage[] = [];
    for (let start = 0; start === 0 || start < items.length; start += 1000) {
      const hasMore = start + 1000 < items.length;
      const envelope = {
        hasMore,
        tryLater: false,
        items: items.slice(start, start + 1000),
        ...(hasMore ? { cursor: `c${start}` } : {}),
      };
      const request = `GET /report/v2/ledgers/302321/${topic}/dates/${date}`;
      const place = { ledgerId: '302321', topic, date, sequence: pages.length, closed: true, request };
      pages.push({ ...place, receivedAt: '2027-01-02T08:00:00Z', body: Buffer.from(JSON.stringify(envelope)) });
    }
    await archive.store({ ledgerId: '302321', topic, date, closed: true, pages });
  }
}
await archive.close();
process.stdout.write(`${entries} entries archived in ${folder}\n`);

await mkdir(folder, { recursive: true });
await writeFile(
  join(folder, 'bilag.config.json'),
  JSON.stringify({
    id: 'stor',
    name: 'Stor Eksempel AS',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    archive: './archive',
    source: { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:VIPPS', ledgers: ['302321'] },
    policy: { versions: [{ from: year.from, market: 'NO', sales: { sale: '25' }, lines: 'entry' }] },
    targets: {
      'saf-t': {
        adapter: '@bilag/saf-t',
        config: {
          address: { city: 'Oslo' },
          contact: { lastName: 'Eksempel' },
          vatRegistered: true,
          grouping: { accounts: proposedGroupings },
          startsWithoutOpenings: true,
        },
      },
    },
  }),
);

const command = [
  ...nodeArguments,
  '--conditions=@bilag/source',
  main,
  'export',
  '--target',
  'saf-t',
  '--period',
  '2026',
];
const run = spawnSync('/usr/bin/time', ['-v', process.execPath, ...command], {
  cwd: folder,
  encoding: 'utf8',
  maxBuffer: 100_000_000,
});
const figures = run.stderr.split('\n').filter((line) => /Elapsed|Maximum resident|User time|Exit status/.test(line));
process.stdout.write(`${run.stdout}${figures.map((line) => line.trim()).join('\n')}\n`);
if (run.status !== 0) process.stderr.write(run.stderr);
