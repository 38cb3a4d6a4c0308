import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  amount,
  createVoucher,
  debitOf,
  linesOf,
  plainDate,
  voucherReference,
  keyDate,
  type JournalLine,
  type VoucherParts,
} from '../src/index.ts';
import { digestOf } from '../src/voucher/voucher.ts';
import { voucherKey, dateStem, shortHash } from '../src/voucher/voucher-key.ts';

const line = (account: string, value: number, more: Partial<JournalLine> = {}): JournalLine => ({
  account,
  amount: amount(value),
  text: 'text',
  facts: ['a'],
  ...more,
});

const parts = (more: Partial<VoucherParts> = {}): VoucherParts => ({
  key: '302321-20221001',
  date: plainDate('2022-10-01'),
  ledgerId: '302321',
  ledgerDate: plainDate('2022-10-01'),
  series: 'VIPPS',
  document: 'journal',
  description: 'Vipps MobilePay',
  currency: 'NOK',
  lines: [line('1920', 189), line('1579', -189)],
  facts: ['a'],
  ...more,
});

const sale = line('3000', -900, {
  vat: {
    kind: 'contained',
    code: '3',
    account: '2700',
    rateBasisPoints: 2500,
    net: amount(-720),
    amount: amount(-180),
  },
});

describe('a voucher that is not right cannot exist', () => {
  test.each([
    ['does not balance', { lines: [line('1920', 189), line('1579', -188)] }, 'debit and credit differ by 0.01'],
    ['has one line', { lines: [line('1920', 189)] }, 'fewer than two lines'],
    ['has a line of zero', { lines: [line('1920', 0), line('1579', 0)] }, 'has no amount'],
    ['has a line without account', { lines: [line('', 1), line('1579', -1)] }, 'no account'],
    ['names no fact', { facts: [] }, 'names no fact'],
    ['has no key', { key: '' }, 'the key ""'],
    ['has customer text in its key', { key: 'ordre æ' }, 'the key "ordre æ"'],
    ['has customer text before its key', { key: 'ordre-302321' }, 'the key "ordre-302321"'],
    ['has customer text after its key', { key: '302321 Kari' }, 'the key "302321 Kari"'],
    ['has too long a key', { key: 'A'.repeat(32) }, 'at most 31'],
    ['has an impossible date', { date: '2026-02-30' as VoucherParts['date'] }, 'is not a date'],
    ['has a revision of zero', { revision: 0 }, 'revision 0'],
    ['has half a revision', { revision: 1.5 }, 'revision 1.5'],
    ['has its hundredth revision', { key: 'A', revision: 100 }, 'revision 100'],
    [
      'has net and VAT that do not add up',
      {
        lines: [
          line('1579', 900),
          { ...sale, vat: { ...(sale.vat as NonNullable<JournalLine['vat']>), net: amount(-700) } },
        ],
      },
      'do not add up',
    ],
    [
      'has VAT without an account',
      {
        lines: [
          line('1579', 900),
          { ...sale, vat: { ...(sale.vat as NonNullable<JournalLine['vat']>), account: null } },
        ],
      },
      'has no VAT account',
    ],
  ])('one that %s', (_, wrong, message) => {
    expect(() => createVoucher(parts(wrong as Partial<VoucherParts>))).toThrow(message);
    expect(() => createVoucher(parts(wrong as Partial<VoucherParts>))).toThrow(
      expect.objectContaining({ kind: 'rejected' }),
    );
  });

  test('the longest key and the last revision are taken', () => {
    expect(createVoucher(parts({ key: 'A'.repeat(31), revision: 99 }))).toMatchObject({ revision: 99 });
  });

  test('it cannot be changed afterwards', () => {
    const voucher = createVoucher(parts());
    expect(() => Object.assign(voucher.lines[0] as JournalLine, { amount: 1 })).toThrow(TypeError);
    expect(() => Object.assign(voucher, { date: '2026-01-01' })).toThrow(TypeError);
    expect(() => (voucher.facts as string[]).push('b')).toThrow(TypeError);
    expect(() => (voucher.lines as JournalLine[]).pop()).toThrow(TypeError);
  });

  test('nor can any part of its lines', () => {
    const customer = line('1500', 900, { party: { kind: 'customer', id: '7' }, dimensions: { department: '10' } });
    const [owed, sold] = createVoucher(parts({ lines: [customer, sale] })).lines;
    expect([owed?.party, owed?.dimensions, owed?.facts, sold?.vat].map((part) => Object.isFrozen(part))).toEqual(
      Array(4).fill(true),
    );
  });
});

