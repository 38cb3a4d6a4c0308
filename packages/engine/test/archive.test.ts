// oxlint-disable vitest/no-standalone-expect -- testOnSmallDisk is a test
import { once } from 'node:events';
import { cpSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { datesBetween, plainDate, type PlainDate, type RawPage, type Reading } from '@bilag/core';
import { openArchive, type ArchiveStore } from '@bilag/engine';
import type { PageFilter } from '../src/archive/archive-queries.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf, readingOf } from './programs/readings.ts';
import { killHard, runOnSmallDisk, startProgram, temporaryFolder, testOnSmallDisk, untilReady } from './run-program.ts';

const january31 = plainDate('2026-01-31');
const february1 = plainDate('2026-02-01');

let folder: string;
let archive: ArchiveStore;

beforeEach(async () => {
  folder = temporaryFolder();
  archive = await openArchive(folder);
});

afterEach(async () => {
  await archive.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is stored', () => {
  test('every byte comes back as it was received, in the order ledger, date, topic, sequence', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    await archive.store(reading({ ledgerId: 'B', date: january31, bodies: ['b'] }));
    await archive.store(reading({ ledgerId: 'A', date: february1, bodies: ['later'] }));
    await archive.store(reading({ ledgerId: 'A', date: january31, topic: 'funds', bodies: ['one', 'two'] }));
    await archive.store(reading({ ledgerId: 'A', date: january31, topic: 'fees', bodies: [bytes, ''] }));

    const pages = await read();
    expect(pages.map((page) => [page.ledgerId, page.date, page.topic, page.sequence])).toEqual([
      ['A', '2026-01-31', 'fees', 0],
      ['A', '2026-01-31', 'fees', 1],
      ['A', '2026-01-31', 'funds', 0],
      ['A', '2026-01-31', 'funds', 1],
      ['A', '2026-02-01', 'funds', 0],
      ['B', '2026-01-31', 'funds', 0],
    ]);
    expect([...(pages[0]?.body ?? [])]).toEqual([...bytes]);
    expect(pages[1]?.body).toHaveLength(0);
    expect(pages[2]).toMatchObject({ closed: true, request: 'GET /report?page=0', receivedAt: '2026-02-02T06:00:00Z' });
  });

  test('an archive from before there were checkpoints is read on, and keeps them from then on', async () => {
    await archive.store(reading({ date: january31, bodies: ['one'] }));
    await archive.close();
    const database = new DatabaseSync(join(folder, 'index.sqlite'));
    database.exec('DROP TABLE checkpoint; PRAGMA user_version = 1;');
    database.close();
    archive = await openArchive(folder, { create: false });
    expect((await read()).length).toBe(1);
    expect(await archive.checkpoint('fiken')).toBeUndefined();
    await archive.keepCheckpoint('fiken', { madeOf: 'a', content: 'b' });
    expect(await archive.checkpoint('fiken')).toEqual({ madeOf: 'a', content: 'b' });
  });

  test('only what the filter names is handed out', async () => {
    for (const ledgerId of ['A', 'B', 'C']) {
      for (const topic of ['fees', 'funds']) {
        for (const date of datesBetween(plainDate('2026-01-29'), february1)) {
          await archive.store(reading({ ledgerId, topic, date, bodies: [`${ledgerId} ${topic} ${date}`] }));
        }
      }
    }
    expect(await texts({ ledgerId: 'B', topic: 'fees', from: plainDate('2026-01-30'), to: january31 })).toEqual([
      'B fees 2026-01-30',
      'B fees 2026-01-31',
    ]);
    expect(await texts({ topic: 'funds', from: february1 })).toEqual([
      'A funds 2026-02-01',
      'B funds 2026-02-01',
      'C funds 2026-02-01',
    ]);
    expect(await texts({ ledgerId: 'none' })).toEqual([]);
  });

  test('it is there again after the archive was closed and opened', async () => {
    await archive.store({ ...reading({ bodies: ['one'] }), cursor: { source: 'funds-feed', value: 'abc==' } });
    await archive.rememberLedgers([{ id: '302321', currency: 'NOK', handles: ['NO:57860'] }]);
    await archive.close();
    archive = await openArchive(folder, { create: false });
    expect(await texts()).toEqual(['one']);
    expect(await archive.cursor('funds-feed')).toBe('abc==');
    expect(await archive.cursor('fees-feed')).toBeUndefined();
    expect(await archive.ledgers()).toEqual([{ id: '302321', currency: 'NOK', handles: ['NO:57860'] }]);
  });

  test('a reader sees the archive as it was when it began, whatever is written meanwhile', async () => {
    await archive.store(reading({ closed: false, bodies: ['one', 'two'] }));
    const pages = archive.pages()[Symbol.asyncIterator]();
    const first = await pages.next();
    await archive.store(reading({ closed: true, bodies: ['other', 'pages', 'altogether'] }));
    const rest = await collect({ [Symbol.asyncIterator]: () => pages });
    expect([first.value, ...rest].map(textOf)).toEqual(['one', 'two']);
    expect(await texts()).toEqual(['other', 'pages', 'altogether']);
  });

  test.each([
    ['no page', { bodies: [] }],
    ['a page missing in the middle', { bodies: ['one', 'two'], sequences: [0, 2] }],
    ['a page missing at the start', { bodies: ['two', 'three'], sequences: [2, 3] }],
    ['the same page twice', { bodies: ['one', 'one'], sequences: [0, 0] }],
    ['a date that does not exist', { bodies: ['one'], date: '2026-02-30' as PlainDate }],
    ['a key in the request', { bodies: ['one'], request: 'GET /report\r\nAuthorization: Bearer x' }],
  ])('a reading with %s is refused', async (_, parts) => {
    await expect(archive.store(reading(parts))).rejects.toMatchObject({ kind: 'rejected' });
    expect(await archive.dates()).toEqual([]);
  });
});

