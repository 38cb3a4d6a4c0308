import { sum } from '@bilag/core';
import { normaliseRecipientHandle, readV1File, type V1Format } from '@bilag/vipps';
import { toEntriesV2 } from '../src/entries/entries-v2.ts';
import { toEntriesV1 } from '../src/entries/entries-v1.ts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeWithShared } from '../../../test/support.ts';
import { example, exampleItems, exampleText, item } from './fixtures.ts';

const funds = { ledgerId: '302321', topic: 'funds' as const };
const net: V1Format = { settlement: 'net', amounts: 'major-decimals' };
const gross: V1Format = { settlement: 'gross', amounts: 'major-decimals' };

function row(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    transactionId: '3343121302',
    timestamp: '2022-10-01T16:33:00.824993+0200',
    ledgerDate: '2022-10-01',
    ledgerId: '302321',
    transactionType: 'capture',
    orderId: 'purchase-12',
    currency: 'NOK',
    ledgerAmount: 7.89,
    grossAmount: 9,
    fee: 1.11,
    recipientHandle: 'nor:57860',
    ...fields,
  };
}

/** One line per entry: type, account, amount. */
function told(rows: readonly unknown[], format: V1Format): string[] {
  return toEntriesV1(rows, format).entries.map(({ type, account, amount }) => `${type} ${account} ${amount}`);
}