describe('the digest', () => {
  test('is made when it is asked for, and is that of the books, also in a copy', () => {
    for (const count of [1, 100]) {
      const facts = ['fact'];
      const lines = Array.from({ length: count }, (_, index) => [line('1579', index + 1), line('3000', -index - 1)]);
      const given = { ...parts({ lines: lines.flat() }), facts };
      const voucher = createVoucher(given);
      expect({ ...voucher }.digest).toBe(digestOf(given));
      expect(voucher.digest).toBe(digestOf(given));
      expect(Object.isFrozen(voucher)).toBe(true);
    }
  });

  const digest = (more: Partial<VoucherParts> = {}): string => createVoucher(parts(more)).digest;

  test('does not see texts, order of lines, series or facts', () => {
    const same = digest({
      description: 'other',
      series: 'X',
      facts: ['b'],
      lines: [line('1579', -189, { text: 'other', reference: 'r' }), line('1920', 189, { facts: ['b'] })],
    });
    expect(same).toBe(digest());
  });

  test.each([
    ['date', { date: plainDate('2022-10-02') }],
    ['currency', { currency: 'DKK' }],
    ['account', { lines: [line('1920', 189), line('1578', -189)] }],
    ['amount', { lines: [line('1920', 190), line('1579', -190)] }],
    ['dimension', { lines: [line('1920', 189, { dimensions: { department: '10' } }), line('1579', -189)] }],
    ['VAT', { lines: [line('1579', 900), sale] }],
  ])('sees another %s', (_, more) => {
    expect(digest(more)).not.toBe(digest());
  });

  const withVat = (more: Partial<NonNullable<JournalLine['vat']>>): string => {
    const vat = { ...(sale.vat as NonNullable<JournalLine['vat']>), ...more };
    return digest({ lines: [line('1579', 900), { ...sale, vat }] });
  };

  test.each([
    ['kind of VAT', { kind: 'reverse-charge' }],
    ['VAT code', { code: '31' }],
    ['VAT account', { account: '2701' }],
    ['account of the deduction', { deductionAccount: '2710' }],
    ['VAT amount', { net: amount(-719), amount: amount(-181) }],
  ] as const)('sees another %s', (_, more) => {
    expect(withVat(more)).not.toBe(withVat({}));
  });

  test('does not tell no account of a deduction from none given, nor dimensions by their order', () => {
    expect(withVat({ deductionAccount: null })).toBe(withVat({}));
    const dimensioned = (dimensions: Readonly<Record<string, string>>): string =>
      digest({ lines: [line('1920', 189, { dimensions }), line('1579', -189)] });
    expect(dimensioned({ project: '7', department: '10' })).toBe(dimensioned({ department: '10', project: '7' }));
    expect(dimensioned({ department: '10' })).not.toBe(dimensioned({ department: '11' }));
  });

  test('does not take one value with signs in it for two', () => {
    const dimensioned = (dimensions: Readonly<Record<string, string>>): string =>
      digest({ lines: [line('1920', 189, { dimensions }), line('1579', -189)] });
    expect(dimensioned({ a: '1\tb=2' })).not.toBe(dimensioned({ a: '1', b: '2' }));
    expect(dimensioned({ a: '1\tb\\u003d2' })).not.toBe(dimensioned({ a: '1\tb=2' }));
    expect(dimensioned({ 'a=1': '2' })).not.toBe(dimensioned({ a: '1=2' }));
  });

  test('is the one the log remembers from earlier runs', () => {
    const dimensions = { project: 'a=b', department: '10' };
    const lines = [line('1579', 900, { dimensions }), { ...sale, dimensions }];
    expect(digest({ lines })).toBe('ab39d3817b0e2353d3421b9d40703ce2a84735f4c47702420a92a962727eacc6');
  });
});

