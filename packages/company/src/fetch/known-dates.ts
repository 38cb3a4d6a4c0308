import { addDays, isFromFile, type PlainDate } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';

/** What an archive has of a range: the dates that need not be asked for, and all that it knows anything of. */
export async function knownDates(
  archive: ArchiveStore,
  ledgerId: string,
  topics: readonly string[],
  range: { readonly from: PlainDate; readonly to?: PlainDate },
): Promise<{ readonly closed: ReadonlySet<PlainDate>; readonly known: ReadonlySet<PlainDate> }> {
  const known = await archive.dates({ ledgerId, ...range });
  const closed = [...Map.groupBy(known, ({ date }) => date)].flatMap(([date, all]) => {
    const own = all.filter((each) => each.closed);
    const isClosed = own.some(isFromFile) || topics.every((name) => own.some(({ topic }) => topic === name));
    return isClosed ? [date] : [];
  });
  return { closed: new Set(closed), known: new Set(known.map(({ date }) => date)) };
}

/** Where to go on fetching: the first date from `from` on that has to be asked for. */
export async function nextDate(
  archive: ArchiveStore,
  ledgerId: string,
  topics: readonly string[],
  from: PlainDate,
): Promise<PlainDate> {
  const { closed } = await knownDates(archive, ledgerId, topics, { from });
  let next = from;
  while (closed.has(next)) next = addDays(next, 1);
  return next;
}
