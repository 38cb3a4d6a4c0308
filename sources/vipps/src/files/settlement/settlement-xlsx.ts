import type { FileReading, FileToImport, ImportContext, PersonalData, PlainDate } from '@bilag/core';
import { dateIn } from '../table/cell-text.ts';
import type { Row } from '../table/row.ts';
import { rejectedFile } from '../rejected-file.ts';
import { Settlement, SettlementPages } from './settlement.ts';

/** The headings of the old report in XLSX that it cannot be read without. */
const needed = [
  'Salgsdato',
  'Vippsnummer',
  'Transaksjons-ID',
  'Ordre-ID',
  'Brutto',
  'Gebyr',
  'Netto',
  'Transaksjonstype',
  'Oppgjørs-ID',
  'Oppgjørsdato',
  'Oppgjørssum',
] as const;

/** Whether a row holds the headings of the old report in XLSX. */
export function isSettlementHeading(cells: readonly string[]): boolean {
  return needed.every((heading) => cells.includes(heading));
}

/**
 * Cuts the settlement report in XLSX of 2018 and 2019 into pages. Several sales units stand below each other; after the
 * rows of a settlement comes what is paid. It is always net, and has no currency but Norwegian kroner.
 */
export async function* xlsxSettlementPages(
  file: FileToImport,
  rows: AsyncIterable<Row>,
  context: ImportContext,
): AsyncGenerator<FileReading> {
  const pages = new SettlementPages(file.name, false, context);
  const settlements = new Map<string, Settlement>();
  let headings: readonly string[] | undefined;
  let owner: string | undefined;
  let unit = '';
  for await (const { number, cells } of rows) {
    if (cells[0] === 'Organisasjonsnummer') owner = cells.find((cell, index) => index > 0 && cell !== '');
    if (headings === undefined) {
      if (isSettlementHeading(cells)) headings = cells;
      continue;
    }
    const record = new SheetRecord(cells, headings, `${file.name}, row ${number}`);
    // In 2018 a sum did not repeat its sales unit.
    unit = record.text('Vippsnummer') || unit;
    const key = `${unit} ${record.text('Oppgjørs-ID')}`;
    const known = settlements.get(key);
    const settlement = known ?? new Settlement(headOf(record, number, unit, owner));
    settlements.set(key, settlement);
    if (record.text('Oppgjørssum') !== '' && record.text('Transaksjons-ID') === '') {
      settlement.claims.settled = record.text('Oppgjørssum');
      settlement.claimedAt = number;
    } else yield* pages.take(settlement, rowOf(record, number), personalOf(record));
  }
  if (settlements.size === 0) throw rejectedFile(file.name, 'the report has no transactions');
  yield* pages.end(settlements.values());
}

function headOf(record: SheetRecord, at: number, unit: string, owner: string | undefined): Settlement['head'] {
  const number = record.text('Oppgjørs-ID');
  return { at, unit, number, date: record.date('Oppgjørsdato'), currency: 'NOK', settles: 'net', owner };
}

function rowOf(record: SheetRecord, at: number): Parameters<SettlementPages['take']>[1] {
  const type = record.text('Transaksjonstype');
  const gross = record.text('Brutto');
  if (type !== 'Salg' && type !== 'Refundering')
    throw record.refusal('Transaksjonstype is neither Salg nor Refundering');
  return {
    at,
    date: record.date('Salgsdato'),
    psp: record.text('Transaksjons-ID') || undefined,
    reference: record.text('Ordre-ID') || undefined,
    currency: 'NOK',
    ...(type === 'Salg' ? { capture: gross } : { refund: gross.startsWith('-') ? gross : `-${gross}` }),
    fee: record.text('Gebyr'),
    net: record.text('Netto'),
  };
}

function personalOf(record: SheetRecord): PersonalData | undefined {
  const pspReference = record.text('Transaksjons-ID');
  const name = [record.text('Fornavn'), record.text('Etternavn')].filter(Boolean).join(' ');
  const message = record.text('Melding');
  if (pspReference === '' || (name === '' && message === '')) return undefined;
  return { pspReference, ...(name === '' ? {} : { name }), ...(message === '' ? {} : { message }) };
}

class SheetRecord {
  readonly #values: ReadonlyMap<string, string>;
  readonly #where: string;

  constructor(cells: readonly string[], headings: readonly string[], where: string) {
    this.#where = where;
    this.#values = new Map(headings.map((heading, index) => [heading, cells[index]?.trim() ?? '']));
  }

  /** Empty where there is no such column. */
  text(heading: string): string {
    return this.#values.get(heading) ?? '';
  }

  date(heading: string): PlainDate {
    const date = dateIn(this.text(heading));
    if (date === undefined) throw this.refusal(`${heading} is no date`);
    return date;
  }

  refusal(what: string): Error {
    return rejectedFile(this.#where, what);
  }
}
