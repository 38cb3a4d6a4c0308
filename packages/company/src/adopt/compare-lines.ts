import { addDays, datesBetween, sum, zero, type Amount, type FileLine, type PlainDate } from '@bilag/core';

/** A line that somebody booked, or that our books would have. */
export type ComparedLine = FileLine;

/** Where existing books and the ledger differ on an account. */
export interface AdoptDifference {
  /**
   * `doubled`: booked, and booked once more. `missing`: in the ledger alone. `other-amount`: booked with another amount.
   * `other-date`: booked, on another date than the ledger has it. `not-in-ledger`: in the existing books alone.
   */
  readonly kind: 'doubled' | 'missing' | 'other-amount' | 'other-date' | 'not-in-ledger';
  readonly account: string;
  /** Where the existing books have it; of what is missing, where the ledger has it. */
  readonly date: PlainDate;
  /** Where the ledger has it; absent where it has nothing of the kind. */
  readonly ledgerDate?: PlainDate;
  /** What the ledger comes to, in minor units, debit +. */
  readonly ledger: Amount;
  /** What the existing books have. */
  readonly books: Amount;
  /** What the existing books call the vouchers. */
  readonly vouchers: readonly string[];
}

/** What an account moved on a date, by the ledger and by the existing books. */
export interface AdoptedDay {
  readonly account: string;
  readonly date: PlainDate;
  readonly ledger: Amount;
  readonly books: Amount;
  /** No difference is of it. */
  readonly isBooked: boolean;
}

/** A date of an account: what found no other side yet, and the amounts that did. */
interface Day {
  readonly account: string;
  readonly date: PlainDate;
  ledger: ComparedLine[];
  books: ComparedLine[];
  readonly matched: Amount[];
}

/**
 * Compares existing books with the ledger on the same accounts. Each line looks for its other side on its own date; what is
 * left there may agree as a sum; then within a week of it, where only one can be meant. Ledger lines after the last date are only looked for there. Pure.
 */
export function compareLines(
  ledger: readonly ComparedLine[],
  books: readonly ComparedLine[],
  through: PlainDate,
): { readonly days: readonly AdoptedDay[]; readonly differences: readonly AdoptDifference[] } {
  const byKey = daysOf(ledger, books);
  const all = [...byKey.values()];
  const sums = all.map(({ account, date, ledger: ours, books: theirs }) => {
    return { account, date, ledger: totalOf(ours), books: totalOf(theirs) };
  });
  const differences = [
    ...all.flatMap((day) => matchWithin(day)),
    ...matchAcross(byKey),
    ...all.flatMap((day) => restOf(day, byKey)),
  ].filter(({ kind, date }) => kind !== 'missing' || date <= through);
  const wrong = new Set(differences.flatMap((each) => placesOf(each)));
  const days = sums.map((day): AdoptedDay => ({ ...day, isBooked: !wrong.has(`${day.date} ${day.account}`) }));
  return { days: days.filter(({ date }) => date <= through), differences: differences.toSorted(inOrder) };
}

/** By date and account, in that order. */
type Days = ReadonlyMap<string, Day>;

