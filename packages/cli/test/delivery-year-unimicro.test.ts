import { startUnimicroSimulator } from '@bilag/simulator-unimicro';
import { afterAll, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { postYear, type Books } from './year-bench.ts';

afterAll(clearBenches);

test.each(['draft', 'posted'] as const)(
  'a year of a shop comes to Unimicro, verifies clean, and survives being undone and posted again, mode: %s',
  async (mode) => {
    expect(await postYear((now) => openUnimicro(now, mode))).toBeGreaterThan(100);
  },
);

async function openUnimicro(now: () => Date, mode: 'draft' | 'posted'): Promise<Books> {
  const company = { key: 'butikken-eksempel', name: 'Butikken Eksempel', organisationNumber: '12345678' };
  const simulator = await startUnimicroSimulator({ now, companies: [company] });
  const books = simulator.backDoor.company();
  return {
    market: 'NO',
    target: {
      adapter: '@bilag/unimicro',
      config: { host: simulator.url, credentials: 'env:BOOKS', company: company.key, mode },
    },
    env: {
      BOOKS_CLIENT_ID: simulator.credentials.clientId,
      BOOKS_PRIVATE_KEY: simulator.credentials.privateKey,
    },
    accounts: ['1579', '3000', '2700'],
    balances: () => books.balances({ withDrafts: mode === 'draft' }),
    vouchers: () => books.entries().length,
    failures: simulator.failures,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
