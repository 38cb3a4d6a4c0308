import { type Company, dateIn, type ExportedCompany, parsePeriod, type Period } from '@bilag/company';
import { BilagError, isPlainDate, quotedName, type PlainDate } from '@bilag/core';
import { Option } from 'commander';
import { join, resolve } from 'node:path';
import { exitCodes } from '../../program/exit-codes.ts';
import { counted, countFindings, ledgerTable, proofLines, summaryJson } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { wholeRangeOf, type RangeOptions } from './range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

interface ExportCommandOptions extends CompanyOptions, RangeOptions {
  readonly target?: string;
  readonly until?: string;
  readonly out?: string;
  readonly replace?: boolean;
  readonly createdAt?: string;
}

/** `bilag export`: the books of a period as files, all of them or none. */
export const addExportCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command)
    .option('--target <target>', 'the target, by its name in the config')
    .option('--period <period>', 'a year (2026), quarter (2026-Q3), month (2026-07) or day')
    .option('--from <date>', 'the first date, with --to in place of --period')
    .option('--to <date>', 'the last date')
    .addOption(new Option('--until <date>').hideHelp())
    .option('--out <folder>', 'where to (default: output/<company>/<target> beside the config)')
    .option('--replace', 'replace files of the same names')
    .option('--created-at <moment>', 'the moment that stands in the files, such as 2026-11-21T08:00:00Z (default: now)')
    .action(async (given: ExportCommandOptions) => {
      const { world, progress, json } = session;
      const createdAt = momentOf(given.createdAt, world.now());
      const { target, ...options } = await targetIn(given, session);
      ended(
        await withCompanies(session, options, async (open, { isAlone }) => {
          const { company } = open;
          const { period, note } = periodOf(options, company, dateIn(company.country, world.now()));
          const folder = folderOf(options.out, target, company, isAlone, world.cwd);
          progress.show(`exporting ${company.id} to ${target}`);
          const exported = await open.export([target], {
            period,
            folder,
            createdAt,
            replace: options.replace ?? false,
          });
          progress.clear();
          const notes = [...(note === undefined ? [] : [note]), ...notesOf(exported)];
          if (!json) await tell(session, company, exported, notes);
          const { files, findings, books, checkedBy } = exported;
          return {
            code: exitCodes.done,
            json: {
              company: company.id,
              target,
              folder,
              files,
              isChecked: checkedBy.length > 0,
              findings,
              notes,
              books: summaryJson(books),
            },
          };
        }),
      );
    });
};

/**
 * The target, and the last date. `--to` named the target before it was the last date, as it is everywhere else: what is no
 * date is still taken for a target, and told.
 */
async function targetIn(
  { target, to, until, ...options }: ExportCommandOptions,
  { messages }: Session,
): Promise<ExportCommandOptions & { readonly target: string }> {
  const isTarget = target === undefined && to !== undefined && !isPlainDate(to);
  if (isTarget)
    await messages.line(`--to ${quotedName(to)} is taken for --target: --to is the last date, as everywhere`);
  const last = isTarget ? until : (to ?? until);
  const name = isTarget ? to : target;
  if (name !== undefined) return { ...options, target: name, ...(last === undefined ? {} : { to: last }) };
  throw new BilagError('config', {
    what: 'it is not said which target the files are for',
    where: '--target',
    action: 'name one of the targets in the config, such as --target saf-t; nothing was written',
  });
}

async function tell(
  { out }: Session,
  company: Company,
  exported: ExportedCompany,
  notes: readonly string[],
): Promise<void> {
  const { folder, files, books, findings, checkedBy } = exported;
  await out.heading(`${company.name} (${company.id}), ${toRange(books.period)}`);
  await out.write(ledgerTable(books.ledgers));
  await out.write(proofLines(books.ledgers));
  const remarks = [...findings, ...books.findings].filter(({ severity }) => severity !== 'info');
  await out.write(toFindingLines(remarks));
  await out.line(
    `${counted(books.vouchers, 'voucher')} with ${counted(books.lines, 'line')}; ${countFindings([...findings, ...books.findings])}`,
  );
  for (const { name, bytes, period } of files)
    await out.line(`${join(folder, name)}  (${toRange(period)}, ${bytes} bytes)`);
  for (const note of notes) await out.line(note);
  await out.line(
    checkedBy.length > 0 ? 'checked while written: no errors' : 'not checked: this adapter has no checker',
  );
}

function toRange({ from, to }: Period): string {
  return from === to ? from : `${from} to ${to}`;
}

/** What became of the files of an earlier export of the period. */
function notesOf({ earlier: { removed, kept } }: ExportedCompany): string[] {
  return [
    ...removed.map((path) => `removed: ${path}, the earlier file of the period`),
    ...kept.map((path) => `still there: ${path}, an earlier file of the period that was changed since it was exported`),
  ];
}

/** The period, and what a person should know of it. */
function periodOf(
  options: ExportCommandOptions,
  company: Company,
  today: PlainDate,
): { readonly period: Period; readonly note?: string } {
  const { period: text } = options;
  const asked = askedPeriod(options, company);
  const cutOver = company.policy.versions[0].from;
  if (asked.from > today) {
    throw new BilagError('config', {
      what: `${toRange(asked)} has not begun: today is ${today}`,
      where: text === undefined ? '--from and --to' : '--period',
      action: 'choose a period that is over; nothing was written',
    });
  }
  if (asked.to < cutOver) {
    throw new BilagError('config', {
      what: `${toRange(asked)} is before the cut-over ${cutOver}: nothing of it is booked`,
      where: `company ${company.id}, policy.versions.0.from`,
      action: `choose a period from ${cutOver} on; what is before it is in the books that were kept then`,
    });
  }
  // Named by its year, a person means what there is of it; a first date that was written is taken at its word.
  const isCut = text !== undefined && asked.from < cutOver;
  const period = isCut ? { ...asked, from: cutOver } : asked;
  const notes = [
    ...(isCut ? [`begins with the cut-over ${cutOver}: what is before it is in the books that were kept then`] : []),
    ...(asked.to >= today ? [`${asked.to} is still to come: what comes until then is not in it`] : []),
  ];
  return notes.length === 0 ? { period } : { period, note: `${text ?? toRange(asked)} ${notes.join('; ')}` };
}

function askedPeriod({ period: text, ...given }: RangeOptions, company: Company): Period {
  const range = wholeRangeOf(given);
  if (text === undefined && range !== undefined) return range;
  if (text !== undefined && given.from === undefined && given.to === undefined)
    return parsePeriod(text, company.fiscalYearStartMonth);
  throw new BilagError('config', {
    what: 'the period is not clear',
    where: '--period, --from and --to',
    action: 'give either --period 2026-07, or both --from and --to',
  });
}

/** One company's files go straight into the folder; several get a folder each. */
function folderOf(out: string | undefined, target: string, company: Company, isAlone: boolean, cwd: string): string {
  if (out === undefined) return join(company.folder, 'output', company.id, target);
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
    action: 'write ISO 8601 with Z or an offset, such as 2026-11-21T08:00:00Z',
  });
}
