import { describe, expect, test } from 'vitest';
import { check, checkSet } from '@bilag/saf-t';
import { config, renderOne, richBook, richConfig, year } from './books.ts';
import { findingsIn } from './schemas.ts';

const clean = await renderOne(richBook(), config(richConfig));
const clean120 = await renderOne(richBook({ period: year(2024) }), config(richConfig));

async function found(text: string, name = 'other.xml'): Promise<readonly string[]> {
  return (await findingsIn({ name, text })).map(({ code, severity }) => `${severity} ${code}`);
}

describe('the shape is judged as the version asks for it', () => {
  test.each<[string, string, (text: string) => string]>([
    [
      'the name of the software is missing',
      'error SAFT-17',
      (text) => text.replace(/<SoftwareID>.*<\/SoftwareID>/, ''),
    ],
    ['the header is missing', 'error SAFT-17', (text) => text.replace(/<Header>[^]*<\/Header>/, '')],
    ['the version is missing', 'error SAFT-17', (text) => text.replace(/<AuditFileVersion>.*<\/AuditFileVersion>/, '')],
    ['the version is none', 'error SAFT-12', (text) => text.replace('>1.30<', '>2.01<')],
    [
      'the file is of another country',
      'error SAFT-17',
      (text) => text.replace('Country>NO</AuditFile', 'Country>SE</AuditFile'),
    ],
    [
      'two elements change places',
      'error SAFT-17',
      (text) => text.replace(/(<Period>.*)\n(.*<PeriodYear>.*)/, '$2\n$1'),
    ],
    ['an element is there twice', 'error SAFT-17', (text) => text.replace(/<Period>.*/, '$&$&')],
    [
      'an element has a name nobody knows',
      'error SAFT-17',
      (text) => text.replace(/<BatchID>|<SystemEntryDate>/, '<Unheard/>$&'),
    ],
    [
      'a value is none of those the schema lists',
      'error SAFT-17',
      (text) => text.replace('>GL</AccountType>', '>Asset</AccountType>'),
    ],
    [
      'a value has a blank too many',
      'error SAFT-17',
      (text) => text.replace('>GL</AccountType>', '> GL</AccountType>'),
    ],
    ['a day is none', 'error SAFT-17', (text) => text.replace(/<SystemEntryDate>.*</, '<SystemEntryDate>2025-02-30<')],
    ['a year is none', 'error SAFT-17', (text) => text.replace('<PeriodYear>2025<', '<PeriodYear>25<')],
    ['a currency has four letters', 'error SAFT-08', (text) => text.replace('>NOK</Default', '>NOKK</Default')],
    ['a line has no account', 'error SAFT-17', (text) => text.replace(/(<RecordID>1<.*)\n.*<AccountID>.*/, '$1')],
    ['text stands between elements', 'error SAFT-17', (text) => text.replace('<Transaction>', '<Transaction>lost')],
    ['a section stands between elements', 'error SAFT-17', (text) => text.replace('<Line>', '<![CDATA[ ]]><Line>')],
    ['a date has a blank', 'error SAFT-17', (text) => text.replace('<SystemEntryDate>', '<SystemEntryDate> ')],
    ['an element has an attribute', 'error SAFT-17', (text) => text.replace('<Company>', '<Company id="1">')],
    [
      'an element is of another namespace',
      'error SAFT-17',
      (text) => text.replace('<Company>', '<Company xmlns="urn:x">'),
    ],
    ['an amount has a comma', 'error SAFT-10', (text) => text.replace('<Amount>125.00<', '<Amount>125,00<')],
    ['an amount has three decimals', 'error SAFT-10', (text) => text.replace('<Amount>125.00<', '<Amount>125.001<')],
    [
      'a line has debit and credit',
      'error SAFT-10',
      (text) => text.replace(/<DebitAmount>[^]*?<\/DebitAmount>/, (side) => side + side.replaceAll('Debit', 'Credit')),
    ],
    [
      'an account has a standard account beside its grouping',
      'error SAFT-14',
      (text) => text.replace('<GroupingCategory>', '<StandardAccountID>19</StandardAccountID>$&'),
    ],
    [
      'an account has a standard account in place of its grouping',
      'error SAFT-14',
      (text) => text.replace(/<GroupingCategory>.*\n.*<\/GroupingCode>/, '<StandardAccountID>19</StandardAccountID>'),
    ],
    [
      'no period is selected',
      'error SAFT-09',
      (text) => text.replace(/<SelectionCriteria>[^]*<\/SelectionCriteria>/, ''),
    ],
  ])('%s', async (_, finding, mutate) => {
    const broken = mutate(clean);
    expect(broken).not.toBe(clean);
    expect(await found(broken)).toContain(finding);
  });

  test('what 1.20 has in place of groupings is right there', async () => {
    const mapped = clean120.replace(
      /<GroupingCategory>.*\n.*<\/GroupingCode>/,
      '<StandardAccountID>19</StandardAccountID>',
    );
    expect(mapped).not.toBe(clean120);
    expect(await found(mapped)).toEqual([]);
  });

  test('a file in one version that names another is told of', async () => {
    expect(await found(clean.replace('>1.30<', '>1.20<'))).toContain('warning SAFT-12');
    expect(await found(clean.replace('>1.30<', '>1.20<'))).toContain('error SAFT-17');
  });

  test('of a version whose shape is not known here, that is said', async () => {
    const older = clean120.replace('>1.20<', '>1.10<');
    expect(await found(older)).toEqual(['info SAFT-17', 'warning SAFT-12']);
  });

  test('a fault names its place and its line', async () => {
    const findings = await findingsIn({ name: 'a.xml', text: clean.replace(/\n *<SoftwareID>.*/, '') });
    expect(findings).toEqual([
      {
        code: 'SAFT-17',
        severity: 'error',
        message: 'SoftwareVersion comes where SoftwareID should be',
        where: 'Header, line 8',
        action: 'write the elements in the order of the schema, each as often as it allows',
      },
    ]);
  });
});

