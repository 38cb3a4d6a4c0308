import { companyStores, migratePostgres, openPostgres } from '@bilag/postgres';
import { afterAll, expect, test } from 'vitest';
import { startPostgresServer } from '../../postgres/test/postgres-server.ts';
import { officeOf } from '../src/index.ts';
import { openOfficeOfFifty, special } from './office-of-fifty.ts';
import { openPageBench } from './page-bench.ts';

const server = await startPostgresServer('-c fsync=off');
afterAll(() => server?.[Symbol.dispose]());

test.skipIf(server === undefined)('an office in PostgreSQL is looked at, and acted on, as one in files', async () => {
  const { connectionString = '' } = server ?? {};
  await migratePostgres({ connectionString });
  const postgres = await openPostgres({ connectionString, time: 'given' });
  // The simulators go by a clock that waiting moves, and so do the companies.
  const { clock: _, ...stores } = companyStores(postgres);
  await using fifty = await openOfficeOfFifty(4, stores);
  const { companies, surroundings } = fifty.bench;
  const office = officeOf({ companies, store: postgres.office, surroundings });
  await using page = await openPageBench({ office, allow: ['decide'], language: 'en' });
  const cookie = await page.comeIn();
  const ask = async (path: string): Promise<string> => {
    const { status, text } = await page.ask(path, { headers: { cookie } });
    expect(`${path} ${status} ${status === 200 ? '' : text}`).toBe(`${path} 200 `);
    return text;
  };
  for (const view of ['overview', 'needs-you', 'payouts', 'vouchers', 'fees', 'month', 'log', 'settings'])
    await ask(`/en/c/${special.held}/${view}`);
  expect(await ask('/en/overview')).toContain('Kafé 1 AS');
  const [held] = await postgres.deliveries
    .rows(special.held)
    .then((rows) => rows.filter(({ kind, isHeld }) => kind === 'voucher' && isHeld));
  const path = `/en/c/${special.held}/do/release?voucher=${held?.key}`;
  const hidden = [...(await ask(path)).matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const fields = { ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])), by: 'Kari' };
  const headers = {
    cookie,
    origin: page.server.url,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const body = new URLSearchParams(fields).toString();
  expect((await page.ask(path, { method: 'POST', headers, body })).status).toBe(303);
  expect(await postgres.office.acts({ most: 9 })).toMatchObject([
    { companyId: special.held, kind: 'release', by: 'Kari', ended: { isDone: true, how: 'Released: 1' } },
  ]);
  await postgres.close();
});
