import { addDays, isFromFile, type PlainDate } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';

/** What an archive has of a ledger, as it tells it. */
export type KnownDates = Awaited<ReturnType<ArchiveStore['dates']>>;

/** Of what an archive has, the dates that need not be asked for. */
export function closedDates(known: KnownDates, topics: readonly string[]): ReadonlySet<PlainDate> {
  const closed = [...Map.groupBy(known, ({ date }) => date)].flatMap(([date, all]) => {
    const own = all.filter((each) => each.closed);
    const isClosed = own.some(isFromFile) || topics.every((name) => own.some(({ topic }) => topic === name));
    return isClosed ? [date] : [];
  });
  return new Set(closed);
}

/** Where to go on fetching: the first date from `from` on that has to be asked for. */
export function nextDate(known: KnownDates, topics: readonly string[], from: PlainDate): PlainDate {
  const closed = closedDates(known, topics);
  let next = from;
  while (closed.has(next)) next = addDays(next, 1);
  return next;
}