describe('a date read again', () => {
  test('an open date is superseded, and its earlier pages are kept', async () => {
    expect(await archive.store(reading({ closed: false, bodies: ['morning'] }))).toEqual({
      outcome: 'stored',
      number: 1,
    });
    expect(await archive.store(reading({ closed: false, bodies: ['evening'] }))).toEqual({
      outcome: 'stored',
      number: 2,
    });
    expect(await archive.store(reading({ closed: true, bodies: ['evening'] }))).toEqual({
      outcome: 'stored',
      number: 3,
    });
    const pages = await read();
    expect(pages.map((page) => [textOf(page), page.closed])).toEqual([['evening', true]]);
    expect(await archive.verify()).toEqual({ readings: 3, pages: 3, bytes: 21, findings: [] });
  });

  test('an open date that has not changed takes no room', async () => {
    await archive.store(reading({ closed: false, bodies: ['morning'] }));
    const again = await archive.store(reading({ closed: false, bodies: ['morning'] }));
    expect(again).toEqual({ outcome: 'unchanged', number: 1 });
  });

  test('a closed date read again with the same pages changes nothing but the cursor', async () => {
    await archive.store(reading({ bodies: ['one', 'two'] }));
    for (const closed of [true, false]) {
      const cursor = { source: 'feed', value: String(closed) };
      const again = await archive.store({ ...reading({ closed, bodies: ['one', 'two'] }), cursor });
      expect(again).toEqual({ outcome: 'unchanged', number: 1 });
      expect(await archive.cursor('feed')).toBe(String(closed));
    }
    expect(await archive.lastClosed('302321', 'funds')).toBe(january31);
  });

  test.each([
    ['another page', ['one', 'changed']],
    ['a page more', ['one', 'two', 'three']],
    ['a page less', ['one']],
    ['the pages in another order', ['two', 'one']],
  ])('a closed date with %s is a conflict, and neither pages nor cursor are touched', async (_, bodies) => {
    await archive.store({ ...reading({ bodies: ['one', 'two'] }), cursor: { source: 'feed', value: 'before' } });
    const changed = { ...reading({ bodies }), cursor: { source: 'feed', value: 'after' } };
    await expect(archive.store(changed)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await texts()).toEqual(['one', 'two']);
    expect(await archive.cursor('feed')).toBe('before');
  });

  test('a closed date with another paging cursor but the same fingerprint is the same, with another one a conflict', async () => {
    const first = { ...reading({ bodies: ['{"cursor":"x","items":[1]}'] }), fingerprint: '[1]' };
    await archive.store(first);
    const again = { ...reading({ bodies: ['{"cursor":"y","items":[1]}'] }), fingerprint: '[1]' };
    expect(await archive.store(again)).toEqual({ outcome: 'unchanged', number: 1 });
    expect(await texts()).toEqual(['{"cursor":"x","items":[1]}']);
    for (const changed of [{ ...again, fingerprint: '[2]' }, reading({ bodies: ['{"cursor":"y","items":[1]}'] })]) {
      await expect(archive.store(changed)).rejects.toMatchObject({ kind: 'conflict' });
    }
    expect(await archive.store({ ...first, fingerprint: 'made otherwise' })).toMatchObject({ outcome: 'unchanged' });
  });

  test('two writes of the same date at the same time become one reading', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => archive.store(reading({ bodies: ['one', 'two'] }))));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['stored', 'unchanged', 'unchanged']);
    expect(await texts()).toEqual(['one', 'two']);
  });

  test('a ledger that changes its currency is a conflict', async () => {
    await archive.rememberLedgers([{ id: '1', currency: 'NOK', handles: [] }]);
    const changed = [
      { id: '2', currency: 'NOK', handles: [] },
      { id: '1', currency: 'DKK', handles: [] },
    ];
    await expect(archive.rememberLedgers(changed)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await archive.ledgers()).toEqual([{ id: '1', currency: 'NOK', handles: [] }]);
  });
});

