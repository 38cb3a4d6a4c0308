import {
  type FileReading,
  type FileToImport,
  type ImportContext,
  type PersonalData,
  type PlainDate,
  quotedName,
} from '@bilag/core';
import { dateIn } from '../table/cell-text.ts';
import { type FileRow, portalTopic } from '../file-page.ts';
import { type Day, PageBuffer, type PageOf } from '../page-buffer.ts';
import { rejectedFile } from '../rejected-file.ts';
import {
  type OwnWords,
  type PortalColumn,
  portalColumnOf,
  portalLanguageOf,
  portalLanguages,
  portalTypeOf,
} from './portal-words.ts';
import type { Row } from '../table/row.ts';
import { knownUnit, type Unit } from '../units.ts';

/** A report of the portal, row by row, again and again. */
export interface PortalTable {
  readonly file: FileToImport;
  readonly rows: () => AsyncIterable<Row>;
  /** Whether each row has a cell for each heading, as in CSV: one with less is cut short. */
  readonly hasEveryCell: boolean;
  readonly words: OwnWords;
}

/**
 * Cuts a report of the portal into pages: one ledger, one date. It mirrors the ledger of the Report API row by row, so the
 * booking date is the ledger date, the amount what the ledger moved by, and the balance is after it.
 */
export async function* portalPages(table: PortalTable, context: ImportContext): AsyncGenerator<FileReading> {
  const ledgers = await ledgersIn(table, context);
  const buffer = new PageBuffer(table.file.name);
  const settled = new Set<Day>();
  for await (const { number, values } of recordsOf(table)) {
    context.signal.throwIfAborted();
    const { unit, date, row, personal } = readRecord(values, number, table);
    const settlesInto = ledgers.get(unit) ?? { ledgerId: unit, handle: unit };
    const day = buffer.day({
      file: 'portal',
      unit: settlesInto,
      topic: portalTopic,
      date,
      currency: row.currency ?? '',
    });
    if (isSettling(row, table.words)) settled.add(day);
    const { handle } = settlesInto;
    const own = handle === day.of.unit.handle ? row : { ...row, unit: handle };
    yield* buffer.take(day, own, context.personalData ? personal : undefined);
  }
  if (buffer.days.size === 0)
    throw rejectedFile(table.file.name, 'the report has no rows', 'leave it out if nothing happened in its period');
  for (const day of quietEnds([...buffer.days.values()])) buffer.day(day);
  const days = [...buffer.days.values()];
  for (const day of days) yield day.last(isOver(day, days, settled));
}

/** A report is of one period: a sales unit that had its last row earlier had nothing more until the end of it. */
function quietEnds(days: readonly Day[]): PageOf[] {
  const last = days.map(({ of }) => of.date).reduce((latest, date) => (date > latest ? date : latest));
  return [...new Map(days.map(({ of }) => [of.unit.ledgerId, { ...of, date: last }])).values()];
}

/** Fees and payouts are entered when a date is over (Report API guide, settlement process). */
function isSettling({ type = '' }: FileRow, words: OwnWords): boolean {
  const known = portalTypeOf(type, words);
  return known === 'payout-scheduled' || known === 'fees-retained';
}

/**
 * They come some minutes into the next date: rows of that date alone do not tell that this one is whole. What is over for one
 * sales unit of a report is over for all.
 */
function isOver({ of }: Day, days: readonly Day[], settled: ReadonlySet<Day>): boolean {
  const later = new Set(days.map((other) => other.of.date).filter((date) => date > of.date));
  return later.size > 1 || days.some((other) => other.of.date >= of.date && settled.has(other));
}

/**
 * The ledger of each sales unit: the one that is known, else the one that the report names in the reference of a payout
 * or of retained fees (`21630-2000400`), else it goes by the number of the unit.
 */
async function ledgersIn(table: PortalTable, context: ImportContext): Promise<ReadonlyMap<string, Unit>> {
  const ledgers = new Map<string, Unit>();
  for await (const { number: row, values } of recordsOf(table)) {
    const number = (values.get('unit') ?? '').trim();
    const known = ledgers.get(number) ?? knownUnit(number, context);
    const [, named] = /^(\d+)-\d{6,}$/.exec(values.get('psp')?.trim() ?? '') ?? [];
    if (known !== undefined) ledgers.set(number, known);
    else if (named !== undefined) ledgers.set(number, { ledgerId: named, handle: number });
    // One that was imported without a name goes by the number of its unit, and keeps it.
    const isOther = known !== undefined && named !== undefined && ![named, number].includes(known.ledgerId);
    if (isOther) {
      throw rejectedFile(
        `${table.file.name}, row ${row}`,
        `sales unit ${number} settles into ledger ${named} here, and into ${known.ledgerId} before`,
        'if it was moved, take a report up to that date and one from it on, and import the second into an archive of its own',
      );
    }
  }
  return ledgers;
}

