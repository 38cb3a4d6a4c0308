import type { ImportSubject, SourceSubject } from '@bilag/conformance';
import { describeLaws } from '@bilag/conformance/vitest';
import { plainDate, type SourceContext } from '@bilag/core';
import { afterAll } from 'vitest';
import { type AcmePayConfig, acmePay } from '../src/index.ts';
import { exportKind } from '../src/export-file.ts';
import { startFakeAcmePay } from './fake-acme-pay.ts';

const contextOf = (token: string): SourceContext => ({
  credentials: { get: async () => ({ token }) },
  signal: new AbortController().signal,
  program: { name: 'laws', version: '1.0' },
});

const fake = await startFakeAcmePay();
afterAll(async () => fake.close());
const config: AcmePayConfig = { credentials: 'env:ACME_PAY', baseUrl: fake.url };

const byApi: SourceSubject<AcmePayConfig> = {
  source: acmePay,
  config,
  start: async () => {
    const before = fake.requests();
    return {
      context: contextOf(fake.token),
      refused: contextOf('token-of-nobody'),
      secrets: [fake.token, 'token-of-nobody'],
      ledger: { id: 'main', currency: 'NOK' },
      closed: [plainDate('2026-07-01'), plainDate('2026-07-02')],
      open: plainDate('2026-07-03'),
      requests: () => fake.requests() - before,
      close: async () => undefined,
    };
  },
};

const rows =
  'acme-pay-export,main,NOK\n2026-07-01,1,capture,12500\n2026-07-01,2,refund,-500\n2026-07-02,3,capture,900\n';
const byFile: ImportSubject<AcmePayConfig> = {
  source: acmePay,
  config,
  samples: [
    {
      kind: exportKind,
      content: new TextEncoder().encode(`${rows}total,12900\n`),
      currency: 'NOK',
      wrongSum: new TextEncoder().encode(`${rows}total,13000\n`),
      personal: [],
    },
  ],
};

describeLaws<AcmePayConfig>(byApi, byFile);
