import type { Finding } from '@bilag/core';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { sie } from '../src/index.ts';
import { cafeBook } from './cafe.ts';

const sound = [
  '#FLAGGA 0',
  '#PROGRAM "Kassan" 1.0',
  '#FORMAT PC8',
  '#GEN 20260401 AB',
  '#SIETYP 4',
  '#FNAMN "Café Åäö"',
  '#RAR 0 20260101 20261231',
  '#KONTO 1910 "Kassa"',
  '#KONTO 3001 Försäljning',
  '#DIM 1 Resultatenhet',
  '#OBJEKT 1 "0123" "Serviceavdelning"',
  '#VER A 1 20260302 "Dagskassa, sa han \\"hej\\""',
  '{',
  '\t#TRANS 1910 {} 800.00',
  '#TRANS  3001\t{1 "0123"} -800 20260302 "text" 1 AB',
  '}',
  '',
];

describe('a sound file has no findings', () => {
  test.each([
    ['rows that end in LF', '\n', sound],
    ['rows that end in CRLF', '\r\n', sound],
    ['a last row without an end', '\n', sound.slice(0, -1)],
    ['labels nobody knows', '\n', [...sound.slice(0, 7), '#MYOWN "x" {1 2}', ...sound.slice(7)]],
    ['corrections beside their rows', '\n', inVoucher('#BTRANS 1910 {} 5.00', '#RTRANS 1910 {} 7.00')],
    ['no accounting year told', '\n', sound.map((row) => (row.startsWith('#RAR') ? '#RAR 0  ' : row))],
    [
      'amounts of twenty digits',
      '\n',
      sound.map((row) => row.replace('800.00', '12345678901234567890.00').replace('-800 ', '-12345678901234567890 ')),
    ],
    ['a text that ends in a backslash', '\n', sound.map((row) => row.replace('"Kassa"', '"C:\\"'))],
    ['a chart left to the receiver', '\n', sound.filter((row) => !row.startsWith('#KONTO'))],
  ])('%s', async (_, end, rows) => {
    expect(await findingsOf(rows.join(end))).toEqual([]);
  });

  test.each(['4I', '4E'] as const)('one of our own, of type %s', async (type) => {
    const config = { currency: 'SEK', type, series: 'V', dimensions: {}, fiscalYearStartMonth: 1 } as const;
    for await (const { name, content } of sie.render(await cafeBook(), config, { createdAt: '2026-04-01T08:00:00Z' })) {
      const bytes = Buffer.concat(await Array.fromAsync(content as AsyncIterable<Uint8Array>));
      expect(await Array.fromAsync(sie.check?.({ name, content: [bytes] }) ?? [])).toEqual([]);
    }
  });
});

