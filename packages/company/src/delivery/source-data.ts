import { addDays, factDate, type LedgerEntry, type PlainDate, type Voucher } from '@bilag/core';
import { sourceAttachment, type AttachmentSource, type SourcePage } from '@bilag/engine';
import type { CompanyDates } from '../dates/company-dates.ts';

/**
 * The entries each voucher is made of, read from where they are kept. A voucher of a date needs that date alone; one of a
 * payout the dates before it too, as far as its facts reach. Vouchers follow one another by date: what was read for one is
 * kept for the next.
 */
export function sourceDataOf(dates: CompanyDates, cutOver: PlainDate): AttachmentSource {
  const recent = new RecentDates(dates);
  return async (voucher) => {
    if (!hasSourceData(voucher)) return undefined;
    const missing = new Set(voucher.facts);
    const entries: LedgerEntry[] = [];
    const pages: SourcePage[] = [];
    let date = voucher.ledgerDate;
    for (let days = 0; missing.size > 0 && date >= cutOver && days < mostDays; days += 1) {
      const source = await recent.sourceOf(date);
      const own = [...missing].flatMap((id) => source.entries.get(id) ?? []);
      for (const entry of own) missing.delete(entry.id);
      if (own.length > 0) {
        for (const entry of own) entries.push(entry);
        for (const page of source.pages) pages.push(page);
      }
      date = addDays(date, -1);
    }
    return isWhole(voucher, missing) ? sourceAttachment(voucher, entries, pages) : undefined;
  };
}

/** Whether anything of it stands in pages of a ledger: no line of a bank statement does, and no invoice. */
export function hasSourceData({ facts }: Voucher): boolean {
  return facts.some((id) => factDate(id) !== undefined);
}

interface IndexedSource {
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  readonly pages: readonly SourcePage[];
}

/** The dates that were asked for last, as many as fit. */
class RecentDates {
  readonly #dates: CompanyDates;
  readonly #read = new Map<PlainDate, IndexedSource>();
  #entries = 0;

  constructor(dates: CompanyDates) {
    this.#dates = dates;
  }

  async sourceOf(date: PlainDate): Promise<IndexedSource> {
    const known = this.#read.get(date);
    if (known !== undefined) return known;
    const { entries, pages } = await this.#dates.sourceOf(date);
    const source = { entries: new Map(entries.map((entry) => [entry.id, entry])), pages };
    this.#entries += source.entries.size;
    for (const [earlier, { entries: its }] of this.#read) {
      if (this.#entries <= mostEntries && this.#read.size < mostDays) break;
      this.#read.delete(earlier);
      this.#entries -= its.size;
    }
    this.#read.set(date, source);
    return source;
  }
}

/** Some 50 MB. */
const mostEntries = 100_000;

/** A group ends with its month: two months reach further than any. */
const mostDays = 62;

/** Half of what a voucher is made of explains nothing. */
function isWhole(voucher: Voucher, missing: ReadonlySet<string>): boolean {
  return voucher.facts.length > 0 && missing.size === 0;
}
