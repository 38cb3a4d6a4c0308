import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { amount, createVoucher, digestOf, plainDate, type JournalLine, type Voucher } from '@bilag/core';
import { openExportRecord, type ExportRecord } from '../src/index.ts';
import { bookingFingerprint } from '../src/output/booking-fingerprint.ts';
import { temporaryFolder } from './run-program.ts';
import { sampleDate, sampleVoucher } from './sample-vouchers.ts';

const home = temporaryFolder();
afterAll(() => rmSync(home, { recursive: true, force: true }));

const wholeYear = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };

let records = 0;
function newPath(): string {
  return join(home, `${(records += 1)}.exports.sqlite`);
}

function using<Result>(path: string, work: (record: ExportRecord) => Result): Result {
  const record = openExportRecord(path, 'csv');
  try {
    return work(record);
  } finally {
    record.close();
  }
}

function save(record: ExportRecord, period = wholeYear): void {
  record.save({ period, folder: '/files', createdAt: '2027-01-01T08:00:00Z', files: [] });
}

/** Keys of every form, and a voucher for each. */
const keys = [
  '302321-20260302',
  '302321-20260302.E0123456Z',
  '302321-20260302.S2',
  '302321-P20260302',
  '302321-M202603.J',
  'KA-FE-20260302',
  'KA-FE-20260302.J2',
  'KAF.0A1B2C-20260302',
  'KAF.0A1B2C-20260302.E0123456Z',
];

const vouchers = keys.map((key, index) => sampleVoucher({ index, key }));

describe('a record of the first release', () => {
  /** As the first release made it: a row for each voucher, with its digest. */
  function firstRelease(): string {
    const path = newPath();
    using(path, () => undefined);
    const database = new DatabaseSync(path);
    database.exec(`
      DROP TABLE exported_vouchers;
      DROP TABLE exported_period;
      CREATE TABLE exported_voucher (
        target TEXT NOT NULL,
        key TEXT NOT NULL,
        booked_on TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (target, key)
      ) STRICT, WITHOUT ROWID;
      PRAGMA user_version = 1;
    `);
    const row = database.prepare('INSERT INTO exported_voucher VALUES (?, ?, ?, ?)');
    for (const { key, date, digest } of vouchers) row.run('csv', key, date, digest);
    row.run('sie', '302321-20260401', '2026-04-01', 'of another target');
    database.close();
    return path;
  }

  test('still says under which date each voucher stands, whatever the form of its key', () => {
    using(firstRelease(), (record) => {
      expect(keys.map((key) => record.bookedOn(key))).toEqual(vouchers.map(({ date }) => date));
      expect(record.bookedOn('302321-20260401')).toBeUndefined();
      expect(record.bookedOn('302321-20260302.E0')).toBeUndefined();
    });
  });

  test('names what changed since and what is gone, and nothing that is as it was', () => {
    const path = firstRelease();
    using(path, (record) => {
      for (const voucher of vouchers) record.take(voucher);
      expect(record.differences(wholeYear)).toEqual({ changed: [], gone: [] });
      save(record);
    });
    for (const again of [1, 2])
      using(path, (record) => {
        const [first, second, , ...others] = vouchers;
        for (const voucher of others.toReversed()) record.take(voucher);
        record.take(sampleVoucher({ index: 1, key: second?.key ?? '', gross: 1 }));
        record.take(first as Voucher);
        expect(record.differences(wholeYear), `for the ${again}. time`).toEqual({
          changed: [keys[1]],
          gone: [keys[2]],
        });
      });
  });
});

describe('the state of a record through a date', () => {
  const [january, february, march] = [1, 2, 3].map((month) => ({
    from: plainDate(`2026-0${month}-01`),
    to: plainDate(`2026-0${month}-28`),
  })) as [typeof wholeYear, typeof wholeYear, typeof wholeYear];

  test('changes with an export that has days of it, or vouchers that were moved out of it, and with no other', () => {
    const path = newPath();
    const state = (): string => using(path, (record) => record.state(january.to));
    const states = [state()];
    using(path, (record) => save(record, january));
    states.push(state());
    using(path, (record) => save(record, february));
    expect(state()).toBe(states.at(-1));
    const late = sampleVoucher({ index: 0, key: '302321-20260120' });
    using(path, (record) => {
      record.take({ ...late, date: plainDate('2026-03-01'), ledgerDate: plainDate('2026-01-20') });
      save(record, march);
    });
    states.push(state());
    // Without the moved one it knows what it knew before.
    using(path, (record) => save(record, march));
    expect(state()).toBe(states[1]);
    using(path, (record) => save(record, january));
    states.push(state());
    expect(new Set(states).size).toBe(4);
  });

  test('is its own for each target, and after the record was lost', () => {
    const path = newPath();
    const empty = using(path, (record) => record.state(january.to));
    const other = openExportRecord(path, 'sie');
    save(other, january);
    other.close();
    expect(using(path, (record) => record.state(january.to))).toBe(empty);
    rmSync(path);
    expect(using(path, (record) => record.state(january.to))).not.toBe(empty);
  });
});

