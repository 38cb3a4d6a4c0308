import type { BankLine, LedgerDate, ProviderDocument } from './ledger.ts';
import { lastDayOfMonth, type PlainDate } from '../money/plain-date.ts';

/** Facts that do not come with the ledger. */
export interface OtherFacts {
  readonly bankLines?: readonly BankLine[];
  readonly documents?: readonly ProviderDocument[];
}

/**
 * Weaves bank lines and provider documents into the ledger dates they belong to, and adds dates for those that fall on
 * a day the ledger does not have.
 */
export async function* weaveFacts(
  dates: AsyncIterable<LedgerDate> | Iterable<LedgerDate>,
  others: OtherFacts,
): AsyncGenerator<LedgerDate> {
  const waiting = byLedgerAndDate(others);
  const last = new Map<string, LedgerDate>();
  for await (const date of dates) {
    const days = waiting.get(date.ledgerId);
    if (days !== undefined) {
      const isFirst = !last.has(date.ledgerId);
      for (const day of [...days.keys()].filter((known) => known < date.date)) {
        yield emptyDate(date.ledgerId, day, days.get(day), isFirst ? date : (last.get(date.ledgerId) ?? date));
        days.delete(day);
      }
    }
    const added = days?.get(date.date);
    days?.delete(date.date);
    last.set(date.ledgerId, date);
    yield added === undefined ? date : withFacts(date, added);
  }
  for (const [ledgerId, days] of waiting) {
    for (const [day, added] of days) yield emptyDate(ledgerId, day, added, last.get(ledgerId));
  }
}

interface DayFacts {
  readonly currency: string;
  readonly bankLines: BankLine[];
  readonly documents: ProviderDocument[];
}

function byLedgerAndDate({ bankLines = [], documents = [] }: OtherFacts): Map<string, Map<PlainDate, DayFacts>> {
  const ledgers = new Map<string, Map<PlainDate, DayFacts>>();
  const dayOf = (fact: BankLine | ProviderDocument): DayFacts => {
    const days = ledgers.get(fact.ledgerId) ?? new Map<PlainDate, DayFacts>();
    const day = days.get(fact.date) ?? { currency: fact.currency, bankLines: [], documents: [] };
    ledgers.set(fact.ledgerId, days.set(fact.date, day));
    return day;
  };
  for (const fact of [...bankLines, ...documents].sort(byDate)) {
    if ('kind' in fact) dayOf(fact).documents.push(fact);
    else dayOf(fact).bankLines.push(fact);
  }
  return ledgers;
}

function byDate(a: BankLine | ProviderDocument, b: BankLine | ProviderDocument): number {
  return a.date < b.date ? -1 : 1;
}

function withFacts(date: LedgerDate, { bankLines, documents }: DayFacts): LedgerDate {
  return {
    ...date,
    bankLines: [...(date.bankLines ?? []), ...bankLines],
    documents: [...(date.documents ?? []), ...documents],
  };
}

/** A date without what happened on it; its profile, or that of the ledger's last date that had one. */
export type DateHead = Pick<LedgerDate, 'ledgerId' | 'date' | 'currency' | 'accounts' | 'profile'>;

/**
 * Adds the last day of the month to ledgers whose dates end earlier in it, as a quiet day: for sources that leave quiet
 * days out, and are complete through a date. Vouchers grouped by payout end with their month. `last`: the last date of each ledger, in
 * which those that are given are noted too.
 */
export async function* withMonthEnds(
  dates: AsyncIterable<LedgerDate> | Iterable<LedgerDate>,
  completeThrough: PlainDate,
  last: Map<string, DateHead> = new Map(),
): AsyncGenerator<LedgerDate> {
  yield* notingLast(dates, last);
  for (const date of last.values()) {
    const monthEnd = lastDayOfMonth(date.date);
    if (date.date < monthEnd && monthEnd <= completeThrough) yield emptyDate(date.ledgerId, monthEnd, undefined, date);
  }
}

/** Notes each date once it is done with. */
export async function* notingLast(
  dates: AsyncIterable<LedgerDate> | Iterable<LedgerDate>,
  last: Map<string, DateHead>,
): AsyncGenerator<LedgerDate> {
  for await (const date of dates) {
    const { ledgerId, currency, accounts, profile = last.get(ledgerId)?.profile } = date;
    yield date;
    last.set(ledgerId, {
      ledgerId,
      date: date.date,
      currency,
      accounts,
      ...(profile === undefined ? {} : { profile }),
    });
  }
}

/** A date with no entries of its own, read like its neighbour. */
function emptyDate(
  ledgerId: string,
  day: PlainDate,
  facts: DayFacts | undefined,
  like: DateHead | undefined,
): LedgerDate {
  const fees = like?.accounts.fees;
  return {
    ledgerId,
    date: day,
    currency: like?.currency ?? facts?.currency ?? '',
    accounts: {
      funds: { closed: true },
      ...(fees === undefined
        ? {}
        : { fees: { closed: true, ...(fees.accrued === undefined ? {} : { accrued: fees.accrued }) } }),
    },
    entries: [],
    bankLines: facts?.bankLines ?? [],
    documents: facts?.documents ?? [],
  };
}