describe('the last closed date', () => {
  test('stops before an open date, before a missing day, and knows each topic apart', async () => {
    for (const number of [1, 2, 3, 5]) await archive.store(reading({ date: day(number), bodies: ['x'] }));
    await archive.store(reading({ date: day(6), closed: false, bodies: ['x'] }));
    expect(await archive.lastClosed('302321', 'funds')).toBe(day(3));
    expect(await archive.lastClosed('302321', 'funds', day(2))).toBe(day(3));
    expect(await archive.lastClosed('302321', 'funds', day(5))).toBe(day(5));
    expect(await archive.lastClosed('302321', 'funds', day(4))).toBeUndefined();
    expect(await archive.lastClosed('302321', 'funds', day(6))).toBeUndefined();
    expect(await archive.lastClosed('302321', 'fees')).toBeUndefined();
    expect(await archive.nextDate('302321', ['funds'], day(2))).toBe(day(4));
    expect(await archive.nextDate('302321', ['funds', 'fees'], day(2))).toBe(day(2));
    expect(await archive.nextDate('302321', ['funds'], day(4))).toBe(day(4));
  });
});

describe('damage', () => {
  test('a missing page says which file and what to do', async () => {
    await archive.store(reading({ bodies: ['one', 'two'] }));
    const [path = ''] = pageFiles();
    rmSync(path);
    await expect(read()).rejects.toMatchObject({ kind: 'not-found', where: path });
    const { findings } = await archive.verify();
    expect(findings).toMatchObject([
      { code: 'archive-page-missing', where: path, ledgerId: '302321', date: january31 },
    ]);
  });

  test.each([
    ['cut short', (path: string) => truncateSync(path, statSync(path).size - 3)],
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['overwritten', (path: string) => writeFileSync(path, 'something else')],
    ['replaced by another page', (path: string) => cpSync(pageFiles().find((other) => other !== path) ?? '', path)],
  ])('a page that was %s is not handed out', async (_, damage) => {
    await archive.store(reading({ bodies: ['one', 'two'] }));
    const [path = ''] = pageFiles();
    damage(path);
    await expect(read()).rejects.toMatchObject({ kind: 'rejected', where: path });
    expect((await archive.verify()).findings).toMatchObject([{ code: 'archive-page-damaged', where: path }]);
  });

  test('a damaged page is mended when the same page comes again', async () => {
    await archive.store(reading({ bodies: ['one'] }));
    writeFileSync(pageFiles()[0] ?? '', 'something else');
    await archive.store(reading({ date: february1, bodies: ['one'] }));
    expect(await texts()).toEqual(['one', 'one']);
  });

  test.each([
    ['not a database', (path: string) => writeFileSync(path, 'no database at all, '.repeat(500)), 'rejected'],
    ['cut short', (path: string) => truncateSync(path, 8192), 'rejected'],
    ['emptied', (path: string) => truncateSync(path, 0), 'not-found'],
    ['gone', (path: string) => rmSync(path), 'not-found'],
    ['of a newer version', (path: string) => run(path, 'PRAGMA user_version = 99'), 'unsupported'],
    ['of something else', (path: string) => run(path, 'PRAGMA application_id = 1; PRAGMA user_version = 0'), 'config'],
  ])('an index that is %s gives a clear error', async (_, damage, kind) => {
    for (const date of datesBetween(january31, plainDate('2026-03-31'))) {
      await archive.store(reading({ date, bodies: [date] }));
    }
    await archive.close();
    damage(join(folder, 'index.sqlite'));
    const open = async (): Promise<unknown> => {
      archive = await openArchive(folder);
      return read();
    };
    await expect(open()).rejects.toMatchObject({ name: 'BilagError', kind });
  });

  test('a folder that must hold an archive and does not is said to', async () => {
    const nowhere = join(folder, 'nowhere');
    await expect(openArchive(nowhere, { create: false })).rejects.toMatchObject({ kind: 'not-found', where: nowhere });
    expect(readdirSync(folder)).not.toContain('nowhere');
  });

  test('a path with a file where a folder belongs is refused', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openArchive(join(folder, 'file'))).rejects.toMatchObject({ kind: 'config' });
    await expect(openArchive(join(folder, 'file', 'archive'))).rejects.toMatchObject({ kind: 'config' });
  });
});

