import { BilagError, isPlainDate, quotedName } from '@bilag/core';
import { join, resolve } from 'node:path';
import { withCompanyDates } from '../books/company-dates.ts';
import { exportCompany, type ExportedCompany } from '../books/export-company.ts';
import { checkRange, parseDate, parsePeriod, type Period } from '../books/period.ts';
import type { Company } from '../config/company.ts';
import { loadFileTarget } from '../config/load-adapter.ts';
import { exitCodes } from '../exit-codes.ts';
import { counted, countFindings, ledgerTable, proofLines, summaryJson } from '../output/books-tables.ts';
import { toFindingLines } from '../output/messages.ts';
import type { AddCommand } from '../add-command.ts';
import type { Session } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

interface ExportCommandOptions extends CompanyOptions {
  readonly to: string;
  readonly period?: string;
  readonly from?: string;
  readonly until?: string;
  readonly out?: string;
  readonly replace?: boolean;
  readonly createdAt?: string;
}

/** `bilag export`: the books of a period as files, all of them or none. */
export const addExportCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('export')
    .description('write the books of a period as files: whole and checked, or none');
  addCompanyOptions(command)
    .requiredOption('--to <target>', 'the target, by its name in the config')
    .option('--period <period>', 'a year (2026), quarter (2026-Q3), month (2026-07) or day')
    .option('--from <date>', 'the first date, with --until in place of --period')
    .option('--until <date>', 'the last date')
    .option('--out <folder>', 'where to (default: output/<company>/<target> beside the config)')
    .option('--replace', 'replace files of the same names')
    .option('--created-at <moment>', 'the moment that stands in the files, such as 2026-11-21T08:00:00Z (default: now)')
    .action(async (options: ExportCommandOptions) => {
      const { world, progress, json } = session;
      const createdAt = momentOf(options.createdAt, world.now());
      checkTargetName(options.to);
      ended(
        await withCompanies(session, options, async (company, { isAlone }) => {
          const period = periodOf(options, company);
          const target = await loadFileTarget(company, options.to);
          const folder = folderOf(options, company, isAlone, world.cwd);
          progress.show(`exporting ${company.id} to ${options.to}`);
          const exported = await withCompanyDates(company, world.signal, async (dates) =>
            exportCompany(company, dates, [target], {
              period,
              folder,
              createdAt,
              replace: options.replace ?? false,
              signal: world.signal,
            }),
          );
          progress.clear();
          if (!json) await tell(session, company, exported);
          const { files, findings, books, checkedBy } = exported;
          return {
            code: exitCodes.done,
            json: {
              company: company.id,
              target: options.to,
              folder,
              files,
              isChecked: checkedBy.length > 0,
              findings,
              books: summaryJson(books),
            },
          };
        }),
      );
    });
};

async function tell({ out }: Session, company: Company, exported: ExportedCompany): Promise<void> {
  const { folder, files, books, findings, checkedBy } = exported;
  await out.heading(`${company.name} (${company.id}), ${books.period.from} to ${books.period.to}`);
  await out.write(ledgerTable(books.ledgers));
  await out.write(proofLines(books.ledgers));
  const remarks = [...findings, ...books.findings].filter(({ severity }) => severity !== 'info');
  await out.write(toFindingLines(remarks));
  await out.line(
    `${counted(books.vouchers, 'voucher')} with ${counted(books.lines, 'line')}; ${countFindings(books.findings)}`,
  );
  for (const { name, bytes } of files) await out.line(`${join(folder, name)}  (${bytes} bytes)`);
  await out.line(
    checkedBy.length > 0 ? 'checked while written: no errors' : 'not checked: this adapter has no checker',
  );
}

function periodOf({ period, from, until }: ExportCommandOptions, { fiscalYearStartMonth }: Company): Period {
  if (period !== undefined && from === undefined && until === undefined)
    return parsePeriod(period, fiscalYearStartMonth);
  if (period === undefined && from !== undefined && until !== undefined) {
    const range = { from: parseDate(from, '--from'), to: parseDate(until, '--until') };
    checkRange(range.from, range.to, '--from and --until');
    return range;
  }
  throw new BilagError('config', {
    what: 'the period is not clear',
    where: '--period, --from and --until',
    now: 'give either --period 2026-07, or both --from and --until',
  });
}

function checkTargetName(name: string): void {
  if (!isPlainDate(name)) return;
  throw new BilagError('config', {
    what: `--to names the target of an export, and "${name}" is a date`,
    where: '--to',
    now: `write --until ${name} for the last date, and --to with a target of the config`,
  });
}

/** One company's files go straight into the folder; several get a folder each. */
function folderOf({ out, to }: ExportCommandOptions, company: Company, isAlone: boolean, cwd: string): string {
  if (out === undefined) return join(company.folder, 'output', company.id, to);
  return isAlone ? resolve(cwd, out) : resolve(cwd, out, company.id);
}

function momentOf(text: string | undefined, now: Date): string {
  if (text === undefined) return now.toISOString();
  if (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
    return text;
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a moment`,
    where: '--created-at',
    now: 'write ISO 8601 with Z or an offset, such as 2026-11-21T08:00:00Z',
  });
}
