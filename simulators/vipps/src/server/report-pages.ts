import { addDays, datesBetween, type PlainDate } from '@bilag/core';
import { startOf, utcText, type Instant } from '../trade/local-time.ts';
import { cursorPosition, cursorText } from './cursors.ts';
import { DateWalk } from '../ledger/date-walk.ts';
import type { MerchantDate, V2Entry } from '../ledger/ledger-dates.ts';
import type { Merchant } from '../merchant/merchant.ts';
import { closesAt } from '../trade/settlement-calendar.ts';
import { v1Text, type V1Date } from '../ledger/v1-rows.ts';

export type Topic = 'funds' | 'fees';

/** How pages are cut and when dates close. */
export interface PageRules {
  readonly pageSize: number;
  /** Whether the last page with rows says that there is more, and an empty one follows. */
  readonly emptyLastPage: boolean;
  /** How many days later than usual a date closes; `Infinity` for never. */
  readonly lateClosingDates: Readonly<Record<string, number>>;
  /** Whether a date without any entry stays open for ever, as Vipps warns. */
  readonly quietDatesStayOpen: boolean;
  readonly now: () => Instant;
}

/** Where a feed or a list stands: before the entry of that number on that date. */
interface Position {
  readonly date: PlainDate;
  readonly offset: number;
}

type Selection = Position & { readonly to: PlainDate };

/** What version 1 could be asked for. */
export interface V1Query {
  readonly ledgerDate: PlainDate | null;
  readonly fromLedgerDate: PlainDate | null;
  readonly toLedgerDate: PlainDate | null;
  readonly inPayout: string | null;
  readonly sincePayout: string | null;
  readonly cursor: string | null;
}

/** The pages of one ledger's reports. A cursor that was not made for the question gives `undefined`. */
export class ReportPages {
  readonly #merchant: Merchant;
  readonly #rules: PageRules;
  readonly #dates: DateWalk<MerchantDate>;
  readonly #v1Dates: DateWalk<V1Date>;

  constructor(merchant: Merchant, rules: PageRules) {
    this.#merchant = merchant;
    this.#rules = rules;
    this.#dates = new DateWalk(
      () => merchant.dates(),
      ({ funds, fees }) => funds.length + fees.length,
    );
    this.#v1Dates = new DateWalk(
      () => merchant.v1Dates(),
      ({ rows }) => rows.length,
    );
  }

  /** `dates/{date}`: all of a date, `tryLater` while it is open. */
  datePage(topic: Topic, date: PlainDate, cursor: string | null): object | undefined {
    const scope = `${this.#merchant.ledgerId}/${topic}/dates/${date}`;
    const offset = cursor === null ? 0 : cursorPosition<number>(scope, cursor);
    if (offset === undefined) return undefined;
    const { pageSize, emptyLastPage } = this.#rules;
    const visible = this.#visible(topic, date);
    const items = visible.slice(offset, offset + pageSize);
    const hasMore = emptyLastPage ? items.length > 0 : offset + items.length < visible.length;
    return {
      ...(hasMore && { cursor: cursorText(scope, offset + items.length) }),
      hasMore,
      tryLater: !this.isClosed(date),
      items,
    };
  }

  /** `feed`: everything so far from the cursor on, `tryLater` when that is all there is. */
  feedPage(topic: Topic, cursor: string | null): object | undefined {
    const scope = `${this.#merchant.ledgerId}/${topic}/feed`;
    const start: Position = { date: this.#merchant.from, offset: 0 };
    const position = cursor === null ? start : cursorPosition<Position>(scope, cursor);
    if (position === undefined) return undefined;
    const items: V2Entry[] = [];
    let next = position;
    for (const [entry, place] of this.#feed(topic, position)) {
      if (items.length === this.#rules.pageSize) return { cursor: cursorText(scope, next), tryLater: false, items };
      items.push(entry);
      next = { date: place.date, offset: place.offset + 1 };
    }
    return { cursor: cursorText(scope, next), tryLater: true, items };
  }

  /** `ledgertransactions` of version 1 as JSON text: closed dates only, cursor `""` at the end. */
  v1Page(query: V1Query): string | undefined {
    const scope = `${this.#merchant.ledgerId}/v1`;
    const selection = query.cursor === null ? this.#select(query) : cursorPosition<Selection>(scope, query.cursor);
    if (selection === undefined) return undefined;
    const items: string[] = [];
    let { date, offset } = selection;
    for (; date <= selection.to && this.isClosed(date); date = addDays(date, 1), offset = 0) {
      const rows = this.#v1Dates.on(date)?.rows.slice(offset) ?? [];
      const room = this.#rules.pageSize - items.length;
      items.push(...rows.slice(0, room).map(v1Text));
      if (rows.length <= room) continue;
      const cursor = cursorText(scope, { date, offset: offset + room, to: selection.to });
      return `{"cursor":${JSON.stringify(cursor)},"items":[${items.join(',')}]}`;
    }
    return `{"cursor":"","items":[${items.join(',')}]}`;
  }

  isClosed(date: PlainDate): boolean {
    const { lateClosingDates, quietDatesStayOpen, now } = this.#rules;
    if (quietDatesStayOpen && this.#isQuiet(date)) return false;
    return closesAt(date, this.#merchant) + (lateClosingDates[date] ?? 0) * dayUs <= now();
  }

  #isQuiet(date: PlainDate): boolean {
    const day = this.#dates.on(date);
    return day === undefined || day.funds.length + day.fees.length === 0;
  }

  /** All of a closed date; of an open one what has been entered so far. */
  #visible(topic: Topic, date: PlainDate): readonly V2Entry[] {
    const entries = this.#dates.on(date)?.[topic] ?? [];
    const now = utcText(this.#rules.now());
    const future = entries.findIndex(({ time }) => time > now);
    return future === -1 ? entries : entries.slice(0, future);
  }

  *#feed(topic: Topic, from: Position): Generator<[V2Entry, Position]> {
    const { market, cutoffHour, to } = this.#merchant;
    let { offset } = from;
    for (const date of datesBetween(from.date, to)) {
      if (startOf(date, market, cutoffHour) > this.#rules.now()) return;
      for (const entry of this.#visible(topic, date).slice(offset)) yield [entry, { date, offset: offset++ }];
      offset = 0;
    }
  }

  #select({ ledgerDate, fromLedgerDate, toLedgerDate, inPayout, sincePayout }: V1Query): Selection {
    const { from, to } = this.#merchant;
    if (ledgerDate !== null) return { date: later(ledgerDate, from), offset: 0, to: earlier(ledgerDate, to) };
    const range = { date: later(fromLedgerDate ?? from, from), offset: 0, to: earlier(toLedgerDate ?? to, to) };
    const payout = inPayout ?? sincePayout;
    if (payout === null) return range;
    const covered = this.#datesOfPayout(payout);
    if (covered === undefined) return { ...range, to: addDays(range.date, -1) };
    return inPayout === null
      ? { ...range, date: later(range.date, addDays(covered.to, 1)) }
      : { date: later(range.date, covered.from), offset: 0, to: earlier(range.to, covered.to) };
  }

  /** The dates a payout covers: from after the one before it. */
  #datesOfPayout(payout: string): { from: PlainDate; to: PlainDate } | undefined {
    let { from } = this.#merchant;
    for (const date of datesBetween(from, this.#merchant.to)) {
      const found = this.#v1Dates.on(date)?.payout ?? null;
      if (found === payout) return { from, to: date };
      if (found !== null) from = addDays(date, 1);
    }
    return undefined;
  }
}

const dayUs = 86_400_000_000;

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b;
}

function earlier(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}
