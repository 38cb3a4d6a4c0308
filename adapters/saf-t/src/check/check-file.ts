import { checkCurrency } from './check-currency.ts';
import { checkVatInKroner } from './check-vat-in-kroner.ts';
import { CompactSet } from '../compact-set.ts';
import { checkAnalysisUse, checkBankAccounts, checkMasterRecord, resolveAnalyses } from './check-master-files.ts';
import type { CheckState } from './check-state.ts';
import { absolute, showOre, toMillionths } from './decimal.ts';
import { periodRangeOf, type PeriodRange, type TransactionTime } from './period-range.ts';
import { childOf, childrenOf, textOf, type Node } from '../xml/node.ts';
import type { ReaderEvents } from '../xml/record-reader.ts';

/** Judges one file as it is read; what needs the whole of it, or of its set, is judged at the end. */
export class FileCheck implements ReaderEvents {
  readonly #state: CheckState;
  #version = '';
  #currency = '';
  #header: Node | undefined;
  #range: PeriodRange | undefined;
  /** JournalIDs of this file: another file of a set may go on with the same journal. */
  readonly #journalIds: CompactSet = new CompactSet();
  #journalId = '';
  #entries: { readonly line: number; readonly totals: Map<string, string> } | undefined;
  #transactions = 0n;
  #debit = 0n;
  #credit = 0n;
  #transaction: Transaction = newTransaction(0);
  readonly #recordIds: CompactSet = new CompactSet();

  constructor(state: CheckState) {
    this.#state = state;
  }

  open(name: string, line: number): void {
    if (name === 'MasterFiles') this.#masterFiles(line);
    else if (name === 'GeneralLedgerEntries') {
      this.#state.hasEntries = true;
      this.#entries = { line, totals: new Map() };
    } else if (name === 'Transaction') {
      this.#transaction = newTransaction(line);
      this.#recordIds.clear();
    }
  }

  close(name: string): void {
    if (name === 'MasterFiles') this.#closeMasterFiles();
    else if (name === 'GeneralLedgerEntries') this.#closeEntries();
    else if (name === 'Transaction') this.#closeTransaction();
  }

  field(parent: string, name: string, text: string, line: number): void {
    if (parent === 'Transaction') this.#transactionField(name, text, line);
    else if (parent === 'Journal' && name === 'JournalID') this.#journal(text, line);
    else if (parent === 'GeneralLedgerEntries') this.#entries?.totals.set(name, text);
  }

  record(list: string, node: Node): void {
    if (node.name === 'Header') this.#headerRecord(node);
    checkCurrency(node, this.#currency, this.#state);
    if (node.name === 'Line') this.#line(node);
    else if (node.name !== 'Header') checkMasterRecord(list, node, this.#version, this.#state);
  }

  #headerRecord(node: Node): void {
    this.#header = node;
    this.#mustBeOfTheSet(node, this.#state.header);
    this.#state.header ??= node;
    this.#version = textOf(node, 'AuditFileVersion') ?? '';
    const country = textOf(node, 'AuditFileCountry') ?? '';
    if (country.length === 2 && country !== 'NO') {
      const message = `AuditFileCountry is ${country}: the file is not for Norway`;
      this.#state.report(17, 'error', `Header/AuditFileCountry, line ${node.line}`, message, 'write NO');
    }
    this.#currency = textOf(node, 'DefaultCurrencyCode') ?? '';
    const criteria = childOf(node, 'SelectionCriteria');
    const where = `Header/SelectionCriteria, line ${criteria?.line ?? node.line}`;
    this.#state.periods.select(textOf(criteria, 'SelectionStartDate'), textOf(criteria, 'SelectionEndDate'));
    this.#range = periodRangeOf(criteria, (message, action) => this.#state.report(9, 'error', where, message, action));
    const start = this.#range?.start;
    if (start !== undefined) this.#state.periodStart = 'date' in start ? start.date : `${start.year}-01-01`;
  }

  /** What the entries name is looked up as they are read, so what they may name comes first. */
  #masterFiles(line: number): void {
    this.#state.hasMasterFiles = true;
    if (!this.#state.hasEntries) return;
    const action = 'give the file with the master files first';
    this.#state.report('SET', 'error', `MasterFiles, line ${line}`, 'the master files come after entries', action);
  }

  #mustBeOfTheSet(header: Node, first: Node | undefined): void {
    if (first === undefined) return;
    const companies = [header, first].map((one) => textOf(childOf(one, 'Company'), 'RegistrationNumber'));
    const versions = [header, first].map((one) => textOf(one, 'AuditFileVersion'));
    for (const [what, [own, other]] of [['company', companies] as const, ['version', versions] as const]) {
      if (own === other) continue;
      const message = `the file is of ${what} ${own ?? '(none)'}, and the first of the set of ${other ?? '(none)'}`;
      this.#state.report('SET', 'error', `Header, line ${header.line}`, message, 'check each set on its own');
    }
  }

