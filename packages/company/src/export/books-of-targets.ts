import {
  BilagError,
  named,
  prepareBook,
  type Book,
  type BookCompany,
  type PlainDate,
  type VoucherShape,
  type VoucherSpool,
} from '@bilag/core';
import { openVoucherSpool } from '@bilag/engine';
import { BooksTally, type BooksSummary } from '../books/books-summary.ts';
import type { Company } from '../config/company.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
import type { Period } from '../dates/period.ts';
import { differencesBefore, type ExportDifferences, type RecordedTarget } from '../books/exported-before.ts';
import { ExportCheckpoint, type KeptBooks } from './export-checkpoint.ts';

/** A target, and the book it is to render before the next target is asked for. */
export interface BookOfTarget {
  readonly target: RecordedTarget;
  readonly book: Book;
  readonly summary: BooksSummary;
  /** What is not as it was exported before the period. */
  readonly differencesBefore: ExportDifferences;
}

/**
 * The book of each target. What several of them take in the same shape is booked once, and read from a spool by all; only
 * where they have the same voucher under different dates, from earlier exports, each has a book of its own.
 */
export async function* booksOf(
  company: Company,
  dates: CompanyDates,
  targets: readonly RecordedTarget[],
  period: Period,
): AsyncGenerator<BookOfTarget, void, undefined> {
  for (const alike of Map.groupBy(targets, ({ adapter }) => JSON.stringify(adapter.shape)).values()) {
    try {
      yield* sharedBook(company, dates, alike, period);
    } catch (error) {
      if (!(error instanceof BookedApart)) throw error;
      for (const target of alike) yield* sharedBook(company, dates, [target], period);
    }
  }
}

/** Targets have the same voucher under different dates. Thrown before anything is handed on. */
class BookedApart extends Error {}

async function* sharedBook(
  company: Company,
  dates: CompanyDates,
  targets: readonly RecordedTarget[],
  period: Period,
): AsyncGenerator<BookOfTarget, void, undefined> {
  const spool = openVoucherSpool();
  try {
    const { differences, ...made } = await makeBook(company, dates, targets, period, spool);
    for (const target of targets)
      yield { target, ...made, differencesBefore: named(differences, target.name) ?? { changed: [], gone: [] } };
  } finally {
    spool.close();
  }
}

async function makeBook(
  company: Company,
  dates: CompanyDates,
  targets: readonly RecordedTarget[],
  period: Period,
  spool: VoucherSpool,
): Promise<Pick<BookOfTarget, 'book' | 'summary'> & Pick<KeptBooks, 'differences'>> {
  const checkpoint = await ExportCheckpoint.open(company, dates, targets, period);
  const from = checkpoint?.from;
  const through = from?.opening.books.through;
  const tally = new BooksTally(company, period, from?.tally);
  const book = await prepareBook({
    company: bookCompanyOf(company),
    period,
    policy: company.policy,
    dates: () => dates.until(period.to, through),
    options: {
      ...dates.lookUps,
      bookedOn: (key, otherwise) => bookedOn(targets, key, otherwise),
      ...shapeOf(targets),
    },
    spool,
    ...(from === undefined ? {} : { opening: from.opening }),
    ...(checkpoint === undefined ? {} : { keepOpening: (opening) => checkpoint.keep(opening, tally.state) }),
    onBooked: (booked) => {
      tally.take(booked);
      checkpoint?.take(booked);
      for (const voucher of booked.vouchers)
        if (voucher.date <= period.to) for (const { record } of targets) record.take(voucher);
    },
  });
  const summary = tally.summary();
  if (summary.vouchers === 0 && summary.ledgers.every((ledger) => ledger.dates === 0))
    throw nothingInPeriod(company, period, dates);
  const differences = Object.fromEntries(
    targets.map(({ name, record }) => {
      const known = from && named(from.differences, name);
      return [name, differencesBefore(record, period, company, known && through && { through, differences: known })];
    }),
  );
  await checkpoint?.save(differences);
  return { book, summary, differences };
}

function shapeOf([target]: readonly RecordedTarget[]): { readonly shape?: VoucherShape } {
  const shape = target?.adapter.shape;
  return shape === undefined ? {} : { shape };
}

function bookedOn(targets: readonly RecordedTarget[], key: string, otherwise: PlainDate): PlainDate | undefined {
  const known = targets.map(({ record }) => record.bookedOn(key));
  const [first, ...others] = known.map((date) => date ?? otherwise);
  if (others.some((date) => date !== first)) throw new BookedApart();
  return known.includes(undefined) ? undefined : first;
}

/** An empty file would look like a period without sales. */
function nothingInPeriod({ id }: Company, { from, to }: Period, { last }: CompanyDates): BilagError {
  const there = last === undefined ? 'there is none from the cut-over on' : `the last there is is ${last}`;
  return new BilagError('not-found', {
    what: `there is no ledger date from ${from} to ${to}; ${there}`,
    where: `company ${id}`,
    action: 'choose another period, or add what is missing; nothing was written',
  });
}

/** What adapters learn of a company: not where its keys are. */
function bookCompanyOf(company: Company): BookCompany {
  const { name, organisationNumber, country, currency, fiscalYearStartMonth } = company;
  return { name, organisationNumber, country, currency, fiscalYearStartMonth };
}