interface PortalRecord {
  readonly number: number;
  readonly values: ReadonlyMap<PortalColumn, string>;
}

async function* recordsOf({ file, rows, words, hasEveryCell }: PortalTable): AsyncGenerator<PortalRecord> {
  let columns: readonly PortalColumn[] | undefined;
  for await (const { number, cells } of rows()) {
    if (columns === undefined) {
      columns = columnsOf(cells, number, { file, words });
      continue;
    }
    const filled = cells.findLastIndex((cell) => cell !== '') + 1;
    if (filled > columns.length || (hasEveryCell && cells.length < columns.length))
      throw otherCells(file.name, number, Math.max(filled, cells.length), columns.length);
    yield { number, values: new Map(columns.map((column, index) => [column, cells[index] ?? ''])) };
  }
  if (columns === undefined) throw rejectedFile(file.name, 'the report has no headings');
}

const needed: readonly PortalColumn[] = ['unit', 'time', 'date', 'type', 'amount', 'balance', 'currency', 'psp'];

function columnsOf(
  cells: readonly string[],
  row: number,
  { file, words }: Pick<PortalTable, 'file' | 'words'>,
): readonly PortalColumn[] {
  const filled = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);
  const columns = filled.map((heading) => portalColumnOf(heading, words));
  const unknown = filled.filter((_, index) => columns[index] === undefined);
  const language = portalLanguageOf(filled) ?? portalLanguages[0];
  const known = Object.values(language?.columns ?? {}).join(', ');
  if (unknown.length > 0) {
    throw rejectedFile(
      `${file.name}, row ${row}`,
      `the report has ${unknown.length === 1 ? 'a heading that is' : 'headings that are'} not known: ${unknown.map(quotedName).join(', ')}`,
      `known are, in ${language?.name}: ${known}. Say under source.imports.words in the config what a new one means, or take the report in English or Norwegian`,
    );
  }
  const missing = needed.filter((column) => !columns.includes(column));
  const twice = filled.filter((_, index) => columns.indexOf(columns[index]) !== index);
  if (missing.length + twice.length > 0) {
    const lacks = missing.map((column) => language?.columns[column] ?? column).join(', ');
    const what = missing.length > 0 ? `the report lacks ${lacks}` : `a heading stands twice: ${twice.join(', ')}`;
    throw rejectedFile(`${file.name}, row ${row}`, what);
  }
  return columns as readonly PortalColumn[];
}

function readRecord(
  values: ReadonlyMap<PortalColumn, string>,
  at: number,
  { file }: PortalTable,
): { readonly unit: string; readonly date: PlainDate; readonly row: FileRow; readonly personal?: PersonalData } {
  const text = (column: PortalColumn): string => values.get(column)?.trim() ?? '';
  const unit = text('unit');
  const date = dateIn(text('date'));
  if (date === undefined || unit === '' || text('currency') === '') {
    const lacks = unit === '' ? 'sales unit' : 'currency';
    const what = date === undefined ? 'the booking date is none' : `the row names no ${lacks}`;
    throw rejectedFile(`${file.name}, row ${at}`, what);
  }
  const psp = text('psp');
  const about = { name: text('name'), phone: text('phone'), message: text('message') };
  const told = Object.entries(about).filter(([, value]) => value !== '');
  const kept = ['type', 'time', 'psp', 'reference', 'currency', 'amount', 'balance', 'fee', 'net'] as const;
  const cells = Object.fromEntries(kept.map((column) => [column, text(column)]).filter(([, value]) => value !== ''));
  return {
    unit,
    date,
    row: { at, ...cells },
    ...(told.length === 0 || psp === '' ? {} : { personal: { pspReference: psp, ...Object.fromEntries(told) } }),
  };
}

function otherCells(name: string, row: number, cells: number, columns: number): Error {
  return rejectedFile(`${name}, row ${row}`, `the row has ${cells} cells under ${columns} headings`);
}
