import { add, sum, type Amount, type Finding } from '@bilag/core';
import type { BooksSummary, LedgerOfBooks } from '../books/books-summary.ts';
import { toMoney } from './money.ts';
import { toTable } from './table.ts';

/** What happened on each ledger, and its balance at the provider. */
export function ledgerTable(ledgers: readonly LedgerOfBooks[]): string {
  return toTable(
    ledgerColumns,
    ledgers.map(({ ledgerId, currency, totals, balances }) => {
      const { captures, refunds, fees, payouts, other } = totals;
      const amounts = [captures, refunds, fees, payouts, other, balances.funds.provider, balances.fees?.provider];
      return [ledgerId, currency, ...amounts.map((value) => (value === undefined ? '' : toMoney(value, currency)))];
    }),
  );
}

const ledgerColumns = [
  { title: 'Ledger' },
  { title: 'Currency' },
  ...['Sales', 'Refunds', 'Fees', 'Payouts', 'Other', 'Funds balance', 'Fees balance'].map((title) => ({ title, align: 'right' as const })),
];

/** One line per ledger that says whether the books equal the provider's balances, with both numbers. */
export function proofLines(ledgers: readonly LedgerOfBooks[]): string {
  return ledgers
    .map(({ ledgerId, currency, balances, isProved }) => {
      const { funds, fees, preBooked } = balances;
      const other = preBooked === 0 ? '' : ` (with ${toMoney(preBooked, currency)} that another system has booked)`;
      const parts = [
        `clearing ${compare(add(funds.books, preBooked), funds.provider, currency)} funds${other}`,
        ...(fees === undefined ? [] : [`fees payable ${compare(fees.books, fees.provider, currency)} fees`]),
      ];
      return `${isProved ? 'proved' : 'NOT PROVED'}  ledger ${ledgerId}: ${parts.join('; ')}\n`;
    })
    .join('');
}

function compare(books: Amount, provider: Amount, currency: string): string {
  return `${toMoney(books, currency)} ${books === provider ? '=' : '≠'} ${toMoney(provider, currency)} at the provider,`;
}

/** The trial balance with its sums. */
export function trialBalanceTable({ trialBalance }: BooksSummary, currency: string): string {
  const rows = trialBalance.map(({ account, name, opening, debit, credit, closing }) => {
    return [account, name, ...[opening, debit, credit, closing].map((value) => toMoney(value, currency))];
  });
  const totals = (['opening', 'debit', 'credit', 'closing'] as const).map((column) => toMoney(sum(trialBalance.map((line) => line[column])), currency));
  return toTable(trialBalanceColumns, [...rows, ['', 'Sum', ...totals]]);
}

const trialBalanceColumns = [
  { title: 'Account' },
  { title: 'Name' },
  ...['Opening', 'Debit', 'Credit', 'Closing'].map((title) => ({ title, align: 'right' as const })),
];

/** How many findings of each severity, in words. */
export function countFindings(findings: readonly Finding[]): string {
  const of = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos] = [of('error'), of('warning'), of('info')];
  const worth = [errors > 0 ? `${errors} errors` : '', warnings > 0 ? `${warnings} worth a look` : '', infos > 0 ? `${infos} for information` : ''];
  return worth.filter((text) => text !== '').join(', ') || 'no findings';
}

/** A summary for programs: amounts in minor units. */
export function summaryJson(summary: BooksSummary): object {
  const { period, vouchers, lines, openDates, ledgers, trialBalance, findings } = summary;
  const debit = sum(trialBalance.map((line) => line.debit));
  const credit = sum(trialBalance.map((line) => line.credit));
  return {
    period,
    voucherCount: vouchers,
    lineCount: lines,
    openDates,
    ledgers,
    trialBalance,
    isBalanced: debit === credit,
    findings,
  };
}
