import { existsSync, realpathSync } from 'node:fs';
import { BilagError, type FileAdapter, type Finding, type OutputFile } from '@bilag/core';
import { writeOutputSet, type WrittenFile } from '@bilag/engine';
import { resolve, sep } from 'node:path';
import type { Company } from '../config/company.ts';
import type { LoadedTarget } from '../config/load-adapter.ts';
import type { BooksSummary } from '../books/books-summary.ts';
import { booksOf } from './books-of-targets.ts';
import { checkedWhileWritten } from './checked-content.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
import {
  differencesFrom,
  earlierFiles,
  removeEarlier,
  withExportRecords,
  type ExportDifferences,
  type RecordedTarget,
} from '../books/exported-before.ts';
import type { Period } from '../dates/period.ts';

export interface ExportOptions {
  readonly period: Period;
  readonly folder: string;
  /** ISO 8601: the one thing in the files that does not come from the books. */
  readonly createdAt: string;
  readonly replace: boolean;
  readonly signal: AbortSignal;
}

/** A file that was written, and what it holds. */
export interface ExportedFile extends WrittenFile {
  readonly period: Period;
}

/** What was written, and what there is to know about it. */
export interface ExportedCompany {
  readonly folder: string;
  readonly files: readonly ExportedFile[];
  /** Files of an earlier export of the period that were taken away, and those that somebody changed and that stay. */
  readonly earlier: { readonly removed: readonly string[]; readonly kept: readonly string[] };
  /** Which targets looked at their own files; the others have no checker. */
  readonly checkedBy: readonly string[];
  /** What the targets' checkers remarked, and what is not as it was exported earlier; errors stop the export. */
  readonly findings: readonly Finding[];
  readonly books: BooksSummary;
}

/**
 * Renders a company's books for one or several targets into one set of files: all appear, whole and checked, or none. What
 * was exported is remembered beside the delivery log: a period that is locked later does not move it.
 *
 * Throws `blocked` when a date may not be delivered, `rejected` when an adapter finds its own file wrong, and `conflict`
 * when files of the period are there already.
 */
export async function exportCompany(
  company: Company,
  dates: CompanyDates,
  targets: readonly LoadedTarget<FileAdapter>[],
  options: ExportOptions,
): Promise<ExportedCompany> {
  const { period, folder, replace, signal, createdAt } = options;
  refuseArchive(folder, company);
  return withExportRecords(company, targets, async (recorded) => {
    const earlier = await earlierFiles(recorded, period, { folder, replace });
    const findings: Finding[] = [];
    const periods = new Map<string, Period>();
    const differences = new Map<RecordedTarget, ExportDifferences>();
    let books: BooksSummary | undefined;
    const files = async function* (): AsyncGenerator<OutputFile, void, undefined> {
      for await (const { target, book, summary, differencesBefore } of booksOf(company, dates, recorded, period)) {
        differences.set(target, differencesBefore);
        const onFindings = (found: readonly Finding[], file?: string): void => {
          refuseWrongFile(found, file, target);
          for (const finding of found) findings.push(finding);
        };
        const rendered = target.adapter.render(book, target.config, { createdAt, onFindings });
        const noted = noting(rendered, (file) => {
          target.names.add(file.name);
          periods.set(file.name, file.period ?? period);
        });
        yield* target.adapter.checksWhileRendering === true
          ? noted
          : checkedWhileWritten(noted, target.adapter, onFindings);
        books = summary;
      }
    };
    const written = await writeOutputSet(folder, files(), { replace, signal });
    if (books === undefined) throw new TypeError('an export needs a target');
    for (const target of recorded) {
      const before = differences.get(target) ?? { changed: [], gone: [] };
      findings.push(...differencesFrom(target.record, period, before, company));
    }
    const gone = await removeEarlier(earlier, written.files);
    const here = resolve(folder);
    for (const { record, names } of recorded) {
      const own = written.files.filter(({ name }) => names.has(name));
      record.save({ period, createdAt, folder: here, files: own });
    }
    return {
      folder,
      files: written.files.map((file) => ({ ...file, period: periods.get(file.name) ?? period })),
      earlier: gone,
      checkedBy: targets.filter(({ adapter }) => adapter.check !== undefined).map(({ name }) => name),
      findings,
      books,
    };
  });
}

async function* noting(
  files: AsyncIterable<OutputFile>,
  onFile: (file: OutputFile) => void,
): AsyncGenerator<OutputFile, void, undefined> {
  for await (const file of files) {
    onFile(file);
    yield file;
  }
}

/** What was fetched is never among what may be replaced. */
function refuseArchive(folder: string, { id, archive }: Company): void {
  const [place, kept] = [folder, archive].map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)));
  if (place === undefined || kept === undefined || !`${place}${sep}`.startsWith(`${kept}${sep}`)) return;
  throw new BilagError('config', {
    what: 'files would be written into the archive',
    where: `${folder}, company ${id}`,
    action: 'choose another folder with --out; nothing was written',
  });
}

function refuseWrongFile(
  findings: readonly Finding[],
  file: string | undefined,
  { name }: LoadedTarget<FileAdapter>,
): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  throw new BilagError('rejected', {
    what: `the ${file === undefined ? 'set' : 'file'} was rendered, and its own checker finds it wrong${errors.length > 1 ? ` in ${errors.length} places` : ''}: ${first.message}`,
    where: [...(file === undefined ? [] : [file]), `target ${name}`, first.where].join(', '),
    action: `${first.action}; nothing was put in place`,
  });
}
