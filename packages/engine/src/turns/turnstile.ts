import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BilagError, isBilagError, type ServiceContext, type ServiceLimits } from '@bilag/core';
import { inTransaction, openOrMakeDatabase, sqliteCodeOf, sqliteCodes } from '../storage/database.ts';
import { takeExclusiveLock, type ExclusiveLock } from '../storage/exclusive-lock.ts';
import { makePrivateFolder } from '../storage/private-files.ts';
import { createSlots, type Slots } from './slots.ts';
import { startTimes } from './start-times.ts';
import { toStorageError } from '../storage/storage-error.ts';

export interface TurnstileOptions {
  /** Where the processes of this machine meet: the same folder for all of them. */
  readonly folder: string;
  readonly limits: ServiceLimits;
  readonly clock: Pick<ServiceContext, 'now' | 'sleep' | 'signal'>;
  /**
   * Whoever waits longer is told `busy`, and nothing was sent; 30 seconds by default. A write must begin while its lease
   * lasts: one that began long after its intent could follow what another process sent meanwhile.
   */
  readonly longestWaitMs?: number;
  /**
   * Milliseconds that this machine has run, by which it is seen who is late; `performance.now` by default. A clock may be set, and one
   * that is given may be moved by others that wait.
   */
  readonly running?: () => number;
}

/** Makes turns under a target's limits; see `ServiceContext.turn`. */
export interface Turnstile {
  readonly turn: ServiceContext['turn'];
  /** No turn begins before this is over, ten minutes at most: the target asked for it (`Retry-After`). */
  readonly pause: NonNullable<ServiceContext['pause']>;
  close(): void;
}

/**
 * Turns under a target's limits, per credential, across every process that uses the same folder. A process that dies gives its
 * turn back at once: its locks are the operating system's. Starts are spaced evenly, a tenth wider than the limit: who comes later than
 * that for its turn takes another, so that no second ever has too many.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { createTurnstile } from '@bilag/engine';
 *
 * let now = 0;
 * const clock = { now: () => now, sleep: async (ms: number) => void (now += ms), signal: new AbortController().signal };
 * const folder = await mkdtemp(join(tmpdir(), 'turns-'));
 * const turnstile = createTurnstile({ folder, limits: { concurrency: 1, perSecond: 4 }, clock });
 * for (let count = 0; count < 5; count += 1) await turnstile.turn('file:fiken', async () => 'a request');
 * turnstile.close();
 * now; // => 1100
 * ```
 */
export function createTurnstile(given: TurnstileOptions): Turnstile {
  const options = { running: () => performance.now(), ...given };
  const { folder, limits, running } = options;
  const pace = openPace(folder);
  const queues = new Map<string, Slots>();
  const misses = new Map<string, number>();
  return {
    turn: async (credential, work) => {
      const name = nameOf(credential);
      const slots = queues.get(name) ?? createSlots(limits.concurrency);
      queues.set(name, slots);
      const until = options.clock.now() + (options.longestWaitMs ?? 30_000);
      await slots.take();
      try {
        const lock = await takeSlot(name, until, options);
        try {
          const missed = misses.get(name) ?? 0;
          const begin = await waitForPace(pace, { name, until, missed }, options).catch((error: unknown) => {
            throw toTurnError(error, folder);
          });
          misses.set(name, Math.max(0, missed - 1));
          return await work(() => {
            const isMissed = running() > begin.until;
            if (isMissed) misses.set(name, begin.missed + 1);
            return isMissed;
          });
        } finally {
          lock.release();
        }
      } finally {
        slots.give();
      }
    },
    pause: async (credential, ms) => pauseFor(pace, nameOf(credential), ms, options),
    close: () => void (pace.isOpen && pace.close()),
  };
}

function nameOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 16);
}

function pauseFor(database: DatabaseSync, name: string, ms: number, { folder, clock }: TurnstileOptions): void {
  try {
    database
      .prepare('INSERT INTO pace VALUES (?, ?) ON CONFLICT DO UPDATE SET next_at = max(next_at, excluded.next_at)')
      .run(name, clock.now() + Math.min(ms, longestLagMs));
  } catch (error) {
    throw toTurnError(error, folder);
  }
}

