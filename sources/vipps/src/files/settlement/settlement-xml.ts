import type { FileReading, FileToImport, ImportContext, PlainDate } from '@bilag/core';
import { SaxesParser } from 'saxes';
import { amountIn, dateIn } from '../table/cell-text.ts';
import type { SettlementClaim } from '../file-page.ts';
import { textOf } from '../table/file-text.ts';
import { XmlFeed } from '../table/xml-feed.ts';
import { ledgerDateOf } from './ledger-day.ts';
import { settlementNamespaces } from '../recognise.ts';
import { rejectedFile } from '../rejected-file.ts';
import { FeesApart, Settlement, SettlementPages } from './settlement.ts';

/** Cuts a settlement report in XML into pages, as it streams by. */
export async function* xmlSettlementPages(
  file: FileToImport,
  cutoffHour: number,
  context: ImportContext,
): AsyncGenerator<FileReading> {
  const reader = new ReportReader(file.name, cutoffHour, new SettlementPages(file.name, true, context));
  for await (const text of textOf(file)) {
    reader.write(text);
    yield* reader.ready.splice(0);
  }
  reader.end();
  yield* reader.ready.splice(0);
}

class ReportReader {
  readonly ready: FileReading[] = [];
  readonly #name: string;
  readonly #cutoffHour: number;
  readonly #pages: SettlementPages;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #feed = new XmlFeed(this.#parser);
  readonly #settlements: Settlement[] = [];
  readonly #path: string[] = [];
  #text = '';
  #unit: Map<string, string> = new Map();
  #of: Map<string, string> = new Map();
  #row: Map<string, string> = new Map();
  #settlement: Settlement | undefined;
  #isWhole = false;
  readonly #feesApart = new FeesApart();
  /** How many settlements of this sales unit have come. */
  #ofUnit = 0;

