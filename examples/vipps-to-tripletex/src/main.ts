import { join } from 'node:path';
import { book, definePolicy, isBilagError, plainDate, type Reading } from '@bilag/core';
import type { Attachment, PlainDate, Voucher } from '@bilag/core';
import {
  apply,
  createTurnstile,
  openArchive,
  openDeliveryLog,
  plan,
  systemClock,
  verify,
  waitsForPerson,
} from '@bilag/engine';
import type { Archive, DeliveryContext, DeliveryWait } from '@bilag/engine';
import { tripletex } from '@bilag/tripletex';
import { createVippsClient, ledgerDatesFromPages, readLedger } from '@bilag/vipps';
import { sourceDataOf } from './source-data.ts';

const from = plainDate(setting('CUT_OVER'));
const policy = definePolicy({ versions: [{ from, market: 'NO', sales: { sale: '25' }, lines: 'summary' }] });
const currency = 'NOK';
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** One night: fetch what is new, book it, post what is not posted yet, and see that what was posted still stands. */
async function main([folder = 'data', last = yesterday]: readonly string[]): Promise<void> {
  const to = plainDate(last);
  const archive = await openArchive(join(folder, 'archive'));
  const store = await openDeliveryLog(join(folder, 'delivery.sqlite'));
  const clock = systemClock(AbortSignal.timeout(3_600_000));
  const turnstile = createTurnstile({ folder: join(folder, 'turns'), limits: tripletex.limits, clock });
  const credentials = {
    get: async () => ({
      consumerToken: setting('TRIPLETEX_CONSUMER_TOKEN'),
      employeeToken: setting('TRIPLETEX_EMPLOYEE_TOKEN'),
    }),
  };
  const service = tripletex.connect(
    {
      host: setting('TRIPLETEX_HOST', 'production'),
      credentials: 'env',
      companyId: Number(setting('TRIPLETEX_COMPANY_ID')),
      access: 'own',
      sendToLedger: true,
      voucherType: null,
      clearingAccounts: [policy.versions[0].accounts.clearing],
      timeoutMs: 60_000,
    },
    { ...clock, random: Math.random, credentials, turn: turnstile.turn },
  );
  try {
    await fetchInto(archive, to);
    await deliver({ companyId: 'merchant', store, adapter: tripletex, service, clock, onWait: tellWait }, archive, to);
  } finally {
    await service.close?.();
    turnstile.close();
    await store.close();
    archive.close();
  }
}

/** Raw pages, as received: a closed date once, an open one again each night. */
async function fetchInto(archive: Archive, to: PlainDate): Promise<void> {
  const client = createVippsClient({
    baseUrl: setting('VIPPS_BASE_URL', 'https://api.vipps.no'),
    credentials: {
      kind: 'merchant',
      clientId: setting('VIPPS_CLIENT_ID'),
      clientSecret: setting('VIPPS_CLIENT_SECRET'),
      subscriptionKey: setting('VIPPS_SUBSCRIPTION_KEY'),
      merchantSerialNumber: setting('VIPPS_MERCHANT_SERIAL_NUMBER'),
    },
    system: { name: 'vipps-to-tripletex', version: '1.0' },
  });
  try {
    for await (const { ledgerId } of client.ledgers()) {
      const next = archive.nextDate(ledgerId, ['funds', 'fees'], from);
      if (next > to) continue;
      const onReading = async (reading: Reading): Promise<void> => void (await archive.store(reading));
      const dates = readLedger(client, { ledgerId, currency, from: next, to, onReading });
      console.log(`ledger ${ledgerId}: ${(await Array.fromAsync(dates)).length} dates fetched`);
    }
  } finally {
    await client.close();
  }
}

/** Each voucher once, whatever happens on the way; a person is told what only a person can decide. */
async function deliver(context: DeliveryContext, archive: Archive, to: PlainDate): Promise<void> {
  const { companyId, store, service } = context;
  const { lockedThrough } = await service.chart();
  const dates = book(ledgerDatesFromPages(archive.pages({ from }), { currency }), policy, { shape: tripletex.shape });
  const planned = await plan({ companyId, store, from, to, dates, lockedThrough });
  console.log(`plan: ${JSON.stringify(planned.counts)}`);
  const attachment = async (voucher: Voucher): Promise<Attachment> => sourceDataOf(voucher, archive);
  const { outcomes, end, stoppedBy } = await apply(planned, context, { lockedThrough, attachment });
  for (const { date, reference, state, number, problem } of outcomes) {
    console.log(date, reference, state, number ?? '', problem === null ? '' : `${problem.what} (${problem.where})`);
  }
  const { checked, findings } = await verify({ from, to }, context);
  for (const { code, where, message } of [...planned.findings, ...findings])
    console.log(`${code}: ${message} (${where})`);
  console.log(`${stoppedBy?.what ?? end}; ${checked} vouchers read back`);
  const isWaiting = waitsForPerson(planned, 'applied') || findings.some(({ severity }) => severity === 'error');
  if (isWaiting || (end !== 'nothing' && end !== 'done')) process.exitCode = !isWaiting && end === 'retry' ? 4 : 3;
}

/** The first night waits until the target shows what anybody else may have written just before. */
function tellWait({ until, why }: DeliveryWait): void {
  console.log(`waiting until ${new Date(until).toISOString()}: ${why}`);
}

function setting(name: string, otherwise?: string): string {
  const value = process.env[name] ?? otherwise;
  if (value !== undefined) return value;
  throw new Error(`${name} is not set`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(isBilagError(error) ? error.message : error);
  process.exitCode = isBilagError(error) && (error.kind === 'busy' || error.kind === 'unavailable') ? 4 : 3;
}
