import { plainDate } from '@bilag/core';
import {
  generateMerchant,
  startVippsSimulator,
  uneventful,
  type Merchant,
  type VippsSimulator,
} from '@bilag/simulator-vipps';
import { openDatabase } from './database.ts';
import { openVault } from './vault.ts';

/** What the nightly job is started with. */
export interface SimulatedMerchants {
  readonly vipps: VippsSimulator;
  readonly env: Readonly<Record<'DATABASE' | 'ARCHIVES' | 'VAULT_KEY' | 'VIPPS_BASE_URL', string>>;
}

/** As many merchants as you like, with two days of trade, at a simulated Vipps and in our database. */
export async function simulateMerchants(count: number, folder: string): Promise<SimulatedMerchants> {
  const traders = Array.from({ length: count }, (_, index) => trader(index));
  const vipps = await startVippsSimulator({ merchants: traders, now: () => new Date('2026-07-08T10:00:00Z') });
  const env = {
    DATABASE: `${folder}/vendor.sqlite`,
    ARCHIVES: `${folder}/archives`,
    VAULT_KEY: 'only for the simulation',
    VIPPS_BASE_URL: vipps.url,
  };
  const database = openDatabase(env.DATABASE);
  const vault = openVault(database, env.VAULT_KEY);
  const insert = database.prepare('INSERT INTO merchant VALUES (?, ?, ?, ?, ?, ?, ?, NULL)');
  for (const [index, { ledger }] of traders.entries()) {
    const { kind: _, ...keys } = vipps.credentials.merchants[index] ?? { kind: 'none' };
    const [id, credential] = [merchantId(index), `file:vipps-${index + 1}`];
    await vault.put(credential, keys);
    insert.run(id, `Butikk ${index + 1} AS`, '987654321', ledger.ledgerId, credential, '2026-07-01', '25');
  }
  database.close();
  return { vipps, env };
}

function merchantId(index: number): string {
  return `m${String(index + 1).padStart(3, '0')}`;
}

function trader(index: number): Merchant {
  return generateMerchant({
    seed: merchantId(index),
    market: 'NO',
    ledgerId: String(302_400 + index),
    from: plainDate('2026-07-01'),
    to: plainDate('2026-07-02'),
    owner: { name: `Butikk ${index + 1} AS`, organisationNumber: '987654321' },
    salesUnits: [{ handle: `api:${123_400 + index}`, name: 'Kassen', trade: 'cafe' }],
    capturesPerDay: 6,
    features: { ...uneventful, refunds: 1000 },
  });
}
