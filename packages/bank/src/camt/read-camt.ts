import { BilagError, type Amount, type PlainDate } from '@bilag/core';
import { accountKey } from '../statement/account.ts';
import type { Claims, Page, Statement, StatementFormat, StatementLine } from '../statement/statement.ts';
import { textOf, type Bytes } from '../read-text.ts';
import { amountOf, countAndSum, dateOf, isTrue, lineOf, refused } from './camt-entry.ts';
import { elementAt, textAt, type Element } from './element.ts';
import type { Part } from './xml-parts.ts';

/**
 * Reads camt.053 and camt.054, versions .02 and .08, statement by statement; one file may hold several, of several accounts, also
 * without entries. Memory is that of one statement. Throws `rejected` with the line for what is no such file, or no whole one.
 *
 * @example
 * ```ts
 * import { readCamt } from '@bilag/bank';
 *
 * const file = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr/><Stmt><Id>1</Id>
 *   <Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct></Stmt></BkToCstmrStmt></Document>`;
 * const [statement] = await Array.fromAsync(readCamt(new TextEncoder().encode(file), 'january.xml'));
 * statement?.account; // => '86011117947'
 * ```
 */
export async function* readCamt(bytes: Bytes, name: string): AsyncGenerator<Statement, void, undefined> {
  // With the parser, which nobody needs who has no statement to read.
  const { XmlParts } = await import('./xml-parts.ts');
  const parts = new XmlParts(name, holders);
  const message = new Message(name);
  for await (const piece of textOf(bytes, encodingOf)) {
    for (const part of parts.take(piece)) yield* message.take(part);
  }
  for (const part of parts.finish()) yield* message.take(part);
}

const holders: ReadonlySet<string> = new Set(['Stmt', 'Ntfctn']);

/** Which encoding the prolog names; UTF-8 without one. */
function encodingOf(head: Uint8Array): string {
  const prolog = new TextDecoder('latin1').decode(head.subarray(0, 256));
  return /^[^<]*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(prolog)?.[1] ?? 'utf-8';
}

const namespacePattern = /^urn:iso:std:iso:20022:tech:xsd:((\w{4}\.\d{3})\.\d{3}\.(\d{2}))$/;

/** One message of a file: what was read of it so far. */
class Message {
  readonly #name: string;
  #format: StatementFormat = 'camt.053';
  #header: Element | undefined;
  #head: Element[] = [];
  /** Read as they come: the account stands before its entries, and a month of them need not be kept as XML. */
  #lines: StatementLine[] = [];
  #currency: string | undefined;
  #count = 1;

  constructor(name: string) {
    this.#name = name;
  }

  *take(part: Part): Generator<Statement> {
    if (part.is === 'message') this.#begin(part.namespace, part.name);
    else if (part.is === 'element') this.#keep(part.inside, part.element);
    else if (holders.has(part.of)) {
      yield this.#statement();
      this.#head = [];
      this.#lines = [];
      this.#currency = undefined;
      this.#count += 1;
    }
  }

