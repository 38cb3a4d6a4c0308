import { createHash, randomUUID } from 'node:crypto';
import { BilagError, type ServiceContext, type ServiceLimits } from '@bilag/core';
import type { Connection } from './connection.ts';

/** What turns are made by. */
export interface TurnsOptions {
  readonly limits: ServiceLimits;
  readonly clock: Pick<ServiceContext, 'sleep' | 'signal'>;
  /** Whoever waits longer is told `busy`, and nothing was sent; 30 seconds by default. */
  readonly longestWaitMs?: number;
}

/** Turns under a target's limits, per credential, across every machine that uses the same database. */
export class PostgresTurnstile {
  readonly #connection: Connection;
  readonly #options: TurnsOptions;

  constructor(connection: Connection, options: TurnsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  readonly turn: ServiceContext['turn'] = async (credential, work) => {
    const name = nameOf(credential);
    const token = randomUUID();
    const place = await this.#take(name, token);
    const renewal = setInterval(() => void this.#keep(name, place, token), silenceMs / 3);
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      await this.#giveBack(name, place, token);
    }
  };

  /** Nobody begins a turn before this is over, ten minutes at most: the target asked for it (`Retry-After`). */
  readonly pause: NonNullable<ServiceContext['pause']> = async (credential, ms) => {
    const name = nameOf(credential);
    const until = `clock_timestamp() + $2::double precision * interval '1 millisecond'`;
    const sql = `INSERT INTO pace AS known VALUES ($1, ${until})
      ON CONFLICT (credential) DO UPDATE SET next_at = greatest(known.next_at, excluded.next_at)`;
    await this.#connection.run(sql, [name, Math.min(ms, longestPauseMs)]);
  };

  /** Where this fails the place is free a moment later. */
  async #giveBack(name: string, place: number, token: string): Promise<void> {
    const sql = 'UPDATE turn_place SET token = NULL WHERE credential = $1 AND place = $2 AND token = $3';
    await this.#connection.run(sql, [name, place, token]).catch(() => undefined);
  }

  close(): void {
    // The connections are the pool's.
  }

  async #keep(name: string, place: number, token: string): Promise<void> {
    const sql = `UPDATE turn_place SET free_at = clock_timestamp() + $4::double precision * interval '1 millisecond'
      WHERE credential = $1 AND place = $2 AND token = $3`;
    await this.#connection.run(sql, [name, place, token, silenceMs]).catch(() => undefined);
  }

  /**
   * A place, at the moment of its turn. Who is late has missed it and takes another, a few times at most: turns that were late
   * together would come in one moment.
   */
  async #take(name: string, token: string): Promise<number> {
    for (let misses = 0; ; misses += 1) {
      const { place, lateMs } = await this.#takeOne(name, token);
      if (lateMs <= latenessMs || misses === mostMisses) return place;
      await this.#giveBack(name, place, token);
    }
  }

  async #takeOne(name: string, token: string): Promise<{ readonly place: number; readonly lateMs: number }> {
    const { limits, clock, longestWaitMs = 30_000 } = this.#options;
    // So that a second in which the first is late and the last is not has no more than it may.
    const spacingMs = (1_000 + latenessMs) / limits.perSecond;
    let waitedMs = 0;
    for (;;) {
      const left = longestWaitMs - waitedMs;
      const askedAt = performance.now();
      const sql = 'SELECT place, wait_ms FROM take_turn($1, $2, $3, $4, $5, $6)';
      const asked = [name, token, Math.max(1, limits.concurrency), spacingMs, left, silenceMs];
      const [row] = await this.#connection.run(sql, asked);
      if (row !== undefined && row['place'] !== null) {
        const waitMs = Number(row['wait_ms']);
        if (waitMs > 0) await clock.sleep(waitMs, clock.signal);
        return { place: Number(row['place']), lateMs: performance.now() - askedAt - waitMs };
      }
      if (row !== undefined || left <= 0) throw tooLong(this.#connection.where, row?.['wait_ms']);
      await clock.sleep(lookAgainMs, clock.signal);
      waitedMs += lookAgainMs;
    }
  }
}

/** A credential's reference may say whose it is: the database need not know. */
function nameOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 16);
}

const lookAgainMs = 50;

/** How long after its time a turn may begin. */
const latenessMs = 100;
const mostMisses = 3;

/** After that one asks again, and hears whether it is to wait on. */
const longestPauseMs = 600_000;

/** A place of which nobody has heard for so long is free: its worker died. */
const silenceMs = 15_000;

/** Who is told when its turn would have come waits as long and takes nobody's place meanwhile. */
function tooLong(where: string, waitMs: unknown): BilagError {
  const error = new BilagError('busy', {
    what: 'the target asked for a pause, or others that use the same credential take all the turns it allows',
    where,
    action: 'run again later, or spread the companies of this credential over the night; nothing was sent',
  });
  return typeof waitMs === 'number' ? Object.assign(error, { retryAfterMs: Math.ceil(waitMs) }) : error;
}
