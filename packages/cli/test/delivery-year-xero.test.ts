import { defaultTaxTypesByCode, startXeroSimulator } from '@bilag/simulator-xero';
import { afterAll, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { postYear, type Books } from './year-bench.ts';

afterAll(clearBenches);

// A draft is sent as a posted journal is, but for one word: the laws try both.
test('a year of a shop is posted to Xero, verifies clean, and survives being undone and posted again', async () => {
  expect(await postYear(openXero)).toBeGreaterThan(100);
});

async function openXero(now: () => Date): Promise<Books> {
  const organisation = { name: 'Butikken Eksempel', organisationNumber: '12345678' };
  const simulator = await startXeroSimulator({ now, organisations: [organisation] });
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const books = simulator.backDoor.organisation();
  const { url: host } = simulator;
  return {
    market: 'NO',
    target: {
      adapter: '@bilag/xero',
      config: {
        host,
        tenant: books.tenant,
        credentials: 'file:BOOKS',
        mode: 'posted',
        taxTypes: defaultTaxTypesByCode,
      },
    },
    env: { BOOKS_CLIENT_ID: clientId, BOOKS_CLIENT_SECRET: clientSecret, BOOKS_REFRESH_TOKEN: refreshToken },
    keepsKeys: true,
    accounts: ['1579', '3000', '2700'],
    balances: () => books.balances(),
    vouchers: () => books.journals().length,
    failures: simulator.failures,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
