import { formatAmount, plainDate } from '@bilag/core';
import { acmePay } from '../src/index.ts';
import { startFakeAcmePay } from '../test/fake-acme-pay.ts';

// Reads one date of the fake provider and shows what it comes to.
const fake = await startFakeAcmePay();
const config = { credentials: 'env:ACME_PAY', baseUrl: fake.url };
const connection = await acmePay.api?.connect(config, {
  credentials: { get: async () => ({ token: fake.token }) },
  signal: new AbortController().signal,
  program: { name: 'try', version: '1.0' },
});
const date = plainDate('2026-07-01');
const wanted = { ledgerId: 'main', currency: 'NOK', date, endedThrough: date };
for (const { type, amount, pspReference } of (await connection?.read(wanted, config))?.read.entries ?? []) {
  console.log(`${date}  ${type.padEnd(8)}  ${formatAmount(amount).padStart(8)}  ${pspReference}`);
}
await connection?.close();
await fake.close();