  #closeMasterFiles(): void {
    checkBankAccounts(childOf(this.#header, 'Company'), 'Header/Company', this.#state);
    resolveAnalyses(this.#state);
  }

  #journal(id: string, line: number): void {
    this.#journalId = id;
    if (!this.#journalIds.add(id)) {
      const message = `journal ${id} is there twice`;
      this.#state.report(6, 'error', `Journal, line ${line}`, message, 'put its transactions in one Journal element');
    }
  }

  #transactionField(name: string, text: string, line: number): void {
    const transaction = this.#transaction;
    if (name === 'TransactionID') {
      transaction.id = text;
      if (!this.#state.transactionIds.add(`${this.#journalId}\n${text}`)) {
        const action = 'give each voucher of a journal its own number; see that it was not exported twice';
        this.#state.report(6, 'error', this.#where(), `transaction ${text} is there twice in its journal`, action);
      }
    } else if (name === 'CustomerID' || name === 'SupplierID') {
      transaction.hasParty = true;
      this.#resolveParty(name, text, `${this.#where()}/${name}, line ${line}`);
    } else if (name === 'Period' || name === 'PeriodYear' || name === 'TransactionDate' || name === 'GLPostingDate') {
      transaction[name] = text;
    }
  }

  #resolveParty(name: 'CustomerID' | 'SupplierID', id: string, where: string): void {
    const [known, kind] =
      name === 'CustomerID' ? [this.#state.customers, 'customer'] : [this.#state.suppliers, 'supplier'];
    this.#state.resolve(
      known.has(id),
      `${kind} ${id}`,
      where,
      `list it in ${kind === 'customer' ? 'Customers' : 'Suppliers'}, or name another`,
    );
  }

  #where(): string {
    return `Journal ${this.#journalId}/Transaction ${this.#transaction.id}, line ${this.#transaction.line}`;
  }

  #line(node: Node): void {
    const state = this.#state;
    const transaction = this.#transaction;
    const recordId = textOf(node, 'RecordID') ?? '';
    const where = `Journal ${this.#journalId}/Transaction ${transaction.id}/Line ${recordId}, line ${node.line}`;
    if (!this.#recordIds.add(recordId)) {
      const action = 'number the lines of a voucher';
      state.report(6, 'error', where, `record ${recordId} is there twice in its transaction`, action);
    }
    const value = state.sided(node, 'DebitAmount', 'CreditAmount', where);
    if (value === undefined) transaction.unreadable = true;
    else this.#addUp(node, value);
    this.#references(node, where, value ?? 0n);
    for (const tax of childrenOf(node, 'TaxInformation')) this.#tax(tax, `${where}/TaxInformation`);
  }

  #addUp(node: Node, value: bigint): void {
    const isDebit = childOf(node, 'DebitAmount') !== undefined;
    if (isDebit) this.#transaction.debit += value;
    else this.#transaction.credit -= value;
  }

  #references(node: Node, where: string, value: bigint): void {
    const state = this.#state;
    const id = textOf(node, 'AccountID') ?? '';
    const account = state.accounts.get(id);
    const customer = textOf(node, 'CustomerID');
    const supplier = textOf(node, 'SupplierID');
    if (account !== undefined) {
      account.movement += value;
      if (customer === undefined && supplier === undefined && !this.#transaction.hasParty)
        account.hasLineWithoutParty = true;
    }
    state.resolve(
      account !== undefined,
      `account ${id}`,
      where,
      'list the account in GeneralLedgerAccounts, or post on another',
    );
    if (customer !== undefined) this.#resolveParty('CustomerID', customer, where);
    if (supplier !== undefined) this.#resolveParty('SupplierID', supplier, where);
    const owner = textOf(node, 'OwnerID');
    if (owner !== undefined)
      state.resolve(state.owners.has(owner), `owner ${owner}`, where, 'list it in Owners, or name another');
    const analyses = childrenOf(node, 'Analysis');
    if (analyses.length === 0) return;
    for (const analysis of analyses) checkAnalysisUse(analysis, where, state);
    resolveAnalyses(state);
  }

  #tax(node: Node, where: string): void {
    const state = this.#state;
    const code = textOf(node, 'TaxCode');
    if (code !== undefined) {
      state.resolve(state.taxCodes.has(code), `tax code ${code}`, where, 'list the code in TaxTable, or use another');
      if (childOf(node, 'TaxType') === undefined) {
        state.report(
          11,
          'warning',
          where,
          `tax code ${code} stands without TaxType`,
          'write TaxType MVA before the code',
        );
      }
    }
    const sides = ['DebitTaxAmount', 'CreditTaxAmount', 'TaxAmount'].map((name) => childOf(node, name));
    const side = sides.find((found) => found !== undefined);
    // Before 1.30 the one TaxAmount carries its sign.
    const amount = state.amount(
      textOf(side, 'Amount'),
      `${where}/${side?.name ?? 'TaxAmount'}`,
      side?.name === 'TaxAmount',
    );
    if (amount === undefined) return;
    if (amount !== 0n) state.hasTax = true;
    this.#proportion(node, code, amount, where);
    checkVatInKroner(node, amount, where, { currency: this.#currency, version: this.#version }, state);
  }

  /** Base × rate against the tax amount, by the line's own rate or those of its code, and what part of it is deductible. */
  #proportion(node: Node, code: string | undefined, amount: bigint, where: string): void {
    const base = textOf(node, 'TaxBase');
    const description = textOf(node, 'TaxBaseDescription') ?? '';
    // A base may be a quantity (litres): then only its description says so. A tax of nothing is "amount unknown".
    if (base === undefined || amount === 0n || /lit|kg|antall|stk|quantity/i.test(description)) return;
    const known = code === undefined ? undefined : this.#state.taxCodes.get(code);
    const own = textOf(node, 'TaxPercentage');
    const percentages = own === undefined ? [...(known?.percentages ?? [])] : [own];
    const baseRates = ['100', ...(known?.baseRates ?? [])];
    if (percentages.length === 0) return;
    if (percentages.some((rate) => baseRates.some((share) => isProportional(base, rate, share, amount)))) return;
    const message = `the tax ${showOre(amount)} is not ${percentages.join(' or ')} % of the base ${base}`;
    this.#state.report(11, 'warning', where, message, 'see whether base, rate or tax is wrong');
  }

  /** Takes in a transaction whose lines have been judged. */
  add(transaction: Transaction): void {
    this.#transaction = transaction;
    this.#closeTransaction();
  }

  #closeTransaction(): void {
    const transaction = this.#transaction;
    this.#transactions += 1n;
    this.#debit += transaction.debit;
    this.#credit += transaction.credit;
    if (!transaction.unreadable && transaction.debit !== transaction.credit) {
      const message = `debit ${showOre(transaction.debit)} and credit ${showOre(transaction.credit)} differ by ${showOre(transaction.debit - transaction.credit)}`;
      this.#state.report(
        1,
        'error',
        this.#where(),
        message,
        'find the line that is missing or wrong; a voucher must balance',
      );
    }
    this.#range?.check(transaction, (message, action) =>
      this.#state.report(9, 'error', this.#where(), message, action),
    );
    this.#state.periods.add(transaction, () => this.#where());
  }

  /** Rule 2: the numbers are of this file alone. */
  #closeEntries(): void {
    if (this.#entries === undefined) return;
    const { line, totals } = this.#entries;
    const where = `GeneralLedgerEntries, line ${line}`;
    const differs = (name: string, found: string): void => {
      const message = `${name} is ${totals.get(name)?.slice(0, 40) ?? 'absent'} and the file holds ${found}`;
      this.#state.report(
        2,
        'error',
        where,
        message,
        'count what is in this file: transactions, and the amounts of their lines',
      );
    };
    const count = totals.get('NumberOfEntries')?.trim() ?? '';
    if (!/^\+?\d+$/.test(count) || BigInt(count) !== this.#transactions)
      differs('NumberOfEntries', this.#transactions.toString());
    for (const [name, sum] of [
      ['TotalDebit', this.#debit],
      ['TotalCredit', this.#credit],
    ] as const) {
      const stated = this.#state.amount(totals.get(name), `${where}/${name}`);
      if (stated !== undefined && stated !== sum) differs(name, showOre(sum));
    }
  }
}

/** What the lines of a transaction come to, and what it says of itself. */
export interface Transaction extends TransactionTime {
  readonly line: number;
  id: string;
  debit: bigint;
  credit: bigint;
  unreadable: boolean;
  hasParty: boolean;
  Period: string;
  PeriodYear: string;
  TransactionDate: string;
  GLPostingDate: string;
}

function newTransaction(line: number): Transaction {
  return {
    line,
    id: '',
    debit: 0n,
    credit: 0n,
    unreadable: false,
    hasParty: false,
    Period: '',
    PeriodYear: '',
    TransactionDate: '',
    GLPostingDate: '',
  };
}

/** Whether tax = base × rate × share within two øre: sums of rounded lines may be off by what each rounding was. */
function isProportional(base: string, rate: string, share: string, tax: bigint): boolean {
  const [baseValue, rateValue, shareValue] = [toMillionths(base), toMillionths(rate), toMillionths(share)];
  if (baseValue === undefined || rateValue === undefined || shareValue === undefined) return true;
  // Base, percentage and share of a hundred, each in millionths; the tax in øre.
  const expected = baseValue * rateValue * shareValue;
  const stated = absolute(tax) * 10n ** 20n;
  const difference = absolute(expected) - stated;
  return absolute(difference) <= 2n * 10n ** 20n;
}
