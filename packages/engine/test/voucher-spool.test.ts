import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { addDays, amount, createVoucher, plainDate, type JournalLine, type LineVat, type Voucher } from '@bilag/core';
import { openVoucherSpool } from '../src/index.ts';
import { VoucherPacking } from '../src/spool/packed-voucher.ts';
import { temporaryFolder } from './run-program.ts';

const date = plainDate('2026-03-02');

/** Texts with what keys and columns may be set apart by, and half of a character. */
const text = fc.oneof(fc.constantFrom('', '0', 'Salg', 'æøå', 'a\nb', 'a\tb=c', '"', '\ud83d'), fc.string());

const vat: fc.Arbitrary<Omit<LineVat, 'net' | 'amount'>> = fc.oneof(
  fc.record({
    kind: fc.constant('contained' as const),
    code: fc.constantFrom('3', '31', 'a\n3'),
    account: fc.constantFrom('2700', '2701'),
    rateBasisPoints: fc.constantFrom(2500, 1200),
  }),
  fc.record({
    kind: fc.constant('reverse-charge' as const),
    code: fc.constant('86'),
    account: fc.constantFrom('2700', null),
    deductionAccount: fc.constantFrom('2710', null),
    rateBasisPoints: fc.constant(2500),
  }),
);

const line = fc.record({
  account: fc.oneof(fc.constantFrom('1579', '3000', '3000\n'), fc.string({ minLength: 1 })),
  value: fc.integer({ min: -10_000_000, max: 10_000_000 }).filter((value) => value !== 0),
  role: fc.constantFrom('clearing', 'fee', undefined),
  vat: fc.option(vat, { nil: undefined }),
  dimensions: fc.option(fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }), { nil: undefined }),
  party: fc.option(fc.record({ kind: fc.constantFrom('customer', 'supplier'), id: text }, { noNullPrototype: true }), {
    nil: undefined,
  }),
  text,
  reference: fc.option(text, { nil: undefined }),
  facts: fc.array(fc.nat({ max: 12 }), { maxLength: 5 }),
});

type DrawnLine = typeof line extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function lineOf({ value, vat: tax, facts, ...own }: DrawnLine): JournalLine {
  const given = Object.fromEntries(Object.entries(own).filter(([, each]) => each !== undefined));
  const parts = { net: amount(value), amount: amount(0) };
  return {
    ...given,
    amount: amount(value),
    ...(tax === undefined ? {} : { vat: { ...tax, ...parts } }),
    // The last ones are not among the voucher's.
    facts: facts.map((place) => `fact ${place}`),
  } as unknown as JournalLine;
}

/** Any voucher that can be: more lines than `book()` would make of its facts, and stranger ones. */
const voucher: fc.Arbitrary<Voucher> = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 30 }),
    description: text,
    revision: fc.integer({ min: 1, max: 99 }),
  })
  .map(({ lines, description, revision }) => {
    const made = lines.map(lineOf);
    const rest = made.reduce((sum, each) => sum + each.amount, 0);
    // A line that brings the voucher into balance, and one more where it is in balance already.
    const closing = rest === 0 ? [1, -1] : [-rest];
    const facts = Array.from({ length: 10 }, (_, place) => `fact ${place}`);
    for (const value of closing) made.push({ account: '9999', amount: amount(value), text: '', facts });
    return createVoucher({ ...headOf(0), description, revision, lines: made, facts });
  });

function headOf(
  index: number,
): Pick<Voucher, 'key' | 'date' | 'ledgerId' | 'ledgerDate' | 'series' | 'document' | 'currency'> {
  return {
    key: `302321-${index}`,
    date,
    ledgerId: '302321',
    ledgerDate: addDays(date, -1),
    series: 'VIPPS',
    document: 'journal',
    currency: 'NOK',
  };
}

/** A voucher of as many sales, some 200 bytes each when it is packed. */
function largeVoucher(index: number, sales: number): Voucher {
  const facts = Array.from({ length: sales }, (_, sale) => `302321/funds/${date}/capture/${index}-${sale}/12:00/100//`);
  const lines = facts.flatMap((fact, sale): JournalLine[] => [
    {
      account: '1579',
      amount: amount(100),
      role: 'clearing',
      text: `Salg ${sale} æøå`,
      reference: `${sale}`,
      facts: [fact],
    },
    { account: '3000', amount: amount(-100), text: `Salg ${sale} æøå`, reference: `${sale}`, facts: [fact] },
  ]);
  return createVoucher({ ...headOf(index), description: `Nummer ${index}`, lines, facts });
}

