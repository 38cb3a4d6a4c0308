import { decimalsOf, formatAmount, negate, subtract, sum, type Amount, type PlainDate } from '@bilag/core';
import { bankDays, statementsOf, type BankAccountOptions, type BankDay, type BankEntry } from './bank-account.ts';

/** A file as the bank delivers it. */
export interface BankFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How a bank writes its camt files. */
export interface CamtOptions {
  readonly version: '02' | '08';
  /** Where the text of a payment lands; banks differ. Default `AddtlTxInf`. */
  readonly textIn?: 'AddtlTxInf' | 'Ustrd' | 'two-Ustrd' | 'AddtlNtryInf';
  /** What a statement covers; default a day. */
  readonly per?: 'day' | 'month';
  /** The namespace's prefix; default none. */
  readonly prefix?: string;
  readonly encoding?: 'UTF-8' | 'ISO-8859-1';
}

/**
 * Writes an account's statements as camt.053, one file for each.
 *
 * @example
 * ```ts
 * import { plainDate } from '@bilag/core';
 * import { camt053Files } from '@bilag/simulator-bank';
 *
 * const day = plainDate('2026-01-05');
 * const account = { number: '86011117947', currency: 'NOK', from: day, to: day, payments: [] };
 * camt053Files(account, { version: '08' }).map(({ name }) => name); // => ['camt053-86011117947-2026-01-05.xml']
 * ```
 */
export function camt053Files(account: BankAccountOptions, options: CamtOptions): readonly BankFile[] {
  const statements = statementsOf(bankDays(account), options.per ?? 'day');
  return statements.map((days, index) => camtFile(account, options, days, index + 1, 'camt.053'));
}

/** Writes what came to an account, without balances, as camt.054: one file for each period with entries. */
export function camt054Files(account: BankAccountOptions, options: CamtOptions): readonly BankFile[] {
  const periods = statementsOf(bankDays(account), options.per ?? 'day');
  const withEntries = periods.filter((days) => days.some(({ entries }) => entries.length > 0));
  return withEntries.map((days, index) => camtFile(account, options, days, index + 1, 'camt.054'));
}

function camtFile(
  account: BankAccountOptions,
  options: CamtOptions,
  days: readonly BankDay[],
  sequence: number,
  message: 'camt.053' | 'camt.054',
): BankFile {
  const writer = new CamtWriter(account, options);
  const { encoding = 'UTF-8', version } = options;
  const [from, to] = [days[0]?.date, days.at(-1)?.date];
  const isStatement = message === 'camt.053';
  const body = writer.element(
    isStatement ? 'BkToCstmrStmt' : 'BkToCstmrDbtCdtNtfctn',
    writer.element('GrpHdr', writer.text('MsgId', `${message}-${sequence}`), writer.text('CreDtTm', momentOf(to))),
    writer.statement(isStatement ? 'Stmt' : 'Ntfctn', days, sequence),
  );
  const xmlns = options.prefix === undefined ? 'xmlns' : `xmlns:${options.prefix}`;
  const document = writer.named('Document');
  const xml = `<?xml version="1.0" encoding="${encoding}"?>\n<${document} ${xmlns}="urn:iso:std:iso:20022:tech:xsd:${message}.001.${version}">${body}</${document}>\n`;
  return {
    name: `${message.replace('.', '')}-${account.number}-${from}.xml`,
    bytes: Buffer.from(xml, encoding === 'UTF-8' ? 'utf8' : 'latin1'),
  };
}

function momentOf(date: PlainDate | undefined): string {
  return `${date}T23:30:00`;
}

class CamtWriter {
  readonly #account: BankAccountOptions;
  readonly #options: CamtOptions;

  constructor(account: BankAccountOptions, options: CamtOptions) {
    this.#account = account;
    this.#options = options;
  }

  named(name: string): string {
    const { prefix } = this.#options;
    return prefix === undefined ? name : `${prefix}:${name}`;
  }

  element(name: string, ...content: readonly string[]): string {
    return `<${this.named(name)}>${content.join('')}</${this.named(name)}>`;
  }

