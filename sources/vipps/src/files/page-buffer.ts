import type { FileReading, PersonalData, PlainDate } from '@bilag/core';
import { isShortened } from './table/cell-text.ts';
import { type FilePage, type FileRow, type SettlementEnd, toBody } from './file-page.ts';
import { rejectedFile } from './rejected-file.ts';
import type { Unit } from './units.ts';

/** What the rows of a page have in common. */
export interface PageOf extends Omit<FilePage, 'rows' | 'unit' | 'isLast' | 'settlement'> {
  readonly unit: Unit;
  readonly topic: string;
  readonly date: PlainDate;
  /** The organisation number, where the file tells. */
  readonly owner?: string | undefined;
}

/** Rows of one ledger, topic and date, as far as they have not been given away. */
export class Day {
  readonly of: PageOf;
  readonly rows: FileRow[] = [];
  readonly personal: PersonalData[] = [];

  constructor(of: PageOf) {
    this.of = of;
  }

  /** What there is now; more may come. */
  part(): FileReading {
    return this.#reading(false, {});
  }

  /** What is left. */
  last(closed: boolean, settlement?: SettlementEnd): FileReading {
    return this.#reading(closed, { isLast: true, ...(settlement === undefined ? {} : { settlement }) });
  }

  #reading(closed: boolean, end: Pick<FilePage, 'isLast' | 'settlement'>): FileReading {
    const { settlement } = end;
    const { unit, topic, date, owner, ...page } = this.of;
    const rows = this.rows.splice(0);
    const personal = this.personal.splice(0);
    const [first, last] = [rows[0]?.at ?? settlement?.at, rows.at(-1)?.at ?? settlement?.at];
    return {
      ledgerId: unit.ledgerId,
      topic,
      date,
      closed,
      currency: page.currency,
      handles: [...new Set([unit.handle, ...rows.flatMap((row) => row.unit ?? [])])],
      page: {
        body: toBody({ ...page, unit: unit.handle, rows, ...end }),
        where: first === undefined ? 'no further rows' : `rows ${first} to ${last}`,
      },
      ...(owner === undefined ? {} : { owner }),
      ...(personal.length === 0 ? {} : { personal }),
    };
  }
}

/** Sorts the rows of a file by date in bounded memory: when it holds too many, it gives all of them away in parts. */
export class PageBuffer {
  readonly days: Map<string, Day> = new Map();
  readonly #name: string;
  #held = 0;

  /** `name` is the file's. */
  constructor(name: string) {
    this.#name = name;
  }

  day(of: PageOf): Day {
    const key = `${of.unit.ledgerId} ${of.topic} ${of.date}`;
    const known = this.days.get(key);
    if (known !== undefined) return known;
    const day = new Day(of);
    this.days.set(key, day);
    return day;
  }

  /** Keeps a row; gives the parts that have to go. Throws `rejected` for what no report has. */
  *take(day: Day, row: FileRow, personal?: PersonalData): Generator<FileReading> {
    const wrong = wrongIn(row, day.of.currency);
    if (wrong !== undefined) throw rejectedFile(`${this.#name}, row ${row.at}`, wrong);
    day.rows.push(row);
    if (personal !== undefined) day.personal.push(personal);
    this.#held += 1;
    if (this.#held < mostHeld) return;
    for (const each of this.days.values()) if (each.rows.length > 0) yield each.part();
    this.#held = 0;
  }
}

function wrongIn({ currency, psp = '', reference = '' }: FileRow, ofDay: string): string | undefined {
  if (currency !== undefined && currency !== ofDay) return `the row is in ${currency}, and the one before in ${ofDay}`;
  const [name] = Object.entries({ 'PSP reference': psp, reference }).find(([, text]) => isShortened(text)) ?? [];
  if (name === undefined) return undefined;
  return `the ${name} ${name === 'reference' ? reference : psp} was shortened by a spreadsheet program`;
}

/** Some ten megabytes. */
const mostHeld = 20_000;
