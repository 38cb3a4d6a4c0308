import { textOf, type Node } from '../xml/node.ts';

/** What a transaction says of its time. */
export interface TransactionTime {
  readonly Period: string;
  readonly PeriodYear: string;
  readonly TransactionDate: string;
  readonly GLPostingDate: string;
}

type Report = (message: string, action: string) => void;

/** The period a file says it covers. */
export interface PeriodRange {
  /** The first day, where dates are given; else the first period's year. */
  readonly start: { readonly date: string } | { readonly year: number };
  check(transaction: TransactionTime, report: Report): void;
}

/** Reads SelectionCriteria: two dates, or four period fields. Undefined when it has neither (it may be empty). */
export function periodRangeOf(criteria: Node | undefined, report: Report): PeriodRange | undefined {
  const from = textOf(criteria, 'SelectionStartDate');
  const to = textOf(criteria, 'SelectionEndDate');
  if (from !== undefined && to !== undefined) return dateRange(from, to, report);
  const fields = ['PeriodStart', 'PeriodStartYear', 'PeriodEnd', 'PeriodEndYear'].map((name) => textOf(criteria, name));
  const [start, startYear, end, endYear] = fields.map(Number);
  if (fields.includes(undefined)) return undefined;
  return numberedRange(startYear ?? 0, start ?? 0, endYear ?? 0, end ?? 0, report);
}

function dateRange(from: string, to: string, report: Report): PeriodRange {
  // Only the first or a changed accounting year may be longer than twelve months, and up to eighteen (regnskapsloven § 1-7).
  if (from > to) report(`${from} to ${to} is not a period`, 'write the first day before the last');
  else if (to > monthsLater(from, 18)) report(`${from} to ${to} is more than one accounting year`, oneYear);
  return {
    start: { date: from },
    check: ({ TransactionDate, GLPostingDate }, reportTransaction) => {
      if (
        [TransactionDate, GLPostingDate].some(
          (date) => date.slice(0, 10) >= from.slice(0, 10) && date.slice(0, 10) <= to.slice(0, 10),
        )
      )
        return;
      reportTransaction(`the date ${TransactionDate} is outside ${from} to ${to}`, outside);
    },
  };
}

function numberedRange(startYear: number, start: number, endYear: number, end: number, report: Report): PeriodRange {
  const length = (endYear - startYear) * 12 + end - start + 1;
  const text = `${startYear}/${start} to ${endYear}/${end}`;
  if (length < 1) report(`${text} is not a period`, 'write the first period before the last');
  else if (length > 18) report(`${text} is more than one accounting year`, oneYear);
  return {
    start: { year: startYear },
    check: ({ Period, PeriodYear }, reportTransaction) => {
      const position = Number(PeriodYear) * 100 + Number(Period);
      // Periods after the twelfth are for closing the year, and belong to it.
      const last = endYear * 100 + (end >= 12 ? 99 : end);
      if (position >= startYear * 100 + start && position <= last) return;
      reportTransaction(`period ${PeriodYear}/${Period} is outside ${text}`, outside);
    },
  };
}

const oneYear = 'write one file, or set of files, for each accounting year';
const outside = 'widen SelectionCriteria, or leave the voucher to the file of its period';

function monthsLater(date: string, months: number): string {
  const total = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}${date.slice(7)}`;
}
