import type { DatabaseSync } from 'node:sqlite';
import {
  BilagError,
  consequences,
  isBilagError,
  worstEnd,
  type CredentialStore,
  type DeliveryEnd,
  type PlainDate,
} from '@bilag/core';
import { fileStores, openCompany, type CompanyStores, type Delivered, type OpenCompany } from '@bilag/company';
import type { DeliveryStore } from '@bilag/engine';
import { vipps } from '@bilag/vipps';
import { companyOf, merchants, type Merchant } from './merchants.ts';
import { ourLedger } from './our-ledger.ts';

/** What a night needs of our system. */
export interface NightSetup {
  readonly database: DatabaseSync;
  readonly vault: CredentialStore;
  readonly receipts: DeliveryStore;
  /** Where the raw pages are kept, a folder for each merchant. */
  readonly archives: string;
  readonly vippsUrl: string;
  /** The last date to fetch. */
  readonly to: PlainDate;
  /** Merchants at a time. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
}

/** What became of one merchant. */
export interface MerchantOutcome {
  readonly merchantId: string;
  readonly end: DeliveryEnd;
  readonly posted: number;
  /** What somebody should know; empty where all is well. */
  readonly problems: readonly string[];
}

/** Every merchant, so many at a time. What goes wrong with one is told, and the others go on. */
export async function night(setup: NightSetup): Promise<readonly MerchantOutcome[]> {
  const outcomes: MerchantOutcome[] = [];
  const queue = merchants(setup.database);
  const worker = async (): Promise<void> => {
    for await (const merchant of shared(queue)) outcomes.push(await outcomeOf(merchant, setup));
  };
  await Promise.all(Array.from({ length: setup.atOnce }, worker));
  return outcomes;
}

/** Lets several workers read from one queue: none of them ends it for the others. */
async function* shared<Item>(queue: AsyncGenerator<Item, void, undefined>): AsyncGenerator<Item, void, undefined> {
  for (let next = await queue.next(); next.done !== true; next = await queue.next()) yield next.value;
}

async function outcomeOf(merchant: Merchant, setup: NightSetup): Promise<MerchantOutcome> {
  const { database, archives: folder, vippsUrl, vault: credentials, signal } = setup;
  let company: OpenCompany | undefined;
  try {
    company = await openCompany(companyOf(merchant, vippsUrl, ourLedger(database)), {
      folder,
      sources: [vipps],
      database: storesOf(setup),
      credentials,
      signal,
      program: { name: 'embed-in-your-system', version: '1.0' },
    });
    return told(merchant, await deliver(company, setup));
  } catch (error) {
    // What is not a BilagError is a mistake in this program: its message is for our own log.
    const end = isBilagError(error) ? consequences[error.kind].ends : 'usage';
    return { merchantId: merchant.id, end, posted: 0, problems: [String(error)] };
  } finally {
    await company?.close();
  }
}

/** Fetches, and posts each voucher once, whatever happens on the way. */
async function deliver(company: OpenCompany, { receipts, to }: NightSetup): Promise<Delivered> {
  const [failure] = (await company.fetch({ to })).flatMap(({ failures }) => failures);
  if (failure !== undefined) throw failure.error;
  const { id } = company.company;
  if ((await receipts.pinnedTarget(id)) === undefined) {
    const wrong = (await company.connect('ledger')).findings.find(({ severity }) => severity === 'error');
    if (wrong !== undefined) {
      const { message: what, where, action } = wrong;
      throw new BilagError('config', { what, where, action });
    }
  }
  // Our ledger answers at once: who died is followed soon.
  const target = await company.target('ledger', { pace: { leaseMs: 2_000, requestTimeoutMs: 1_000 } });
  // New receipts may be lost ones: what the ledger holds already is found before anything is planned.
  if ((await receipts.pastOf(id))?.is !== 'whole') await target.rebuild();
  return target.deliver({ to });
}

/** The raw pages in files, the receipts in our database; our ledger needs no turns, being in this process. */
function storesOf({ receipts }: NightSetup): CompanyStores {
  return {
    ...fileStores,
    placesOf: ({ archive }) => ({ archive, delivery: receipts.where }),
    openDeliveries: async () => receipts,
    openTurns: () => ({ turn: (_, work) => work(), close: () => undefined }),
  };
}

function told(
  { id: merchantId }: Merchant,
  { planned: { plan }, result, verified, asksFor }: Delivered,
): MerchantOutcome {
  const { outcomes, end, stoppedBy } = result;
  return {
    merchantId,
    end: worstEnd([end === 'nothing' ? 'done' : end, asksFor === 'person' ? 'person' : 'done']),
    posted: outcomes.filter(({ did }) => did === 'posted').length,
    problems: [
      ...outcomes.flatMap(({ reference, problem }) => (problem === null ? [] : [`${reference}: ${problem.what}`])),
      ...[...plan.findings, ...verified.findings].flatMap(({ severity, where, message }) =>
        severity === 'info' ? [] : [`${where}: ${message}`],
      ),
      ...(stoppedBy === null ? [] : [stoppedBy.what]),
    ],
  };
}
