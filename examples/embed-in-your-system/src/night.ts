import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { book, consequences, isBilagError, worstEnd, type Reading } from '@bilag/core';
import type { BookedDate, CredentialStore, DeliveryEnd, PlainDate, Policy, ServiceContext, Voucher } from '@bilag/core';
import { apply, openArchive, plan, rebuild, systemClock, waitsForPerson } from '@bilag/engine';
import type { ArchiveStore, DeliveryStore } from '@bilag/engine';
import { createVippsClient, ledgerDatesFromPages, readLedger } from '@bilag/vipps';
import { merchants, policyOf, type Merchant } from './merchants.ts';
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
  try {
    const policy = policyOf(merchant);
    const archive = await openArchive(join(setup.archives, merchant.id));
    try {
      await fetchInto(archive, merchant, policy.versions[0].from, setup);
      return await deliver(archive, merchant, policy, setup);
    } finally {
      await archive.close();
    }
  } catch (error) {
    // What is not a BilagError is a mistake in this program: its message is for our own log.
    const end = isBilagError(error) ? consequences[error.kind].ends : 'usage';
    return { merchantId: merchant.id, end, posted: 0, problems: [String(error)] };
  }
}

/** Raw pages, as received: a closed date once, an open one again each night. */
async function fetchInto(archive: ArchiveStore, merchant: Merchant, from: PlainDate, setup: NightSetup): Promise<void> {
  const { ledgerId, credential } = merchant;
  const { vault, vippsUrl, to, signal } = setup;
  const next = await archive.nextDate(ledgerId, ['funds', 'fees'], from);
  if (next > to) return;
  const {
    clientId = '',
    clientSecret = '',
    subscriptionKey = '',
    merchantSerialNumber = '',
  } = await vault.get(credential);
  const client = createVippsClient({
    baseUrl: vippsUrl,
    credentials: { kind: 'merchant', clientId, clientSecret, subscriptionKey, merchantSerialNumber },
    system: { name: 'embed-in-your-system', version: '1.0' },
  });
  try {
    const onReading = async (reading: Reading): Promise<void> => void (await archive.store(reading));
    const dates = readLedger(client, { ledgerId, currency: 'NOK', from: next, to, onReading, signal });
    // Reading to the end is what fetches; the dates are made again from the archive.
    for await (const _ of dates);
  } finally {
    await client.close();
  }
}

/** Each voucher once, whatever happens on the way. */
async function deliver(
  archive: ArchiveStore,
  { id: companyId }: Merchant,
  policy: Policy,
  setup: NightSetup,
): Promise<MerchantOutcome> {
  const { from } = policy.versions[0];
  const { database, receipts: store, to, vault, signal } = setup;
  const clock = systemClock(signal);
  const adapter = ourLedger(database);
  const context = { ...clock, random: Math.random, credentials: vault, turn: atOnce };
  const service = adapter.connect({ merchantId: companyId }, context);
  const { lockedThrough } = await service.chart();
  const dates = (): AsyncIterable<BookedDate> =>
    book(ledgerDatesFromPages(archive.pages({ from }), { currency: 'NOK' }), policy, { shape: adapter.shape });
  // Our ledger answers at once: who died is followed soon.
  const delivery = { companyId, store, adapter, service, clock, leaseMs: 2_000, requestTimeoutMs: 1_000 };
  // New receipts may be lost ones: what the ledger holds already is found before anything is planned.
  if ((await store.pastOf(companyId))?.is !== 'whole') await rebuild(vouchersOf(dates()), delivery);
  const planned = await plan({ companyId, store, from, to, dates: dates(), lockedThrough });
  const { outcomes, end, stoppedBy } = await apply(planned, delivery, { lockedThrough });
  const problems = [
    ...outcomes.flatMap(({ reference, problem }) => (problem === null ? [] : [`${reference}: ${problem.what}`])),
    ...planned.findings.flatMap(({ severity, where, message }) =>
      severity === 'info' ? [] : [`${where}: ${message}`],
    ),
    ...(stoppedBy === null ? [] : [stoppedBy.what]),
  ];
  return {
    merchantId: companyId,
    end: worstEnd([end === 'nothing' ? 'done' : end, waitsForPerson(planned, 'applied') ? 'person' : 'done']),
    posted: outcomes.filter(({ did }) => did === 'posted').length,
    problems,
  };
}

async function* vouchersOf(dates: AsyncIterable<BookedDate>): AsyncGenerator<Voucher, void, undefined> {
  for await (const { vouchers } of dates) yield* vouchers;
}

/** For a target that others run: `createTurnstile` of the engine. */
const atOnce: ServiceContext['turn'] = (_, work) => work();
