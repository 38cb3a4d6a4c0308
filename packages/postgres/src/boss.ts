import { PgBoss } from 'pg-boss';
import { keptAlive, type PostgresOptions } from './connection.ts';

/** The queue of turns, and the one for companies that failed time after time. */
export const turnQueue = 'company-turn';
export const deadQueue = 'company-turn-dead';

/**
 * How long a worker may be silent before its turns go to another. With the supervisor's pass, the pause before a second attempt and a
 * worker's look at the queue that is half a minute at most: its leases last longer than that, and end within 90 seconds.
 */
export const heartbeatSeconds = 10;

/** pg-boss's own schema beside ours. Workers never change it: `migrate` does. */
export function newBoss({ connectionString, schema = 'bilag' }: PostgresOptions, migrates: boolean): PgBoss {
  const boss = new PgBoss({
    ...(connectionString === undefined ? {} : { connectionString }),
    // What it does not know it gives to the driver.
    ...keptAlive,
    schema: `${schema}_queue`,
    application_name: 'bilag',
    max: 3,
    migrate: migrates,
    createSchema: migrates,
    schedule: false,
    supervise: !migrates,
    // A worker that died is found within its silence and one of these.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    // A night may be the whole of a vendor's merchants.
    warningQueueSize: 10_000_000,
  });
  // Without a listener an error of its own loops would end the process; what matters fails where it is asked for.
  boss.on('error', () => undefined);
  return boss;
}

/** Makes the queues, or brings them up to date. */
export async function migrateQueue(options: PostgresOptions): Promise<void> {
  const boss = newBoss(options, true);
  await boss.start();
  try {
    for (const name of [deadQueue, turnQueue]) {
      const pace = {
        // A worker that is killed every few seconds may take the same company with it more than once.
        retryLimit: 7,
        retryDelay: 4,
        retryBackoff: true,
        retryDelayMax: 300,
        heartbeatSeconds,
        // A worker that lives says so by its heartbeat; under a limit that many share a turn may take hours.
        expireInSeconds: 86_400,
        // What waits is never deleted (ten years); of the dead a person was told, and later nights have them again.
        retentionSeconds: name === turnQueue ? 315_360_000 : 1_209_600,
        deleteAfterSeconds: 86_400,
        warningQueueSize: 10_000_000,
        ...(name === turnQueue ? { deadLetter: deadQueue } : {}),
      };
      await boss.createQueue(name, { ...pace, policy: name === turnQueue ? 'exclusive' : 'standard' });
      // One that an earlier version made goes by this one's numbers.
      await boss.updateQueue(name, pace);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}