  text(name: string, value: string): string {
    return this.element(name, value.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  }

  statement(name: 'Stmt' | 'Ntfctn', days: readonly BankDay[], sequence: number): string {
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) throw new TypeError('a statement has at least a day');
    const { number, currency } = this.#account;
    const id = /^[A-Z]{2}/.test(number)
      ? this.text('IBAN', number)
      : this.element('Othr', this.text('Id', number), this.element('SchmeNm', this.text('Cd', 'BBAN')));
    const entries = days.flatMap((day) => day.entries);
    const balances = [
      this.#balance('OPBD', first.opening, first.date),
      this.#balance('CLBD', last.closing, last.date),
      this.#summary(entries, subtract(last.closing, first.opening)),
    ];
    return this.element(
      name,
      this.text('Id', `${number}-${first.date}`),
      this.text('ElctrncSeqNb', String(sequence)),
      this.text('CreDtTm', momentOf(last.date)),
      this.element(
        'FrToDt',
        this.text('FrDtTm', `${first.date}T00:00:00`),
        this.text('ToDtTm', `${last.date}T23:59:59`),
      ),
      this.element('Acct', this.element('Id', id), this.text('Ccy', currency)),
      ...(name === 'Stmt' ? balances : []),
      ...entries.map((entry) => this.#entry(entry)),
    );
  }

  #money(name: string, value: Amount): string {
    const { currency } = this.#account;
    const magnitude = value < 0 ? negate(value) : value;
    return `<${this.named(name)} Ccy="${currency}">${formatAmount(magnitude, decimalsOf(currency))}</${this.named(name)}>`;
  }

  #indicator(value: Amount): string {
    return this.text('CdtDbtInd', value < 0 ? 'DBIT' : 'CRDT');
  }

  /** A real bank marks a balance of nothing as a debit. */
  #balance(code: string, value: Amount, date: PlainDate): string {
    const indicator = value === 0 ? this.text('CdtDbtInd', 'DBIT') : this.#indicator(value);
    const type = this.element('Tp', this.element('CdOrPrtry', this.text('Cd', code)));
    return this.element('Bal', type, this.#money('Amt', value), indicator, this.element('Dt', this.text('Dt', date)));
  }

  #summary(entries: readonly BankEntry[], net: Amount): string {
    const { currency } = this.#account;
    const { version } = this.#options;
    const credits = entries.filter((entry) => entry.amount > 0).map((entry) => entry.amount);
    const debits = entries.filter((entry) => entry.amount < 0).map((entry) => negate(entry.amount));
    const decimal = (value: Amount): string => formatAmount(value, decimalsOf(currency));
    const absolute = decimal(net < 0 ? negate(net) : net);
    const netEntry =
      version === '02'
        ? [this.text('TtlNetNtryAmt', absolute), this.#indicator(net)]
        : [this.element('TtlNetNtry', this.text('Amt', absolute), this.#indicator(net))];
    const totals = (values: readonly Amount[]): readonly string[] => [
      this.text('NbOfNtries', String(values.length)),
      this.text('Sum', decimal(sum(values))),
    ];
    return this.element(
      'TxsSummry',
      this.element('TtlNtries', ...totals([...credits, ...debits]), ...netEntry),
      this.element('TtlCdtNtries', ...totals(credits)),
      this.element('TtlDbtNtries', ...totals(debits)),
    );
  }

  #entry(entry: BankEntry): string {
    const { version, textIn = 'AddtlTxInf' } = this.#options;
    const day = this.element('Dt', entry.on);
    const domain = this.element(
      'Fmly',
      this.text('Cd', entry.amount < 0 ? 'ICDT' : 'RCDT'),
      this.text('SubFmlyCd', 'OTHR'),
    );
    return this.element(
      'Ntry',
      this.#money('Amt', entry.amount),
      this.#indicator(entry.amount),
      ...(entry.isReversal === true ? [this.text('RvslInd', 'true')] : []),
      version === '02' ? this.text('Sts', 'BOOK') : this.element('Sts', this.text('Cd', 'BOOK')),
      this.element('BookgDt', day),
      this.element('ValDt', day),
      this.text('AcctSvcrRef', entry.reference),
      this.element('BkTxCd', this.element('Domn', this.text('Cd', 'PMNT'), domain)),
      this.element('NtryDtls', this.#details(entry)),
      ...(textIn === 'AddtlNtryInf' ? [this.text('AddtlNtryInf', entry.text)] : []),
    );
  }

  #details({ text, counterparty, amount }: BankEntry): string {
    const { version, textIn = 'AddtlTxInf' } = this.#options;
    const half = Math.ceil(text.length / 2);
    const parts = textIn === 'two-Ustrd' ? [text.slice(0, half), text.slice(half)] : [text];
    const name = counterparty === undefined ? '' : this.text('Nm', counterparty);
    const party = version === '02' ? name : this.element('Pty', name);
    const role = amount < 0 ? 'Cdtr' : 'Dbtr';
    return this.element(
      'TxDtls',
      ...(counterparty === undefined ? [] : [this.element('RltdPties', this.element(role, party))]),
      ...(textIn.endsWith('Ustrd')
        ? [this.element('RmtInf', ...parts.filter(Boolean).map((part) => this.text('Ustrd', part)))]
        : []),
      ...(textIn === 'AddtlTxInf' ? [this.text('AddtlTxInf', text)] : []),
    );
  }
}
