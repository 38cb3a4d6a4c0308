import {
  addDays,
  type Finding,
  type LedgerDate,
  type PlainDate,
  type SourceProfile,
  type SourceScope,
} from '@bilag/core';
import { type ImportedDates, quietDate } from './imported-dates.ts';

/** Who read the dates, for those that are missing. */
interface ReadBy {
  /** Undefined where there are no keys, and all dates come from files. */
  readonly scope: SourceScope | undefined;
  readonly profile: SourceProfile;
  readonly imported: ImportedDates;
}

/** Dates that are read. `after`: one that is there and not among these, where there is one. */
export interface Range {
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly after?: PlainDate | undefined;
}

/** A ledger that dates may be missing of. */
interface Ledger {
  readonly id: string;
  readonly currency: string;
  /** Its last ledger date, where the config says that it has ended. */
  readonly end: PlainDate | undefined;
}

/**
 * Adds the dates that are missing, as open ones: a day that was not fetched is not a day without sales. After a ledger's
 * end nothing is missed; what stands there all the same is never left out.
 */
export async function* withoutGaps(
  dates: AsyncIterable<LedgerDate>,
  ledger: Ledger,
  { from, to, after }: Range,
  read: ReadBy,
): AsyncGenerator<LedgerDate, void, undefined> {
  const { end } = ledger;
  const isAfterEnd = (date: PlainDate): boolean => end !== undefined && date > end;
  let next = from;
  for await (const date of dates) {
    const before = next === from ? after : addDays(next, -1);
    // Files begin with the first date on which something happened.
    const isBeforeFiles = before === undefined && read.scope === undefined;
    const isQuiet = before !== undefined && read.imported.isQuiet(ledger.id, before, date.date);
    for (; next < date.date && !isAfterEnd(next); next = addDays(next, 1)) {
      if (isQuiet) yield quietDate(date, next);
      else if (!isBeforeFiles) yield notFetched(ledger, next, read);
    }
    if (!isAfterEnd(date.date)) yield date;
    else if (date.entries.length > 0) yield afterEnd(date, end);
    next = addDays(date.date, 1);
  }
  for (; next <= to && !isAfterEnd(next); next = addDays(next, 1)) yield notFetched(ledger, next, read);
}

function afterEnd(date: LedgerDate, end: PlainDate | undefined): LedgerDate {
  const finding: Finding = {
    code: 'entries-after-end',
    severity: 'error',
    message: `${date.date} has ${date.entries.length} entries, and the ledger ended on ${end} by the config`,
    where: `ledger ${date.ledgerId}, ${date.date}`,
    action: 'mend source.ended in the config: give the last date that has entries',
    ledgerId: date.ledgerId,
    date: date.date,
  };
  return { ...date, findings: [...(date.findings ?? []), finding] };
}

function notFetched(
  { id, currency }: Pick<Ledger, 'id' | 'currency'>,
  date: PlainDate,
  { scope, profile }: ReadBy,
): LedgerDate {
  const finding: Finding = {
    code: 'date-not-fetched',
    severity: 'error',
    message: 'this date is not in the archive',
    where: `ledger ${id}, ${date}`,
    action: `${scope === undefined ? 'import the files of later dates' : 'run bilag fetch'}, or end the period before this date; if the ledger has ended, say so in source.ended`,
    ledgerId: id,
    date,
  };
  const hasFees = scope !== undefined && scope.fees !== 'not-read';
  return {
    ledgerId: id,
    date,
    currency,
    profile,
    accounts: {
      funds: { closed: false },
      ...(hasFees ? { fees: { closed: false, ...(scope.fees === 'accrued' ? { accrued: true } : {}) } } : {}),
    },
    entries: [],
    findings: [finding],
  };
}
