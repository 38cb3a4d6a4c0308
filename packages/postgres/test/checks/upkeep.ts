import pg from 'pg';
import { PgBoss as PgBossBefore } from 'pg-boss-before';
import { migratePostgres } from '../../src/index.ts';
import { checkNight, type CheckSize, type Verdict } from './check.ts';

/** Somebody leaves a transaction open for the whole of the night. */
export async function idleTransaction(
  size: CheckSize,
  compared = false,
): Promise<Verdict & { readonly without?: Verdict }> {
  const night = (isIdle: boolean): Promise<Verdict> => {
    return checkNight(size, async ({ many, start }) => {
      const { connectionString, schema } = many.settings;
      const client = new pg.Client({ connectionString, options: `-c search_path=${schema}` });
      await client.connect();
      try {
        if (isIdle) await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM delivery');
        const since = performance.now();
        for (let count = 0; count < size.workers; count += 1) start();
        await many.isDoneWithin(size.longestSeconds);
        const seconds = (performance.now() - since) / 1_000;
        const [dead] = await many.byHand(
          "SELECT sum(n_dead_tup) AS rows FROM pg_stat_user_tables WHERE schemaname LIKE current_schema() || '%'",
        );
        return { seconds, deadRows: Number(dead?.['rows']) };
      } finally {
        await client.end();
      }
    });
  };
  return compared ? { ...(await night(true)), without: await night(false) } : night(true);
}

/** The queue's library is replaced by a later one while jobs wait and are under way. */
export async function upgradeQueue(size: CheckSize): Promise<Verdict & { readonly versions: readonly number[] }> {
  const versions: number[] = [];
  const verdict = await checkNight(size, async ({ many, start }) => {
    const { connectionString, schema } = many.settings;
    const version = async (): Promise<void> => {
      const [row] = await many.byHand(`SELECT version FROM ${schema}_queue.version`);
      versions.push(Number(row?.['version']));
    };
    const jobs = await many.byHand("SELECT data, singleton_key FROM job WHERE name = 'company-turn'");
    await many.byHand(`DROP SCHEMA ${schema}_queue CASCADE`);
    const before = new PgBossBefore({ connectionString, schema: `${schema}_queue`, supervise: false, schedule: false });
    before.on('error', () => undefined);
    await before.start();
    await before.createQueue('company-turn-dead', { policy: 'standard' });
    const pace = { heartbeatSeconds: 10, expireInSeconds: 1_800, retryLimit: 3, deadLetter: 'company-turn-dead' };
    await before.createQueue('company-turn', { ...pace, policy: 'exclusive' });
    await before.insert(
      'company-turn',
      jobs.map(({ data, singleton_key: key }) => ({ data: data as object, singletonKey: String(key) })),
    );
    const taken = await before.fetch('company-turn', { batchSize: Math.ceil(size.companies / 4) });
    await before.stop({ graceful: false });
    await version();
    await migratePostgres({ connectionString, schema });
    await version();
    for (let count = 0; count < size.workers; count += 1) start();
    return { inFlight: taken.length };
  });
  return { ...verdict, versions };
}
