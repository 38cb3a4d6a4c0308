import { proveSourceLaw, sourceLaws, type SourceSubject, type SourceWorld } from '@bilag/conformance';
import { plainDate, type CredentialStore, type SourceContext } from '@bilag/core';
import { generateMerchant, startVippsSimulator, uneventful } from '@bilag/simulator-vipps';
import { vipps, type VippsConfig } from '@bilag/vipps';
import { describe, expect, test } from 'vitest';

const merchant = generateMerchant({
  seed: 'laws of sources',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-03'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  capturesPerDay: 6,
  features: uneventful,
});

/** The provider's own twin, which answers by pages of three. */
async function start(): Promise<SourceWorld> {
  const simulator = await startVippsSimulator({
    merchants: [merchant],
    pageSize: 3,
    now: () => new Date('2026-07-03T10:00:00Z'),
  });
  const { clientId, clientSecret, subscriptionKey, merchantSerialNumber } = simulator.credentials.merchants[0] ?? {};
  const keys = { clientId, clientSecret, subscriptionKey, merchantSerialNumber, baseUrl: simulator.url };
  const wrong = { ...keys, clientSecret: 'a-secret-that-opens-nothing' };
  return {
    context: contextOf(keys),
    refused: contextOf(wrong),
    secrets: [clientId, clientSecret, subscriptionKey, wrong.clientSecret].filter((secret) => secret !== undefined),
    ledger: { id: '302400', currency: 'NOK' },
    closed: [plainDate('2026-07-01'), plainDate('2026-07-02')],
    open: plainDate('2026-07-03'),
    requests: () => simulator.requests.length,
    close: async () => simulator.close(),
  };
}

function contextOf(keys: Readonly<Record<string, string | undefined>>): SourceContext {
  const credentials: CredentialStore = { get: async () => keys as Record<string, string> };
  return { credentials, signal: new AbortController().signal, program: { name: 'laws', version: '1.0' } };
}

const config: VippsConfig = { keys: 'merchant', credentials: 'env:VIPPS' };
const subjects: readonly SourceSubject<VippsConfig>[] = [
  { source: vipps, config, start },
  { source: vipps, variant: 'without fees', config: { ...config, fees: false }, start },
];

describe.each(subjects)('$source.title $variant keeps the laws', (subject) => {
  test.each(sourceLaws.map((law) => [law.id, law.sentence, law] as const))('%s: %s', async (_id, _sentence, law) => {
    expect(await proveSourceLaw(law, subject)).toMatchObject({ outcome: 'kept' });
  });
});