/** What an export has of a voucher: the date of its booking, and what is booked. */
const taken = fc.record({
  key: fc.constantFrom(...keys),
  day: fc.nat({ max: 3 }),
  gross: fc.integer({ min: 1, max: 2 }),
});

test('a record knows what a list of all vouchers would, export after export', () => {
  const exports = fc.array(
    fc.record({
      vouchers: fc.uniqueArray(taken, { selector: ({ key }) => key }),
      days: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(exports, (given) => {
      const path = newPath();
      const known = new Map<string, Voucher>();
      for (const { vouchers: drawn, days } of given) {
        const period = { from: sampleDate(Math.min(...days)), to: sampleDate(Math.max(...days)) };
        const isIn = ({ date }: Voucher): boolean => date >= period.from && date <= period.to;
        using(path, (record) => {
          for (const key of keys) expect(record.bookedOn(key)).toBe(known.get(key)?.date);
          // What was exported before keeps its date, as `book()` does it.
          const made = drawn.map(({ key, day, gross }) => {
            const { lines, ...parts } = sampleVoucher({ index: day, gross, key });
            return createVoucher({ ...parts, lines, date: known.get(key)?.date ?? parts.date });
          });
          for (const voucher of made) record.take(voucher);
          const before = [...known.values()].filter(isIn);
          const after = new Map(made.map((voucher) => [voucher.key, voucher]));
          const { changed, gone } = record.differences(period);
          expect(gone.toSorted()).toEqual(before.flatMap(({ key }) => (after.has(key) ? [] : [key])).toSorted());
          expect(changed.toSorted()).toEqual(
            before
              .flatMap(({ key, digest }) => ((after.get(key)?.digest ?? digest) === digest ? [] : [key]))
              .toSorted(),
          );
          save(record, period);
          for (const { key } of before) known.delete(key);
          for (const voucher of made) if (isIn(voucher)) known.set(voucher.key, voucher);
        });
      }
    }),
    { numRuns: 40 },
  );
});

test('more vouchers of a date than are kept at once are all known', () => {
  const path = newPath();
  const many = Array.from({ length: 10_050 }, (_, index) =>
    sampleVoucher({ index: 0, key: `302321-20260302.E${index}` }),
  );
  using(path, (record) => {
    for (const voucher of many) record.take(voucher);
    save(record);
  });
  using(path, (record) => {
    for (const { key, date } of [many[0], many.at(-1)] as Voucher[]) expect(record.bookedOn(key)).toBe(date);
    for (const voucher of many.slice(1)) record.take(voucher);
    expect(record.differences(wholeYear)).toEqual({ changed: [], gone: [many[0]?.key] });
  });
});

describe('the fingerprint of a booking', () => {
  const text = fc.constantFrom('', '3', '3000', 'a\tb=c', '\ud83d');
  const line = fc.record({
    account: fc.constantFrom('1579', '3000'),
    amount: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(2 ** 32, -(2 ** 32), 2 ** 40)),
    dimensions: fc.option(fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }), { nil: undefined }),
    vat: fc.option(
      fc.record({
        kind: fc.constantFrom('contained', 'reverse-charge'),
        code: text,
        account: fc.option(text),
        deductionAccount: fc.option(text),
        amount: fc.integer({ min: -3, max: 3 }),
      }),
      { nil: undefined },
    ),
  }) as unknown as fc.Arbitrary<JournalLine>;
  const lines = fc.array(line, { maxLength: 3 });
  const date = fc.constantFrom(sampleDate(0), sampleDate(1));
  const currency = fc.constantFrom('NOK', 'SEK');
  const booking = fc.record({ lines, date, currency });

  test('is the same where digests are, and another where they are not', () => {
    fc.assert(
      fc.property(booking, booking, fc.boolean(), (one, other, isAlike) => {
        const second = isAlike ? { ...one, lines: one.lines.toReversed() } : other;
        expect(bookingFingerprint(one) === bookingFingerprint(second)).toBe(digestOf(one) === digestOf(second));
      }),
      { numRuns: 2000 },
    );
  });

  test('tells apart amounts that changed places', () => {
    const booked = (...amounts: number[]): string => {
      const own = amounts.map((value, index) => ({
        account: String(3000 + index),
        amount: amount(value),
        text: '',
        facts: [],
      }));
      return bookingFingerprint({ date: sampleDate(0), currency: 'NOK', lines: own });
    };
    const seen = new Set<string>();
    for (let first = 1; first <= 60; first += 1)
      for (let second = 1; second <= 60; second += 1) seen.add(booked(first, second, -first - second));
    expect(seen.size).toBe(60 * 60);
  });

  test('stays as it is: records that are kept would say that everything changed', () => {
    expect(bookingFingerprint(sampleVoucher({ index: 0 }))).toBe('998525567.-1342131162');
  });
});