describe('what is wrong is found where it is', () => {
  test.each<[string, readonly string[], string, string]>([
    ['a voucher that does not balance', changed('-800 ', '-800.01 '), 'error sie-voucher-unbalanced', 'row 12'],
    ['a posting without an account', changed('1910 {} 800.00', '"" {} 800.00'), 'error sie-row', 'row 14'],
    ['a posting that begins with its list', changed('1910 {} 800.00', '{} 800.00'), 'error sie-row', 'row 14'],
    ['a posting on a name', changed('1910 {} 800.00', 'Kassa {} 800.00'), 'error sie-row', 'row 14'],
    ['a day with dashes', changed('1 20260302', '1 2026-03-02'), 'error sie-date', 'row 12'],
    ['a year with dashes', changed('20260101 20261231', '2026-01-01 2026-12-31'), 'error sie-date', 'row 7'],
    ['a file made on a day with dashes', changed('#GEN 20260401', '#GEN 2026-04-01'), 'error sie-date', 'row 4'],
    ['a company without a name', changed('"Café Åäö"', '""'), 'error sie-label-missing', 'row 6'],
    ['a program without a name', changed('#PROGRAM "Kassan" 1.0', '#PROGRAM'), 'error sie-label-missing', 'row 2'],
    [
      'a sum of many digits',
      inVoucher('#TRANS 1910 {} 12345678901234567890.12'),
      'error sie-voucher-unbalanced',
      'row 12',
    ],
    ['an amount with a comma', changed('800.00', '800,00'), 'error sie-amount', 'row 14'],
    ['an amount with a plus', changed('800.00', '+800.00'), 'error sie-amount', 'row 14'],
    ['an amount with three decimals', changed('800.00', '800.000'), 'error sie-amount', 'row 14'],
    ['a day that is not', changed('1 20260302', '1 20260230'), 'error sie-date', 'row 12'],
    ['a line of such a day', changed('20260302 "text"', '260302 "text"'), 'error sie-date', 'row 15'],
    ['a voucher of another year', changed('1 20260302', '1 20270302'), 'warning sie-date-outside-year', 'row 12'],
    ['an account without a name', without('#KONTO 1910'), 'warning sie-account-undeclared', 'row 13'],
    ['an object without a name', without('#OBJEKT'), 'warning sie-object-undeclared', 'row 14'],
    ['a number that is there twice', [...sound, ...sound.slice(11)], 'warning sie-voucher-number', 'row 18'],
    ['a voucher without rows', sound.filter((row) => !row.includes('#TRANS')), 'warning sie-voucher-empty', 'row 12'],
    ['the end is missing', sound.slice(0, 14), 'error sie-cut-off', 'row 12'],
    ['a control sum without an end', ['#KSUMMA', ...sound], 'error sie-cut-off', 'the end of the file'],
    ['a control sum', ['#KSUMMA', ...sound, '#KSUMMA -123'], 'info sie-control-sum', 'row 19'],
    ['a text without its end', changed('"Kassa"', '"Kassa'), 'error sie-row', 'row 8'],
    ['a row that breaks off', changed('#KONTO 1910 "Kassa"', '#KONTO 19'), 'error sie-row', 'row 8'],
    ['a list without its end', changed('{} 800.00', '{ 800.00'), 'error sie-row', 'row 14'],
    ['no list at all', changed('1910 {} 800.00', '1910 800.00 20260302'), 'error sie-row', 'row 14'],
    ['a row outside a voucher', [...sound, '#TRANS 1910 {} 1.00'], 'error sie-row', 'row 18'],
    ['a brace too many', [...sound, '}'], 'error sie-row', 'row 18'],
    ['a voucher without braces', without('{'), 'error sie-row', 'row 12'],
    ['a voucher that is not closed', [...sound.slice(0, 15), ...sound.slice(11)], 'error sie-row', 'row 12'],
    ['no company', without('#FNAMN'), 'error sie-label-missing', 'the file'],
    [
      'the flag not first',
      [...sound.slice(1, 2), ...sound.slice(0, 1), ...sound.slice(2)],
      'warning sie-label-order',
      'row 2',
    ],
    ['an account after the vouchers', [...sound, '#KONTO 3002 x'], 'warning sie-label-order', 'row 18'],
    [
      'balances in an import',
      [...sound.slice(0, 11), '#IB 0 1910 5.00', ...sound.slice(11)],
      'warning sie-label-not-allowed',
      'row 12',
    ],
    ['a file that was read already', changed('#FLAGGA 0', '#FLAGGA 1'), 'warning sie-already-read', 'row 1'],
    ['balances alone', changed('#SIETYP 4', '#SIETYP 1'), 'error sie-type', 'row 5'],
    ['another format', changed('PC8', 'UTF-8'), 'warning sie-encoding', 'row 3'],
    ['a control character', changed('Dagskassa', 'Dags\u0007kassa'), 'warning sie-control-character', 'row 12'],
    ['SIE 5', ['<?xml version="1.0"?>', '<Sie/>'], 'error sie-unreadable', 'row 1'],
    ['another kind of file', ['#Kontonummer;Namn', '1910;Kassa'], 'error sie-unreadable', 'row 1'],
  ])('%s', async (_, rows, found, where) => {
    const findings = await findingsOf(rows.join('\n'));
    expect(findings.map((finding) => `${finding.severity} ${finding.code}, ${finding.where}`)).toContain(
      `${found}, ${where}`,
    );
    const errors = new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code));
    expect(errors.size).toBe(found.startsWith('error') ? 1 : 0);
  });

  test.each([
    ['UTF-8', Buffer.from(sound.join('\n')), 'row 6'],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${sound.join('\n')}`), 'row 1'],
    ['Latin-1', iconv.encode(sound.join('\n'), 'latin1'), 'row 6'],
  ])('texts in %s are told of once', async (encoding, content, where) => {
    const findings = await Array.fromAsync(sie.check?.({ name: 'kassa.si', content: [content] }) ?? []);
    expect(findings).toMatchObject([{ code: 'sie-encoding', severity: 'warning', where }]);
    expect(findings[0]?.message).toContain(encoding.split(' ')[0]);
  });

  test('one stray byte among many letters is not another encoding', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `#KONTO ${4000 + index} "Övriga åäö"`);
    const rows = [...sound.slice(0, 9), ...names, ...sound.slice(9)].join('\n');
    const content = Buffer.concat([iconv.encode(rows, 'cp437')]);
    content[content.indexOf('Kassan')] = 0xe5;
    expect(await Array.fromAsync(sie.check?.({ name: 'kassa.si', content: [content] }) ?? [])).toEqual([]);
  });

  test.each([
    ['SIE 5', '<?xml version="1.0" encoding="utf-8"?>\n<Sie xmlns="http://www.sie.se/sie5">\n', /SIE 5/],
    ['another XML', '<?xml version="1.0"?>\n<Invoice/>', /an XML file/],
    ['a zip', 'PK\u0003\u0004\n', /a zip file/],
    ['a gzip', '\u001f\u008b\u0008\n', /a gzip file/],
  ])('%s is called what it is', async (_, text, message) => {
    const content = [Buffer.from(text, 'latin1')];
    const findings = await Array.fromAsync(sie.check?.({ name: 'a.sie', content }) ?? []);
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'sie-unreadable' }]);
    expect(findings.find(({ code }) => code === 'sie-unreadable')?.message).toMatch(message);
  });

  test('rows full of quotation marks without an end cost no more than others', async () => {
    for (const start of ['#TRANS 1910 {', '#TRANS 1910 {"', '#KONTO 1910 "']) {
      for (const text of ['\\"', '"\\"', '\\" {']) {
        const rows = [...sound.slice(0, 13), start + text.repeat(100_000), ...sound.slice(13)];
        expect(await findingsOf(rows.join('\n'))).not.toEqual([]);
      }
    }
  });

  test('an exported file has to tell its year and its chart', async () => {
    const rows = sound.filter((row) => !/^#(?:RAR|KONTO)/.test(row)).join('\n');
    const findings = await findingsOf(rows, 'kassa.SE');
    expect(findings.map(({ message }) => message)).toEqual(['#RAR is missing', '#KONTO is missing']);
    expect(
      await findingsOf([...sound.slice(0, 11), '#IB 0 1910 5.00', ...sound.slice(11)].join('\n'), 'kassa.SE'),
    ).toEqual([]);
  });

  test('what is wrong on every row is told twenty times, and then counted', async () => {
    const vouchers = Array.from({ length: 50 }, (_, index) => [
      '#VER A ' + (index + 2) + ' 20260302 x',
      '{',
      '#TRANS 1910 {} 1',
      '}',
    ]);
    const findings = await findingsOf([...sound, ...vouchers.flat()].join('\n'));
    expect(findings).toHaveLength(21);
    expect(findings.at(-1)?.message).toMatch(
      /^30 more of these, the last: voucher A 51 does not balance: its rows come to 1.00$/,
    );
  });

  test('a file without rows is left at once', async () => {
    let pieces = 0;
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        pieces += 1;
        yield Buffer.alloc(65_536, 'x');
      }
    }
    const findings = await Array.fromAsync(sie.check?.({ name: 'x.si', content: endless() }) ?? []);
    expect(findings[0]).toMatchObject({ code: 'sie-unreadable', severity: 'error' });
    expect(pieces).toBeLessThan(20);
  });

  test('it makes no difference where the pieces of a file end', async () => {
    const content = iconv.encode(changed('-800 ', '-801 ').join('\r\n'), 'cp437');
    const whole = await Array.fromAsync(sie.check?.({ name: 'a.si', content: [content] }) ?? []);
    const bytes = Array.from(content, (_, at) => content.subarray(at, at + 1));
    expect(await Array.fromAsync(sie.check?.({ name: 'a.si', content: bytes }) ?? [])).toEqual(whole);
    expect(whole).toHaveLength(1);
  });
});

