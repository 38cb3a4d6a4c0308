import { createHash, randomUUID } from 'node:crypto';
import { BilagError, type ServiceContext, type ServiceLimits } from '@bilag/core';
import { startTimes } from '@bilag/engine/storage';
import type { Connection } from './connection.ts';

/** What turns are made by. */
export interface TurnsOptions {
  readonly limits: ServiceLimits;
  readonly clock: Pick<ServiceContext, 'sleep' | 'signal'>;
  /** Whoever waits longer is told `busy`, and nothing was sent; 30 seconds by default. */
  readonly longestWaitMs?: number;
}

/**
 * Turns under a target's limits, per credential, across every machine that uses the same database. Starts are spaced by one row for
 * each credential. Who is alone with one takes the starts of a second at once, and keeps its places from turn to turn: most turns
 * need not ask, and nobody else's begins in that second.
 */
export class PostgresTurnstile {
  readonly #connection: Connection;
  readonly #options: TurnsOptions;
  readonly #token = randomUUID();
  readonly #credentials = new Map<string, Shared>();
  #isClosed = false;

  constructor(connection: Connection, options: TurnsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  readonly turn: ServiceContext['turn'] = async (credential, work) => {
    const name = nameOf(credential);
    const shared = this.#credentials.get(name) ?? new Shared();
    this.#credentials.set(name, shared);
    const { place, until, misses } = await this.#take(name, shared);
    const { pauses } = shared;
    const renewal = setInterval(() => void this.#keep(name, place, shared), renewalMs);
    try {
      return await work(() => {
        const isLate = performance.now() > until;
        if (isLate) shared.misses = misses + 1;
        return isLate || pauses !== shared.pauses;
      });
    } finally {
      clearInterval(renewal);
      await this.#letGo(name, place, shared);
    }
  };

  /** Nobody begins a turn before this is over, ten minutes at most: the target asked for it (`Retry-After`). */
  readonly pause: NonNullable<ServiceContext['pause']> = async (credential, ms) => {
    const name = nameOf(credential);
    const shared = this.#credentials.get(name);
    shared?.pause();
    const until = `clock_timestamp() + $2::double precision * interval '1 millisecond'`;
    const sql = `INSERT INTO pace AS known VALUES ($1, ${until})
      ON CONFLICT (credential) DO UPDATE SET next_at = greatest(known.next_at, excluded.next_at)`;
    await this.#connection.run(sql, [name, Math.min(ms, longestPauseMs)]);
    // What was asked for before the database knew of it is void, too.
    shared?.pause();
  };

  /** Gives back what is kept for the next turn. Nothing is under way any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [name, { timer }] of this.#credentials) {
      clearTimeout(timer);
      await this.#connection.run('SELECT leave_turns($1, $2)', [name, this.#token]).catch(() => undefined);
    }
    this.#credentials.clear();
  }

  /** A place, at the moment of a start. Who comes too late for its start has missed it, and takes another with more time. */
  async #take(name: string, shared: Shared): Promise<Taken> {
    const { clock, longestWaitMs = 30_000 } = this.#options;
    let place: number | undefined;
    let waitedMs = 0;
    let { misses } = shared;
    // Who was late the last time needs a start with more time than those have that are left.
    if (misses > 0) shared.starts = undefined;
    try {
      for (;;) {
        place ??= shared.idle.pop();
        const { pauses } = shared;
        const start = place === undefined ? undefined : shared.starts?.next();
        if (place !== undefined && start !== undefined) {
          const waitMs = start.at - performance.now();
          if (waitMs > 0) await clock.sleep(waitMs, clock.signal);
          // Of who waited or was idle for long another may have taken the place.
          if (!shared.isKept(place) && !(await this.#keep(name, place, shared))) place = undefined;
          // A pause may have come meanwhile.
          else if (performance.now() <= start.until && pauses === shared.pauses) {
            shared.misses = Math.max(0, shared.misses - 1);
            return { place, until: start.until, misses: Math.max(0, misses - 1) };
          }
          continue;
        }
        if (shared.asking !== undefined) {
          // What another turn here is told may be enough for this one.
          await shared.asking.catch(() => undefined);
          continue;
        }
        const leftMs = longestWaitMs - waitedMs;
        const wanted = { place, misses, leftMs, wantsStart: shared.starts?.isLeft !== true };
        const asking = this.#ask(name, wanted, shared).finally(() => (shared.asking = undefined));
        // Who asked goes on first, and has the first of the starts.
        place = await (shared.asking = asking);
        if (place === undefined) {
          if (leftMs <= 0) throw tooLong(this.#connection.where);
          await clock.sleep(lookAgainMs, clock.signal);
          waitedMs += lookAgainMs;
        } else if (wanted.wantsStart && pauses === shared.pauses) misses += 1;
      }
    } catch (error) {
      if (place !== undefined) await this.#giveBack(name, place);
      throw error;
    }
  }

  /**
   * Asks for a place, or with one, and for starts where none are left. Undefined where all places are taken. The starts are there
   * before anyone who waits for them goes on, or else the next would ask for others; a pause that came meanwhile ends them.
   */
  async #ask(name: string, { place, misses, leftMs, wantsStart }: Wanted, shared: Shared): Promise<number | undefined> {
    const { limits } = this.#options;
    const { pauses } = shared;
    const { spacingMs, lateMs, roomMs } = startTimes(limits.perSecond, misses);
    const askedAt = performance.now();
    const [row] = await this.#connection.run('SELECT * FROM take_turns($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      name,
      this.#token,
      place ?? null,
      Math.max(1, limits.concurrency),
      spacingMs,
      wantsStart ? stretchMs : null,
      roomMs,
      leftMs,
      silenceMs,
    ]);
    if (row === undefined) return undefined;
    if (row['place'] === null) throw tooLong(this.#connection.where, Number(row['wait_ms']));
    const waitMs = Number(row['wait_ms']);
    const taken = Number(row['place']);
    shared.isAlone = row['is_alone'] === true;
    shared.heardAt.set(taken, askedAt + waitMs);
    if (wantsStart && pauses === shared.pauses) {
      const firstAt = performance.now() + waitMs;
      shared.starts = new Starts(Number(row['starts']), { firstAt, firstUntil: askedAt + waitMs + lateMs, spacingMs });
    }
    return taken;
  }

  /** Who is alone keeps a place for a moment: most turns are followed by another. */
  async #letGo(name: string, place: number, shared: Shared): Promise<void> {
    if (!shared.isAlone || this.#isClosed) return this.#giveBack(name, place);
    shared.idle.push(place);
    shared.timer ??= setTimeout(() => {
      shared.timer = undefined;
      for (const idle of shared.idle.splice(0)) void this.#giveBack(name, idle);
    }, stretchMs).unref();
  }

  /** Where this fails the place is free a moment later. */
  async #giveBack(name: string, place: number): Promise<void> {
    const sql = 'UPDATE turn_place SET token = NULL WHERE credential = $1 AND place = $2 AND token = $3';
    await this.#connection.run(sql, [name, place, this.#token]).catch(() => undefined);
  }

  /** Whether the place is still one's own. */
  async #keep(name: string, place: number, shared: Shared): Promise<boolean> {
    const sql = `UPDATE turn_place SET free_at = clock_timestamp() + $4::double precision * interval '1 millisecond'
      WHERE credential = $1 AND place = $2 AND token = $3 RETURNING place`;
    const askedAt = performance.now();
    const rows = await this.#connection.run(sql, [name, place, this.#token, silenceMs]).catch(() => []);
    if (rows.length > 0) shared.heardAt.set(place, askedAt);
    return rows.length > 0;
  }
}

