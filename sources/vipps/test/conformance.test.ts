import type { ImportSample, ImportSubject, SourceSubject, SourceWorld } from '@bilag/conformance';
import { describeLaws } from '@bilag/conformance/vitest';
import { plainDate, type CredentialStore, type SourceContext } from '@bilag/core';
import {
  generateMerchant,
  portalReport,
  portalWorkbook,
  settlementCsv,
  settlementWorkbook,
  settlementXml,
  startVippsSimulator,
  uneventful,
} from '@bilag/simulator-vipps';
import { vipps, type VippsConfig } from '@bilag/vipps';
import { fileKinds } from '../src/files/recognise.ts';

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

describeLaws(...subjects);

/** Every kind of file, of a merchant who had refunds, as the simulator writes it. */
function samples(): readonly ImportSample[] {
  const shop = generateMerchant({
    seed: 'files of sources',
    market: 'NO',
    ledgerId: '302400',
    from: plainDate('2026-07-01'),
    to: plainDate('2026-07-06'),
    salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
    capturesPerDay: 4,
    features: { ...uneventful, refunds: 2000 },
  });
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const faults = ['missing-payment'] as const;
  const of = (
    kind: string,
    content: Uint8Array,
    wrongSum?: Uint8Array,
    personal: readonly string[] = [],
  ): ImportSample => {
    return { kind, content, currency: 'NOK', personal, ...(wrongSum === undefined ? {} : { wrongSum }) };
  };
  const [csv, xml3, xml2, workbook, oldCsv] = fileKinds;
  const customers = ['Ola Nordmann', '+47 xxxx 8586', 'for kaffen'];
  const settled = settlementWorkbook([shop], { faults });
  return [
    of(csv, bytes(portalReport([shop], { personalData: true })), undefined, customers),
    of(workbook, portalWorkbook([shop], { personalData: true }), undefined, customers),
    of(xml3, bytes(settlementXml(shop, '3.0')), bytes(settlementXml(shop, '3.0', { faults }))),
    of(xml2, bytes(settlementXml(shop, '2.0')), bytes(settlementXml(shop, '2.0', { faults }))),
    of(workbook, settlementWorkbook([shop]), settled),
    of(oldCsv, bytes(settlementCsv(shop)), bytes(settlementCsv(shop, { faults }))),
  ];
}

const files: ImportSubject<VippsConfig> = { source: vipps, config: { keys: 'none' }, samples: samples() };
describeLaws(files);
