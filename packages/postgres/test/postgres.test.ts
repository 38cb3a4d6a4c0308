import { setTimeout as delay } from 'node:timers/promises';
import { plainDate, type Reading } from '@bilag/core';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { Connection } from '../src/connection.ts';
import { migratePostgres, openPostgres, type Postgres } from '../src/index.ts';
import { migrations } from '../src/migrate.ts';
import { startPostgresServer } from './postgres-server.ts';

const server = await startPostgresServer();
afterAll(() => server?.[Symbol.dispose]());
const { connectionString = '' } = server ?? {};
let places = 0;

async function newSchema(): Promise<{ readonly connectionString: string; readonly schema: string }> {
  const options = { connectionString, schema: `try_${(places += 1)}` };
  await migratePostgres(options);
  return options;
}

/** What an operator does by hand. */
async function byHand(schema: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString, options: `-c search_path=${schema}` });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const request = { holder: 'one', now: 0, leaseMs: 60_000, requestTimeoutMs: 30_000 };

function readingOf(text: string, closed = true): Reading {
  const page = { sequence: 0, body: Buffer.from(text), request: 'GET /report', receivedAt: '2026-03-03T06:00:00Z' };
  return { ledgerId: '302321', topic: 'funds', date: plainDate('2026-03-02'), closed, pages: [page] };
}