describe('other processes', () => {
  test('a second writer is told that the archive is busy, and may write when the first is done', async () => {
    const holder = startProgram('hold-archive', folder);
    await untilReady(holder);
    await expect(archive.store(reading({ bodies: ['one'] }))).rejects.toMatchObject({ kind: 'busy', where: folder });
    expect(await archive.cursor('holder')).toBe('here');
    holder.stdin?.end();
    await once(holder, 'exit');
    await archive.store(reading({ bodies: ['one'] }));
    expect(await texts()).toEqual(['one']);
  });

  test('killed at any moment, a writer leaves whole readings and the cursor of the last one', async () => {
    for (let round = 0; round < 8; round += 1) {
      const writer = startProgram('store-until-killed', folder);
      await untilReady(writer);
      await sleep(Math.random() * 60);
      await killHard(writer);
    }
    const dates = await archive.dates();
    expect(dates.length).toBeGreaterThanOrEqual(8);
    expect(await archive.cursor('counter')).toBe(dates.at(-1)?.date);
    expect(await archive.lastClosed('302321', 'funds')).toBe(dates.at(-1)?.date);
    const expected = dates.flatMap(({ date }) => [0, 1, 2].map((sequence) => bodyOf(date, sequence)));
    expect(await texts()).toEqual(expected);
    await archive.store(readingOf(plainDate('2030-01-01')));
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
  });

  testOnSmallDisk('a full disk stops the writer and leaves whole readings', async () => {
    const result = JSON.parse(await runOnSmallDisk(1024, 'store-until-full')) as Record<string, unknown>;
    expect(result).toMatchObject({ kind: 'unavailable', findings: [] });
    expect(result['message']).toContain('the disk is full');
    expect(result['cursor']).toBe(result['last']);
    expect(String(result['last']) < String(result['date'])).toBe(true);
  });
});

function day(number: number): PlainDate {
  return plainDate(`2026-03-0${number}`);
}

interface ReadingParts {
  readonly ledgerId?: string;
  readonly topic?: string;
  readonly date?: PlainDate;
  readonly closed?: boolean;
  readonly bodies: readonly (string | Uint8Array)[];
  readonly sequences?: readonly number[];
  readonly request?: string;
}

function reading({ bodies, sequences, request, ...parts }: ReadingParts): Reading {
  const pages = bodies.map((body, place) => ({
    sequence: sequences?.[place] ?? place,
    body: typeof body === 'string' ? Buffer.from(body) : body,
    request: request ?? `GET /report?page=${place}`,
    receivedAt: '2026-02-02T06:00:00Z',
  }));
  return { ledgerId: '302321', topic: 'funds', date: january31, closed: true, ...parts, pages };
}

function read(filter?: PageFilter): Promise<RawPage[]> {
  return collect(archive.pages(filter));
}

async function collect(pages: AsyncIterable<RawPage>): Promise<RawPage[]> {
  const collected: RawPage[] = [];
  for await (const page of pages) collected.push(page);
  return collected;
}

async function texts(filter?: PageFilter): Promise<string[]> {
  return (await read(filter)).map(textOf);
}

function textOf(page: RawPage | void): string {
  return Buffer.from(page?.body ?? []).toString();
}

function pageFiles(): string[] {
  return readdirSync(join(folder, 'pages'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function run(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
