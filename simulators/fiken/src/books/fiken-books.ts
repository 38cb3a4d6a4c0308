import { isPlainDate } from '@bilag/core';
import { FikenLocks } from './fiken-locks.ts';
import { FikenRefusal, fikenTexts } from '../fiken-replies.ts';
import {
  journalLines,
  saleLines,
  type FikenLine,
  type FikenLineRequest,
  type FikenSaleRequest,
} from './fiken-journal.ts';
import { fikenVatTypes, type VatRounding } from './fiken-vat.ts';

/** A bank account of a company. A payment service such as Vipps is one of type `foreign`. */
export interface FikenBankAccount {
  readonly bankAccountId: number;
  readonly name: string;
  /** Such as `1920:10001`. */
  readonly accountCode: string;
  readonly bankAccountNumber: string;
  readonly type: 'normal' | 'foreign';
  readonly inactive: boolean;
}

/** A file on a journal entry or a sale. */
export interface FikenFile {
  readonly filename: string;
  readonly bytes: Uint8Array;
}

/** A journal entry as the books hold it. */
export interface FikenEntry {
  readonly journalEntryId: number;
  readonly journalEntryNumber: number;
  description: string;
  date: string;
  lines: FikenLine[];
  offsetTransactionId?: number;
  lastModifiedDate: string;
  readonly files: FikenFile[];
}

/** A transaction as the books hold it. */
export interface FikenTransaction {
  readonly transactionId: number;
  readonly createdMs: number;
  readonly type: string;
  readonly description: string;
  /** May be deleted without a counter entry. */
  readonly open: boolean;
  deleted: boolean;
  lastModifiedDate: string;
  readonly entries: FikenEntry[];
}

/** A sale as the books hold it. */
export interface FikenSale {
  readonly saleId: number;
  readonly transactionId: number;
  readonly request: FikenSaleRequest;
  saleNumber: string;
  deleted: boolean;
  lastModifiedDate: string;
  readonly files: FikenFile[];
}

/** What is put before the description of every entry that came through the API: 34 characters of the 200. */
export const apiPrefix = 'Fri postering registrert via API: ';

export interface GeneralJournalEntryRequest {
  readonly description?: string;
  readonly open?: boolean;
  readonly journalEntries: readonly {
    readonly description: string;
    readonly date: string;
    readonly lines: readonly FikenLineRequest[];
  }[];
}

interface NewEntry {
  readonly description: string;
  readonly date: string;
  readonly lines: FikenLine[];
}

/** The books of one company: what is really in them, whatever the API shows of it yet. */
export class FikenBooks {
  readonly transactions: FikenTransaction[] = [];
  readonly sales: FikenSale[] = [];
  readonly locks: FikenLocks = new FikenLocks();
  readonly bankAccounts: readonly FikenBankAccount[];
  /** Without it no code with VAT is taken. */
  isVatRegistered = true;
  readonly #now: () => number;
  readonly #rounding: VatRounding;
  #nextId: number;
  #nextNumber = 1;

  constructor(bankAccounts: readonly FikenBankAccount[], now: () => number, rounding: VatRounding, firstId: number) {
    this.bankAccounts = bankAccounts;
    this.#now = now;
    this.#rounding = rounding;
    this.#nextId = firstId;
  }

