import { BilagError, book, type PlainDate, type Voucher, type VoucherShape } from '@bilag/core';
import type { Company } from '../config/company.ts';
import { BooksTally, type BooksSummary } from './books-summary.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import { withBookedDates } from './booked-dates.ts';
import type { Period } from '../dates/period.ts';

export interface PreviewOptions {
  /** Default: the cut-over. */
  readonly from?: PlainDate | undefined;
  /** Default: the last date there is. */
  readonly to?: PlainDate | undefined;
  /** What a target takes in one voucher. */
  readonly shape?: VoucherShape | undefined;
  readonly onDate?: (date: PlainDate) => void;
  /** Given each voucher of the period, in order. */
  readonly onVoucher?: (voucher: Voucher) => void | Promise<void>;
}

/** Books a company's dates without delivering them: open dates and dates with errors too. */
export async function previewBooks(
  company: Company,
  dates: CompanyDates,
  options: PreviewOptions,
): Promise<BooksSummary> {
  const period = previewPeriod(company, dates, options);
  const tally = new BooksTally(company, period);
  return withBookedDates(company, async (bookedOn) => {
    const lookUps = { ...dates.lookUps, bookedOn, ...(options.shape === undefined ? {} : { shape: options.shape }) };
    for await (const booked of book(dates.until(period.to), company.policy, lookUps)) {
      tally.take(booked);
      options.onDate?.(booked.date);
      for (const voucher of booked.vouchers) {
        if (voucher.date >= period.from && voucher.date <= period.to) await options.onVoucher?.(voucher);
      }
    }
    return tally.summary();
  });
}

function previewPeriod(company: Company, dates: CompanyDates, options: PreviewOptions): Period {
  const cutOver = company.policy.versions[0].from;
  const from = options.from ?? cutOver;
  const to = options.to ?? dates.last;
  if (to === undefined) throw nothingToBook(company);
  if (from > to) {
    throw new BilagError('config', {
      what: `the range ends (${to}) before it begins (${from})`,
      where: `company ${company.id}`,
      action:
        options.to === undefined
          ? 'fetch later dates first, or give an earlier first date'
          : 'give the earlier date first',
    });
  }
  return { from, to };
}
