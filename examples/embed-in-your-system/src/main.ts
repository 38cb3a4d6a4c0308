import { worstEnd, plainDate, type DeliveryEnd } from '@bilag/core';
import { openDatabase } from './database.ts';
import { night } from './night.ts';
import { Receipts } from './receipts.ts';
import { openVault } from './vault.ts';

const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const exitCodes: Readonly<Record<DeliveryEnd, number>> = { done: 0, data: 1, usage: 2, person: 3, retry: 4 };

/** The nightly job. It may be killed at any point and run again, and several of them may run at once. */
async function main([last = yesterday]: readonly string[]): Promise<void> {
  const database = openDatabase(setting('DATABASE'));
  const outcomes = await night({
    database,
    vault: openVault(database, setting('VAULT_KEY')),
    receipts: new Receipts(database),
    archives: setting('ARCHIVES'),
    vippsUrl: setting('VIPPS_BASE_URL', 'https://api.vipps.no'),
    to: plainDate(last),
    atOnce: Number(setting('AT_ONCE', '8')),
    signal: AbortSignal.timeout(6 * 3_600_000),
  });
  database.close();
  for (const { merchantId, end, problems } of outcomes) {
    for (const problem of problems) console.log(`${merchantId} (${end}): ${problem}`);
  }
  const posted = outcomes.reduce((total, outcome) => total + outcome.posted, 0);
  const counts = Map.groupBy(outcomes, ({ end }) => end);
  const summary = [...counts].map(([end, group]) => `${end} ${group.length}`).sort();
  console.log(`${outcomes.length} merchants, ${posted} vouchers posted: ${summary.join(', ')}`);
  process.exitCode = exitCodes[worstEnd(counts.keys())];
}

function setting(name: string, otherwise?: string): string {
  const value = process.env[name] ?? otherwise;
  if (value !== undefined) return value;
  throw new Error(`${name} is not set`);
}

await main(process.argv.slice(2));
