import { startEAccountingSimulator } from '@bilag/simulator-eaccounting';
import { afterAll, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { postYear, type Books } from './year-bench.ts';

afterAll(clearBenches);

test.each([
  ['draft', 'NO', 'NOK', ['1579', '3000', '2700']],
  ['posted', 'SE', 'SEK', ['1686', '3001', '2611']],
] as const)(
  'a year of a shop comes to eAccounting, verifies clean, and survives being undone and posted again, mode: %s, in %s',
  async (mode, country, currency, accounts) => {
    const open = async (now: () => Date): Promise<Books> => {
      const company = {
        id: 'butikken-1',
        name: 'Butikken Eksempel',
        organisationNumber: '12345678',
        country,
        currency,
      };
      const simulator = await startEAccountingSimulator({ now, companies: [company] });
      const { clientId, clientSecret, refreshTokens } = simulator.credentials;
      const books = simulator.backDoor.company();
      return {
        market: country,
        target: {
          adapter: '@bilag/eaccounting',
          config: { host: simulator.url, credentials: 'file:BOOKS', mode },
        },
        env: {
          BOOKS_CLIENT_ID: clientId,
          BOOKS_CLIENT_SECRET: clientSecret,
          BOOKS_REFRESH_TOKEN: refreshTokens[company.id] ?? '',
        },
        keepsKeys: true,
        accounts,
        balances: () => books.balances({ withDrafts: mode === 'draft' }),
        vouchers: () => books.vouchers().length,
        failures: simulator.failures,
        [Symbol.asyncDispose]: () => simulator.close(),
      };
    };
    expect(await postYear(open)).toBeGreaterThan(100);
  },
);
