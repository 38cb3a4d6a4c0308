import type { ReadingHints, ReadLine, ReadVoucher, WrittenFile } from '@bilag/conformance';
import { parseAmount } from '@bilag/core';

/**
 * Reads a journal line by line as the manuals of the programs describe it; nothing of the writer takes part. Throws at a
 * line that is none of those it knows, and at an account that is not declared. The programs themselves read the same
 * journals in other tests.
 */
export function readJournal(grammar: Grammar) {
  return (files: readonly WrittenFile[], { decimals }: ReadingHints): readonly ReadVoucher[] => {
    const reading = new Reading(grammar, decimals);
    for (const { content } of files) {
      const lines = new TextDecoder('utf-8', { fatal: true }).decode(content).split('\n');
      for (const line of lines) reading.take(line);
    }
    return reading.vouchers;
  };
}

/** What the lines of one program look like. Named groups are what is read. */
export interface Grammar {
  readonly heading: RegExp;
  readonly declaration: RegExp;
  readonly posting: RegExp;
  readonly tag: RegExp;
  /** Lines that say nothing of what was booked. */
  readonly other: RegExp;
  /** What the program takes a value in the text for. */
  readonly unquoted: (text: string) => string;
}

const asItIs = (text: string): string => text;

/** hledger and ledger: two spaces end an account, a semicolon begins a comment. */
export const ledgerLike: Grammar = {
  heading: /^(?<date>\d{4}-\d\d-\d\d) \* \((?<reference>[^()]*)\)(?: (?<description>[^;]*))?$/,
  declaration: /^account (?<account>[^;]+)$/,
  posting:
    /^ {4}(?<account>[^\s;](?:[^\s;]| (?! ))*) {2,}(?<amount>-?\d+(?:\.\d+)?) (?<currency>[A-Z]{3})(?: {2}; (?<text>.*))?$/,
  tag: /^ {4,8}; (?<name>[a-z-]+):(?: (?<value>.*))?$/,
  other: /^$|^;|^(?:decimal-mark|commodity|tag) | {4}format /,
  unquoted: asItIs,
};

/** beancount: texts are quoted, words are separated by blanks. */
export const beancountLike: Grammar = {
  heading: /^(?<date>\d{4}-\d\d-\d\d) \* "(?<description>(?:[^"\\]|\\.)*)" \^(?<reference>[A-Za-z0-9-_/.]+)$/,
  declaration: /^\d{4}-\d\d-\d\d open (?<account>\S+) [A-Z]{3}$/,
  posting: /^ {2}(?<account>[A-Z]\S+) +(?<amount>-?\d+(?:\.\d+)?) (?<currency>[A-Z]{3})$/,
  tag: /^ {2,4}(?<name>[a-z][a-z-]*): "(?<value>(?:[^"\\]|\\.)*)"$/,
  other: /^$|^;|^option "/,
  unquoted: (text) => text.replaceAll(/\\(.)/g, '$1'),
};

interface GrowingLine extends ReadLine {
  text?: string;
  vatCode?: string;
  dimensions?: Record<string, string>;
}

interface GrowingVoucher extends ReadVoucher {
  currency?: string;
  readonly lines: GrowingLine[];
}

class Reading {
  readonly vouchers: GrowingVoucher[] = [];
  readonly #grammar: Grammar;
  readonly #decimals: number;
  readonly #accounts: Set<string> = new Set();

  constructor(grammar: Grammar, decimals: number) {
    this.#grammar = grammar;
    this.#decimals = decimals;
  }

  take(line: string): void {
    const { heading, declaration, posting, tag, other } = this.#grammar;
    const read = (pattern: RegExp): Record<string, string | undefined> | undefined => pattern.exec(line)?.groups;
    const [head, declared, posted, tagged] = [read(heading), read(declaration), read(posting), read(tag)];
    if (head !== undefined) this.#begin(head);
    else if (declared !== undefined) this.#accounts.add(declared['account'] ?? '');
    else if (tagged !== undefined) this.#tag(tagged['name'] ?? '', this.#grammar.unquoted(tagged['value'] ?? ''));
    else if (posted !== undefined) this.#post(posted);
    else if (!other.test(line)) throw new Error(`a line the program would not take: ${line}`);
  }

  #begin({ date = '', reference = '', description = '' }: Record<string, string | undefined>): void {
    this.vouchers.push({ reference, date, description: this.#grammar.unquoted(description), lines: [] });
  }

  #post({ account = '', amount = '', currency = '', text }: Record<string, string | undefined>): void {
    const voucher = this.vouchers.at(-1);
    const number = /^[A-Z][a-z]+:(\d+)/.exec(account)?.[1];
    if (voucher === undefined || number === undefined || !this.#accounts.has(account)) {
      throw new Error(`a posting on ${account}, which is not declared`);
    }
    if ((voucher.currency ??= currency) !== currency) throw new Error(`${voucher.reference} has two currencies`);
    voucher.lines.push({
      account: number,
      amount: parseAmount(amount, this.#decimals),
      ...(text === undefined ? {} : { text }),
    });
  }

  #tag(name: string, value: string): void {
    const line = this.vouchers.at(-1)?.lines.at(-1);
    if (line === undefined) return;
    const dimension = /^dimension-(.+)$/.exec(name)?.[1];
    if (dimension !== undefined) line.dimensions = { ...line.dimensions, [dimension]: value };
    else if (name === 'vat') line.vatCode = value;
    else if (name === 'text') line.text = value;
  }
}