  #begin(namespace: string, name: string): void {
    const [, whole = name, message = '', version = ''] = namespacePattern.exec(namespace) ?? [];
    if ((message === 'camt.053' || message === 'camt.054') && (version === '02' || version === '08')) {
      this.#format = message;
      return;
    }
    throw new BilagError('rejected', {
      what: `this is ${whole.slice(0, 60)}, and bank statements are read as camt.053 or camt.054, version 02 or 08`,
      where: this.#name,
      action: 'ask the bank for camt.053.001.02 or camt.053.001.08; nothing was read',
    });
  }

  #keep(inside: string, element: Element): void {
    if (element.name === 'GrpHdr') this.#header = element;
    else if (!holders.has(inside)) return;
    else if (element.name === 'Ntry') {
      const place = `Ntry ${this.#lines.length + 1}`;
      this.#lines.push(lineOf(element, this.#currencyOf(element), this.#where, place));
    } else this.#head.push(element);
  }

  get #whole(): Element {
    return { name: 'Stmt', text: '', children: this.#head };
  }

  get #where(): string {
    return `${this.#name}, statement ${textAt(this.#whole, 'Id') ?? this.#count}`;
  }

  /** The account's; where it tells none, that of what stands first in the statement. */
  #currencyOf(...others: readonly Element[]): string {
    this.#currency ??= textAt(this.#whole, 'Acct', 'Ccy') ?? currencyIn([...this.#head, ...others]);
    if (this.#currency === undefined) throw refused('the statement names no currency', this.#where);
    return this.#currency;
  }

  #statement(): Statement {
    const head = this.#whole;
    const where = this.#where;
    const id = textAt(head, 'Id');
    const written = textAt(head, 'Acct', 'Id', 'IBAN') ?? textAt(head, 'Acct', 'Id', 'Othr', 'Id');
    if (written === undefined) throw refused('the statement names no account', where);
    const account = accountKey(written);
    const lines = this.#lines;
    const currency = this.#currencyOf();
    const opening = balanceOf(head, ['OPBD', 'PRCD'], currency, where);
    const closing = balanceOf(head, ['CLBD'], currency, where);
    const sequence = Number(textAt(head, 'ElctrncSeqNb') ?? Number.NaN);
    const page = this.#page(head, account, id);
    const period = periodOf(head, lines, closing?.date);
    return {
      format: this.#format,
      ...(id === undefined ? {} : { id }),
      account,
      currency,
      ...(Number.isInteger(sequence) ? { sequence } : {}),
      ...(page === undefined ? {} : { page }),
      ...(period === undefined ? {} : { period }),
      ...(opening === undefined ? {} : { opening: opening.amount }),
      ...(closing === undefined ? {} : { closing: closing.amount }),
      claims: claimsOf(head, currency, where),
      lines,
      where,
    };
  }

  /** A statement's own pages since .08; before, those of its message. */
  #page(head: Element, account: string, id: string | undefined): Page | undefined {
    const own = elementAt(head, 'StmtPgntn') ?? elementAt(head, 'NtfctnPgntn');
    const paging = own ?? (this.#header && elementAt(this.#header, 'MsgPgntn'));
    const number = paging && textAt(paging, 'PgNb');
    if (paging === undefined || number === undefined) return undefined;
    const messageId = (this.#header && textAt(this.#header, 'MsgId')) ?? '';
    const of = own === undefined ? `message ${messageId}` : `statement ${id ?? ''} of ${account}`;
    return { of, number: Number(number), isLast: isTrue(textAt(paging, 'LastPgInd')) };
  }
}

function balanceOf(
  head: Element,
  codes: readonly string[],
  currency: string,
  where: string,
): { readonly amount: Amount; readonly date: PlainDate | undefined } | undefined {
  const balances = head.children.filter(({ name }) => name === 'Bal');
  for (const code of codes) {
    const balance = balances.find((each) => textAt(each, 'Tp', 'CdOrPrtry', 'Cd') === code);
    if (balance !== undefined)
      return { amount: amountOf(balance, `${where}, ${code}`, currency), date: dateOf(balance, 'Dt') };
  }
  return undefined;
}

function claimsOf(head: Element, currency: string, where: string): Claims {
  const summary = elementAt(head, 'TxsSummry');
  if (summary === undefined) return {};
  const at = `${where}, TxsSummry`;
  const all = elementAt(summary, 'TtlNtries');
  const credits = countAndSum(elementAt(summary, 'TtlCdtNtries'), currency, at);
  const debits = countAndSum(elementAt(summary, 'TtlDbtNtries'), currency, at);
  const count = all && textAt(all, 'NbOfNtries');
  return {
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(all === undefined ? {} : netOf(all, currency, at)),
    ...(credits === undefined ? {} : { credits }),
    ...(debits === undefined ? {} : { debits }),
  };
}

/** Version .02 tells the net amount beside its indicator, .08 in an element of its own. */
function netOf(totals: Element, currency: string, where: string): Pick<Claims, 'net'> {
  const newer = elementAt(totals, 'TtlNetNtry');
  const older = elementAt(totals, 'TtlNetNtryAmt');
  const indicator = elementAt(totals, 'CdtDbtInd');
  if (newer !== undefined) return { net: amountOf(newer, where, currency) };
  if (older === undefined || indicator === undefined) return {};
  const holder: Element = { name: 'net', text: '', children: [{ ...older, name: 'Amt' }, indicator] };
  return { net: amountOf(holder, where, currency) };
}

function periodOf(
  head: Element,
  lines: readonly StatementLine[],
  closingDate: PlainDate | undefined,
): Statement['period'] {
  const dates = [...lines.map(({ date }) => date), ...(closingDate === undefined ? [] : [closingDate])].toSorted();
  const from = dateOf(head, 'FrToDt', 'FrDtTm') ?? dates[0];
  const to = dateOf(head, 'FrToDt', 'ToDtTm') ?? dates.at(-1);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function currencyIn(elements: readonly Element[]): string | undefined {
  for (const element of elements) {
    const found = elementAt(element, 'Amt')?.currency;
    if (found !== undefined) return found;
  }
  return undefined;
}
