import { BilagError, type ErrorKind } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { openFileWorld, type LawResult } from '../src/index.ts';
import type { FileLaw } from '../src/files/file-law.ts';
import { fileLaws, proveFileLaw } from '../src/laws/file/file-laws.ts';
import { soundParts, type SampleParts } from './sample/sample-file.ts';
import { sampleFileSubject } from './sample/sample-file-subject.ts';

function law(id: string): FileLaw {
  const found = fileLaws.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no law ${id}`);
  return found;
}

function prove(id: string, changes: Partial<SampleParts>): Promise<LawResult> {
  return proveFileLaw(law(id), sampleFileSubject('explicit', changes));
}

describe('a law that may be kept by refusing', () => {
  function refusing(kind: ErrorKind, where: string): Partial<SampleParts> {
    return {
      header(book, context) {
        if (book.company.currency === 'NOK') return soundParts.header(book, context);
        throw new BilagError(kind, { what: 'kroner alone are taken', where, action: 'keep the book in NOK' });
      },
    };
  }

  test('is kept by an error that says what to mend', async () => {
    for (const kind of ['config', 'rejected', 'unsupported'] as const) {
      expect(await prove('currency', refusing(kind, 'book'))).toMatchObject({ outcome: 'kept', observed: 'refused' });
    }
  });

  test('is broken by one that says to try again', async () => {
    const result = await prove('currency', refusing('unavailable', 'book'));
    expect(result).toMatchObject({ outcome: 'broken', why: expect.stringContaining('the kind unavailable') });
  });

  test('is broken by one that does not say where', async () => {
    const result = await prove('currency', refusing('config', ''));
    expect(result).toMatchObject({ outcome: 'broken', why: expect.stringContaining('without saying what, where') });
  });

  test('is broken by what the reader complains of, however it says so', async () => {
    const subject = {
      ...sampleFileSubject('explicit'),
      read: () => {
        throw new BilagError('rejected', { what: 'not an amount', where: 'row 3', action: 'write one' });
      },
    };
    for (const id of ['currency', 'zero-decimal', 'dimensions', 'exact']) {
      expect(await proveFileLaw(law(id), subject)).toMatchObject({
        outcome: 'broken',
        why: expect.stringContaining('the reader finds the files unsound'),
      });
    }
  });
});

test('the machine is afterwards as it was', async () => {
  const surroundings = (): unknown[] => [
    process.env['TZ'],
    Date,
    Math.random,
    Intl.NumberFormat,
    Intl.DateTimeFormat,
    Number.prototype.toLocaleString,
    String.prototype.localeCompare,
    new Date(2026, 0, 1).toISOString(),
  ];
  const before = surroundings();
  for (const id of ['date', 'locale', 'stable', 'again', 'whole-files']) await prove(id, {});
  await prove('date', { date: () => 'never' });
  await prove('locale', { header: (_book, { createdAt }) => createdAt.toLocaleUpperCase() });
  expect(surroundings().every((value, place) => value === before[place])).toBe(true);
});

test('a module that cannot be imported alone is told with what Node says', async () => {
  const subject = sampleFileSubject('explicit', {}, new URL('not-there.ts', import.meta.url));
  expect(await proveFileLaw(law('still'), subject)).toMatchObject({
    outcome: 'broken',
    why: expect.stringContaining('ERR_MODULE_NOT_FOUND'),
  });
});

test('the books of a subject lie in the year it asks for', () => {
  const world = openFileWorld({ ...sampleFileSubject('explicit'), year: 2024 });
  const book = world.book({ vouchers: [world.vouchers.sales()] });
  const dates = [...(book.vouchers() as Iterable<{ date: string }>)].map(({ date }) => date);
  expect([book.period.from, book.period.to, ...dates]).toEqual(['2024-03-01', '2024-03-31', '2024-03-02']);
});
