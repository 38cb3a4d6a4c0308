import { addDays, type LedgerEntry, type PlainDate, type Voucher } from '@bilag/core';
import { sourceAttachment, type AttachmentSource, type SourcePage } from '@bilag/engine';
import type { CompanyDates } from '../dates/company-dates.ts';

/**
 * The entries each voucher is made of, read from where they are kept. A voucher of a date needs that date alone; one of a
 * payout the dates before it too, as far as its facts reach.
 */
export function sourceDataOf(dates: CompanyDates, cutOver: PlainDate): AttachmentSource {
  return async (voucher) => {
    const missing = new Set(voucher.facts);
    const entries: LedgerEntry[] = [];
    const pages: SourcePage[] = [];
    let date = voucher.ledgerDate;
    for (let days = 0; missing.size > 0 && date >= cutOver && days < mostDays; days += 1) {
      const source = await dates.sourceOf(date);
      const own = source.entries.filter(({ id }) => missing.delete(id));
      if (own.length > 0) {
        for (const entry of own) entries.push(entry);
        for (const page of source.pages) pages.push(page);
      }
      date = addDays(date, -1);
    }
    return isWhole(voucher, missing) ? sourceAttachment(voucher, entries, pages) : undefined;
  };
}

/** A group ends with its month: two months reach further than any. */
const mostDays = 62;

/** Half of what a voucher is made of explains nothing. */
function isWhole(voucher: Voucher, missing: ReadonlySet<string>): boolean {
  return voucher.facts.length > 0 && missing.size === 0;
}
