import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addDays,
  amount,
  defineAdapter,
  defineSource,
  ledgerEntry,
  plainDate,
  type FileAdapter,
  type LedgerDate,
  type PlainDate,
  type RawPage,
  type Source,
} from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openCompany, type OpenCompany } from '../src/index.ts';

const home = mkdtempSync(join(tmpdir(), 'bilag-company-exports-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const first = plainDate('2026-01-30');

/** A till that is asked day by day; it counts the pages that are read again. */
function countingTill(read: RawPage[]): Source<object> {
  return defineSource({
    contract: 1,
    kind: 'source',
    id: 'till',
    title: 'The till at the door',
    config: z.object({}),
    profile: { provider: 'The till', series: 'TILL' },
    api: {
      scope: () => ({
        topics: ['funds'],
        fees: 'not-read',
        keysSee: 'own',
        keys: 'none',
        credentials: 'env:TILL',
        connection: 'till',
        noAccess: 'ask at the door',
      }),
      connect: () => Promise.reject(new Error('nothing is sent here')),
      async *dates(pages, { currency }) {
        for await (const page of pages) {
          read.push(page);
          yield dateOf(page, currency);
        }
      },
    },
  });
}

function dateOf({ ledgerId, date, body, closed }: RawPage, currency: string): LedgerDate {
  const entry = ledgerEntry({
    ledgerId,
    account: 'funds',
    ledgerDate: date,
    type: 'capture',
    amount: amount(Number(new TextDecoder().decode(body))),
    currency,
    pspReference: `sale ${date}`,
    reference: null,
    salesUnit: null,
    time: null,
  });
  return { ledgerId, date, currency, accounts: { funds: { closed } }, entries: [entry] };
}

/** A file of keys and dates, for which the book is read twice. */
function keysAdapter(id: string, shape?: FileAdapter['shape']): FileAdapter<object> {
  return defineAdapter({
    contract: 1,
    kind: 'file',
    id,
    title: id,
    config: z.object({}),
    vat: 'gross',
    ...(shape === undefined ? {} : { shape }),
    async *render(book) {
      let count = 0;
      for await (const _ of book.vouchers()) count += 1;
      let text = `${count} vouchers\n`;
      for await (const { key, date } of book.vouchers()) text += `${key} ${date}\n`;
      yield { name: `${id}.txt`, mediaType: 'text/plain', content: [text] };
    },
  });
}

interface Shop {
  readonly read: readonly RawPage[];
  open(lockedThrough?: PlainDate): Promise<OpenCompany>;
}

/** Five days of one sale each, in the archive. */
async function shop(): Promise<Shop> {
  const folder = mkdtempSync(join(home, 'shop-'));
  const archive = await openArchive(join(folder, 'archive'));
  await archive.rememberLedgers([{ id: 'DOOR', currency: 'NOK', handles: [] }]);
  for (const day of [0, 1, 2, 3, 4]) {
    const page = {
      sequence: 0,
      body: new TextEncoder().encode(`${100 + day}`),
      request: 'GET /day',
      receivedAt: '2026-03-01T06:00:00Z',
    };
    await archive.store({ ledgerId: 'DOOR', topic: 'funds', date: addDays(first, day), closed: true, pages: [page] });
  }
  await archive.close();
  const read: RawPage[] = [];
  const target = (adapter: FileAdapter<object>): object => ({ adapter, config: {} });
  return {
    read,
    open: async (lockedThrough) =>
      openCompany(
        {
          id: 'shop',
          name: 'Butikk AS',
          organisationNumber: '987654321',
          country: 'NO',
          currency: 'NOK',
          archive: 'archive',
          source: { kind: countingTill(read) },
          policy: {
            versions: [{ from: first, market: 'NO', sales: { sale: '25' } }],
            ...(lockedThrough === undefined ? {} : { lockedThrough }),
          },
          targets: {
            one: target(keysAdapter('one')),
            two: target(keysAdapter('two')),
            parts: target(keysAdapter('parts', { documents: ['sale', 'journal'], maxLines: 10 })),
          },
        },
        { folder },
      ),
  };
}

const february = { from: plainDate('2026-02-01'), to: plainDate('2026-02-02') };

async function exported(company: OpenCompany, names: readonly string[], period = february): Promise<string[]> {
  const folder = mkdtempSync(join(home, 'out-'));
  const { files } = await company.export(names, {
    period,
    folder,
    createdAt: '2026-03-01T06:00:00Z',
    replace: false,
  });
  await company.close();
  return files.map(({ name }) => readFileSync(join(folder, name), 'utf8'));
}

describe('an export of a month', () => {
  test('to several targets reads each page once, however often they read the book', async () => {
    const { read, open } = await shop();
    const [one, two] = await exported(await open(), ['one', 'two']);
    expect(one).toBe('2 vouchers\nDOOR-20260201 2026-02-01\nDOOR-20260202 2026-02-02\n');
    expect(two).toBe(one);
    // Until the next date with entries: some of them might stand among those of the last.
    expect(read.map(({ date }) => date)).toEqual([0, 1, 2, 3, 4].map((day) => addDays(first, day)));
  });

  test('gives each target the book in its own shape', async () => {
    const { open } = await shop();
    const [one, parts] = await exported(await open(), ['one', 'parts']);
    expect(one).not.toContain('.S ');
    expect(parts).toContain('.S ');
  });

  test('gives each target its own book where they have a voucher under different dates', async () => {
    const { open } = await shop();
    const january = { from: first, to: plainDate('2026-01-31') };
    await exported(await open(), ['one'], january);
    const [one, two] = await exported(await open(january.to), ['one', 'two']);
    // The first has January in its books; to the other it is new, and comes on the first open day.
    expect(one?.split('\n')[0]).toBe('2 vouchers');
    expect(two?.split('\n')[0]).toBe('4 vouchers');
    expect(two).toMatch(/-20260130 2026-02-01/);
  });
});
