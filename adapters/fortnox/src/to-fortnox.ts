import {
  exactNumber,
  formatAmount,
  linesOf,
  negate,
  textBesideReference,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { cannotHold, placeOf, plainLine } from '@bilag/http';
import type { RegisterEntries } from './registers.ts';
import type { YearReply } from './replies.ts';

/** A company in Fortnox keeps its books in kronor. */
export const fortnoxCurrency = 'SEK';

/** A voucher as it is sent, and the financial year it is sent to. */
export interface FortnoxVoucher {
  readonly year: string;
  readonly body: object;
}

/**
 * The body of `POST /vouchers`: rows of debit and credit, the VAT on rows of its own. Throws `unsupported` for what rows do not hold,
 * `rejected` for what the company does not have, naming the line, and `blocked` where there is no financial year; nothing was sent then.
 */
export function toFortnox(
  voucher: Voucher,
  reference: string,
  series: string,
  entries: RegisterEntries,
): FortnoxVoucher {
  const where = placeOf(voucher, reference);
  const { date, currency } = voucher;
  if (currency !== fortnoxCurrency) {
    const what = `Fortnox keeps books in ${fortnoxCurrency}, not in ${currency}`;
    throw cannotHold('unsupported', what, where, 'use another target');
  }
  const year = yearOf(date, entries.years);
  if (year === undefined) {
    const what = `Fortnox has no financial year with ${date}`;
    throw cannotHold('blocked', what, where, 'create the financial year in Fortnox');
  }
  // The first word of either is what it is found by.
  const description = plainLine(`${reference} ${textBesideReference(voucher, reference)}`, 200);
  const rows = linesOf(voucher, 'explicit').map((line, index) => toRow(line, entries, `${where}, line ${index + 1}`));
  const own = { Description: description, Comments: reference, TransactionDate: date, VoucherSeries: series };
  return { year: year.Id, body: { Voucher: { ...own, VoucherRows: rows } } };
}

export function yearOf(date: string, years: readonly YearReply[]): YearReply | undefined {
  return years.find(({ FromDate, ToDate }) => FromDate <= date && date <= ToDate);
}

function toRow(line: ViewedLine, entries: RegisterEntries, at: string): object {
  const { account: number, amount, dimensions = {}, party, text } = line;
  if (party !== undefined) {
    const what = `a line of a ${party.kind} is not posted to Fortnox`;
    throw cannotHold('unsupported', what, at, 'post on a general account');
  }
  const account = entries.accounts.get(number);
  if (account === undefined) {
    throw cannotHold('rejected', `Fortnox has no account ${number}`, at, 'add it there, or name another in the policy');
  }
  if (account.Active === false) {
    throw cannotHold(
      'rejected',
      `account ${number} is not active in Fortnox`,
      at,
      'open it there, or name another in the policy',
    );
  }
  const side = amount < 0 ? 'Credit' : 'Debit';
  return {
    Account: exactNumber(number),
    [side]: exactNumber(formatAmount(amount < 0 ? negate(amount) : amount)),
    TransactionInformation: plainLine(text, 100),
    ...toDimensions(dimensions, entries, at),
  };
}

function toDimensions(dimensions: Readonly<Record<string, string>>, entries: RegisterEntries, at: string): object {
  const fields: Record<string, string> = {};
  for (const [type, value] of Object.entries(dimensions)) {
    if (type !== 'department' && type !== 'project') {
      const what = `the dimension "${type}" is not posted to Fortnox`;
      throw cannotHold('unsupported', what, at, 'use department, which is a cost centre there, or project');
    }
    const known = type === 'department' ? entries.departments : entries.projects;
    if (!known.has(value)) {
      throw cannotHold(
        'rejected',
        `Fortnox has no ${type} ${value}`,
        at,
        'add it there, or name another in the policy',
      );
    }
    fields[type === 'department' ? 'CostCenter' : 'Project'] = value;
  }
  return fields;
}
