import type { PlainDate } from '@bilag/core';

/** A date of a ledger that can say how much memory it takes. */
interface Day {
  readonly date: PlainDate;
}

/**
 * Finds the dates of a streamed ledger by date. Keeps the latest ones, so that reading on, paging and reading both
 * accounts cost one walk; going further back starts the walk again.
 */
export class DateWalk<Found extends Day> {
  readonly #dates: () => Iterator<Found>;
  readonly #size: (day: Found) => number;
  readonly #kept: Map<PlainDate, Found> = new Map();
  #walk: Iterator<Found>;
  #reached: PlainDate | undefined;
  #keptSize = 0;

  constructor(dates: () => Iterator<Found>, size: (day: Found) => number) {
    this.#dates = dates;
    this.#size = size;
    this.#walk = dates();
  }

  on(date: PlainDate): Found | undefined {
    const kept = this.#kept.get(date);
    if (kept !== undefined) return kept;
    if (this.#reached !== undefined && date <= this.#reached) this.#restart();
    for (let step = this.#walk.next(); !step.done; step = this.#walk.next()) {
      this.#keep(step.value);
      if (step.value.date >= date) break;
    }
    return this.#kept.get(date);
  }

  #restart(): void {
    this.#kept.clear();
    this.#keptSize = 0;
    this.#reached = undefined;
    this.#walk = this.#dates();
  }

  #keep(day: Found): void {
    this.#reached = day.date;
    this.#kept.set(day.date, day);
    this.#keptSize += this.#size(day);
    for (const [date, oldest] of this.#kept) {
      if (this.#keptSize <= mostKept || date === day.date) break;
      this.#kept.delete(date);
      this.#keptSize -= this.#size(oldest);
    }
  }
}

/** In entries: some tens of megabytes. */
const mostKept = 100_000;
