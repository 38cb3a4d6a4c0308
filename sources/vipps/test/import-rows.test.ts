import { plainDate } from '@bilag/core';
import { generateMerchant, portalReport, settlementCsv, settlementXml, uneventful } from '@bilag/simulator-vipps';
import { vipps } from '@bilag/vipps';
import { describe, expect, test } from 'vitest';
import { portalLanguages } from '../src/files/portal/portal-words.ts';
import { datesOf, imported, pagesOf } from './imported.ts';

const merchant = generateMerchant({
  seed: 'rows',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-06-01'),
  to: plainDate('2026-06-05'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [
    { handle: 'api:123455', name: 'Kafé', trade: 'cafe' },
    { handle: 'NO:98765', name: 'Kiosk', trade: 'web-shop' },
  ],
  capturesPerDay: 4,
  features: uneventful,
});
const known = { ledgers: [{ id: '302400', handles: ['api:123455', 'NO:98765'] }] };

describe('a ledger into which two sales units settle', () => {
  test('has each sale under its own unit, as the API tells it', async () => {
    const { dates, readings } = await imported(portalReport([merchant]), known);
    const told = dates.flatMap(({ entries }) => entries.map(({ amount, salesUnit }) => [amount, salesUnit]));
    const api = [...merchant.dates()].flatMap(({ funds }) =>
      funds.map(({ amount, recipientHandle }) => [amount, recipientHandle ?? null]),
    );
    expect(new Set(api.map(([, unit]) => unit))).toEqual(new Set(['api:123455', 'NO:98765', null]));
    expect(told).toEqual(api);
    expect(new Set(readings.flatMap(({ handles }) => handles))).toEqual(new Set(['api:123455', 'NO:98765']));
  });
});

describe('a settlement that stands twice in a file', () => {
  const xml = settlementXml(merchant, '3.0');
  const part = (name: string): string => new RegExp(`<${name}>.*?</${name}>`, 's').exec(xml)?.[0] ?? '';

  const onAnotherDate = (text: string): string => text.replace(/<SettlementDate>[^<]*/, '<SettlementDate>2026-06-04');

  test.each([
    ['a second settlement', 'SettlementInfo', (text: string) => text],
    ['a second sales unit', 'SettlementDetailsInfo', (text: string) => text],
    ['a second settlement of another date', 'SettlementInfo', onAnotherDate],
  ])('as %s is refused: its fees would be withheld twice', async (_as, name, again) => {
    const doubled = xml.replace(part(name), part(name) + again(part(name)));
    await expect(imported(doubled, known)).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringMatching(/^settlement 2000001 of ledger 302400 stands twice in the file/),
    });
  });
});

describe('what no report has', () => {
  const report = portalReport([merchant]);
  const [headings = ''] = report.split('\r\n', 1);

  test.each([
    [
      'a currency of its own in one row',
      report.replace(',NOK,', ',DKK,'),
      /^the row is in NOK, and the one before in DKK/,
    ],
    [
      'an id that a spreadsheet program has shortened',
      report.replace(/,\d+,(table-\d+)/, ',"2,17811E+11",$1'),
      /^the PSP reference 2,17811E\+11 was shortened by a spreadsheet program/,
    ],
    [
      'a reference that a spreadsheet program has shortened',
      report.replace(/,table-\d+/, ',1E+15'),
      /^the reference 1E\+15 was shortened by a spreadsheet program/,
    ],
    ['no rows', `${headings}\r\n`, /^the report has no rows/],
  ])('%s: refused, with the place', async (_what, content, told) => {
    await expect(imported(content, known)).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringMatching(told),
      where: expect.stringMatching(/^report/),
    });
  });

  test('nor has a settlement report', async () => {
    const xml = settlementXml(merchant, '3.0');
    const [first = ''] = /<TransactionInfo>.*?<\/TransactionInfo>/s.exec(xml) ?? [];
    const inKroner = first.replace('NOK', 'DKK');
    await expect(imported(xml.replace(first, inKroner), known)).rejects.toMatchObject({
      what: 'the row is in DKK, and the one before in NOK',
    });
    const shortened = first.replace(/<TransactionID>[^<]*/, '<TransactionID>2.17811E+11');
    await expect(imported(xml.replace(first, shortened), known)).rejects.toMatchObject({ kind: 'rejected' });
  });
});

