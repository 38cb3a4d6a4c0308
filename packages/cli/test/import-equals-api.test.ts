import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCompany } from '@bilag/company';
import { addDays, book, definePolicy, plainDate, type PolicyInput, type Voucher } from '@bilag/core';
import {
  generateMerchant,
  type Merchant,
  type MerchantOptions,
  portalReport,
  portalWorkbook,
  resavedReport,
  settlementCsv,
  settlementWorkbook,
  settlementXml,
  uneventful,
} from '@bilag/simulator-vipps';
import { ledgerDatesFromV2, vipps, type VippsConfig } from '@bilag/vipps';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'bilag-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A ledger that has the number of its only sales unit: settlement files do not name ledgers. */
const options: fc.Arbitrary<MerchantOptions> = fc
  .record({
    seed: fc.nat(),
    settlement: fc.constantFrom('net' as const, 'gross' as const),
    payouts: fc.constantFrom('daily' as const, 'weekly' as const),
    days: fc.integer({ min: 0, max: 8 }),
    startDay: fc.integer({ min: 0, max: 500 }),
    capturesPerDay: fc.integer({ min: 1, max: 6 }),
    cutoffHour: fc.constantFrom(0, 4),
  })
  .map(({ days, startDay, ...rest }) => {
    const from = addDays(plainDate('2025-01-01'), startDay);
    const salesUnits = [{ handle: 'api:123455', name: 'Kafé "Ø", Oslo', trade: 'bar' as const }];
    const owner = { name: 'Kafé Eksempel AS', organisationNumber: '987654321' };
    return { market: 'NO', ledgerId: '123455', from, to: addDays(from, days), salesUnits, owner, ...rest };
  });

/** What a settlement file can tell: payments, refunds, and days without any; up to the last payout. */
function paidOut(of: MerchantOptions): Merchant {
  const features = { ...uneventful, refunds: 1500, partialCaptures: 1000, quietDates: 2000 };
  const dates = [...generateMerchant({ ...of, features }).dates()];
  const last = dates.findLast(({ funds }) => funds.some(({ entryType }) => entryType === 'payout-scheduled'));
  return generateMerchant({ ...of, features, to: last?.date ?? of.from });
}

function policyOf({ from }: Merchant): PolicyInput {
  return { versions: [{ from, market: 'NO', sales: { sale: '25' }, lines: 'entry' }] };
}

/** Vouchers byte for byte, but for the ids of the facts behind them: a file has a time in seconds, or none. */
function textOf(vouchers: readonly Voucher[]): string {
  return JSON.stringify(vouchers, withoutFacts, 1);
}

function withoutFacts(key: string, value: unknown): unknown {
  return key === 'facts' ? undefined : value;
}

/** With the lines of each in one order: what stands in a settlement file without a time is booked before what has one. */
function inOneOrder(text: string): string {
  const vouchers = JSON.parse(text) as readonly { readonly lines: readonly object[] }[];
  const sorted = vouchers.map(({ lines, ...voucher }) => {
    return { ...voucher, lines: lines.map((line) => JSON.stringify(line)).toSorted() };
  });
  return JSON.stringify(sorted, null, 1);
}

/** The vouchers of what the Report API has, of funds alone or of both accounts. */
async function ofApi(merchant: Merchant, fees: boolean): Promise<string> {
  const { ledgerId, currency } = merchant;
  const dates = [...merchant.dates()];
  const items = { ledgerId, currency, funds: dates.flatMap(({ funds }) => funds) };
  const read = ledgerDatesFromV2(fees ? { ...items, fees: dates.flatMap((date) => date.fees) } : items);
  const vouchers: Voucher[] = [];
  for await (const booked of book(read, definePolicy(policyOf(merchant)))) vouchers.push(...booked.vouchers);
  return textOf(vouchers);
}

let archives = 0;