describe('closing balances follow from opening balances and vouchers', () => {
  const exported = (...balances: readonly string[]): string =>
    [...sound.slice(0, 11), ...balances, ...sound.slice(11)].join('\n');
  const balanced = ['#IB 0 1910 100.00', '#UB 0 1910 900.00', '#RES 0 3001 -800.00'];
  const codes = async (...balances: readonly string[]): Promise<readonly string[]> =>
    (await findingsOf(exported(...balances), 'kassa.se')).map(({ code, severity }) => `${severity} ${code}`);

  test('those that do have no findings, nor a year before without vouchers', async () => {
    expect(await codes(...balanced)).toEqual([]);
    expect(await codes(...balanced, '#IB -1 1910 1.00', '#UB -1 1910 100.00')).toEqual([]);
    // Only result accounts begin anew.
    expect(await codes(...balanced, '#UB -1 1910 100.00', '#RES -1 3001 -700.00')).toEqual([]);
    expect(await codes('#IB 0 1910 100.00')).toEqual([]);
  });

  test.each([
    ['a closing balance', balanced.map((row) => row.replace('900.00', '900.01'))],
    ['a result', balanced.map((row) => row.replace('-800.00', '-799.99'))],
    ['an opening balance', balanced.map((row) => row.replace(' 100.00', ' 99.00'))],
    ['a balance that is not told', balanced.slice(0, 2)],
  ])('%s that does not is found', async (_, balances) => {
    expect(await codes(...balances)).toEqual(['error sie-balance']);
  });

  test.each([
    ['another amount', ['#UB -1 1910 100.01']],
    ['an account that the year before does not know', ['#UB -1 1920 100.00']],
  ])('a year that begins with %s is pointed out', async (_, before) => {
    const found = await findingsOf(exported(...balanced, ...before), 'kassa.se');
    expect(new Set(found.map(({ code, severity }) => `${severity} ${code}`))).toEqual(new Set(['warning sie-opening']));
    expect(found[0]?.message).toBe(
      'account 1910: year -1 ends with ' +
        (before[0]?.includes('1910') ? '100.01' : '0.00') +
        ', and year 0 begins with 100.00',
    );
  });

  test.each(['#IB 0 1910 100,00', '#UB 0 1910 1.000', '#RES 0 3001 x', '#PSALDO 0 202601 1910 {} 1,5'])(
    '%s is no amount, and nothing is said to follow from it',
    async (row) => {
      expect(await codes('#UB 0 1910 5.00', row)).toEqual(['error sie-amount']);
    },
  );
});

function findingsOf(text: string, name = 'kassa.si'): Promise<Finding[]> {
  return Array.fromAsync(sie.check?.({ name, content: [iconv.encode(text, 'cp437')] }) ?? []);
}

function changed(from: string, to: string): string[] {
  return sound.map((row) => row.replace(from, to));
}

function without(label: string): string[] {
  return sound.filter((row) => !row.startsWith(label));
}

function inVoucher(...rows: readonly string[]): string[] {
  return [...sound.slice(0, 13), ...rows, ...sound.slice(13)];
}
