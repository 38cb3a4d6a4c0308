import type { ServiceContext } from '@bilag/core';
import { systemClock } from '@bilag/engine';
import type { Connection } from './connection.ts';

/** The time of the database: read once, then counted on evenly, so that a wait is as long as it says. */
export async function databaseClock(
  connection: Connection,
  signal?: AbortSignal,
): Promise<Pick<ServiceContext, 'now' | 'sleep' | 'signal'>> {
  const own = systemClock(signal);
  const askedAt = own.now();
  const [row] = await connection.run('SELECT clock_ms() AS moment');
  // Half of the way there and back lies after the clock was read.
  const ahead = Number(row?.['moment']) - Math.round((askedAt + own.now()) / 2);
  return { ...own, now: () => own.now() + ahead };
}