describe('what a settlement report tells besides', () => {
  const csv = settlementCsv(merchant);
  const messages = async (content: string): Promise<readonly string[]> =>
    (await imported(content, known)).dates.flatMap(({ findings = [] }) =>
      findings.map(({ severity, message }) => `${severity}: ${message}`),
    );

  test('fees that are listed apart are not booked, and that is told', async () => {
    const fee = '<FeeDate>2026-06-05</FeeDate><FeeID>1</FeeID><FeeAmount>99.00</FeeAmount>';
    const listed = `<FeeDetailsInfo><FeeInfo>${fee}</FeeInfo><FeeInfo>${fee}</FeeInfo></FeeDetailsInfo></PaymentsInfo>`;
    const told = [
      expect.stringMatching(/^warning: settlement \d+ comes with 2 fees apart, 198\.00 in all: they are not booked/),
    ];
    expect(await messages(settlementXml(merchant, '3.0').replace('</PaymentsInfo>', listed))).toEqual(told);
    const row = 'FeeInfo,05.06.2026,Kafé,123455,1503,-99.00,NOK\n';
    const inCsv = csv.replace(/(FeeInfo,SettlementDate.*\n)/, `$1${row}${row}`);
    expect(await messages(inCsv)).toEqual([expect.stringMatching(/comes with 2 fees apart, -198\.00 in all/)]);
  });

  test('a settlement that another file has on another date is an error that names both dates', async () => {
    const [here, there] = [
      await imported(csv, known),
      await imported(csv.replaceAll('05.06.2026', '04.06.2026'), known),
    ];
    const pages = [...pagesOf(there.readings), ...pagesOf(here.readings)];
    const dates = await datesOf(pages, { keys: 'none' });
    expect(dates.flatMap(({ findings = [] }) => findings)).toMatchObject([
      {
        code: 'settlement-twice',
        severity: 'error',
        message: expect.stringMatching(/^settlement \d+ stands on 2026-06-04 too$/),
        date: '2026-06-05',
      },
    ]);
  });
});

test.each([
  ['an element', '<SaleUnitName>'],
  ['a comment', '<!-- <'],
  ['a tag', '<Sale'],
])('%s of a settlement report that never ends is refused early, not kept until memory ends', async (_what, begun) => {
  const [head = ''] = settlementXml(merchant, '3.0').split('<SaleUnitName>');
  let given = 0;
  const file = {
    name: 'endless.xml',
    size: 1e12,
    async *read() {
      yield Buffer.from(head + begun);
      for (given = 0; given < 1000; given++) yield Buffer.alloc(65_536, 'A');
    },
  };
  const context = { ...known, personalData: false, signal: new AbortController().signal };
  const pages = vipps.imports?.pagesOf(file, { keys: 'none' }, context) ?? [];
  await expect(Array.fromAsync(pages)).rejects.toMatchObject({
    kind: 'rejected',
    what: expect.stringContaining('longer than those of any report'),
  });
  expect(given).toBeLessThan(50);
});

describe('a report in a language that is not known', () => {
  const columns = Object.keys(portalLanguages[0]?.columns ?? {}).filter((column) => column !== 'payout');
  const [, ...rows] = portalReport([merchant]).split('\r\n');
  const report = [columns.map((column) => `Sana ${column}`).join(','), ...rows].join('\r\n');
  const words = Object.fromEntries(columns.map((column) => [`Sana ${column}`, column]));

  test('is read with the words that the config gives, and gives the same', async () => {
    const config = { imports: { words } };
    const { kind, dates } = await imported(report, { ...known, config });
    expect(kind).toBe('portal report, CSV');
    expect(dates).toEqual((await imported(portalReport([merchant]), known)).dates);
  });

  test('is refused without them', async () => {
    await expect(imported(report, known)).rejects.toMatchObject({ kind: 'rejected' });
  });
});
