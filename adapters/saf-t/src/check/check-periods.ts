import type { CheckState } from './check-state.ts';
import { remembered } from '../remembered.ts';
import type { TransactionTime } from './period-range.ts';

/** Transactions whose dates lie so many months from their period, or so many by one date and so many by the other. */
interface Group {
  readonly offsets: readonly number[];
  count: number;
  readonly first: string;
  readonly message: string;
}

/** More ways to be wrong than this are not told apart. */
const mostGroups = 100;

/**
 * Dates against periods: an accounting year may begin in any month, so the months between a period and its dates are those
 * of most transactions. Where no distance is that of most (periods that are no months), nothing is said.
 */
export class PeriodCheck {
  readonly #groups: Map<number, Group> = new Map();
  readonly #monthsOf: (date: string) => number | undefined = remembered(monthsOf);
  #selectedMonth: number | undefined;
  #count = 0;

  /** A selection of twelve months is an accounting year, and tells in which month it begins. */
  select(from: string | undefined, to: string | undefined): void {
    const [first, last] = [from, to].map((day) => monthsOf(day ?? ''));
    if (first === undefined || last === undefined || last - first !== 11 || from?.slice(8, 10) !== '01') return;
    this.#selectedMonth = modulo12(first);
  }

  add(time: TransactionTime, where: () => string): void {
    const { Period, PeriodYear, TransactionDate, GLPostingDate } = time;
    const number = Number(Period);
    const [dated, posted] = [this.#monthsOf(TransactionDate), this.#monthsOf(GLPostingDate)];
    // Periods after the twelfth are for closing the year.
    if (!(number >= 1 && number <= 12) || dated === undefined) return;
    const period = Number(PeriodYear) * 12 + number - 1;
    const offsets = [dated - period, (posted ?? dated) - period];
    const key = (offsets[0] ?? 0) * 100_000 + (offsets[1] ?? 0);
    this.#count += 1;
    const known = this.#groups.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#groups.size < mostGroups) {
      const message = `dated ${TransactionDate.slice(0, 20)} in period ${PeriodYear.slice(0, 20)}/${Period.slice(0, 20)}`;
      this.#groups.set(key, { offsets, count: 1, first: where(), message });
    }
  }

  /** The months by which the accounting year begins after January. */
  get monthsOff(): number {
    return this.#selectedMonth ?? modulo12(this.#usual() ?? 0);
  }

  tell(state: CheckState): void {
    const usual = this.#usual();
    if (usual === undefined) return;
    for (const { offsets, count, first, message } of this.#groups.values()) {
      if (offsets.includes(usual)) continue;
      const more = count === 1 ? '' : `, and ${count - 1} more so`;
      const action = 'see whether the date or the period is wrong';
      state.report(9, 'warning', first, `a transaction outside its period: ${message}${more}`, action);
    }
  }

  /** The months between a period and its dates, for most transactions. */
  #usual(): number | undefined {
    const counts = new Map<number, number>();
    for (const { offsets, count } of this.#groups.values()) {
      for (const offset of new Set(offsets)) counts.set(offset, (counts.get(offset) ?? 0) + count);
    }
    const selected = this.#selectedMonth;
    if (selected !== undefined) {
      // A year is named after its first or its last day.
      const fitting = [...counts].filter(([offset]) => offset === selected || offset === selected - 12);
      return fitting.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? (this.#count === 0 ? undefined : selected);
    }
    const [most] = [...counts].toSorted(([a, first], [b, second]) => second - first || Math.abs(a) - Math.abs(b));
    return most !== undefined && most[1] * 2 >= this.#count ? most[0] : undefined;
  }
}

/** The months of a date since year 0; undefined for what is no date. */
function monthsOf(date: string): number | undefined {
  const [, year, month] = /^(\d{4})-(\d{2})-\d{2}/.exec(date) ?? [];
  return year === undefined ? undefined : Number(year) * 12 + Number(month) - 1;
}

function modulo12(months: number): number {
  return ((months % 12) + 12) % 12;
}
