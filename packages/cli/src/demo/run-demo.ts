import { BilagError, negate, zero, type Amount } from '@bilag/core';
import { demoMerchants, exampleDay, startVippsSimulator, summariseV1, v1ExampleDay, type VippsSimulator } from '@bilag/simulator';
import { join } from 'node:path';
import type { LedgerOfBooks } from '../books/books-summary.ts';
import { withCompanyDates } from '../books/company-dates.ts';
import { exportCompany, type ExportedCompany } from '../books/export-company.ts';
import { fetchCompany } from '../books/fetch-company.ts';
import { VippsClients } from '../books/vipps-clients.ts';
import { checkCompany, type Company } from '../config/company.ts';
import type { CredentialStore } from '../config/credentials.ts';
import { loadTarget } from '../config/load-adapter.ts';
import { demoCompanies, demoNow, type DemoCompany } from './demo-companies.ts';

export interface DemoOptions {
  /** Everything is written below this folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onStep?: (text: string) => void;
}

/** What the demonstration did for one company. */
export interface DemoResult {
  readonly company: Company;
  readonly about: string;
  readonly exported: ExportedCompany;
  /** Where our books and what the simulator meant to happen differ: nowhere, if all is well. */
  readonly differences: readonly string[];
}

/**
 * The main job from end to end, against a simulated Vipps on this machine: fetch, book, prove, write, check. The same
 * numbers and bytes every time.
 */
export async function runDemo({ folder, signal, onStep }: DemoOptions): Promise<readonly DemoResult[]> {
  await using simulator = await startVippsSimulator({
    merchants: [exampleDay, v1ExampleDay, ...demoMerchants()],
    v1: 'served',
    now: () => demoNow,
  });
  // The simulator asks for no politeness; on the real API the limits are those of the client.
  const clients = new VippsClients(keysOf(simulator), { limits: { concurrency: 4, perSecond: 100_000 } });
  const results: DemoResult[] = [];
  try {
    for (const demo of demoCompanies(simulator.url)) {
      const company = checkCompany({ ...demo.company, archive: join(folder, 'archive', demo.company.id) }, { file: 'demo', folder });
      onStep?.(`${company.name}: fetching`);
      await fetchCompany(company, clients, {
        ...demo.period,
        now: demoNow,
        signal,
        onDate: (ledgerId, date) => onStep?.(`${company.name}: fetching ledger ${ledgerId}, ${date}`),
      });
      onStep?.(`${company.name}: booking and writing`);
      const exported = await exportDemo(company, demo, { folder, signal });
      const differences = exported.books.ledgers.flatMap((ledger) => differencesOf(ledger, company, simulator));
      results.push({ company, about: demo.about, exported, differences });
    }
  } finally {
    await clients.close();
  }
  return results;
}

async function exportDemo(company: Company, { period }: DemoCompany, { folder, signal }: DemoOptions): Promise<ExportedCompany> {
  const targets = await Promise.all(Object.keys(company.targets).map(async (name) => loadTarget(company, name)));
  return withCompanyDates(company, signal, async (dates) =>
    exportCompany(company, dates, targets, {
      period,
      folder: join(folder, company.id),
      createdAt: demoNow.toISOString(),
      replace: true,
      signal,
    }),
  );
}

/** The simulator's fake keys, under the names the demonstration's companies use. */
function keysOf({ credentials }: VippsSimulator): CredentialStore {
  const { merchants, partner } = credentials;
  const cafe = merchants.find(({ merchantSerialNumber }) => merchantSerialNumber === '123401');
  const keys: Readonly<Record<string, string | undefined>> = {
    PARTNER_CLIENT_ID: partner.clientId,
    PARTNER_CLIENT_SECRET: partner.clientSecret,
    KAFFEBAREN_CLIENT_ID: cafe?.clientId,
    KAFFEBAREN_CLIENT_SECRET: cafe?.clientSecret,
    KAFFEBAREN_SUBSCRIPTION_KEY: cafe?.subscriptionKey,
    KAFFEBAREN_MERCHANT_SERIAL_NUMBER: cafe?.merchantSerialNumber,
  };
  return { get: async (name) => keys[name] };
}

/** Holds the books against what the simulator counted while it made the trade up, not against the entries it served. */
function differencesOf({ ledgerId, totals, balances }: LedgerOfBooks, company: Company, simulator: VippsSimulator): string[] {
  const expected = expectedOf(ledgerId, company, simulator);
  if (expected === undefined) return [];
  const compared: readonly (readonly [string, Amount, Amount])[] = [
    ['sales', totals.captures, expected.sales],
    ['refunds', totals.refunds, negate(expected.refunds)],
    ['fees', totals.fees, negate(expected.fees)],
    ['payouts', totals.payouts, negate(expected.payouts)],
    ['funds balance', balances.funds.books, expected.funds],
    ['fees balance', balances.fees?.books ?? zero, expected.feesBalance],
  ];
  return compared
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([what, ours, theirs]) => `ledger ${ledgerId}, ${what}: ${ours} in the books, ${theirs} expected`);
}

interface Expected {
  readonly sales: Amount;
  readonly refunds: Amount;
  readonly fees: Amount;
  readonly payouts: Amount;
  readonly funds: Amount;
  readonly feesBalance: Amount;
}

function expectedOf(ledgerId: string, { source }: Company, simulator: VippsSimulator): Expected | undefined {
  if (source.kind === 'vipps' && typeof source.api === 'object') {
    // Its payout names another ledger, so this one keeps what it would have paid.
    if (ledgerId !== v1ExampleDay.ledgerId) return undefined;
    const { sales, refunds, fees, payouts } = summariseV1(v1ExampleDay);
    return { sales, refunds, fees, payouts: zero, funds: payouts, feesBalance: zero };
  }
  if (!simulator.ledgers.some((ledger) => ledger.ledgerId === ledgerId)) {
    throw new BilagError('conflict', { what: `the books name ledger ${ledgerId}, which the simulator does not have`, where: 'demo', now: 'report it' });
  }
  const { sales, refunds, feesCharged, payouts, funds, fees } = simulator.expected(ledgerId);
  return { sales, refunds, fees: feesCharged, payouts, funds: funds.closing, feesBalance: fees.closing };
}