/** Packs vouchers: each is a text, or they go on from one to the next. Returns the texts, and what unpacks them gives. */
function packedAndBack(given: readonly Voucher[], isTextEach = false): { texts: string[]; vouchers: Voucher[] } {
  const texts: string[] = [];
  const packing = new VoucherPacking((each) => texts.push(each));
  for (const each of given) {
    packing.add(each);
    if (isTextEach) packing.endText();
  }
  packing.endText();
  return { texts, vouchers: [...packing.unpack(texts)] };
}

describe('a voucher that was packed', () => {
  test('is the same when it is unpacked, to the last character', () => {
    fc.assert(
      fc.property(fc.array(voucher, { minLength: 1, maxLength: 4 }), fc.boolean(), (given, isTextEach) => {
        expect(packedAndBack(given, isTextEach).vouchers).toStrictEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same where texts end in the middle of facts and of lines', () => {
    const mostSales = fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(254, 255, 256, 257, 511, 512, 513, 1100));
    fc.assert(
      fc.property(fc.array(fc.oneof(voucher, mostSales), { maxLength: 6 }), (drawn) => {
        const given = drawn.map((each, index) => (typeof each === 'number' ? largeVoucher(index, each + 1) : each));
        expect(packedAndBack(given).vouchers).toStrictEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  test('that is large is many short texts', () => {
    const { texts } = packedAndBack([largeVoucher(0, 10_000)]);
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(100_000);
  });

  test('of many kinds of lines keeps each of them', () => {
    const facts = ['fact'];
    const lines = Array.from({ length: 100 }, (_, index): JournalLine[] => {
      const dimensions = { department: `${index % 25}` };
      return [
        { account: '3000', amount: amount(-100), dimensions, text: 'Salg', facts },
        { account: '1579', amount: amount(100), dimensions: { ...dimensions }, text: 'Salg', facts },
      ];
    });
    const given = createVoucher({ ...headOf(0), description: '', lines: lines.flat(), facts });
    expect(packedAndBack([given]).vouchers).toEqual([given]);
  });

  test('is less than half as long as its JSON', () => {
    const given = largeVoucher(1, 1000);
    expect(packedAndBack([given]).texts.join('').length).toBeLessThan(JSON.stringify(given).length / 2);
  });
});

describe('a spool of vouchers', () => {
  let folder: string;
  const spools: { close(): void }[] = [];
  const open = (): ReturnType<typeof openVoucherSpool> => {
    folder = temporaryFolder();
    const spool = openVoucherSpool(folder);
    spools.push(spool);
    return spool;
  };
  afterEach(() => {
    for (const spool of spools.splice(0)) spool.close();
  });

  test.for([
    ['in memory', [3, 1, 2]],
    ['that are small, and more than a text holds', Array.from({ length: 5000 }, () => 1)],
    ['that are more than it keeps in memory', [3, 9000, 1, 9000, 2, 9000, 9000, 4]],
    ['of which one alone is more than it keeps in memory', [1, 30_000, 2]],
  ] as const)('gives back vouchers %s, in their order, again and again', ([, sizes]) => {
    const spool = open();
    const given = sizes.map((size, index) => largeVoucher(index, size));
    for (const each of given) spool.add(each);
    for (const again of [1, 2]) {
      let index = 0;
      for (const each of spool.vouchers()) {
        expect(JSON.stringify(each) === JSON.stringify(given[index]), `voucher ${index}, reading ${again}`).toBe(true);
        index += 1;
      }
      expect(index).toBe(given.length);
    }
  });

  test('is read while more is added: what came later is in the next reading', () => {
    const spool = open();
    for (const index of [0, 1, 2]) spool.add(largeVoucher(index, 10));
    const seen: string[] = [];
    for (const { key } of spool.vouchers()) {
      seen.push(key);
      spool.add(largeVoucher(seen.length + 2, 9000));
      // Somebody else reads elsewhere meanwhile.
      const [first] = spool.vouchers();
      expect(first?.key).toBe('302321-0');
    }
    expect(seen).toEqual(['302321-0', '302321-1', '302321-2']);
    expect([...spool.vouchers()].length).toBe(6);
  });

  test.skipIf(process.platform === 'win32')('leaves no file behind that anybody could open', () => {
    const spool = open();
    for (const index of [0, 1, 2, 3]) spool.add(largeVoucher(index, 9000));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('has nothing any more once it is closed', () => {
    const spool = open();
    spool.add(largeVoucher(0, 10));
    spool.close();
    expect([...spool.vouchers()]).toEqual([]);
  });

  test('says where it could not write', () => {
    const spool = openVoucherSpool(join(temporaryFolder(), 'missing'));
    const add = (): void => [0, 1].forEach((index) => void spool.add(largeVoucher(index, 30_000)));
    expect(add).toThrow(expect.objectContaining({ kind: 'not-found', where: expect.stringContaining('missing') }));
  });
});
