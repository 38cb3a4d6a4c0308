// oxlint-disable vitest/no-standalone-expect -- what testWithShared and testWithTool return is a test
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check, checkSet, readGroupingList, safT } from '@bilag/saf-t';
import { sharedPath, testWithShared } from '../../../test/support.ts';
import { config, renderAll, renderOne, richBook, richConfig, smallBook } from './books.ts';
import { findingsIn, findingsInSet, piecesOf } from './schemas.ts';

const small = await renderOne(smallBook());

async function codesOf(bytes: Uint8Array, name = 'other.xml'): Promise<readonly string[]> {
  return (await Array.fromAsync(check({ name, content: piecesOf(bytes, 7) }))).map(({ code }) => code);
}

describe('official examples', () => {
  const groupings = (): ReadonlySet<string> =>
    readGroupingList(
      readFileSync(sharedPath('spec/saft-no/grouping-codes-naeringsspesifikasjon-2025-2026.csv'), 'utf8'),
    );

  testWithShared.each([
    ['1.30', ['1925', '1370'], []],
    // 1000.00 EUR at 8.123 is not 2500.00.
    ['1.40', ['1925', '2250', '1370'], ['error SAFT-10']],
  ])('%s has the faults that are known of it, and no others', async (version, accounts, others) => {
    const bytes = readFileSync(sharedPath(`spec/saft-no/official_example_v_${version}_transcribed.xml`));
    const findings = await Array.fromAsync(
      check({ name: 'example.xml', content: piecesOf(bytes) }, { groupings: groupings() }),
    );
    expect(new Set(findings.map(({ code, severity }) => `${severity} ${code}`))).toEqual(
      new Set(['error SAFT-05', 'info SAFT-17', ...others]),
    );
    const unresolved = findings.filter(({ code }) => code === 'SAFT-05');
    expect(unresolved.slice(0, -1).map(({ message }) => message)).toEqual(
      accounts.map((account) => `account ${account} is not in the master files`),
    );
    // The header's bank account is on 1925 too: said once, counted twice.
    expect(unresolved.at(-1)?.message).toMatch(/^1 more of this rule, the last: account 1925/);
  });

  testWithShared('the grouping list has all its pairs', () => {
    expect(groupings().size).toBe(532);
    expect(groupings().has('balanseverdiForOmloepsmiddel/1570')).toBe(true);
  });
});

describe('files of other systems are read', () => {
  test('with a byte order mark, and cut anywhere', async () => {
    expect(await codesOf(Buffer.from(`\uFEFF${small}`))).toEqual([]);
  });

  test('with any prefix', async () => {
    const prefixed = small.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1n1:').replace('xmlns="', 'xmlns:n1="');
    expect(prefixed).toContain('<n1:AuditFile xmlns:n1=');
    expect(await codesOf(Buffer.from(prefixed))).toEqual([]);
    const broken = prefixed.replace('<n1:NumberOfEntries>1', '<n1:NumberOfEntries>2');
    expect(await codesOf(Buffer.from(broken))).toEqual(['SAFT-02']);
  });

  test('with leading zeros in periods, periods instead of dates, and a thirteenth period', async () => {
    const periods =
      '<PeriodStart>1</PeriodStart><PeriodStartYear>2025</PeriodStartYear><PeriodEnd>12</PeriodEnd><PeriodEndYear>2025</PeriodEndYear>';
    const numbered = small.replace(/<SelectionStartDate>[^]*<\/SelectionEndDate>/, periods);
    expect(await codesOf(Buffer.from(numbered))).toEqual([]);
    expect(await codesOf(Buffer.from(numbered.replace('<Period>1<', '<Period>01<')))).toEqual([]);
    expect(await codesOf(Buffer.from(numbered.replace('<Period>1<', '<Period>13<')))).toEqual([]);
    const elsewhere = numbered.replace('<PeriodYear>2025<', '<PeriodYear>2024<');
    expect(await codesOf(Buffer.from(elsewhere))).toEqual(['SAFT-09']);
  });

  test('with amounts beyond what a float holds', async () => {
    const huge = small
      .replaceAll('<Amount>125.00<', '<Amount>9999999999999925.00<')
      .replaceAll('<Amount>100.00<', '<Amount>9999999999999900.00<')
      .replaceAll('<TaxBase>100.00<', '<TaxBase>9999999999999900.00<');
    expect(await codesOf(Buffer.from(huge))).not.toContain('SAFT-01');
    const off = huge.replace('<Amount>9999999999999925.00<', '<Amount>9999999999999925.01<');
    expect(await codesOf(Buffer.from(off))).toContain('SAFT-01');
  });

  test('what stands in SourceDocuments is not judged, and that is said', async () => {
    const extended = small.replace(
      '</AuditFile>',
      '<SourceDocuments><Line><AccountID>1</AccountID></Line></SourceDocuments></AuditFile>',
    );
    const findings = await findingsIn({ name: 'other.xml', text: extended });
    expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'info what stands in SourceDocuments is not judged',
    ]);
  });
});