describe('keys', () => {
  test('a ledger and a date, and the revision from the second on', () => {
    const key = voucherKey('302321', dateStem(plainDate('2022-10-01')), '');
    expect(key).toBe('302321-20221001');
    expect(voucherReference({ key, revision: 1 })).toBe('302321-20221001');
    expect(voucherReference({ key, revision: 2 })).toBe('302321-20221001.R2');
  });

  test.each(['DK-700029', 'ABCDEFGHIJK', 'Acme Central Clearing', 'ærlig', '123456789012345678901234', 'dk-700029'])(
    'ledger "%s" fits the reference of every target',
    (ledgerId) => {
      const key = voucherKey(ledgerId, '20221001', `E${'Z'.repeat(9)}S`);
      expect(voucherReference({ key, revision: 99 })).toMatch(/^[A-Z0-9][A-Z0-9.-]{0,34}$/);
    },
  );

  test.each([
    ['302321-20221001', '2022-10-01'],
    ['302321-P20221001.J.R2', '2022-10-01'],
    ['DK-700029-M202210.U1', '2022-10-01'],
    ['A-20260101-20221231', '2022-12-31'],
    ['302321-20221301', undefined],
    ['INV-1001', undefined],
  ])('the date in %s is %s', (reference, date) => {
    expect(keyDate(reference)).toBe(date);
  });

  test('a key stays what the targets have', () => {
    const ids = ['302321', 'Acme Central Clearing', 'ærlig', 'æøå', '123456789012'];
    expect(ids.map((id) => voucherKey(id, '20221001', 'S'))).toEqual([
      '302321-20221001.S',
      'ACM.QEEEQ7-20221001.S',
      'RLI.ZDF0QN-20221001.S',
      'L.DGH8SP-20221001.S',
      '123.58SK97-20221001.S',
    ]);
  });

  test('ledgers that look alike have different keys', () => {
    const ids = ['dk-700029', 'DK-700029', 'Acme A', 'Acme B', '123456789012', '1234567890123'];
    expect(new Set(ids.map((id) => voucherKey(id, '20221001', ''))).size).toBe(ids.length);
  });
});

test('a short name is the first bits of a SHA-256, five to a character', () => {
  for (const length of [5, 6, 9]) {
    for (const text of ['', 'å', ...Array.from({ length: 200 }, (_, index) => `fact ${index}`)]) {
      const bytes = createHash('sha256').update(text).digest();
      const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      const places = Array.from({ length }, (_, index) => Number.parseInt(bits.slice(5 * index, 5 * index + 5), 2));
      const twin = places.map((place) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[place]).join('');
      expect(shortHash(text, length)).toBe(twin);
    }
  }
});

describe('the three views of a line', () => {
  test('gross with code, net with code, net and VAT', () => {
    const lines = [line('1579', 900), sale];
    const shown = (view: 'gross' | 'net' | 'explicit'): unknown =>
      linesOf({ lines }, view).map((each) => [each.account, each.amount, each.vat?.code]);
    expect(shown('gross')).toEqual([
      ['1579', 900, undefined],
      ['3000', -900, '3'],
    ]);
    expect(shown('net')).toEqual([
      ['1579', 900, undefined],
      ['3000', -720, '3'],
    ]);
    expect(shown('explicit')).toEqual([
      ['1579', 900, undefined],
      ['3000', -720, '3'],
      ['2700', -180, undefined],
    ]);
  });

  test('reverse charge is owed and deducted, or becomes part of the cost', () => {
    const fee = (deductionAccount: string | null | undefined): JournalLine =>
      line('7770', 1000, {
        vat: {
          kind: 'reverse-charge',
          code: '86',
          account: '2709',
          ...(deductionAccount === undefined ? {} : { deductionAccount }),
          rateBasisPoints: 2500,
          net: amount(1000),
          amount: amount(250),
        },
      });
    const shown = (deductionAccount: string | null | undefined): unknown =>
      linesOf({ lines: [fee(deductionAccount), line('1579', -1000)] }, 'explicit').map((each) => [
        each.account,
        each.amount,
      ]);
    expect(shown('2719')).toEqual([
      ['7770', 1000],
      ['2719', 250],
      ['2709', -250],
      ['1579', -1000],
    ]);
    expect(shown(undefined)).toEqual(shown(null));
    expect(shown(null)).toEqual([
      ['7770', 1250],
      ['2709', -250],
      ['1579', -1000],
    ]);
  });

  test('VAT without an amount has no line, and a net of nothing has none either', () => {
    const vat = sale.vat as NonNullable<JournalLine['vat']>;
    const exempt = line('3100', -900, {
      vat: { ...vat, code: '5', account: null, net: amount(-900), amount: amount(0) },
    });
    expect(linesOf({ lines: [exempt] }, 'explicit')).toEqual([exempt]);
    const allVat = line('3000', -1, { vat: { ...vat, rateBasisPoints: 10_000, net: amount(0), amount: amount(-1) } });
    expect(linesOf({ lines: [allVat] }, 'explicit').map((each) => [each.account, each.amount])).toEqual([['2700', -1]]);
  });

  test('the line of the VAT tells its part, its text, its reference and its facts', () => {
    const posted = { account: '2700', amount: -180, role: 'vat', text: 'text', facts: ['a'] };
    expect(linesOf({ lines: [sale] }, 'explicit')[1]).toStrictEqual(posted);
    expect(linesOf({ lines: [{ ...sale, reference: 'p1' }] }, 'explicit')[1]).toStrictEqual({
      ...posted,
      reference: 'p1',
    });
  });

  test('what is debited in all', () => {
    expect(debitOf([line('1579', 900), sale, line('1920', 5)])).toBe(905);
  });
});
