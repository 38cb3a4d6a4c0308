import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkCompany,
  OpenCompany,
  type Company,
  type CompanyInput,
  type CompanyStores,
  type Surroundings,
} from '@bilag/company';
import { plainDate } from '@bilag/core';
import { night, openOffice, type CompanyState, type NightResult, type OfficeStore } from '@bilag/office';
import type { NightOptions } from '../src/night/night.ts';
import { bilagAccounts, startTripletexSimulator, type TripletexSimulator } from '@bilag/simulator-tripletex';
import {
  generateMerchant,
  startVippsSimulator,
  uneventful,
  type Merchant,
  type MerchantOptions,
  type VippsSimulator,
  type VippsSimulatorOptions,
} from '@bilag/simulator-vipps';
import { tripletex } from '@bilag/tripletex';
import { vipps } from '@bilag/vipps';

/** The morning after the merchants' week. */
export const now: Date = new Date('2026-07-08T10:00:00Z');

/** A café of many, by its number from 0. */
export function merchantOf(index: number, options: Partial<MerchantOptions> = {}): Merchant {
  return generateMerchant({
    seed: `office-${index}`,
    market: 'NO',
    ledgerId: String(400_000 + index),
    from: plainDate('2026-07-01'),
    to: plainDate('2026-07-07'),
    owner: { name: `Kafé ${index} AS`, organisationNumber: String(900_000_000 + index) },
    salesUnits: [{ handle: `api:${200_000 + index}`, name: 'Kafé', trade: 'cafe' }],
    capturesPerDay: 3,
    features: uneventful,
    ...options,
  });
}

/** A clock that waiting alone moves: what would take minutes takes none. */
export class VirtualTime {
  #ms = now.getTime();

  readonly now = (): Date => new Date(this.#ms);

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.#ms += ms;
    // Others take their turn.
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
}

/** Companies with ledgers of one accounting partner's keys, each to its own books in one Tripletex. */
export interface OfficeBench extends AsyncDisposable {
  readonly store: OfficeStore;
  readonly vipps: VippsSimulator;
  readonly tripletex: TripletexSimulator;
  readonly companies: readonly Company[];
  readonly surroundings: Surroundings;
  /** The ids of the companies in the order in which they were done with. */
  readonly done: string[];
  /** A night of all companies, or of those given. */
  night(options?: Partial<NightOptions>, companies?: readonly Company[] | AsyncIterable<Company>): Promise<NightResult>;
  /** How each company stands, by id. */
  states(): Promise<Readonly<Record<string, CompanyState>>>;
  /** How many vouchers of a company are in the books, each as often as it is there. */
  vouchersOf(index: number): number;
  /** Other ledgers, behind the same keys, and the companies that read them. */
  ledgersBecome(options: VippsSimulatorOptions): Promise<readonly Company[]>;
}

/** The id of the first company in the simulated Tripletex. */
export const firstTripletexId = 2_200_000;

export async function openOfficeBench(
  merchants: readonly Merchant[],
  options: Omit<Partial<VippsSimulatorOptions>, 'merchants'> = {},
  /** Where the companies are kept; in files by default. */
  database?: CompanyStores,
): Promise<OfficeBench> {
  const folder = await mkdtemp(join(tmpdir(), 'bilag-office-'));
  const time = new VirtualTime();
  const vippsSimulator = await startVippsSimulator({ merchants, now: time.now, ...options });
  const simulators = [vippsSimulator];
  const books = await startTripletexSimulator({
    now: time.now,
    rateLimit: null,
    companies: merchants.map(({ ledger }, index) => ({
      id: firstTripletexId + index,
      name: `Kafé ${index} AS`,
      organisationNumber: ledger.owner.id,
      accounts: bilagAccounts,
    })),
  });
  const { partner } = vippsSimulator.credentials;
  const env: Record<string, string> = {
    PARTNER_CLIENT_ID: partner.clientId,
    PARTNER_CLIENT_SECRET: partner.clientSecret,
  };
  for (const index of merchants.keys()) {
    env[`BOOKS_${index}_CONSUMER_TOKEN`] = books.credentials.consumerToken;
    env[`BOOKS_${index}_EMPLOYEE_TOKEN`] = books.credentials.employeeTokens[firstTripletexId + index] ?? '';
  }
  const { signal } = new AbortController();
  const surroundings: Surroundings = { env, now: time.now, sleep: time.sleep, signal };
  const companiesAt = (url: string): readonly Company[] =>
    merchants.map((merchant, index) => {
      const place = { file: 'bilag.config.ts', folder, sources: [vipps], database };
      const store = database === undefined ? 'files' : 'database';
      return checkCompany({ ...inputOf(merchant, index, url, books.url), store }, place);
    });
  const companies = companiesAt(vippsSimulator.url);
  const store = await openOffice(join(folder, 'office.sqlite'));
  const done: string[] = [];
  for (const company of companies) await connect(company, surroundings);
  return {
    store,
    vipps: vippsSimulator,
    tripletex: books,
    companies,
    surroundings,
    done,
    night: async (changes = {}, those = companies) => {
      // A request that was given up may still be on its way: it has arrived long before another night begins.
      for (let round = 0; round < 3; round += 1) await roundTrip(books.url);
      // Time passes between two nights.
      await time.sleep(60_000);
      return night(those, {
        target: 'books',
        store,
        surroundings,
        onCompany: ({ companyId }) => void done.push(companyId),
        ...changes,
      });
    },
    states: async () =>
      Object.fromEntries((await Array.fromAsync(store.companies())).map((state) => [state.companyId, state])),
    vouchersOf: (index) => books.backDoor.company(firstTripletexId + index).vouchers().length,
    ledgersBecome: async (changed) => {
      const simulator = await startVippsSimulator({ now: time.now, ...changed });
      simulators.push(simulator);
      return companiesAt(simulator.url);
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      for (const simulator of simulators) await simulator.close();
      await books.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** On a connection of its own. */
async function roundTrip(url: string): Promise<void> {
  const [reply] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  await once(reply.resume(), 'end');
}

/** A company as a config has it: its ledger behind the partner's keys, its books in the simulated Tripletex. */
export function inputOf({ name, ledger }: Merchant, index: number, url: string, host: string): CompanyInput {
  return {
    id: `kafe-${index}`,
    name,
    organisationNumber: ledger.owner.id,
    country: 'NO',
    currency: 'NOK',
    source: { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:PARTNER', baseUrl: url },
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary' }] },
    targets: {
      books: {
        adapter: tripletex,
        config: { host, credentials: `env:BOOKS_${index}`, companyId: firstTripletexId + index },
      },
    },
  };
}

/** Connected, and as if it had posted before: a log that never has waits before its first voucher. */
async function connect(company: Company, surroundings: Surroundings): Promise<void> {
  await using open = new OpenCompany(company, surroundings);
  const { findings } = await open.connect('books');
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.message);
  const log = await company.stores.openDeliveries(company, { create: false });
  const request = { holder: 'test', now: now.getTime(), leaseMs: 1_000, requestTimeoutMs: 1_000 };
  const lease = await log.takeLease(company.id, request);
  await log.markWhole(lease);
  await log.releaseLease(lease);
  await log.close();
}