describe.skipIf(server === undefined)('the tables', () => {
  test('are made once, whoever comes at the same time; a dry run only says so', async () => {
    const options = { connectionString, schema: 'at_once' };
    const steps = [
      '0001-delivery.sql',
      '0002-archive.sql',
      '0003-turns.sql',
      '0004-office.sql',
      '0005-checkpoints.sql',
      '0006-queue.sql',
      '0007-office-memory.sql',
      '0008-records.sql',
      '0009-one-trip.sql',
      '0010-latest-runs.sql',
    ];
    expect(await migratePostgres(options, { dryRun: true })).toEqual({ schema: 'at_once', steps });
    await expect(openPostgres(options)).rejects.toMatchObject({
      kind: 'config',
      action: expect.stringContaining('bilag store migrate') as string,
    });
    const done = await Promise.all([1, 2, 3, 4].map(() => migratePostgres(options)));
    expect(done.map((each) => each.steps.length).toSorted()).toEqual([0, 0, 0, steps.length]);
  });

  test('are not asked for where the database cannot be reached; why, and no password, is said', async () => {
    // Nobody listens at port 1.
    const nowhere = { connectionString: 'postgres://bilag:secret@127.0.0.1:1/bilag' };
    const refused: unknown = await openPostgres(nowhere).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'unavailable', what: expect.stringContaining('(ECONNREFUSED)') as string });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  test('are brought up to date under workers that were started before: what those call stays', async () => {
    const options = await newSchema();
    const called = migrations().flatMap(({ sql }) =>
      [...sql.matchAll(/CREATE FUNCTION (\w+)/g)].map(([, name]) => name),
    );
    const rows = await byHand(
      options.schema,
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = '${options.schema}'::regnamespace`,
    );
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(called));
    const turn = "SELECT place FROM take_turn('key', 'old', 2, 10, 30000, 15000)";
    expect(await byHand(options.schema, turn)).toEqual([{ place: 0 }]);
    const turns = "SELECT place FROM take_turns('key', 'new', NULL, 2, 10, 1000, 0, 30000, 15000)";
    expect(await byHand(options.schema, turns)).toEqual([{ place: 1 }]);
    expect(await byHand(options.schema, turn)).toEqual([]);
  });

  test('of a newer version, or edited since, are left alone', async () => {
    const options = await newSchema();
    await byHand(options.schema, "UPDATE migration SET digest = 'other' WHERE name = '0002-archive.sql'");
    await expect(openPostgres(options)).rejects.toMatchObject({ kind: 'conflict' });
    await byHand(
      options.schema,
      "DELETE FROM migration; INSERT INTO migration (name, digest) VALUES ('0999-new.sql', 'x')",
    );
    await expect(migratePostgres(options)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe.skipIf(server === undefined)('after a thousand nights', () => {
  /** How many blocks of a table and its indexes something has the server look at. */
  async function blocksOf(
    schema: string,
    table: string,
    work: (postgres: Postgres) => Promise<unknown>,
  ): Promise<number> {
    const blocks = async (): Promise<number> => {
      const sql = `SELECT heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read AS blocks FROM pg_statio_user_tables
        WHERE schemaname = '${schema}' AND relname = '${table}'`;
      return Number((await byHand(schema, sql))[0]?.['blocks']);
    };
    // A connection tells what it did when it ends, a moment later.
    const settled = async (): Promise<number> => {
      for (let last = await blocks(); ;) {
        await delay(500);
        const now = await blocks();
        if (now === last) return now;
        last = now;
      }
    };
    const before = await settled();
    const postgres = await openPostgres({ connectionString, schema });
    await work(postgres);
    await postgres.close();
    return (await settled()) - before;
  }

  test('the last run of a company is found without a look at those before it', async () => {
    const { schema } = await newSchema();
    await byHand(
      schema,
      `INSERT INTO run SELECT 'kafe-' || company, 'run-' || night, 'apply', night, night
       FROM generate_series(1, 2000) AS night, generate_series(1, 20) AS company ORDER BY night; ANALYZE run`,
    );
    const last = async ({ deliveries }: Postgres): Promise<void> => {
      expect(await deliveries.runs('kafe-7', { most: 1 })).toMatchObject([{ id: 'run-2000' }]);
    };
    expect(await blocksOf(schema, 'run', last)).toBeLessThan(20);
  });

  test('the dates of a ledger are read once each', async () => {
    const { schema } = await newSchema();
    await byHand(
      schema,
      `INSERT INTO reading SELECT 'kafe', '1', (date '2026-01-01' + day)::text, topic, number, number = 2, 'same'
       FROM generate_series(1, 1000) AS day, unnest(ARRAY['funds', 'fees']) AS topic, generate_series(1, 2) AS number;
       ANALYZE reading`,
    );
    const all = async ({ archive }: Postgres): Promise<void> => {
      const dates = await archive('kafe').dates({ ledgerId: '1', from: plainDate('2026-01-01') });
      expect(dates).toHaveLength(2_000);
      expect(dates.every(({ closed, number }) => closed && number === 2)).toBe(true);
    };
    expect(await blocksOf(schema, 'reading', all)).toBeLessThan(1_000);
  });
});

describe.skipIf(server === undefined)('time', () => {
  test('is the database’s: machines whose clocks are hours apart agree who holds a company', async () => {
    const options = await newSchema();
    await using one = closing(await openPostgres(options));
    await using two = closing(await openPostgres(options));
    const hour = 3_600_000;
    const lease = await one.deliveries.takeLease('kafé', { ...request, now: Date.now() - hour });
    const late = two.deliveries.takeLease('kafé', { ...request, holder: 'two', now: Date.now() + hour });
    await expect(late).rejects.toMatchObject({ kind: 'busy' });
    expect(Math.abs(lease.since - Date.now())).toBeLessThan(60_000);
    const renewed = await one.deliveries.renewLease(lease, Date.now() + 12 * hour, 60_000);
    expect(renewed.expiresAt).toBeLessThan(Date.now() + hour);
    const clock = await one.clock();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(60_000);
  });
});

describe.skipIf(server === undefined)('a server that forgot what was written last', () => {
  test('is known by its history: nothing is sent before a rebuild', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const { deliveries } = postgres;
    const lease = await deliveries.takeLease('kafé', request);
    await deliveries.markWhole(lease);
    await byHand(options.schema, "UPDATE past SET history = 'another server/1'");
    await expect(deliveries.renewLease(lease, 0, 60_000)).rejects.toMatchObject({ kind: 'busy' });
    await deliveries.releaseLease(lease);
    const next = await deliveries.takeLease('kafé', request);
    expect(await deliveries.pastOf('kafé')).toMatchObject({ is: 'forgetful' });
    await deliveries.markWhole(next);
    await deliveries.renewLease(next, 0, 60_000);
    expect(await deliveries.pastOf('kafé')).toMatchObject({ is: 'whole' });
  });
});

describe.skipIf(server === undefined)('a database that is set for other work', () => {
  test('keeps what it was told of, and lets many write at a time', async () => {
    const options = await newSchema();
    const settings = ['synchronous_commit', 'default_transaction_isolation'];
    const set = (values: readonly string[]): Promise<unknown> =>
      byHand(
        options.schema,
        settings.map((name, at) => `ALTER DATABASE postgres SET ${name} = ${values[at]}`).join(';'),
      );
    await set(['off', 'serializable']);
    try {
      await using connection = closing(new Connection(options));
      const sql = `SELECT ${settings.map((name) => `current_setting('${name}')`).join(" || ', ' || ")} AS is_set`;
      expect(await connection.run(sql)).toEqual([{ is_set: 'on, read committed' }]);
      await using postgres = closing(await openPostgres(options));
      const stored = await Promise.all(
        Array.from({ length: 20 }, (_, company) => postgres.archive(`${company}`).store(readingOf(`${company}`))),
      );
      expect(stored).toHaveLength(20);
    } finally {
      await set(['DEFAULT', 'DEFAULT']);
    }
  });
});

describe.skipIf(server === undefined)('a statement that is given up for another', () => {
  test('is done again, with one effect', async () => {
    const { schema } = await newSchema();
    await using connection = closing(new Connection({ connectionString, schema }));
    await byHand(
      schema,
      `CREATE SEQUENCE attempt; CREATE TABLE done (at integer);
       CREATE FUNCTION often() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('attempt') < 3 THEN RAISE EXCEPTION 'another goes first' USING ERRCODE = '40P01'; END IF;
         RETURN NEW;
       END $$;
       CREATE TRIGGER often BEFORE INSERT ON done FOR EACH ROW EXECUTE FUNCTION often()`,
    );
    await connection.run('INSERT INTO done VALUES ($1)', [1]);
    expect(await connection.run('SELECT * FROM done')).toEqual([{ at: 1 }]);
  });
});

describe.skipIf(server === undefined)('a connection that breaks', () => {
  test('is told as such, and the next statement has another', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    await postgres.deliveries.companies();
    await byHand(
      options.schema,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bilag' AND pid <> pg_backend_pid()",
    );
    await delay(50);
    expect(await postgres.deliveries.companies()).toEqual([]);
    const elsewhere = openPostgres({ connectionString: 'postgres://bilag:hemmelig@127.0.0.1:1/postgres' });
    const refusal = await elsewhere.catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ kind: 'unavailable', where: expect.stringContaining('127.0.0.1:1') as string });
    expect(String(refusal)).not.toContain('hemmelig');
  });
});

describe.skipIf(server === undefined)('a connection that breaks inside a transaction', () => {
  test('between two statements ends the transaction, and no process', async () => {
    await using connection = closing(new Connection({ connectionString }));
    const work = connection.transaction(async (run) => {
      const [backend] = await run('SELECT pg_backend_pid() AS pid');
      await byHand('public', `SELECT pg_terminate_backend(${String(backend?.['pid'])})`);
      // Until the driver has heard of it.
      await delay(200);
      await run('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await connection.run('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe.skipIf(server === undefined)('the archive', () => {
  test('keeps a body once, packed, and tells a damaged one', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const archive = postgres.archive('kafé');
    const text = '{"items":[]}'.repeat(1_000);
    await archive.store(readingOf(text, false));
    await archive.store(readingOf(text, true));
    const [kept] = await byHand(options.schema, 'SELECT count(*), sum(length(packed)) AS bytes FROM body');
    expect(kept).toMatchObject({ count: '1' });
    expect(Number(kept?.['bytes'])).toBeLessThan(text.length / 10);
    await byHand(options.schema, "UPDATE body SET packed = 'damaged'");
    expect((await archive.verify()).findings.map(({ code }) => code)).toEqual([
      'archive-page-damaged',
      'archive-page-damaged',
    ]);
    await expect(Array.fromAsync(archive.pages())).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('of a worker that died is free after a minute, and of one that lives never', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const [dead, next] = [postgres.archive('kafé'), postgres.archive('kafé')];
    await dead.store(readingOf('one', false));
    await expect(next.store(readingOf('two', false))).rejects.toMatchObject({ kind: 'busy' });
    await byHand(options.schema, "UPDATE archive_writer SET free_at = free_at - interval '61 seconds'");
    await next.store(readingOf('two', false));
    await expect(dead.store(readingOf('three', false))).rejects.toMatchObject({ kind: 'busy' });
    await postgres.archive('another company').store(readingOf('one'));
  });
});

function closing<Opened extends { close(): Promise<void> }>(opened: Opened): Opened & AsyncDisposable {
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() });
}
