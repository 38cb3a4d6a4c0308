import { startEconomicSimulator } from '@bilag/simulator-economic';
import { afterAll, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { postYear, type Books } from './year-bench.ts';

afterAll(clearBenches);

test.each(['draft', 'posted'] as const)(
  'a year of a shop is posted to e-conomic, verifies clean, and survives being undone and posted again, mode: %s',
  async (mode) => {
    expect(await postYear((now) => openEconomic(mode, now))).toBeGreaterThan(100);
  },
);

async function openEconomic(mode: 'draft' | 'posted', now: () => Date): Promise<Books> {
  const simulator = await startEconomicSimulator({ now });
  const { appSecretToken, agreementGrantTokens } = simulator.credentials;
  const agreement = simulator.backDoor.agreement();
  return {
    market: 'DK',
    target: {
      adapter: '@bilag/economic',
      config: { host: simulator.url, credentials: 'env:BOOKS', journal: 7, mode },
    },
    env: { BOOKS_APP_SECRET_TOKEN: appSecretToken, BOOKS_AGREEMENT_GRANT_TOKEN: agreementGrantTokens[1] ?? '' },
    accounts: ['52100', '1000', '64020'],
    balances: () => agreement.balances({ withDrafts: mode === 'draft' }),
    vouchers: () => agreement.vouchers().filter(({ isBooked }) => isBooked || mode === 'draft').length,
    failures: simulator.failures,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
