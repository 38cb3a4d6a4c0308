import { startEAccountingSimulator } from '@bilag/simulator-eaccounting';
import { afterAll, expect, test } from 'vitest';
import { clearBenches, createBench } from './bench.ts';

afterAll(clearBenches);

test('to a target that proves no absence nothing is sent again, whoever asks for it', async () => {
  const company = { id: 'butikken-1', name: 'Butikken', organisationNumber: '12345678' };
  await using simulator = await startEAccountingSimulator({ companies: [company] });
  const { clientId, clientSecret, refreshTokens } = simulator.credentials;
  const bench = createBench();
  bench.env = {
    BILAG_PASSPHRASE: 'a passphrase of the tests',
    BOOKS_CLIENT_ID: clientId,
    BOOKS_CLIENT_SECRET: clientSecret,
    BOOKS_REFRESH_TOKEN: refreshTokens[company.id] ?? '',
  };
  bench.write('bilag.config.json', {
    id: 'butikken',
    name: 'Butikken',
    organisationNumber: '12345678',
    country: 'SE',
    currency: 'SEK',
    source: { kind: 'vipps', keys: 'none' },
    policy: { versions: [{ from: '2026-01-01', market: 'SE', sales: { sale: '25' } }] },
    targets: {
      books: { adapter: '@bilag/eaccounting', config: { host: simulator.url, credentials: 'file:BOOKS' } },
    },
  });
  expect((await bench.run('keys', 'BOOKS')).code).toBe(0);
  expect((await bench.run('connect', 'books')).code).toBe(0);
  for (const command of ['apply', 'undo'] as const) {
    const more = command === 'undo' ? ['--from', '2026-01-01', '--to', '2026-01-31', '--yes'] : [];
    const { code, messages } = await bench.run(command, 'books', '--send-again', ...more);
    expect([command, code]).toEqual([command, 2]);
    expect(messages).toContain('Visma eAccounting cannot prove that a voucher did not arrive');
  }
});