describe('recipient handles', () => {
  test.each([
    ['nor:57860', 'NO:57860'],
    ['NOR:57860', 'NO:57860'],
    ['NO/123455', 'NO:123455'],
    ['no:123455', 'NO:123455'],
    ['dk:90601', 'DK:90601'],
    ['FI:1', 'FI:1'],
    ['api:123455', 'api:123455'],
    ['API/123455', 'api:123455'],
    ['123455', '123455'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (handle, expected) => {
    expect(normaliseRecipientHandle(handle)).toBe(expected);
  });
});

describe('v2 items', () => {
  test('an item becomes an entry; an old name of its type is kept, and the one of today stands beside it', () => {
    const { entries, findings } = toEntriesV2([item({ entryType: 'scheduled-for-payout' })], funds);
    expect(entries).toEqual([
      {
        id: '302321/funds/2022-10-01/scheduled-for-payout/3343121302/2022-10-01T14:33:00.824993Z/10000/0/10000',
        ledgerId: '302321',
        account: 'funds',
        ledgerDate: '2022-10-01',
        type: 'scheduled-for-payout',
        renamedTo: 'payout-scheduled',
        amount: 10000,
        currency: 'NOK',
        pspReference: '3343121302',
        reference: 'purchase-12',
        salesUnit: 'NO:57860',
        time: '2022-10-01T14:33:00.824993Z',
        balanceBefore: 0,
        balanceAfter: 10000,
      },
    ]);
    expect(findings).toEqual([]);
  });

  test('missing, empty and null are the same: none', () => {
    const forms = ['reference', 'recipientHandle'].flatMap((field) =>
      [null, '', undefined].map((none) => item({ [field]: none })),
    );
    const { entries } = toEntriesV2(forms, funds);
    expect(entries.slice(0, 3).map(({ reference }) => reference)).toEqual([null, null, null]);
    expect(entries.slice(3).map(({ salesUnit }) => salesUnit)).toEqual([null, null, null]);
  });

  test('types and amounts of tomorrow pass: a new type, and more than 21 million kroner', () => {
    const { entries } = toEntriesV2([item({ entryType: 'moon-fee', amount: -9_000_000_000_00 })], funds);
    expect(entries[0]).toMatchObject({ type: 'moon-fee', amount: -900_000_000_000 });
  });

  test('an item that names another ledger keeps it', () => {
    const { entries, findings } = toEntriesV2([item(), item({ ledgerId: '273179' })], funds);
    expect(entries.map(({ ledgerId }) => ledgerId)).toEqual(['302321', '273179']);
    expect(findings).toEqual([]);
  });

  test('an item that names another date than the one asked for stops delivery', () => {
    const asked = { ...funds, date: toEntriesV2([item()], funds).entries[0]!.ledgerDate };
    const { entries, findings } = toEntriesV2(
      [item(), item({ ledgerDate: '2022-10-02' }), item({ ledgerDate: undefined })],
      asked,
    );
    expect(entries.map(({ ledgerDate }) => ledgerDate)).toEqual(['2022-10-01', '2022-10-02', '2022-10-01']);
    expect(findings).toMatchObject([{ code: 'other-date-named', severity: 'error', facts: [entries[1]?.id] }]);
  });

  describeWithShared('published examples', () => {
    test("the vendor's own examples are read, also those whose balances do not add up", () => {
      const dates = [
        'v2-funds-dates-2022-10-01.json',
        'v2-dates-open-with-items.json',
        'v2-feed-caught-up-with-items.json',
      ];
      expect(dates.map((name) => toEntriesV2(exampleItems(name), funds).entries.length)).toEqual([6, 2, 1]);
      const single = [
        'v2-doc-bad-sample-balance.json',
        'v2-entry-dk-gdpr.json',
        'v2-entry-missing-reference-and-handle.json',
      ];
      const { entries } = toEntriesV2(single.map(example), funds);
      expect(entries).toMatchObject([
        { amount: 49900, balanceBefore: 49900, balanceAfter: 49900 },
        { currency: 'DKK', salesUnit: 'DK:90601' },
        { type: 'payout-scheduled', reference: null, salesUnit: null, amount: -28800 },
      ]);
      expect(JSON.stringify(entries)).not.toMatch(/Test Person|xxxx|Test message|_note/);
    });
  });
});

describe('v1 rows', () => {
  test('withheld fees come out of funds', () => {
    expect(told([row()], net)).toEqual(['capture funds 900', 'capture-fee funds -111']);
  });

  test('invoiced fees come on fees', () => {
    expect(told([row({ ledgerAmount: 9 })], gross)).toEqual(['capture funds 900', 'capture-fee fees -111']);
  });

  test('a row without a fee is one entry', () => {
    const refund = row({ transactionType: 'refund', ledgerAmount: -6, grossAmount: -6, fee: 0.0 });
    expect(told([refund], net)).toEqual(['refund funds -600']);
    expect(told([row({ ledgerAmount: '5.00', grossAmount: null, fee: undefined })], net)).toEqual([
      'capture funds 500',
    ]);
  });

  test('both entries share the id, the order, the unit and the time as received', () => {
    const shared = {
      pspReference: '3343121302',
      reference: 'purchase-12',
      salesUnit: 'NO:57860',
      time: '2022-10-01T16:33:00.824993+0200',
      ledgerDate: '2022-10-01',
    };
    expect(toEntriesV1([row()], net).entries).toMatchObject([shared, shared]);
  });

  test('a row that does not fit the stated settlement stops delivery, and funds still move by exactly ledgerAmount', () => {
    for (const [format, fields] of [
      [net, { ledgerAmount: 9 }],
      [gross, {}],
      [net, { ledgerAmount: 5, fee: 0 }],
    ] as const) {
      const { entries, findings } = toEntriesV1([row(fields)], format);
      expect(findings).toMatchObject([
        { code: 'v1-row-does-not-fit-settlement', severity: 'error', ledgerId: '302321' },
      ]);
      const moved = sum(entries.filter(({ account }) => account === 'funds').map(({ amount }) => amount));
      expect(moved).toBe('ledgerAmount' in fields ? fields.ledgerAmount * 100 : 789);
    }
  });

  test('whatever the row, the settlement and the spelling, funds move by exactly ledgerAmount', () => {
    const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(
        cents,
        cents,
        cents,
        fc.constantFrom(net, gross),
        fc.boolean(),
        (ledger, stated, fee, format, asText) => {
          const shown = (value: number): string | number => (asText ? (value / 100).toFixed(2) : value / 100);
          const fields = { ledgerAmount: shown(ledger), grossAmount: shown(stated), fee: shown(fee) };
          const { entries } = toEntriesV1([row(fields)], format);
          const moved = sum(entries.filter(({ account }) => account === 'funds').map(({ amount }) => amount));
          expect(moved).toBe(ledger === 0 ? 0 : ledger);
        },
      ),
    );
  });

  test('the unit is what is stated, never what it looks like', () => {
    const whole = row({ ledgerAmount: 789, grossAmount: 900, fee: 111 });
    expect(told([whole], { settlement: 'net', amounts: 'minor-integers' })).toEqual([
      'capture funds 900',
      'capture-fee funds -111',
    ]);
    expect(told([whole], net)).toEqual(['capture funds 90000', 'capture-fee funds -11100']);
    expect(() => told([row()], { settlement: 'net', amounts: 'minor-integers' })).toThrow(
      'whole number of minor units',
    );
  });

  test.each([
    [7.891, 'at most 2 decimals'],
    [0.1 + 0.2, 'at most 2 decimals'],
    ['7,89', 'not a decimal in major units'],
    ['1e2', 'not a decimal in major units'],
    ['', 'not a decimal in major units'],
    [Number.NaN, '[0].ledgerAmount'],
  ])('%j is no amount of two decimals', (ledgerAmount, why) => {
    expect(() => told([row({ ledgerAmount })], net)).toThrow(why);
  });

  test('a row without an amount, a date or a ledger is refused with its place', () => {
    for (const field of ['ledgerAmount', 'ledgerDate', 'ledgerId', 'transactionType', 'currency']) {
      expect(() => told([row(), row({ [field]: undefined })], net)).toThrow(`[1].${field}`);
    }
  });
});

describe('v1 files', () => {
  describeWithShared('published examples', () => {
    test("the user's own example day is read to the øre, and its payout stays on the ledger it names", () => {
      const days = readV1File(exampleText('v1-ledgertransactions-seed.json'), { ...net, ledgerId: '302321' });
      expect(days).toHaveLength(1);
      expect(days[0]?.accounts).toEqual({ funds: { closed: true }, fees: { closed: true, accrued: true } });
      expect(days[0]?.entries.map(({ ledgerId, type, amount }) => `${ledgerId} ${type} ${amount}`)).toEqual([
        '302321 capture 900',
        '302321 capture-fee -111',
        '302321 refund -600',
        '273179 payout -189',
      ]);
    });

    test('without a ledger asked for, each ledger gets its own dates and there is a warning', () => {
      const days = readV1File(exampleText('v1-ledgertransactions-seed.json'), net);
      expect(days.map(({ ledgerId, entries }) => [ledgerId, entries.length])).toEqual([
        ['273179', 1],
        ['302321', 3],
      ]);
      expect(days.map(({ findings = [] }) => findings.map(({ code }) => code))).toEqual([
        ['several-ledgers'],
        ['several-ledgers'],
      ]);
    });
  });

  test('a bare list of rows and a list of replies are read too, with their byte order mark', () => {
    const rows = [row(), row({ ledgerDate: '2022-09-30' })];
    for (const value of [rows, { items: rows }, [{ items: rows.slice(0, 1) }, { items: rows.slice(1), cursor: '' }]]) {
      const days = readV1File(`\uFEFF${JSON.stringify(value)}`, net);
      expect(days.map(({ date, entries }) => [date, entries.length])).toEqual([
        ['2022-09-30', 2],
        ['2022-10-01', 2],
      ]);
    }
    expect(readV1File('[]', net)).toEqual([]);
  });

  test('decimals are read from the text: what a float would lose is kept or refused', () => {
    const text = JSON.stringify([row({ ledgerAmount: 1, grossAmount: 1, fee: 0 })]);
    const precise = text
      .replace('"ledgerAmount":1', '"ledgerAmount":90071992547409.91')
      .replace('"grossAmount":1', '"grossAmount":90071992547409.91');
    expect(readV1File(precise, net)[0]?.entries[0]?.amount).toBe(9_007_199_254_740_991);
    const tooLong = text.replace('"ledgerAmount":1', '"ledgerAmount":1.0000000000000000001');
    expect(() => readV1File(tooLong, net)).toThrow('row 0, ledgerAmount');
  });

  test('rows after the last complete date are open', () => {
    const { ledgerDate } = toEntriesV1([row()], net).entries[0]!;
    const days = readV1File(JSON.stringify([row(), row({ ledgerDate: '2022-10-02' })]), {
      ...net,
      closedThrough: ledgerDate,
    });
    expect(days.map(({ accounts }) => [accounts.funds.closed, accounts.fees?.closed])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test('a broken file says where, and shows nothing of it', () => {
    expect(() => readV1File('{"items": [{"orderId": "secret order",}]}', { ...net, name: 'october.json' })).toThrow(
      /^malformed JSON at line 1, column 39 \(october\.json\)/,
    );
    expect(() => readV1File('{"rows": []}', net)).toThrow('unexpected data');
  });

  test('many rows that do not fit are told one by one, in good time', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => row({ transactionId: String(index), ledgerAmount: 9 }));
    const [day] = readV1File(JSON.stringify(rows), net);
    expect(day?.findings).toHaveLength(20_000);
  });
});
