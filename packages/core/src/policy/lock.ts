import { BilagError } from '../errors.ts';
import { addDays, type PlainDate } from '../money/plain-date.ts';

/**
 * The later of several locks: what one of them closes is closed. Undefined where nothing is.
 *
 * @example
 * ```ts
 * import { latestLock, plainDate } from '@bilag/core';
 *
 * latestLock([undefined, plainDate('2026-01-31'), plainDate('2025-12-31')]); // => '2026-01-31'
 * ```
 */
export function latestLock(locks: Iterable<PlainDate | undefined>): PlainDate | undefined {
  let latest: PlainDate | undefined;
  for (const lock of locks) if (lock !== undefined && lock > (latest ?? '')) latest = lock;
  return latest;
}

/**
 * Throws `config` for a lock months ahead, which is a slip of the pen: everything it closes would be booked on the day after
 * it, and nobody has reported VAT for a time that is still to come.
 *
 * @example
 * ```ts
 * import { plainDate, refuseFarLock } from '@bilag/core';
 *
 * refuseFarLock(plainDate('2026-01-31'), plainDate('2026-02-10'), 'policy.lockedThrough');
 * ```
 */
export function refuseFarLock(lockedThrough: PlainDate | undefined, today: PlainDate, where: string): void {
  if (lockedThrough === undefined || lockedThrough <= farthestLock(today)) return;
  throw new BilagError('config', {
    what: `the books are said to be closed through ${lockedThrough}, and today is ${today}: what is booked would be dated after that`,
    where,
    action: 'write the last date that is really closed; nothing was done',
  });
}

/**
 * The last date that may be closed today: two months ahead, the longest term of VAT that somebody may close before it is over.
 *
 * @example
 * ```ts
 * import { farthestLock, plainDate } from '@bilag/core';
 *
 * farthestLock(plainDate('2026-01-01')); // => '2026-03-04'
 * ```
 */
export function farthestLock(today: PlainDate): PlainDate {
  return addDays(today, 62);
}
