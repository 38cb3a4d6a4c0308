import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, plainDate, type RawPage } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { generateMerchant } from '@bilag/simulator-vipps';
import { proposedGroupings } from '../../packages/cli/src/init/proposed-groupings.ts';

/** A company with a ledger in its archive, in a folder of its own that goes with it. */
export interface SampleCompany extends AsyncDisposable {
  readonly folder: string;
  readonly entries: number;
  /** As `bilag export` takes it. */
  readonly range: readonly string[];
}

export interface SampleOptions {
  /** About so many entries, on both accounts of the ledger. */
  readonly entries: number;
  readonly grouping: 'date' | 'entry';
  /** The dates from the first of January 2026 on, among which they are; a year. */
  readonly days?: number;
}

const ledgerId = '302321';
const first = plainDate('2026-01-01');

/** A ledger as pages in an archive, and a config beside it. */
export async function makeCompany({ entries: wanted, grouping, days = 365 }: SampleOptions): Promise<SampleCompany> {
  const folder = await mkdtemp(join(tmpdir(), 'bilag-bench-'));
  const last = addDays(first, days - 1);
  const merchant = generateMerchant({
    from: first,
    to: last,
    seed: 'bench',
    market: 'NO',
    ledgerId,
    owner: { name: 'Fjellbutikken & Søsken AS', organisationNumber: '987654321' },
    salesUnits: [{ handle: 'api:123455', name: 'Blåbær & Rømme', trade: 'web-shop', vatRateBasisPoints: 2500 }],
    capturesPerDay: Math.max(1, Math.round(wanted / days / 2.1)),
  });
  const archive = await openArchive(join(folder, 'archive'));
  await archive.rememberLedgers([{ id: ledgerId, currency: 'NOK', handles: ['api:123455'] }]);
  let entries = 0;
  for (const { date, funds, fees } of merchant.dates()) {
    entries += funds.length + fees.length;
    for (const [topic, items] of Object.entries({ funds, fees })) {
      await archive.store({ ledgerId, topic, date, closed: true, pages: pagesOf(topic, date, items) });
    }
  }
  await archive.close();
  await writeFile(join(folder, 'bilag.config.json'), JSON.stringify(configOf(grouping)));
  const range = ['--from', first, '--to', last];
  return { folder, entries, range, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

function pagesOf(topic: string, date: RawPage['date'], items: readonly unknown[]): readonly RawPage[] {
  const pages: RawPage[] = [];
  for (let start = 0; start === 0 || start < items.length; start += 1000) {
    const hasMore = start + 1000 < items.length;
    const some = items.slice(start, start + 1000);
    const envelope = { hasMore, tryLater: false, items: some, ...(hasMore ? { cursor: `c${start}` } : {}) };
    pages.push({
      ledgerId,
      topic,
      date,
      sequence: pages.length,
      closed: true,
      request: `GET /report/v2/ledgers/${ledgerId}/${topic}/dates/${date}`,
      receivedAt: '2027-01-02T08:00:00Z',
      body: Buffer.from(JSON.stringify(envelope)),
    });
  }
  return pages;
}

function configOf(grouping: 'date' | 'entry'): object {
  return {
    id: 'shop',
    name: 'Fjellbutikken & Søsken AS',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    archive: './archive',
    source: { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:VIPPS', ledgers: [ledgerId] },
    policy: { versions: [{ from: first, market: 'NO', sales: { sale: '25' }, lines: 'entry', grouping }] },
    targets: {
      'saf-t': {
        adapter: '@bilag/saf-t',
        config: {
          address: { city: 'Tromsø' },
          contact: { lastName: 'Ærø' },
          vatRegistered: true,
          startsWithoutOpenings: true,
          grouping: { accounts: proposedGroupings },
        },
      },
      ledger: { adapter: '@bilag/journal', config: { dialect: 'ledger' } },
    },
  };
}
