import { expect, test } from 'vitest';
import { readSieVouchers } from '../src/sie-export.ts';

function read(...rows: readonly string[]): ReturnType<typeof readSieVouchers> {
  return readSieVouchers(Buffer.from(rows.join('\r\n'), 'latin1'));
}

test('vouchers come with their rows, dimensions and texts', () => {
  const vouchers = read(
    '#FLAGGA 0',
    '#KONTO 1930 "Bank"',
    String.raw`#VER V 12 20260302 "512403-20260302 F" + "\x94" + "rs \"lista\"" 20260303`.replace(
      '" + "\\x94" + "',
      '\u0094',
    ),
    '{',
    '  #TRANS 1930 {} 125.00 20260302 "" 0',
    '  #TRANS 3001 {1 "10" 6 "7"} -100 "" "Salg {25 %}" 0',
    '  #TRANS 2611 {"1" "10"} -25.0',
    '}',
    '#VER "" "" 20260303',
    '{',
    '}',
  );
  expect(vouchers).toEqual([
    {
      series: 'V',
      number: '12',
      date: '2026-03-02',
      text: '512403-20260302 Förs "lista"',
      lines: [
        { account: '1930', amount: 12_500 },
        { account: '3001', amount: -10_000, dimensions: { department: '10', project: '7' } },
        { account: '2611', amount: -2_500, dimensions: { department: '10' } },
      ],
    },
    { series: '', number: '', date: '2026-03-03', text: '', lines: [] },
  ]);
});

test('a row that was struck out counts no more, and one that was added counts once', () => {
  const [voucher] = read(
    '#VER A 1 20260302 "Rättad"',
    '{',
    '#BTRANS 1930 {} 100.00 20260302 "" 0 "Kari"',
    '#RTRANS 1930 {} 90.00 20260302 "" 0 "Kari"',
    '#TRANS 1930 {} 90.00 20260302 "" 0',
    '#TRANS 1510 {} -90.00',
    '}',
  );
  expect(voucher?.lines).toEqual([
    { account: '1930', amount: 9_000 },
    { account: '1510', amount: -9_000 },
  ]);
});

test('a voucher without a date is no voucher', () => {
  expect(() => read('#VER A 1 2026 "x"')).toThrow('voucher A1 has no date');
});
