import { amount, type Amount } from '../money/amount.ts';
import type { PlainDate } from '../money/plain-date.ts';

/** A payout that was scheduled, and what became of it. */
export interface Payout {
  date: PlainDate;
  scheduled: Amount;
  arrived: Amount;
  aborted: Amount;
}

/**
 * Payouts by number, in the order in which they came. A ledger has one a day, for years, and a night asks for few of them: what a text
 * tells is read when one of those is asked for, and passed on as it is where none was.
 */
export class PayoutList {
  #unread: string;
  #read = new Map<string, Payout>();

  /** What {@link text} told. */
  constructor(text = '') {
    this.#unread = text;
  }

  get(number: string): Payout | undefined {
    const known = this.#read.get(number);
    return known === undefined && this.#unread.includes(startOf(number)) ? this.#all().get(number) : known;
  }

  /** Adds one whose number is not there yet. */
  add(number: string, payout: Payout): void {
    this.#read.set(number, payout);
  }

  inOrder(): readonly Payout[] {
    return [...this.#all().values()];
  }

  /** A payout as `|2000045 2026-01-31 10000 0 0`; a number that has more than digits is written as JSON writes it. */
  get text(): string {
    let text = this.#unread;
    for (const [number, { date, scheduled, arrived, aborted }] of this.#read)
      text += `${startOf(number)}${date} ${scheduled} ${arrived} ${aborted}`;
    return text;
  }

  #all(): ReadonlyMap<string, Payout> {
    if (this.#unread === '') return this.#read;
    const read = new Map<string, Payout>();
    for (const [, number = '', date, ...amounts] of this.#unread.matchAll(onePayout)) {
      const [scheduled, arrived, aborted] = amounts.map((text) => amount(Number(text))) as [Amount, Amount, Amount];
      const name = number.startsWith('"') ? (JSON.parse(number) as string) : number;
      read.set(name, { date: date as PlainDate, scheduled, arrived, aborted });
    }
    for (const [number, payout] of this.#read) read.set(number, payout);
    this.#unread = '';
    this.#read = read;
    return read;
  }
}

const onePayout = /\|(\d+|"(?:[^"\\]|\\.)*") (\S+) (-?\d+) (-?\d+) (-?\d+)/gy;

function startOf(number: string): string {
  return `|${/^\d+$/.test(number) ? number : JSON.stringify(number)} `;
}
