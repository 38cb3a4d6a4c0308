import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areItemsV2, itemsV2 } from '../src/entries/items-v2.ts';
import { toEntriesV2 } from '../src/entries/entries-v2.ts';
import { parseDatesPage } from '../src/entries/pages.ts';
import { item } from './fixtures.ts';

const fields = [
  'pspReference',
  'time',
  'ledgerDate',
  'ledgerId',
  'entryType',
  'reference',
  'currency',
  'amount',
  'balanceBefore',
  'balanceAfter',
  'recipientHandle',
  'name',
];

const texts = ['', 'NOK', 'DKK', 'nok', 'NOK\n', 'NOKK', 'capture', '2022-10-01', '2022-10-02', '2022-02-30', '900'];
const numbers = [0, -0, 1, -900, 7.89, 1e21, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, Number.NaN];
const others = [null, undefined, true, [], {}, ['NOK'], { currency: 'NOK' }];

/** What may stand in a field, right in some and wrong in others. */
const value = fc.oneof(
  fc.constantFrom<unknown>(...texts, ...numbers, ...others),
  fc.string(),
  fc.double(),
  fc.integer(),
);

/** An item that is right but for some fields, which have another value or are not there. */
const changedItem = fc
  .array(fc.record({ field: fc.constantFrom(...fields), value, isGone: fc.boolean() }), { maxLength: 3 })
  .map((changes) => {
    const changed = item();
    for (const each of changes) {
      if (each.isGone) delete changed[each.field];
      else changed[each.field] = each.value;
    }
    return changed;
  });

const noItem = fc.constantFrom<unknown>(null, undefined, 1, 'item', true, [], [item()]);

describe('the quick check of items', () => {
  test('has the verdict of the schema, on good and bad pages', () => {
    const verdicts = { good: 0, bad: 0 };
    const page = fc.array(fc.oneof({ weight: 20, arbitrary: changedItem }, { weight: 1, arbitrary: noItem }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(page, (items) => {
        const verdict = itemsV2.safeParse(items).success;
        verdicts[verdict ? 'good' : 'bad'] += 1;
        expect(areItemsV2(items)).toBe(verdict);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(verdicts.good, verdicts.bad)).toBeGreaterThan(300);
  });

  test.each(fields)('has the verdict of the schema on each value of %s', (field) => {
    fc.assert(
      fc.property(value, (each) => {
        const items = [item(), { ...item(), [field]: each }, item()];
        expect(areItemsV2(items)).toBe(itemsV2.safeParse(items).success);
      }),
    );
  });

  test('lets through what the schema lets through as it is', () => {
    fc.assert(
      fc.property(changedItem, (each) => {
        fc.pre(areItemsV2([each]));
        expect([each]).toMatchObject(itemsV2.parse([each]));
      }),
    );
  });
});

describe('an amount of a page', () => {
  const pageWith = (amount: string): Uint8Array => {
    const text = JSON.stringify({ hasMore: false, items: [item({ amount: 'here', time: '2022-10-01T14:33:00.82Z' })] });
    return new TextEncoder().encode(text.replace('"here"', amount));
  };
  const read = (amount: string): number | undefined =>
    toEntriesV2(parseDatesPage(pageWith(amount), 'page').items, { ledgerId: '302321', topic: 'funds' }).entries[0]
      ?.amount;

  test.each([
    ['900', 900],
    ['900.0', 900],
    ['9e2', 900],
    ['9E+2', 900],
    ['9.00e2', 900],
    ['-900', -900],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('written %s is %s', (written, amount) => {
    expect(read(written)).toBe(amount);
    expect(read(` ${written} `)).toBe(amount);
  });

  test.each(['900.5', '900.00000000000000000001', '9007199254740993', '1e-400', '90000000000000000001e-17', '9e30'])(
    'written %s is refused: it is not a whole number that can be held',
    (written) => {
      expect(() => read(written)).toThrow(/\[0\]\.amount/);
      expect(() => read(`\n${written}\t`)).toThrow(/\[0\]\.amount/);
    },
  );
});
