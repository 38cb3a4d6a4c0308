import { addDays, type PlainDate } from '@bilag/core';
import type { ArchivedDate } from './archive-queries.ts';
import type { ArchiveStore } from './archive-store.ts';

/** The last date of a topic before which, from a date or from its first one on, all are closed: what `lastClosed` says. */
export async function lastClosedOf(
  dates: ArchiveStore['dates'],
  ...[ledgerId, topic, from]: Parameters<ArchiveStore['lastClosed']>
): Promise<PlainDate | undefined> {
  return lastInRow(await dates({ ledgerId, topic, ...(from === undefined ? {} : { from }) }), from);
}

/** Where a ledger goes on, so that all of its topics are there: what `nextDate` says. */
export async function nextDateOf(
  dates: ArchiveStore['dates'],
  ...[ledgerId, topics, from]: Parameters<ArchiveStore['nextDate']>
): Promise<PlainDate> {
  const last = await Promise.all(topics.map((topic) => lastClosedOf(dates, ledgerId, topic, from)));
  return last.map((date) => (date === undefined ? from : addDays(date, 1))).sort()[0] ?? from;
}

function lastInRow(dates: readonly ArchivedDate[], from: PlainDate | undefined): PlainDate | undefined {
  let last: PlainDate | undefined;
  for (const { date, closed } of dates) {
    const expected = last === undefined ? (from ?? date) : addDays(last, 1);
    if (!closed || date !== expected) break;
    last = date;
  }
  return last;
}
