import { type Company, type ExportedCompany, type LedgerOfBooks, OpenCompany, SourceConnections } from '@bilag/company';
import { checkCompany } from '../config.ts';
import {
  BilagError,
  negate,
  zero,
  type Amount,
  type CredentialStore,
  type PlainDate,
  type Secrets,
  named,
} from '@bilag/core';
import {
  demoMerchants,
  exampleDay,
  startVippsSimulator,
  summariseV1,
  v1ExampleDay,
  type VippsSimulator,
} from '@bilag/simulator-vipps';
import { writeOutputSet } from '@bilag/engine';
import { join } from 'node:path';
import { version } from '../version.ts';
import { deliverDemo, postedCompany, type DeliveryDemo } from './deliver-demo.ts';
import { demoCompanies, demoNow } from './demo-companies.ts';
import { importDemo, type ImportDemo } from './import-demo.ts';

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

/** Everything the demonstration did. */
export interface Demonstration {
  readonly results: readonly DemoResult[];
  readonly delivery: DeliveryDemo;
  readonly imported: ImportDemo;
  /** The config of its companies, to look at them. */
  readonly config: string;
}

/**
 * The main job from end to end, against a simulated Vipps on this machine: fetch, book, prove, write, check, and post to a
 * simulated Tripletex. The same numbers and bytes every time.
 */
export async function runDemo({ folder, signal, onStep }: DemoOptions): Promise<Demonstration> {
  await using simulator = await startVippsSimulator({
    merchants: [exampleDay, v1ExampleDay, ...demoMerchants()],
    v1: 'served',
    now: () => demoNow,
  });
  const keys = keysOf(simulator);
  const program = { name: 'bilag-cli', version };
  const surroundings = { env: {}, credentials: keys, now: () => demoNow, signal, program };
  const connections = new SourceConnections(surroundings);
  const demos = demoCompanies(simulator.url).map((demo) => {
    const archive = join(folder, 'archive', demo.company.id);
    const delivery = join(folder, 'archive', 'delivery', `${demo.company.id}.sqlite`);
    const company = checkCompany({ ...demo.company, archive, delivery }, { file: 'demo', folder });
    return { ...demo, open: new OpenCompany(company, surroundings, connections) };
  });
  const results: DemoResult[] = [];
  try {
    // Each has an archive of its own, and waits for the disk by itself.
    const onDate = (ledgerId: string, date: PlainDate): void => onStep?.(`fetching ledger ${ledgerId}, ${date}`);
    const fetched = await settled(demos.map(async ({ open, period }) => open.fetch({ ...period, onDate })));
    const [failure] = fetched.flat().flatMap(({ failures }) => failures);
    if (failure !== undefined) throw failure.error;
    for (const { open, period, about } of demos) {
      const { company } = open;
      onStep?.(`${company.name}: booking and writing`);
      const exported = await open.export(Object.keys(company.targets), {
        period,
        folder: join(folder, company.id),
        createdAt: demoNow.toISOString(),
        replace: true,
      });
      const differences = exported.books.ledgers.flatMap((ledger) => differencesOf(ledger, company, simulator));
      results.push({ company, about, exported, differences });
    }
  } finally {
    for (const { open } of demos) await open.close();
    await connections.close();
  }
  const [cafe, shop] = ['kaffebaren', 'butikken'].map((id) =>
    demoCompanies(simulator.url).find(({ company }) => company.id === id),
  );
  const merchant = demoMerchants().find(({ ledgerId }) => ledgerId === '412403');
  if (cafe === undefined || shop === undefined || merchant === undefined)
    throw new TypeError('the demonstration has a café and a Danish shop');
  onStep?.(`${shop.company.name}: importing a report of the portal`);
  const imported = await importDemo(shop.company, merchant, { folder, signal });
  const delivery = await deliverDemo({
    company: cafe.company,
    keys: cafeInEnvironment(simulator),
    folder: join(folder, posted),
    page: join(folder, cafe.company.id, 'proof.html'),
    signal,
    onStep,
  });
  const config = await writeConfig(folder);
  return { results, imported, delivery, config };
}

/** Where the archive and the log of what was posted lie, in the folder of the demonstration. */
const posted = 'archive/posted';

/** A config of the demonstration's companies as they lie there now, to look at: nobody answers at its addresses any more. */
async function writeConfig(folder: string): Promise<string> {
  const companies = demoCompanies('https://api.vipps.no').map(({ company }) => {
    const { id } = company;
    if (id !== 'kaffebaren') return company;
    const places = { archive: `${posted}/archive/${id}`, delivery: `${posted}/delivery/${id}.sqlite` };
    return { ...postedCompany(company, 'http://127.0.0.1:9'), ...places };
  });
  const name = 'bilag.config.json';
  const content = [`${JSON.stringify(companies, null, 2)}\n`];
  await writeOutputSet(folder, [{ name, mediaType: 'application/json', content }], { replace: true });
  return join(folder, name);
}

/** The café's fake keys, for commands and processes of their own. */
function cafeInEnvironment({ credentials }: VippsSimulator): Readonly<Record<string, string>> {
  const cafe = credentials.merchants.find(({ merchantSerialNumber }) => merchantSerialNumber === '123401');
  return {
    KAFFEBAREN_CLIENT_ID: cafe?.clientId ?? '',
    KAFFEBAREN_CLIENT_SECRET: cafe?.clientSecret ?? '',
    KAFFEBAREN_SUBSCRIPTION_KEY: cafe?.subscriptionKey ?? '',
    KAFFEBAREN_MERCHANT_SERIAL_NUMBER: '123401',
  };
}

/** Waits for all, so that nothing still writes when the first failure is told. */
async function settled<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
    results.push(result.value);
  }
  return results;
}

/** The simulator's fake keys, under the names the demonstration's companies use. */
function keysOf({ credentials }: VippsSimulator): CredentialStore {
  const { merchants, partner } = credentials;
  const { clientId, clientSecret } = partner;
  const cafe = merchants.find(({ merchantSerialNumber }) => merchantSerialNumber === '123401');
  const keys: Readonly<Record<string, Secrets>> = {
    'env:PARTNER': { clientId, clientSecret },
    'env:KAFFEBAREN': { ...cafe },
  };
  return { get: async (reference) => named(keys, reference) ?? {} };
}

/** Holds the books against what the simulator counted while it made the trade up, not against the entries it served. */
function differencesOf(
  { ledgerId, totals, balances }: LedgerOfBooks,
  company: Company,
  simulator: VippsSimulator,
): string[] {
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
  if (source.declaration.api?.scope(source.config)?.fees === 'accrued') {
    // Its payout names another ledger, so this one keeps what it would have paid.
    if (ledgerId !== v1ExampleDay.ledgerId) return undefined;
    const { sales, refunds, fees, payouts } = summariseV1(v1ExampleDay);
    return { sales, refunds, fees, payouts: zero, funds: payouts, feesBalance: zero };
  }
  if (!simulator.ledgers.some((ledger) => ledger.ledgerId === ledgerId)) {
    throw new BilagError('conflict', {
      what: `the books name ledger ${ledgerId}, which the simulator does not have`,
      where: 'demo',
      action: 'report it',
    });
  }
  const { sales, refunds, feesCharged, payouts, funds, fees } = simulator.expected(ledgerId);
  return { sales, refunds, fees: feesCharged, payouts, funds: funds.closing, feesBalance: fees.closing };
}
