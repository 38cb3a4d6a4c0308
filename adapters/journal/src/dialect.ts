import type { PlainDate } from '@bilag/core';

/** The five kinds of account that every plain-text program knows by name. */
export type Root = 'Assets' | 'Liabilities' | 'Equity' | 'Income' | 'Expenses';

/** A posting, ready to be written. */
export interface JournalPosting {
  /** Full name. */
  readonly account: string;
  /** Decimal text in major units. */
  readonly amount: string;
  readonly text: string;
  readonly tags: readonly Tag[];
}

/** A name and a value that a program can search for. */
export type Tag = readonly [name: string, value: string];

/** A transaction, ready to be written. */
export interface JournalTransaction {
  readonly date: PlainDate;
  /** Unique within the journal: of `A-Z`, `0-9`, point and hyphen. */
  readonly reference: string;
  readonly description: string;
  readonly tags: readonly Tag[];
  readonly postings: readonly JournalPosting[];
}

/** What stands before the transactions. */
export interface JournalHead {
  /** For people: who, when, what. */
  readonly comments: readonly string[];
  readonly title: string;
  readonly currency: string;
  readonly decimals: number;
  readonly from: PlainDate;
  /** Full names. */
  readonly accounts: readonly string[];
  /** Names of all tags that may occur. */
  readonly tags: readonly string[];
}

/** How one program wants things written. */
export interface Dialect {
  /** Of a file name, without the point. */
  readonly extension: string;
  /** The account below its root, of number and name. */
  leafName(number: string, name: string): string;
  /** What is wrong with a full account name, if anything. */
  problemOfName(fullName: string): string | undefined;
  head(head: JournalHead): string;
  include(fileName: string): string;
  comment(text: string): string;
  transaction(transaction: JournalTransaction, currency: string, accountWidth: number): string;
}

/** One posting's account and amount in columns, as all three programs take them. */
export function postingColumns({ account, amount }: JournalPosting, currency: string, accountWidth: number): string {
  return `${account.padEnd(accountWidth)}  ${amount.padStart(amountWidth)} ${currency}`;
}

const amountWidth = 14;
