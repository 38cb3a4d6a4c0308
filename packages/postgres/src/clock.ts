import type { ServiceContext } from '@bilag/core';
import { systemClock } from '@bilag/engine';
import type { Connection } from './connection.ts';

/** The time of the database: read now and then, and counted on evenly, so that a wait is as long as it says. */
export async function databaseClock(
  connection: Connection,
  signal?: AbortSignal,
): Promise<Pick<ServiceContext, 'now' | 'sleep' | 'signal'>> {
  let read = readings.get(connection);
  if (read === undefined || performance.now() > read.at + believedMs) {
    const askedAt = performance.now();
    const [row] = await connection.run('SELECT clock_ms() AS moment');
    const at = performance.now();
    // Half of the way there and back lies after the clock was read.
    read = { at, ahead: Number(row?.['moment']) - (askedAt + at) / 2 };
    readings.set(connection, read);
  }
  const { ahead } = read;
  return { ...systemClock(signal), now: () => Math.round(performance.now() + ahead) };
}

/** A company's night takes no reading of its own: two clocks do not part in a minute. */
const believedMs = 60_000;

/** When the clock was read, and how far it is ahead of the one that nobody sets. */
const readings = new WeakMap<Connection, { readonly at: number; readonly ahead: number }>();
