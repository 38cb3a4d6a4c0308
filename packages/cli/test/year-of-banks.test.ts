import { bankCalendar } from '@bilag/bank';
import { openCompany, type OpenCompany, type Proof } from '@bilag/company';
import { addDays, plainDate, zero, type Finding, type Market } from '@bilag/core';
import {
  bankCsvFiles,
  camt053Files,
  plantErrors,
  type BankAccountOptions,
  type BankFile,
  type BankPayment,
  type PlantedError,
  type PlantedKind,
} from '@bilag/simulator-bank';
import { generateMerchant, startVippsSimulator, type Merchant } from '@bilag/simulator-vipps';
import { vipps } from '@bilag/vipps';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bankPaymentsOf } from '../src/demo/demo-bank.ts';

const home = mkdtempSync(join(tmpdir(), 'bilag-year-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const [from, to] = [plainDate('2026-01-01'), plainDate('2026-12-31')];
const now = new Date('2027-01-03T08:00:00Z');

interface Shop {
  readonly merchant: Merchant;
  readonly sale: string;
  readonly account: string;
  /** How its bank tells: each of them otherwise. */
  readonly write: (account: BankAccountOptions) => readonly BankFile[];
  /** What goes wrong there, by the place of the payout in the year. */
  readonly plant: readonly { readonly kind: PlantedKind; readonly at: number }[];
}

function shop(
  market: Market,
  ledgerId: string,
  more: Omit<Shop, 'merchant'> & { readonly organisationNumber: string; readonly settlement?: 'gross' },
): Shop {
  const { organisationNumber, settlement = 'net' } = more;
  const handle = market === 'NO' || market === 'SE' ? `api:${ledgerId}9` : `${market}:${ledgerId}`;
  const merchant = generateMerchant({
    seed: ledgerId,
    market,
    ledgerId,
    from,
    to,
    owner: { name: `Butikk ${ledgerId}`, organisationNumber },
    salesUnits: [{ handle, name: 'Butikken', trade: 'web-shop' }],
    settlement,
    capturesPerDay: 4,
    features: { unknownTypes: 0, cancellations: 0, reserves: 0, corrections: 0 },
  });
  return { ...more, merchant };
}

const shops: readonly Shop[] = [
  shop('NO', '410001', {
    organisationNumber: '987654314',
    sale: '25',
    account: 'NO9386011117947',
    write: (account) => camt053Files(account, { version: '02' }),
    plant: [
      { kind: 'reversed', at: 60 },
      { kind: 'wrong-amount', at: 200 },
    ],
  }),
  shop('NO', '410002', {
    organisationNumber: '987654330',
    settlement: 'gross',
    sale: '25',
    account: '12345678911',
    write: (account) => bankCsvFiles(account, { layout: 'balances' }),
    plant: [
      { kind: 'missing', at: 30 },
      { kind: 'doubled', at: 150 },
    ],
  }),
  shop('DK', '410003', {
    organisationNumber: '12345678',
    sale: '25',
    account: 'DK5000400440116243',
    write: (account) => camt053Files(account, { version: '08', textIn: 'Ustrd', per: 'month' }),
    plant: [{ kind: 'other-account', at: 100 }],
  }),
  shop('SE', '410004', {
    organisationNumber: '5566778899',
    sale: '25',
    account: 'SE4550000000058398257466',
    write: (account) => camt053Files(account, { version: '02', textIn: 'two-Ustrd', encoding: 'ISO-8859-1' }),
    plant: [
      { kind: 'wrong-amount', at: 10 },
      { kind: 'doubled', at: 220 },
    ],
  }),
  shop('FI', '410005', {
    organisationNumber: '1234567-1',
    sale: '25.5',
    account: 'FI2112345600000785',
    write: (account) => camt053Files(account, { version: '08', textIn: 'AddtlNtryInf' }),
    plant: [
      { kind: 'missing', at: 120 },
      { kind: 'reversed', at: 240 },
    ],
  }),
];

let archived: Awaited<ReturnType<typeof startVippsSimulator>>;

beforeAll(async () => {
  archived = await startVippsSimulator({ merchants: shops.map(({ merchant }) => merchant), now: () => now });
  for (const each of shops) {
    await using company = await open(each, 'clean');
    await company.fetch({ from, to });
  }
}, 400_000);
afterAll(async () => archived.close());

/** The same ledger, with a bank of its own. */
async function open({ merchant, sale, account }: Shop, bank: string): Promise<OpenCompany> {
  const { ledgerId, market, currency, name, ledger } = merchant;
  const { clientId, clientSecret } = archived.credentials.partner;
  return openCompany(
    {
      id: `shop-${ledgerId}`,
      name,
      organisationNumber: ledger.owner.id,
      country: market,
      currency,
      source: {
        kind: 'vipps',
        keys: 'accounting-partner',
        credentials: 'env:PARTNER',
        baseUrl: archived.url,
        ledgers: [ledgerId],
      },
      policy: { versions: [{ from, market, sales: { sale }, lines: 'summary', payouts: 'in-transit' }] },
      bankAccounts: { [ledgerId]: [account] },
      delivery: join(home, bank, `${ledgerId}.sqlite`),
    },
    { folder: home, sources: [vipps], now: () => now, credentials: { get: async () => ({ clientId, clientSecret }) } },
  );
}

/** Takes in a bank, one file at a time after the other and one of them twice, and proves the year. */
async function provedYear(
  each: Shop,
  bank: string,
  payments: readonly BankPayment[],
  elsewhere: readonly BankPayment[] = [],
): Promise<Proof> {
  const { currency } = each.merchant;
  const common = { currency, from, to, otherRows: 2 };
  const own = each.write({ ...common, number: each.account, payments });
  const other = elsewhere.length === 0 ? [] : each.write({ ...common, number: '40000004400', payments: elsewhere });
  const [twice] = own;
  const files = [...own, ...other, ...(twice === undefined ? [] : [{ ...twice, name: `again-${twice.name}` }])];
  const paths = files.map(({ name, bytes }) => {
    const path = join(home, `${each.merchant.ledgerId}-${bank}-${name}`);
    writeFileSync(path, bytes);
    return path;
  });
  await using company = await open(each, bank);
  await company.importBankFiles(paths, { account: each.account });
  return await company.prove({ period: { from, to } });
}

/** Whether a finding is of a planted error: its amount (or the wrong one), around its day. */
function isOf({ on, amount: planted }: PlantedError, { date, amount = zero, severity }: Finding): boolean {
  const size = Math.abs(amount);
  const isNear = date !== undefined && date >= addDays(on, -6) && date <= addDays(on, 6);
  return severity === 'error' && isNear && (size === planted || size === planted + 27);
}

describe('a year of five merchants and their banks', () => {
  test.for(shops)('is proved to 0.00 on every date: $merchant.market, ledger $merchant.ledgerId', async (each) => {
    const proof = await provedYear(each, 'clean', await bankPaymentsOf(each.merchant, to));
    expect(proof.findings).toEqual([]);
    expect(proof).toMatchObject({ isProved: true, dates: 365, provedDates: 365 });
    const arrived = proof.tables
      .find(({ about }) => about === 'transit')
      ?.lines.find(({ label }) => label.startsWith('Arrived'));
    expect(arrived?.rows.length).toBeGreaterThan(200);
  });

  test('with errors in them names and locates each, and nothing else', async () => {
    const told: string[] = [];
    for (const each of shops) {
      const calendar = await bankCalendar(each.merchant.market);
      const all = await bankPaymentsOf(each.merchant, to);
      const { payments, elsewhere, planted } = plantErrors(all, each.plant, (date) => calendar.add(date, 1));
      const proof = await provedYear(each, 'planted', payments, elsewhere);
      expect(proof.isProved).toBe(false);
      for (const error of planted) {
        const found = proof.findings.filter((finding) => isOf(error, finding));
        told.push(`${each.merchant.market} ${error.kind}: ${found.map(({ code }) => code).join(' ') || 'NOT FOUND'}`);
      }
      expect(proof.findings.filter((finding) => !planted.some((error) => isOf(error, finding)))).toEqual([]);
    }
    expect(told).toEqual([
      'NO reversed: bank-line-conflict bank-line-conflict',
      'NO wrong-amount: payout-overdue bank-line-conflict',
      'NO missing: payout-overdue',
      'NO doubled: bank-line-conflict',
      'DK other-account: payout-overdue bank-line-conflict',
      'SE wrong-amount: payout-overdue bank-line-conflict',
      'SE doubled: bank-line-conflict',
      'FI missing: payout-overdue',
      'FI reversed: bank-line-conflict bank-line-conflict',
    ]);
  });
});