/** One of the target's places, as many as it takes requests at a time. Other processes may hold them. */
async function takeSlot(
  name: string,
  until: number,
  { folder, limits, clock }: TurnstileOptions,
): Promise<ExclusiveLock> {
  for (;;) {
    if (clock.now() > until) throw tooLong(folder);
    for (let place = 0; place < Math.max(1, limits.concurrency); place += 1) {
      const lock = takeExclusiveLock(join(folder, `${name}.${place}.lock`));
      if (lock !== undefined) return lock;
    }
    await clock.sleep(lookAgainMs, clock.signal);
  }
}

const lookAgainMs = 20;

function openPace(folder: string): DatabaseSync {
  try {
    makePrivateFolder(folder);
    // Nothing here needs to survive: after a crash the next turn only comes a moment too early or late.
    const settings = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;';
    return openOrMakeDatabase(join(folder, 'turns.sqlite'), settings, (database) => {
      database.exec(
        'CREATE TABLE IF NOT EXISTS pace (credential TEXT NOT NULL PRIMARY KEY, next_at REAL NOT NULL) STRICT, WITHOUT ROWID',
      );
      database.prepare('SELECT credential, next_at FROM pace').get();
    });
  } catch (error) {
    throw toTurnError(error, folder);
  }
}

/** What fails before the work has begun has sent nothing, whatever it is. */
function toTurnError(error: unknown, folder: string): unknown {
  // An error in our SQL, a damaged file, no database at all: not what we keep there.
  const { error: failed, damaged, notADatabase } = sqliteCodes;
  const isOther = ([failed, damaged, notADatabase] as number[]).includes(sqliteCodeOf(error));
  if (isBilagError(error) || !isOther) return toStorageError(error, folder, 'nothing was sent');
  return new BilagError(
    'config',
    {
      what: 'turns.sqlite, where processes meet that use the same keys, is damaged or somebody else’s',
      where: folder,
      action: 'let no process deliver, and move the file away: nothing in it needs to be kept. Nothing was sent',
    },
    { cause: error },
  );
}

/** Waits for a start, in its time; `until` of what it gives is by `running`. Who has missed some gets twice as much for each, and leaves as much room behind it. */
async function waitForPace(
  database: DatabaseSync,
  { name, until, missed }: { readonly name: string; readonly until: number; readonly missed: number },
  options: TurnstileOptions & Required<Pick<TurnstileOptions, 'running'>>,
): Promise<{ readonly until: number; readonly missed: number }> {
  const { clock, limits, running } = options;
  const { spacingMs, lateMs, roomMs } = startTimes(limits.perSecond, missed);
  const start = takeStart(database, { name, until, spacingMs: spacingMs + roomMs }, options);
  const wait = Math.max(0, Math.ceil(start - clock.now()));
  const lastMoment = running() + wait + lateMs;
  if (wait > 0) await clock.sleep(wait, clock.signal);
  if (running() <= lastMoment) return { until: lastMoment, missed };
  return waitForPace(database, { name, until, missed: missed + 1 }, options);
}

function takeStart(
  database: DatabaseSync,
  { name, until, spacingMs }: { readonly name: string; readonly until: number; readonly spacingMs: number },
  { folder, clock }: TurnstileOptions,
): number {
  return inTransaction(database, () => {
    const now = clock.now();
    const row = database.prepare('SELECT next_at FROM pace WHERE credential = ?').get(name);
    const told = row === undefined ? now : Number(row['next_at']);
    // A clock that was set back must not keep everybody waiting.
    const startAt = told > now + longestLagMs ? now : Math.max(now, told);
    if (startAt > until) throw tooLong(folder);
    database.prepare('INSERT OR REPLACE INTO pace VALUES (?, ?)').run(name, startAt + spacingMs);
    return startAt;
  });
}

const longestLagMs = 600_000;

function tooLong(where: string): BilagError {
  return new BilagError('busy', {
    what: 'others that use the same credential take all the turns the target allows',
    where,
    action: 'run again later, or spread the companies of this credential over the night; nothing was sent',
  });
}