describe('what is no SAF-T Financial file gets one clear finding', () => {
  test.each([
    ['another root', '<Invoice xmlns="urn:other"/>', /not a Norwegian SAF-T Financial file: the root is Invoice/],
    ['another country', small.replace('Financial:NO', 'Financial:DK'), /Financial:DK/],
    ['no XML', 'Konto;Beløp\n1920;100\n', /not well-formed XML/],
    ['nothing', '', /not well-formed XML/],
    ['a file that was cut', small.slice(0, -200), /not well-formed XML: unclosed tag/],
    ['an entity of its own', small.replace('Fjellbutikken', '&xxe;'), /not well-formed XML: undefined entity/],
  ])('%s', async (_, text, message) => {
    const findings = await findingsIn({ name: 'other.xml', text });
    expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error SAFT-XML']);
    expect(findings[0]?.message).toMatch(message);
  });

  test.each([
    [
      "another country's SAF-T in Windows-1252",
      Buffer.from(
        '<?xml version="1.0" encoding="Windows-1252"?><AuditFile xmlns="urn:OECD:StandardAuditFile-Tax:PT_1.04_01"><A>é</A>',
        'latin1',
      ),
      /SAF-T file of another country or kind.*PT_1.04_01/,
    ],
    ['SIE 5', Buffer.from('<Sie xmlns="http://www.sie.se/sie5">'), /a SIE 5 file/],
    ['a zip', Buffer.from('504b030414000000ff', 'hex'), /a zip file/],
    ['a gzip', Buffer.from('1f8b0800000000', 'hex'), /a gzip file/],
  ])('%s is called what it is', async (_, bytes, message) => {
    const findings = await Array.fromAsync(check({ name: 'other.xml', content: [bytes] }));
    expect(findings).toMatchObject([{ code: 'SAFT-XML', severity: 'error', message: expect.stringMatching(message) }]);
  });

  test('a Norwegian file in another encoding is named by its encoding', async () => {
    const text = small.replace('encoding="UTF-8"', 'encoding="Windows-1252"').replace('Fjell', 'Fjæll');
    const findings = await Array.fromAsync(check({ name: 'a.xml', content: [Buffer.from(text, 'latin1')] }));
    expect(findings).toMatchObject([{ code: 'SAFT-15', message: expect.stringContaining('Windows-1252') }]);
  });

  test('UTF-16', async () => {
    expect(await codesOf(Buffer.from(`\uFEFF${small}`, 'utf16le'))).toEqual(['SAFT-15']);
  });
});

describe('a set', () => {
  const settings = config({ ...richConfig, split: 'period' });

  test('is judged together: a voucher that is missing from a file shows in the balances', async () => {
    const [first, second, third, ...rest] = await renderAll(richBook(), settings);
    expect(await findingsInSet([first!, second!, third!, ...rest])).toEqual([]);
    const findings = await findingsInSet([first!, second!, ...rest]);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['SAFT-SET', 'SAFT-03']));
    expect(findings.find(({ code }) => code === 'SAFT-SET')?.message).toMatch(/^file 3 of 5 is not among/);
  });

  test('an account that a later file names and no file lists is found, with the name of that file', async () => {
    const files = [...(await renderAll(richBook(), settings))];
    const third = files[2]!;
    files[2] = { ...third, text: third.text.replace('<AccountID>1579<', '<AccountID>9999<') };
    const findings = await findingsInSet(files);
    expect(findings.find(({ code }) => code === 'SAFT-05')).toMatchObject({
      message: 'account 9999 is not in the master files',
      where: expect.stringContaining(`${third.name}: Journal`),
    });
  });

  test('entries before the master files, and a file of another company, are told of', async () => {
    const [first, second, ...rest] = await renderAll(richBook(), settings);
    const turned = await findingsInSet([second!, first!, ...rest]);
    expect(turned.map(({ message }) => message)).toContain('the master files come after entries');
    const other = { ...second!, text: second!.text.replace('>999999999</Reg', '>888888888</Reg') };
    const mixed = await findingsInSet([first!, other, ...rest]);
    expect(mixed.map(({ message }) => message)).toEqual([
      'the file is of company 888888888, and the first of the set of 999999999',
    ]);
  });

  test('the same voucher in two of its files is found', async () => {
    const files = await renderAll(richBook(), settings);
    const codes = (await findingsInSet([...files, files[1]!])).map(({ code }) => code);
    expect(codes).toContain('SAFT-06');
  });

  test('a part alone is judged by what it holds, and says that it was', async () => {
    const files = await renderAll(richBook(), settings);
    const part = { ...files[1]!, text: files[1]!.text.replace('<TotalDebit>', '<TotalDebit>9') };
    const findings = await findingsIn(part);
    expect(findings.map(({ code }) => code)).toEqual(['SAFT-02', 'SAFT-SET']);
  });

  test('a broken file ends the judgement of the whole', async () => {
    const files = await renderAll(richBook(), settings);
    const inputs = files.map(({ name, text }) => ({ name, content: [Buffer.from(text.slice(0, -30))] }));
    const findings = await Array.fromAsync(checkSet(inputs));
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['SAFT-XML']));
  });
});

test('the adapter offers the checker', async () => {
  const findings = await Array.fromAsync(safT.check!({ name: 'a.xml', content: [Buffer.from(small)] }));
  expect(findings).toEqual([]);
});
