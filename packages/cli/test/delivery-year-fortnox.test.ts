import { startFortnoxSimulator } from '@bilag/simulator-fortnox';
import { afterAll, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { postYear, type Books } from './year-bench.ts';

afterAll(clearBenches);

test('a year of a shop is posted to Fortnox, verifies clean, and survives being undone and posted again', async () => {
  expect(await postYear(openFortnox)).toBeGreaterThan(100);
});

async function openFortnox(now: () => Date): Promise<Books> {
  const company = { number: 1, name: 'Butikken Eksempel', organisationNumber: '12345678' };
  const simulator = await startFortnoxSimulator({ now, companies: [company] });
  const { clientId, clientSecret, refreshTokens } = simulator.credentials;
  const books = simulator.backDoor.company();
  return {
    market: 'SE',
    target: {
      adapter: '@bilag/fortnox',
      config: { host: simulator.url, credentials: 'file:BOOKS', series: 'V' },
    },
    env: {
      BOOKS_CLIENT_ID: clientId,
      BOOKS_CLIENT_SECRET: clientSecret,
      BOOKS_REFRESH_TOKEN: refreshTokens[1] ?? '',
    },
    keepsKeys: true,
    accounts: ['1686', '3001', '2611'],
    balances: () => books.balances(),
    vouchers: () => books.vouchers().length,
    failures: simulator.failures,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
