import {
  addDays,
  BilagError,
  prepareBook,
  type BookCompany,
  type FileAdapter,
  type Finding,
  type OutputFile,
} from '@bilag/core';
import { writeOutputSet, type WrittenFile } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import type { LoadedTarget } from '../config/load-adapter.ts';
import { BooksTally, type BooksSummary } from './books-summary.ts';
import { checkedWhileWritten } from './checked-content.ts';
import type { CompanyDates } from './company-dates.ts';
import type { Period } from './period.ts';

export interface ExportOptions {
  readonly period: Period;
  readonly folder: string;
  /** ISO 8601: the one thing in the files that does not come from the books. */
  readonly createdAt: string;
  readonly replace: boolean;
  readonly signal: AbortSignal;
}

/** What was written, and what there is to know about it. */
export interface ExportedCompany {
  readonly folder: string;
  readonly files: readonly WrittenFile[];
  /** Which targets looked at their own files; the others have no checker. */
  readonly checkedBy: readonly string[];
  /** What the targets' checkers remarked; errors stop the export. */
  readonly findings: readonly Finding[];
  readonly books: BooksSummary;
}

/**
 * Renders a company's books for one or several targets into one set of files: all appear, whole and checked, or none.
 * Throws `blocked` when a date may not be delivered, and `rejected` when an adapter finds its own file wrong.
 */
export async function exportCompany(
  company: Company,
  dates: CompanyDates,
  targets: readonly LoadedTarget<FileAdapter>[],
  options: ExportOptions,
): Promise<ExportedCompany> {
  const findings: Finding[] = [];
  let books: BooksSummary | undefined;
  const files = async function* (): AsyncGenerator<OutputFile, void, undefined> {
    for (const target of targets) {
      const rendered = renderTarget(company, dates, target, options, (summary) => (books = summary));
      yield* checkedWhileWritten(rendered, target.adapter, (found, file) => {
        refuseWrongFile(found, file, target);
        findings.push(...found);
      });
    }
  };
  const written = await writeOutputSet(options.folder, files(), { replace: options.replace, signal: options.signal });
  if (books === undefined) throw new TypeError('an export needs a target');
  return {
    folder: options.folder,
    files: written.files,
    checkedBy: targets.filter(({ adapter }) => adapter.check !== undefined).map(({ name }) => name),
    findings,
    books,
  };
}

async function* renderTarget(
  company: Company,
  dates: CompanyDates,
  { adapter, config }: LoadedTarget<FileAdapter>,
  { period, createdAt }: ExportOptions,
  onBooks: (books: BooksSummary) => void,
): AsyncGenerator<OutputFile, void, undefined> {
  const tally = new BooksTally(company, period);
  // Entries of the period's last date may stand among those of the next: one date more shows that nothing is missing.
  const isNextRead = dates.last !== undefined && dates.last > period.to;
  const through = isNextRead ? addDays(period.to, 1) : period.to;
  const book = await prepareBook({
    company: bookCompanyOf(company),
    period,
    policy: company.policy,
    dates: () => dates.until(through),
    ...(adapter.shape === undefined ? {} : { options: { shape: adapter.shape } }),
    onBooked: (booked) => tally.take(booked),
  });
  const books = tally.summary();
  if (books.ledgers.every((ledger) => ledger.dates === 0)) throw nothingInPeriod(company, period);
  yield* adapter.render(book, config, { createdAt });
  onBooks(books);
}

/** An empty file would look like a period without sales. */
function nothingInPeriod({ id }: Company, { from, to }: Period): BilagError {
  return new BilagError('not-found', {
    what: `there is no ledger date from ${from} to ${to}`,
    where: `company ${id}`,
    now: 'choose another period, or add what is missing; nothing was written',
  });
}

/** What adapters learn of a company: not where its keys are. */
function bookCompanyOf(company: Company): BookCompany {
  const { name, organisationNumber, country, currency, fiscalYearStartMonth } = company;
  return { name, organisationNumber, country, currency, fiscalYearStartMonth };
}

function refuseWrongFile(findings: readonly Finding[], file: string, { name }: LoadedTarget<FileAdapter>): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  throw new BilagError('rejected', {
    what: `the file was rendered, and its own checker finds it wrong${errors.length > 1 ? ` in ${errors.length} places` : ''}: ${first.message}`,
    where: `${file}, target ${name}, ${first.where}`,
    now: `${first.action}; nothing was put in place`,
  });
}