/** The vouchers of files that are imported into an archive of their own. */
async function ofFiles(
  merchant: Merchant,
  files: Readonly<Record<string, string | Uint8Array>>,
  source: Omit<VippsConfig, 'keys'> = {},
): Promise<string> {
  archives += 1;
  const cwd = mkdtempSync(join(folder, 'files-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const company = {
    id: 'cafe',
    name: 'Kafé Eksempel AS',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    archive: join(folder, String(archives)),
    source: { kind: 'vipps', keys: 'none', ...source },
    policy: policyOf(merchant),
  } as const;
  await using open = await openCompany(company, { folder, sources: [vipps], now: () => new Date('2027-02-01') });
  await open.import({ paths: Object.keys(files), cwd });
  const vouchers: Voucher[] = [];
  await open.book({ onVoucher: (voucher) => void vouchers.push(voucher) });
  return textOf(vouchers);
}

/** The settlement reports in CSV: each has one payout, and a net that leaves the refunds out. */
function csvOfEach(merchant: Merchant): Readonly<Record<string, string>> {
  const numbers = [...merchant.dates()].flatMap(({ funds }) =>
    funds.flatMap(({ entryType, pspReference }) =>
      entryType === 'payout-scheduled' ? [pspReference.replace(/^.*-/, '')] : [],
    ),
  );
  const faults = ['net-without-refunds', 'net-with-comma'] as const;
  return Object.fromEntries(numbers.map((number) => [`${number}.csv`, settlementCsv(merchant, { number, faults })]));
}

const runs = { numRuns: Number(process.env['BILAG_PROPERTY_RUNS'] ?? 5) };

describe('a file and the API of the same period give the same vouchers', () => {
  test('a report of the portal: byte for byte, whatever happened on the ledger', async () => {
    await fc.assert(
      fc.asyncProperty(options, async (of) => {
        const merchant = generateMerchant(of);
        fc.pre([...merchant.dates()].some(({ funds }) => funds.length > 0));
        const text = await ofApi(merchant, false);
        expect(await ofFiles(merchant, { 'report.csv': portalReport([merchant]) })).toBe(text);
        expect(await ofFiles(merchant, { 'report.xlsx': portalWorkbook([merchant]) })).toBe(text);
        const resaved = resavedReport([merchant], { personalData: true });
        expect(await ofFiles(merchant, { 'report.csv': resaved })).toBe(text);
      }),
      runs,
    );
  });

  test('settlement reports: line for line, of what was paid out', async () => {
    await fc.assert(
      fc.asyncProperty(options, async (of) => {
        const merchant = paidOut({ ...of, settlement: 'net' });
        const csv = csvOfEach(merchant);
        fc.pre(Object.keys(csv).length > 0);
        const text = inOneOrder(await ofApi(merchant, true));
        const source = { imports: { cutoffHour: of.cutoffHour, settlement: 'net' } } as const;
        expect(inOneOrder(await ofFiles(merchant, { 'a.xml': settlementXml(merchant, '3.0') }, source))).toBe(text);
        expect(inOneOrder(await ofFiles(merchant, { 'a.xml': settlementXml(merchant, '2.0') }, source))).toBe(text);
        expect(inOneOrder(await ofFiles(merchant, { 'a.xlsx': settlementWorkbook([merchant]) }))).toBe(text);
        expect(inOneOrder(await ofFiles(merchant, csv))).toBe(text);
      }),
      runs,
    );
  });

  test('settlement reports of a merchant whose fees are invoiced, but for the invoice', async () => {
    await fc.assert(
      fc.asyncProperty(options, async (of) => {
        const merchant = paidOut({ ...of, settlement: 'gross' });
        fc.pre(Object.keys(csvOfEach(merchant)).length > 0);
        const text = inOneOrder(await ofApi(merchant, false));
        const source = { fees: false, imports: { cutoffHour: of.cutoffHour, settlement: 'gross' } } as const;
        expect(inOneOrder(await ofFiles(merchant, { 'a.xml': settlementXml(merchant, '3.0') }, source))).toBe(text);
        expect(inOneOrder(await ofFiles(merchant, { 'a.xml': settlementXml(merchant, '2.0') }, source))).toBe(text);
      }),
      runs,
    );
  });
});