describe('a file name switches no check off', () => {
  const wrong = clean.replace(/(?<=<ClosingDebitBalance>)3\.00/, '3.01');

  test.each([
    'SAF-T Financial_888888888_20180228235959.xml',
    'SAF-T Financial_888888888_20180228235959_1_1.xml',
    'SAF-T Financial_888888888_20180228235959_3_2.xml',
    'export_1_12.xml',
    'SAF-T Financial_1_12.xml',
  ])('%s is judged whole', async (name) => {
    expect(await found(wrong, name)).toContain('error SAFT-03');
  });

  test('the first of twelve is a part, and says so', async () => {
    expect(await found(wrong, 'SAF-T Financial_888888888_20180228235959_1_12.xml')).toContain('info SAFT-SET');
  });
});

describe('hostile files end soon', () => {
  const open = clean.slice(0, clean.indexOf('<Company>'));
  const nested = (count: number): string => open + '<Company>'.repeat(count);

  test('elements deeper than any file has them are not read on', async () => {
    const findings = await findingsIn({ name: 'deep.xml', text: nested(1_000_000) });
    expect(findings.map(({ code }) => code)).toContain('SAFT-XML');
    expect(findings.at(-1)?.message).toMatch(/deep/);
  });

  test('a text without an end is left', async () => {
    let pieces = 0;
    function* endless(): Generator<Uint8Array> {
      yield Buffer.from(open);
      for (; pieces < 2_000; pieces += 1) yield Buffer.alloc(65_536, 'x');
    }
    const findings = await Array.fromAsync(check({ name: 'long.xml', content: endless() }));
    expect(findings.map(({ code }) => code)).toContain('SAFT-XML');
    expect(pieces).toBeLessThan(500);
  });

  test('many journals take no more memory than their bytes', async () => {
    const [, journal = ''] = /(<Journal>\n[^]*?<Transaction>[^]*?<\/Transaction>)/.exec(clean) ?? [];
    const text = clean.replace('<Journal>', `${`${journal}</Journal>`.repeat(3_000)}<Journal>`);
    const before = process.memoryUsage().arrayBuffers;
    await Array.fromAsync(checkSet([{ name: 'a.xml', content: [Buffer.from(text)] }]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  test('an amount of a million blanks is no amount', async () => {
    const text = clean.replace('<Amount>125.00<', `<Amount>${' '.repeat(1_000_000)}x<`);
    expect(await found(text)).toContain('error SAFT-10');
  });
});
