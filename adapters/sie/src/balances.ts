import {
  BilagError,
  add,
  fiscalYearStart,
  formatAmount,
  zero,
  type Amount,
  type Book,
  type BookAccount,
} from '@bilag/core';

/**
 * #IB, #UB and #RES of an exported file (specification 4B, section 11): what each account held when the accounting year began
 * and holds when the period ends. The classes of BAS say which accounts begin anew each year: 1 and 2 hold balances, 3 to 8 a
 * result.
 */
export function balanceRows(accounts: readonly BookAccount[], movements: ReadonlyMap<string, Amount>): string[] {
  const holding = accounts.filter(({ number }) => /^[12]/.test(number));
  const result = accounts.filter(({ number }) => !/^[12]/.test(number));
  const closing = ({ number, opening }: BookAccount): string =>
    formatAmount(add(opening, movements.get(number) ?? zero));
  return [
    ...holding.map((account) => `#IB 0 ${account.number} ${formatAmount(account.opening)}`),
    ...holding.map((account) => `#UB 0 ${account.number} ${closing(account)}`),
    ...result.map((account) => `#RES 0 ${account.number} ${closing(account)}`),
  ];
}

/** Refuses a book whose openings are not those of one accounting year, or whose accounts are of no class of BAS. */
export function mustBeAYear(
  { accounts, period: { from, to } }: Book,
  startMonth: number | undefined,
): asserts startMonth is number {
  if (startMonth === undefined) {
    const action = 'set "fiscalYearStartMonth" of the company, or of this target';
    throw refusal('config', 'a 4E file has balances, and nothing says when the accounting year begins', action);
  }
  const start = fiscalYearStart(to, startMonth);
  if (start > from) {
    throw refusal(
      'config',
      `${from} to ${to} lies in two accounting years`,
      `export from ${start}, and the year before by itself`,
    );
  }
  const opened = accounts.find(({ opening }) => opening !== zero);
  if (start < from && opened !== undefined) {
    const problem = `account ${opened.number} holds ${formatAmount(opened.opening)} on ${from}, and the year begins on ${start}`;
    throw refusal('config', problem, `export from ${start}, or as 4I, which has no balances`);
  }
  const strange = accounts.find(({ number }) => !/^[1-8]/.test(number));
  if (strange !== undefined) {
    const problem = `account ${strange.number} is of no class of BAS (1 to 8): whether it holds a balance or a result is not known`;
    throw refusal('unsupported', problem, 'name an account of BAS in the policy, or export as 4I');
  }
  const carried = accounts.find(({ number, opening }) => !/^[12]/.test(number) && opening !== zero);
  if (carried !== undefined) {
    const problem = `account ${carried.number} is of the result, which begins at zero, and holds ${formatAmount(carried.opening)} on ${from}`;
    throw refusal('config', problem, 'take it out of the openings, or name an account of class 1 or 2');
  }
}

function refusal(kind: 'config' | 'unsupported', what: string, action: string): BilagError {
  return new BilagError(kind, { what, where: 'a SIE 4E file', action: `${action}; nothing was written` });
}