function daysOf(ledger: readonly ComparedLine[], books: readonly ComparedLine[]): Days {
  const days = new Map<string, Day>();
  const dayOf = ({ account, date }: ComparedLine): Day => {
    const key = `${date} ${account}`;
    const day = days.get(key) ?? { account, date, ledger: [], books: [], matched: [] };
    days.set(key, day);
    return day;
  };
  for (const line of ledger) if (line.amount !== 0) dayOf(line).ledger.push(line);
  for (const line of books) if (line.amount !== 0) dayOf(line).books.push(line);
  return new Map([...days].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Takes away what agrees on the date, and tells what is there once more. */
function matchWithin(day: Day): readonly AdoptDifference[] {
  const asked: ComparedLine[] = [];
  for (const line of day.ledger) {
    if (takeFrom(day.books, line.amount) === undefined) asked.push(line);
    else day.matched.push(line.amount);
  }
  day.ledger = asked;
  const rest = totalOf(asked);
  // Others divide a date into other lines. A rest of nothing would agree with anything that comes to nothing.
  const isDivided = rest !== 0 && totalOf(day.books) === rest;
  const isOneSum = rest !== 0 && asked.length > 1 && !isDivided && takeFrom(day.books, rest) !== undefined;
  if (isDivided || isOneSum) {
    day.matched.push(...new Set([...asked.map(({ amount }) => amount), rest]));
    day.ledger = [];
  }
  if (isDivided) day.books = [];
  const doubled = day.books.filter(({ amount }) => day.matched.includes(amount));
  day.books = day.books.filter((line) => !doubled.includes(line));
  return doubled.map((line) => doubledOn(line, line.date));
}

/** What is left on two dates within a week, where neither side could mean another. */
function matchAcross(days: Days): readonly AdoptDifference[] {
  const found: AdoptDifference[] = [];
  for (const day of days.values()) {
    for (const line of day.books.slice()) {
      const near = nearby(days, line).filter(({ ledger }) => ledger.some(({ amount }) => amount === line.amount));
      const [only] = near;
      if (only === undefined || near.length > 1 || countOf(only.ledger, line.amount) > 1) continue;
      const rivals = nearby(days, { ...line, date: only.date }).map(({ books }) => countOf(books, line.amount));
      if (rivals.reduce((total, count) => total + count, 0) > 1) continue;
      takeFrom(day.books, line.amount);
      takeFrom(only.ledger, line.amount);
      const { account, date, amount, voucher } = line;
      const both = { ledgerDate: only.date, ledger: amount, books: amount };
      found.push({ kind: 'other-date', account, date, ...both, vouchers: [voucher] });
    }
  }
  return found;
}

function restOf({ account, date, ledger, books }: Day, days: Days): readonly AdoptDifference[] {
  const both = { ledgerDate: date, ledger: totalOf(ledger), books: totalOf(books) };
  if (ledger.length > 0 && books.length > 0 && both.ledger !== both.books) {
    const vouchers = [...new Set(books.map(({ voucher }) => voucher))];
    return [{ kind: 'other-amount', account, date, ...both, vouchers }];
  }
  return [
    ...ledger.map((line): AdoptDifference => ({
      kind: 'missing',
      account,
      date,
      ledgerDate: date,
      ledger: line.amount,
      books: zero,
      vouchers: [],
    })),
    ...books.map((line) => {
      const twins = nearby(days, line).flatMap((near) =>
        near.matched.flatMap((amount) => (amount === line.amount ? near.date : [])),
      );
      const [only] = twins;
      if (only !== undefined && twins.length === 1) return doubledOn(line, only);
      const { amount, voucher } = line;
      return { kind: 'not-in-ledger', account, date, ledger: zero, books: amount, vouchers: [voucher] } as const;
    }),
  ];
}

/** Both dates, where there are two. */
function placesOf({ account, date, ledgerDate = date }: AdoptDifference): readonly string[] {
  return [`${date} ${account}`, `${ledgerDate} ${account}`];
}

function doubledOn({ account, date, amount, voucher }: ComparedLine, ledgerDate: PlainDate): AdoptDifference {
  return { kind: 'doubled', account, date, ledgerDate, ledger: zero, books: amount, vouchers: [voucher] };
}

function nearby(days: Days, { account, date }: Pick<ComparedLine, 'account' | 'date'>): readonly Day[] {
  const dates = datesBetween(addDays(date, -daysApart), addDays(date, daysApart));
  return [...dates].flatMap((each) => days.get(`${each} ${account}`) ?? []);
}

/** A payout reaches the bank within a week of its date, over Christmas and Easter too. */
export const daysApart = 7;

function takeFrom(lines: ComparedLine[], amount: Amount): ComparedLine | undefined {
  const at = lines.findIndex((line) => line.amount === amount);
  return at === -1 ? undefined : lines.splice(at, 1)[0];
}

function countOf(lines: readonly ComparedLine[], amount: Amount): number {
  return lines.filter((line) => line.amount === amount).length;
}

function totalOf(lines: readonly ComparedLine[]): Amount {
  return sum(lines.map(({ amount }) => amount));
}

function inOrder(a: AdoptDifference, b: AdoptDifference): number {
  const [first, second] = [`${a.date} ${a.account}`, `${b.date} ${b.account}`];
  return first === second ? 0 : first < second ? -1 : 1;
}
