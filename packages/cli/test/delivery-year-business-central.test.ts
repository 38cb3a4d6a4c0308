import {
  defaultVatGroupsByCode,
  simulatedTenant,
  startBusinessCentralSimulator,
} from '@bilag/simulator-business-central';
import { afterAll, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { postYear, type Books } from './year-bench.ts';

afterAll(clearBenches);

test.each(['draft', 'posted'] as const)(
  'a year of a shop is posted to Business Central, verifies clean, and survives being undone and posted again, mode: %s',
  async (mode) => {
    expect(await postYear((now) => openBusinessCentral(mode, now))).toBeGreaterThan(100);
  },
);

async function openBusinessCentral(mode: 'draft' | 'posted', now: () => Date): Promise<Books> {
  const company = { name: 'Butikken Eksempel', organisationNumber: '12345678' };
  const simulator = await startBusinessCentralSimulator({ now, companies: [company] });
  const { clientId, clientSecret } = simulator.credentials;
  const books = simulator.backDoor.company();
  return {
    market: 'NO',
    target: {
      adapter: '@bilag/business-central',
      config: {
        host: simulator.url,
        tenant: simulatedTenant,
        company: company.name,
        credentials: 'env:BOOKS',
        journal: 'BILAG',
        mode,
        vatGroups: defaultVatGroupsByCode,
      },
    },
    env: { BOOKS_CLIENT_ID: clientId, BOOKS_CLIENT_SECRET: clientSecret },
    accounts: ['1579', '3000', '2700'],
    balances: () => books.balances({ withDrafts: mode === 'draft' }),
    vouchers: () => books.documents().filter(({ isPosted }) => isPosted || mode === 'draft').length,
    failures: simulator.failures,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
