import type { BooksSummary, LedgerOfBooks } from '@bilag/company';
import { add, sum, zero, type Amount, type Finding } from '@bilag/core';
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
  ...['Sales', 'Refunds', 'Fees', 'Payouts', 'Other', 'Funds balance', 'Fees balance'].map((title) => ({
    title,
    align: 'right' as const,
  })),
];

/** One line per ledger that says whether the books equal the provider's balances, with both numbers. */
export function proofLines(ledgers: readonly LedgerOfBooks[]): string {
  return ledgers
    .map((ledger) => {
      const { ledgerId, currency, balances, dates, provedDates } = ledger;
      const { funds, fees, feesAwaited = zero, preBooked } = balances;
      const other = preBooked === 0 ? '' : `, counting ${toMoney(preBooked, currency)} that another system has booked`;
      const awaited = feesAwaited === 0 ? '' : `, counting ${toMoney(feesAwaited, currency)} that awaits its invoice`;
      const parts = [
        compare('clearing', add(funds.books, preBooked), 'funds', funds.provider, currency) + other,
        ...(fees === undefined
          ? []
          : [compare('fees payable', add(fees.books, feesAwaited), 'fees', fees.provider, currency) + awaited]),
      ];
      const days = dates === 0 ? '' : `; equal on ${provedDates} of ${dates} dates`;
      return `${stateOf(ledger)}: ledger ${ledgerId}, ${parts.join(', ')}${days}\n`;
    })
    .join('');
}

function stateOf({ isProved, isWaiting }: LedgerOfBooks): string {
  if (isProved) return 'proved';
  return isWaiting ? 'waiting for a payout' : 'NOT PROVED';
}

function compare(account: string, books: Amount, topic: string, provider: Amount, currency: string): string {
  return `${account} ${toMoney(books, currency)} ${books === provider ? '=' : '≠'} ${topic} ${toMoney(provider, currency)}`;
}

/** The trial balance with its sums. */
export function trialBalanceTable({ trialBalance }: BooksSummary, currency: string): string {
  const rows = trialBalance.map(({ account, name, opening, debit, credit, closing }) => {
    return [account, name, ...[opening, debit, credit, closing].map((value) => toMoney(value, currency))];
  });
  const totals = (['opening', 'debit', 'credit', 'closing'] as const).map((column) =>
    toMoney(sum(trialBalance.map((line) => line[column])), currency),
  );
  return toTable(trialBalanceColumns, [...rows, ['', 'Sum', ...totals]]);
}

const trialBalanceColumns = [
  { title: 'Account' },
  { title: 'Name' },
  ...['Opening', 'Debit', 'Credit', 'Closing'].map((title) => ({ title, align: 'right' as const })),
];

/** How many findings there are, and of which codes the ones worth a look are. */
export function countFindings(findings: readonly Finding[]): string {
  const of = (severity: Finding['severity']): readonly Finding[] =>
    findings.filter((finding) => finding.severity === severity);
  const [errors, warnings, infos] = [of('error'), of('warning'), of('info')];
  const parts = [
    ...(errors.length > 0 ? [`${counted(errors.length, 'error')} (${codesOf(errors)})`] : []),
    ...(warnings.length > 0 ? [`${counted(warnings.length, 'finding')} worth a look (${codesOf(warnings)})`] : []),
    ...(infos.length > 0 ? [`${infos.length} for information`] : []),
  ];
  return parts.join(', ') || 'no findings';
}

function codesOf(findings: readonly Finding[]): string {
  const counts = [...Map.groupBy(findings, ({ code }) => code)].map(([code, all]) => [code, all.length] as const);
  return counts.map(([code, count]) => (count === 1 ? code : `${count} × ${code}`)).join(', ');
}

/** `1 voucher`, `2 vouchers`. */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
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
