import { BilagError, type Book, type BookAccount } from '@bilag/core';
import type { JournalConfig } from './config.ts';
import type { Dialect, Root } from './dialect.ts';

/** The names accounts have in the journal. */
export interface AccountNames {
  /** Number → full name, in the book's order. */
  readonly byNumber: ReadonlyMap<string, string>;
  /** The other side of the opening balances. */
  readonly opening: string;
}

/**
 * Gives every account a full name of its own: the config's, or root, number and name. The root is what the chart says of
 * the number where the country's chart has fixed classes, and otherwise what the account's part in Bilag says. An account
 * that neither tells anything about has to be named in the config: it is never guessed.
 */
export function nameAccounts(
  { accounts, company }: Pick<Book, 'accounts' | 'company'>,
  config: JournalConfig,
  dialect: Dialect,
): AccountNames {
  const numbers = new Map<string, string>();
  const byNumber = new Map<string, string>();
  const take = (number: string, name: string): string => {
    const problem = dialect.problemOfName(name);
    if (problem !== undefined) throw unusableName(number, `"${name}" ${problem}`);
    const other = numbers.get(name);
    if (other !== undefined) throw unusableName(number, `"${name}" is the name of ${other} too`);
    numbers.set(name, number);
    return name;
  };
  for (const account of accounts) {
    byNumber.set(account.number, take(account.number, nameOf(account, company.country, config, dialect)));
  }
  const opening = config.openingAccount ?? `Equity:${dialect.leafName('', 'Opening balances')}`;
  return { byNumber, opening: take('the opening balances', opening) };
}

function nameOf(account: BookAccount, country: string, config: JournalConfig, dialect: Dialect): string {
  const named = Object.hasOwn(config.accounts, account.number) ? config.accounts[account.number] : undefined;
  if (named !== undefined) return named;
  const root = rootOfNumber(account.number, country) ?? rootOfRole(account.role);
  if (root === undefined) throw unusableName(account.number, 'nothing says what kind of account it is');
  return `${root}:${dialect.leafName(account.number, account.name)}`;
}

/**
 * NS 4102 (Norway) and BAS (Sweden) share these classes; 20 is equity in both. Class 8 mixes income, expenses and the
 * year's result. Danish and Finnish charts have no classes that a number alone tells.
 */
function rootOfNumber(number: string, country: string): Root | undefined {
  if ((country !== 'NO' && country !== 'SE') || !/^\d{4,}$/.test(number)) return undefined;
  if (number.startsWith('20')) return 'Equity';
  return rootsOfClass[Number(number[0])];
}

const rootsOfClass: readonly (Root | undefined)[] = [
  undefined,
  'Assets',
  'Liabilities',
  'Income',
  'Expenses',
  'Expenses',
  'Expenses',
  'Expenses',
];

function rootOfRole(role: BookAccount['role']): Root | undefined {
  return role === undefined ? undefined : rootsOfRole[role];
}

const rootsOfRole: Readonly<Record<NonNullable<BookAccount['role']>, Root>> = {
  bank: 'Assets',
  inTransit: 'Assets',
  clearing: 'Assets',
  disputed: 'Assets',
  receivable: 'Assets',
  feesPayable: 'Liabilities',
  payable: 'Liabilities',
  topUpContra: 'Liabilities',
  suspense: 'Liabilities',
  vat: 'Liabilities',
  revenue: 'Income',
  fee: 'Expenses',
};

function unusableName(account: string, problem: string): BilagError {
  return new BilagError('config', {
    what: `account ${account} has no name the journal can use: ${problem}`,
    where: 'config.accounts of the journal',
    action: `name it there, such as { "${account}": "Assets:Bank" }; nothing was written`,
  });
}
