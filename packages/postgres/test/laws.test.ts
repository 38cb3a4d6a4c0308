import { afterAll, describe, expect, test } from 'vitest';
import type { ArchiveStore, BankRecord, DeliveryStore, InvoiceRecord } from '@bilag/engine';
import { archiveLaws, bankLaws, invoiceLaws, storeLaws, type StorePlace } from '@bilag/engine/store-laws';
import { officeLaws } from '@bilag/office/store-laws';
import type { OfficeStore } from '@bilag/office';
import { archiveSaboteurs } from '../../engine/test/archive-saboteurs.ts';
import { changed, storeSaboteurs } from '../../engine/test/store-saboteurs.ts';
import { migratePostgres, openPostgres, type Postgres } from '../src/index.ts';
import { startPostgresServer } from './postgres-server.ts';

// Nothing here asks what a crash leaves.
const server = await startPostgresServer('-c fsync=off');
afterAll(() => server?.[Symbol.dispose]());
let places = 0;

async function newSchema(): Promise<() => Promise<Postgres>> {
  const { connectionString = '' } = server ?? {};
  const options = { connectionString, schema: `place_${(places += 1)}`, connections: 3, time: 'given' } as const;
  await migratePostgres(options);
  return () => openPostgres(options);
}

/** Closing a store of its own closes its connections too, as the end of a process would. */
async function newPlace<Store extends { close(): Promise<void> }>(
  pick: (postgres: Postgres) => Store,
): Promise<StorePlace<Store>> {
  const open = await newSchema();
  return {
    open: async () => {
      const postgres = await open();
      const store = pick(postgres);
      const close = store.close.bind(store);
      store.close = async () => {
        await close();
        await postgres.close();
      };
      return store;
    },
  };
}

describe.skipIf(server === undefined)('PostgreSQL keeps the laws of delivery logs', () => {
  // A law throws when it is broken.
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...storeLaws])('$id: $sentence', (law) =>
    law.prove(() => newPlace<DeliveryStore>((postgres) => postgres.deliveries)),
  );
});

describe.skipIf(server === undefined)('PostgreSQL keeps the laws of archives', () => {
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...archiveLaws])('$id: $sentence', (law) =>
    law.prove(() => newPlace<ArchiveStore>((postgres) => postgres.archive('kaffebaren'))),
  );
});

describe.skipIf(server === undefined)('PostgreSQL keeps the laws of records', () => {
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...bankLaws])('$id: $sentence', (law) =>
    law.prove(() => newPlace<BankRecord>((postgres) => postgres.bank('kaffebaren'))),
  );

  // oxlint-disable-next-line vitest/expect-expect
  test.for([...invoiceLaws])('$id: $sentence', (law) =>
    law.prove(() => newPlace<InvoiceRecord>((postgres) => postgres.invoices('kaffebaren'))),
  );
});

describe.skipIf(server === undefined)('a store on PostgreSQL that breaks a law is found out', () => {
  const found = { name: expect.stringMatching(/^(?:StoreLawBroken|BilagError)$/) };

  test.for([...storeSaboteurs])('a log, $breaks: $mistake', async ({ breaks, mistaken }) => {
    const law = storeLaws.find(({ id }) => id === breaks);
    const place = (): Promise<StorePlace> => newPlace<DeliveryStore>((postgres) => mistaken(postgres.deliveries));
    await expect(law?.prove(place)).rejects.toMatchObject(found);
  });

  test.for([...archiveSaboteurs])('an archive, $breaks: $mistake', async ({ breaks, change }) => {
    const law = archiveLaws.find(({ id }) => id === breaks);
    const mistaken = (store: ArchiveStore): ArchiveStore => changed(store, change(store));
    const place = (): Promise<StorePlace<ArchiveStore>> =>
      newPlace<ArchiveStore>((postgres) => mistaken(postgres.archive('kaffebaren')));
    await expect(law?.prove(place)).rejects.toMatchObject(found);
  });
});

describe.skipIf(server === undefined)('PostgreSQL keeps the laws of offices', () => {
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...officeLaws])('$id: $sentence', (law) =>
    law.prove(() => newPlace<OfficeStore>((postgres) => postgres.office)),
  );
});
