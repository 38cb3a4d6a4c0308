import { proveSourceLaw, sourceLaws } from '@bilag/conformance';
import { plainDate, type SourceContext } from '@bilag/core';
import { expect, test } from 'vitest';
import { acmePay } from '../src/index.ts';
import { startFakeAcmePay } from './fake-acme-pay.ts';

const contextOf = (token: string): SourceContext => ({
  credentials: { get: async () => ({ token }) },
  signal: new AbortController().signal,
  program: { name: 'laws', version: '1.0' },
});

test.each(sourceLaws.map((law) => [law.id, law.sentence, law] as const))('%s: %s', async (_id, _sentence, law) => {
  const fake = await startFakeAcmePay();
  const result = await proveSourceLaw(law, {
    source: acmePay,
    config: { credentials: 'env:ACME_PAY', baseUrl: fake.url },
    start: async () => ({
      context: contextOf(fake.token),
      refused: contextOf('token-of-nobody'),
      secrets: [fake.token, 'token-of-nobody'],
      ledger: { id: 'main', currency: 'NOK' },
      closed: [plainDate('2026-07-01'), plainDate('2026-07-02')],
      open: plainDate('2026-07-03'),
      requests: fake.requests,
      close: async () => fake.close(),
    }),
  });
  expect(result).toMatchObject({ outcome: 'kept' });
});
