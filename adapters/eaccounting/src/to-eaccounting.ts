import {
  exactNumber,
  formatAmount,
  linesOf,
  negate,
  textBesideReference,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { cannotHold, lockedBooks, placeOf, plainLine } from '@bilag/http';
import type { EAccountingConfig } from './config.ts';
import { closedBy, keyOf, lockOf, yearOf, type RegisterEntries } from './registers.ts';

/**
 * The body of `POST /vouchers`, or of `POST /voucherdrafts`: rows of debit and credit, the VAT on rows of its own. Throws `unsupported`
 * for what rows do not hold, `rejected` for what the company does not have, naming the line, and `blocked` where the date is closed or in
 * no financial year; nothing was sent then.
 */
export function toEAccounting(
  voucher: Voucher,
  reference: string,
  entries: RegisterEntries,
  { mode, series }: Pick<EAccountingConfig, 'mode' | 'series'>,
): object {
  const where = placeOf(voucher, reference);
  const { date, currency } = voucher;
  const books = entries.settings.CurrencyCode;
  if (currency !== books) {
    const what = `the company keeps its books in ${books}, not in ${currency}`;
    throw cannotHold('unsupported', what, where, 'post to a company in that currency');
  }
  const year = yearOf(date, entries);
  if (year === undefined) {
    const what = `eAccounting has no financial year with ${date}`;
    throw cannotHold('blocked', what, where, 'create the financial year in eAccounting');
  }
  const lock = lockOf(entries);
  const through = year.IsLockedForAccounting === true ? year.EndDate : lock;
  if (through !== undefined && date <= through) throw lockedBooks('eAccounting', through, voucher, reference);
  // A draft takes shorter texts than a voucher.
  const longest = mode === 'draft' ? 50 : 60;
  const toOwnRow = (line: ViewedLine, index: number): object =>
    toRow(line, {
      entries,
      yearId: year.Id,
      text: plainLine(`${reference} ${line.text}`, longest),
      at: `${where}, line ${index + 1}`,
    });
  return {
    VoucherDate: date,
    // The first word is what it is found by.
    VoucherText: plainLine(`${reference} ${textBesideReference(voucher, reference)}`, 1_000),
    ...(series === undefined ? {} : { NumberSeries: series }),
    Rows: linesOf(voucher, 'explicit').map(toOwnRow),
  };
}

interface Place {
  readonly entries: RegisterEntries;
  readonly yearId: string;
  readonly text: string;
  readonly at: string;
}

function toRow(
  { account: number, amount, dimensions = {}, party }: ViewedLine,
  { entries, yearId, text, at }: Place,
): object {
  if (party !== undefined) {
    const what = `a line of a ${party.kind} is not posted to eAccounting`;
    throw cannotHold('unsupported', what, at, 'post on a general account');
  }
  const account = entries.accounts.get(keyOf(yearId, number));
  const refuse = (what: string): never => {
    throw cannotHold('rejected', what, at, 'mend it in eAccounting, or name another in the policy');
  };
  if (account === undefined) return refuse(`eAccounting has no account ${number} in that financial year`);
  const why = closedBy(account);
  if (why !== undefined) return refuse(`account ${number} ${why} in eAccounting`);
  if (account.IsFirstCostCenterMandatory === true) return refuse(`account ${number} asks for a cost centre`);
  const projectId = projectIn(dimensions, entries, at);
  if (projectId !== undefined && account.IsProjectAllowed === false)
    return refuse(`account ${number} takes no project`);
  const [debit, credit] = amount < 0 ? [0, negate(amount)] : [amount, 0];
  return {
    AccountNumber: exactNumber(number),
    DebitAmount: exactNumber(formatAmount(debit as typeof amount)),
    CreditAmount: exactNumber(formatAmount(credit as typeof amount)),
    ...(account.AllowTransactionText === false ? {} : { TransactionText: text }),
    ...(projectId === undefined ? {} : { ProjectId: projectId }),
  };
}

/** Which of the three fields for cost centres can be written is not clear from its description, so that none is. */
function projectIn(
  dimensions: Readonly<Record<string, string>>,
  { projects }: RegisterEntries,
  at: string,
): string | undefined {
  const { project, ...others } = dimensions;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw cannotHold('unsupported', `the dimension "${other}" is not posted to eAccounting`, at, 'use project');
  }
  if (project === undefined) return undefined;
  const found = projects.find(({ Number: number }) => number === project);
  if (found !== undefined) return found.Id;
  throw cannotHold(
    'rejected',
    `eAccounting has no project ${project}`,
    at,
    'add it there, or name another in the policy',
  );
}