  /** Posts a general journal entry and gives the id of its transaction. */
  postJournal(request: GeneralJournalEntryRequest): number {
    const entries = request.journalEntries.map(({ description, date, lines }): NewEntry => {
      const shown = apiPrefix + description;
      if ([...shown].length > 200) throw new FikenRefusal(400, 'description is longer than 200');
      return { description: shown, date, lines: journalLines(lines, this.#rounding) };
    });
    if (entries.length === 0) throw new FikenRefusal(400, 'No journal entries');
    const description = apiPrefix + (request.description ?? request.journalEntries[0]?.description ?? '');
    if ([...description].length > 200) throw new FikenRefusal(400, 'description is longer than 200');
    return this.#commit('General Journal Entry', description, entries, request.open === true).transactionId;
  }

  /** Posts a cash sale and gives its id. Sale numbers are not kept unique. */
  postSale(request: FikenSaleRequest): number {
    const description = `Annet salg ${request.saleNumber ?? ''}`.trim();
    const lines = saleLines(request);
    const transaction = this.#commit('Sale', description, [{ description, date: request.date, lines }]);
    const sale: FikenSale = {
      saleId: this.#takeId(),
      transactionId: transaction.transactionId,
      request,
      saleNumber: request.saleNumber ?? '',
      deleted: false,
      lastModifiedDate: this.today(),
      files: [],
    };
    this.sales.push(sale);
    return sale.saleId;
  }

  /**
   * Books the opposite on the same date and marks the original. Asked again it does so again: what Fiken itself does is
   * not known, and this is the worst.
   */
  reverse(transactionId: number, description: string): FikenTransaction {
    const original = this.transaction(transactionId);
    const opposite = original.entries.map((entry) => ({
      description,
      date: entry.date,
      lines: entry.lines.map((line) => ({ ...line, amount: -line.amount })),
    }));
    if (!original.open) {
      const reversal = this.#commit(original.type, description, opposite);
      for (const entry of original.entries) entry.offsetTransactionId = reversal.transactionId;
    }
    original.deleted = true;
    this.#touch(original);
    const sale = this.sales.find((one) => one.transactionId === transactionId);
    if (sale !== undefined) {
      sale.deleted = true;
      sale.lastModifiedDate = this.today();
    }
    return original;
  }

  /** A row of Fiken's own payment settlement import (Betalingsoppgjør): no API shows where it came from. */
  importSettlement(row: { readonly date: string; readonly description: string; readonly lines: FikenLine[] }): number {
    return this.#commit('Payment settlement', row.description, [row]).transactionId;
  }

  transaction(transactionId: number): FikenTransaction {
    const found = this.transactions.find((one) => one.transactionId === transactionId);
    if (found === undefined) throw new FikenRefusal(404, `Transaction ${transactionId} not found`);
    return found;
  }

  entry(journalEntryId: number): { transaction: FikenTransaction; entry: FikenEntry } {
    for (const transaction of this.transactions) {
      const entry = transaction.entries.find((one) => one.journalEntryId === journalEntryId);
      if (entry !== undefined) return { transaction, entry };
    }
    throw new FikenRefusal(404, `Journal entry ${journalEntryId} not found`);
  }

  sale(saleId: number): FikenSale {
    const found = this.sales.find((one) => one.saleId === saleId);
    if (found === undefined) throw new FikenRefusal(404, `Sale ${saleId} not found`);
    return found;
  }

  /** What an account stands at, to the øre. */
  balances(through?: string): Map<string, number> {
    const balances = new Map<string, number>();
    for (const { date, lines } of this.transactions.flatMap(({ entries }) => entries)) {
      if (through !== undefined && date > through) continue;
      for (const { account, amount } of lines) balances.set(account, (balances.get(account) ?? 0) + amount);
    }
    return balances;
  }

  /** The date by the injected clock, in UTC. */
  today(): string {
    return dateOf(this.#now());
  }

  #commit(type: string, description: string, entries: readonly NewEntry[], open = false): FikenTransaction {
    for (const { date, lines } of entries) {
      if (!isPlainDate(date)) throw new FikenRefusal(400, `Invalid date ${date}`);
      const taxed = lines.find(({ vatCode }) => (fikenVatTypes[Number(vatCode)]?.rateBasisPoints ?? 0) > 0);
      if (taxed !== undefined && !this.isVatRegistered) throw new FikenRefusal(400, fikenTexts.notRegistered);
      for (const { account } of lines) this.#checkAccount(account);
      this.locks.check(date, lines);
    }
    const transaction: FikenTransaction = {
      transactionId: this.#takeId(),
      createdMs: this.#now(),
      type,
      description,
      open,
      deleted: false,
      lastModifiedDate: this.today(),
      entries: entries.map((entry) => ({
        ...entry,
        journalEntryId: this.#takeId(),
        journalEntryNumber: this.#nextNumber++,
        lastModifiedDate: this.today(),
        files: [],
      })),
    };
    this.transactions.push(transaction);
    return transaction;
  }

  /** Ordinary accounts come into being when they are used; those with sub-accounts do not. */
  #checkAccount(account: string): void {
    const isBank = account === '1920' || account.startsWith('1920:');
    const known = isBank
      ? this.bankAccounts.some((bank) => bank.accountCode === account)
      : /^[1-8]\d{3}$/.test(account);
    const wantsContact = account === '1500' || account === '2400';
    const isContact = /^(?:1500|2400):\d{5}$/.test(account);
    if ((!known && !isContact) || wantsContact) throw new FikenRefusal(400, fikenTexts.cannotCreateAccount(account));
  }

  #touch(transaction: FikenTransaction): void {
    transaction.lastModifiedDate = this.today();
    for (const entry of transaction.entries) entry.lastModifiedDate = this.today();
  }

  #takeId(): number {
    return this.#nextId++;
  }
}

export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