/** A turn: its place, until when it may begin, and how many were missed before it. */
interface Taken {
  readonly place: number;
  readonly until: number;
  readonly misses: number;
}

/** What the turns of one credential share here. */
class Shared {
  readonly idle: number[] = [];
  /** When the database last heard of each place. */
  readonly heardAt = new Map<number, number>();
  starts: Starts | undefined;
  /** How often the target asked for a pause. */
  pauses = 0;
  /** How often in a row a turn was over before its first byte. */
  misses = 0;
  isAlone = false;
  asking: Promise<unknown> | undefined;
  timer: NodeJS.Timeout | undefined;

  pause(): void {
    this.starts = undefined;
    this.pauses += 1;
  }

  /** Whether a turn may begin at this place: it is renewed once more before it is free for others. */
  isKept(place: number): boolean {
    return performance.now() < (this.heardAt.get(place) ?? 0) + renewalMs;
  }
}

interface Wanted {
  readonly place: number | undefined;
  /** How many starts were missed by now. */
  readonly misses: number;
  readonly leftMs: number;
  readonly wantsStart: boolean;
}

/** Starts that were given together. Times are those of `performance.now`. */
class Starts {
  readonly #count: number;
  readonly #firstAt: number;
  readonly #firstUntil: number;
  readonly #spacingMs: number;
  #used = 0;

  constructor(
    count: number,
    times: { readonly firstAt: number; readonly firstUntil: number; readonly spacingMs: number },
  ) {
    this.#count = count;
    this.#firstAt = times.firstAt;
    this.#firstUntil = times.firstUntil;
    this.#spacingMs = times.spacingMs;
  }

  /** Those that are missed by now are gone. */
  get isLeft(): boolean {
    const missed = Math.ceil((performance.now() - this.#firstUntil) / this.#spacingMs);
    this.#used = Math.max(this.#used, missed);
    return this.#used < this.#count;
  }

  /** Not before the one time, and not after the other. */
  next(): { readonly at: number; readonly until: number } | undefined {
    if (!this.isLeft) return undefined;
    const later = this.#used * this.#spacingMs;
    this.#used += 1;
    return { at: this.#firstAt + later, until: this.#firstUntil + later };
  }
}

/** A credential's reference may say whose it is: the database need not know. */
function nameOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 16);
}

const lookAgainMs = 50;

/** How long who is alone keeps others waiting once. */
const stretchMs = 1_000;

/** After that one asks again, and hears whether it is to wait on. */
const longestPauseMs = 600_000;

/** A place of which nobody has heard for so long is free: its worker died. */
const silenceMs = 15_000;
const renewalMs = silenceMs / 3;

/** Who is told when its turn would have come waits as long and takes nobody's place meanwhile. */
function tooLong(where: string, waitMs?: number): BilagError {
  const error = new BilagError('busy', {
    what: 'the target asked for a pause, or others that use the same credential take all the turns it allows',
    where,
    action: 'run again later, or spread the companies of this credential over the night; nothing was sent',
  });
  return waitMs !== undefined ? Object.assign(error, { retryAfterMs: Math.ceil(waitMs) }) : error;
}