  constructor(name: string, cutoffHour: number, pages: SettlementPages) {
    this.#name = name;
    this.#cutoffHour = cutoffHour;
    this.#pages = pages;
    this.#parser.on('opentag', ({ local, uri }) => this.#open(local, uri));
    this.#parser.on('text', (text) => this.#take(text));
    this.#parser.on('cdata', (text) => this.#take(text));
    this.#parser.on('closetag', ({ local }) => this.#close(local));
    this.#parser.on('doctype', () => {
      throw this.#refusal('it has a document type, which no settlement report has');
    });
    this.#parser.on('error', (error) => {
      throw this.#refusal(`it is not well-formed: ${error.message}`);
    });
  }

  write(text: string): void {
    try {
      this.#feed.write(text);
    } catch (error) {
      throw error instanceof RangeError ? this.#refusal(error.message) : error;
    }
  }

  end(): void {
    this.#parser.close();
    if (!this.#isWhole) throw this.#refusal('it ends before the report does');
    this.ready.push(...this.#pages.end(this.#settlements));
  }

  #open(name: string, uri: string): void {
    this.#feed.heard();
    if (this.#path.length === 0 && !settlementNamespaces.has(uri))
      throw this.#refusal('it is not in the namespace of a settlement report');
    if (this.#path.length >= deepest) throw this.#refusal('its elements are nested deeper than those of any report');
    this.#path.push(name);
    this.#text = '';
    if (name === 'SettlementDetailsInfo') [this.#unit, this.#ofUnit] = [new Map(), 0];
    if (name === 'SettlementInfo') [this.#of, this.#settlement] = [new Map(), undefined];
    if (name === 'TransactionInfo') this.#row = new Map();
  }

  #take(text: string): void {
    this.#text += text;
    if (this.#text.length > longestText) throw this.#refusal('an element is longer than those of any report');
  }

  #close(name: string): void {
    this.#feed.heard();
    this.#path.pop();
    const parent = this.#path.at(-1);
    const text = this.#text.trim();
    this.#text = '';
    if (parent === 'SettlementDetailsInfo' || parent === 'PaymentsInfo') this.#unit.set(name, text);
    else if (parent === 'SettlementInfo' && name !== 'TransactionInfo') this.#of.set(name, text);
    else if (parent === 'TransactionInfo') this.#row.set(name, text);
    if (parent === 'FeeInfo' && name === 'FeeAmount')
      this.#feesApart.add(text, this.#unit.get('SettlementCurrencyCode') ?? '');
    if (name === 'TransactionInfo') this.#endRow();
    else if (name === 'SettlementInfo') this.#endSettlement();
    else if (name === 'PaymentsInfo') this.#endPayments();
    else if (name === 'SettlementReport') this.#isWhole = true;
  }

  #endRow(): void {
    this.#settlement ??= this.#begin();
    const row = this.#row;
    const gross = row.get('TransactionGrossAmount') ?? '';
    // Version 2.0 has no capture and no refund of its own: the sign of the gross amount tells.
    const isRefund = gross.startsWith('-');
    // Its times are local ones with the mark of UTC (the vendor's list of changes).
    const time = row.get('TransactionTime') ?? row.get('TransactionDate')?.replace(/Z$/, '');
    const date = ledgerDateOf(time ?? '', this.#cutoffHour);
    if (date === undefined) throw this.#refusal('a transaction has no time');
    this.ready.push(
      ...this.#pages.take(this.#settlement, {
        date,
        at: this.#parser.line,
        time,
        psp: row.get('TransactionID'),
        reference: row.get('OrderID') || undefined,
        currency: row.get('SettlementCurrencyCode'),
        capture: row.get('TransactionCaptureAmount') ?? (isRefund ? undefined : gross),
        refund: row.get('TransactionRefundAmount') ?? (isRefund ? gross : undefined),
        gross,
        fee: row.get('TransactionFeeAmount'),
        net: row.get('TransactionNetAmount'),
      }),
    );
  }

  #begin(): Settlement {
    const of = this.#of;
    const said = of.get('SettlementType')?.toLowerCase();
    const settlement = new Settlement({
      at: this.#parser.line,
      unit: this.#needed(this.#unit, 'SerialNumber'),
      number: this.#needed(of, 'SettlementID'),
      date: this.#date(of.get('SettlementDate') ?? of.get('SettlementBatchDate') ?? ''),
      currency: this.#needed(of, 'SettlementCurrencyCode'),
      ...(said === 'net' || said === 'gross' ? { settles: said } : {}),
      owner: this.#unit.get('OrganizationNumber'),
    });
    this.#settlements.push(settlement);
    this.#ofUnit += 1;
    return settlement;
  }

  /** Version 3.0 has its sums after the transactions, version 2.0 before them. */
  #endSettlement(): void {
    const settlement = this.#settlement ?? this.#begin();
    settlement.claimedAt = this.#parser.line;
    for (const [element, claim] of claims) {
      const text = this.#of.get(element);
      if (text !== undefined) settlement.claims[claim] = text;
    }
  }

  /** The sums over all settlements of a sales unit: the number of them, and in version 2.0 amounts too. */
  #endPayments(): void {
    const own = this.#settlements.slice(this.#settlements.length - this.#ofUnit);
    const last = own.at(-1);
    if (last === undefined) return;
    last.doubts.push(...this.#feesApart.doubts());
    const total = (of: (sums: Settlement['sums']) => number): number =>
      own.reduce((sofar, { sums }) => sofar + of(sums), 0);
    const compared = [
      ['NumOfSettlements', own.length, (text: string) => Number(text)],
      ['TotalSettledGrossAmount', total(({ capture, refund }) => capture + refund), this.#inMinor(last)],
      ['TotalSettledFeeAmount', total(({ fee }) => fee), this.#inMinor(last)],
      ['TotalSettledNetAmount', total(({ capture, refund, fee }) => capture + refund - fee), this.#inMinor(last)],
    ] as const;
    for (const [name, found, read] of compared) {
      const text = this.#unit.get(name);
      if (text === undefined || read(text) === found) continue;
      const message = `${name} says ${text}, and the settlements of the file do not come to that`;
      last.doubts.push({ severity: 'error', message });
    }
  }

  #inMinor({ head }: Settlement): (text: string) => number | undefined {
    return (text) => amountIn(text, head.currency);
  }

  #needed(values: ReadonlyMap<string, string>, name: string): string {
    const value = values.get(name) ?? '';
    if (value === '') throw this.#refusal(`a settlement has no ${name}`);
    return value;
  }

  #date(text: string): PlainDate {
    const date = dateIn(text);
    if (date === undefined) throw this.#refusal('a settlement has no date');
    return date;
  }

  #refusal(what: string): Error {
    return rejectedFile(`${this.#name}, line ${this.#parser.line}`, `this is not a whole settlement report: ${what}`);
  }
}

const claims: readonly (readonly [element: string, claim: SettlementClaim])[] = [
  ['NumOfTransactions', 'count'],
  ['CaptureSettlementAmount', 'capture'],
  ['RefundSettlementAmount', 'refund'],
  ['GrossSettlementAmount', 'gross'],
  ['FeeSettlementAmount', 'fee'],
  ['NetSettlementAmount', 'net'],
  ['SettledAmount', 'settled'],
];

/** A report has six levels, and texts of some hundred letters. */
const deepest = 16;
const longestText = 65_536;
