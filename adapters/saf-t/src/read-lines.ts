import {
  amount,
  BilagError,
  isPlainDate,
  type FileLine,
  type InputFile,
  type PlainDate,
  type WantedLines,
} from '@bilag/core';
import { toOre } from './check/decimal.ts';
import { childOf, childrenOf, textOf, type Node } from './xml/node.ts';
import type { ElementEvents, ReaderEvents } from './xml/record-reader.ts';
import { UnreadableFile } from './xml/unreadable-file.ts';
import { XmlReader } from './xml/xml-reader.ts';

/**
 * Reads the lines of some accounts from a SAF-T file, also one that another system wrote. They are dated by the voucher
 * (TransactionDate). Throws `rejected` for a file that cannot be read or of another company or currency.
 */
export async function* readLines(file: InputFile, wanted: WantedLines): AsyncGenerator<FileLine, void, undefined> {
  const lines = new LineReader(file.name, wanted);
  const reader = new XmlReader(lines, anyShape);
  try {
    for await (const bytes of file.content) {
      reader.write(bytes);
      yield* lines.take();
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new BilagError('rejected', {
      what: error.message,
      where: `${file.name}, line ${error.line}`,
      action: 'get the file again from the system that wrote it; bilag check tells more',
    });
  }
  yield* lines.take();
}

/** Shapes are for the checker to judge. */
const anyShape: ElementEvents = { open: () => undefined, close: () => undefined, foreign: () => undefined };

class LineReader implements ReaderEvents {
  readonly #file: string;
  readonly #wanted: WantedLines;
  #found: FileLine[] = [];
  #isKnown = false;
  #journal = '';
  #transaction = '';
  #date = '';

  constructor(file: string, wanted: WantedLines) {
    this.#file = file;
    this.#wanted = wanted;
  }

  take(): readonly FileLine[] {
    return this.#found.splice(0);
  }

  open(name: string, line: number): void {
    if (name === 'GeneralLedgerEntries' && !this.#isKnown)
      throw this.#refusal('it has no header before its entries', line);
    if (name !== 'Transaction') return;
    this.#transaction = '';
    this.#date = '';
  }

  close(): void {
    // A line is taken as it comes.
  }

  field(parent: string, name: string, text: string): void {
    if (parent === 'Journal' && name === 'JournalID') this.#journal = text.trim();
    else if (parent === 'Transaction' && name === 'TransactionID') this.#transaction = text.trim();
    else if (parent === 'Transaction' && name === 'TransactionDate') this.#date = text.trim();
  }

  record(_list: string, node: Node): void {
    if (node.name === 'Header') this.#header(node);
    else if (node.name === 'Line') this.#line(node);
  }

  /** The books of somebody else would be called missing and foreign line by line. */
  #header(node: Node): void {
    const { organisationNumber, currency } = this.#wanted;
    const number = textOf(childOf(node, 'Company'), 'RegistrationNumber') ?? '';
    if (digitsOf(number) !== digitsOf(organisationNumber))
      throw this.#refusal(
        `the file is of company ${number.slice(0, 40) || '(none)'}, not of ${organisationNumber}`,
        node.line,
      );
    const own = textOf(node, 'DefaultCurrencyCode')?.trim() ?? '';
    if (own !== currency)
      throw this.#refusal(`the file is in ${own.slice(0, 3) || 'no currency'}, not in ${currency}`, node.line);
    this.#isKnown = true;
  }

  #line(node: Node): void {
    const account = textOf(node, 'AccountID')?.trim() ?? '';
    if (!this.#wanted.accounts.has(account)) return;
    if (!isPlainDate(this.#date)) throw this.#refusal('the voucher has no date before its lines', node.line);
    const debits = childrenOf(node, 'DebitAmount');
    const credits = childrenOf(node, 'CreditAmount');
    const side = debits[0] ?? credits[0];
    const value = toOre(textOf(side, 'Amount') ?? '');
    if (debits.length + credits.length !== 1 || value === undefined)
      throw this.#refusal('the line has no debit or credit amount in whole øre', node.line);
    this.#found.push({
      account,
      date: this.#date as PlainDate,
      amount: amount(Number(debits.length === 1 ? value : -value)),
      voucher: `${this.#journal} ${this.#transaction}`.trim(),
    });
  }

  #refusal(what: string, line: number): BilagError {
    return new BilagError('rejected', {
      what,
      where: `${this.#file}, line ${line}`,
      action: 'export the file again, for this company and whole; bilag check tells what is wrong with a file',
    });
  }
}

function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, '');
}
