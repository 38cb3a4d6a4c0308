import { accountsToSend, plannedVoucher, type CompanyPlan, type PlannedLine } from '@bilag/company';
import { subtract, sum, zero, type Amount } from '@bilag/core';
import type { PlanItem } from '@bilag/engine';
import { toMoney } from './money.ts';
import { toTable, type Column } from './table.ts';

/** The accounts of one voucher, below its line in the plan; where it differs from what is in the books, both. */
export function voucherLines(item: PlanItem, { nameOf }: CompanyPlan): string {
  const { lines, before } = plannedVoucher(item, nameOf);
  const currency = (item.voucher ?? item.posted?.voucher)?.currency ?? '';
  const table = before === null ? debitAndCredit(lines, currency) : beforeAndAfter(before, lines, currency);
  return table.replaceAll(/^(?=.)/gm, '    ');
}

function debitAndCredit(lines: readonly PlannedLine[], currency: string): string {
  const rows = lines.map((line) => [
    ...cellsOf(line),
    shown(line.debit, currency),
    shown(line.credit, currency),
    line.names.join(', '),
  ]);
  const sums = (['debit', 'credit'] as const).map((side) => toMoney(sum(lines.map((line) => line[side])), currency));
  return toTable(
    [...lineColumns, ...amountColumns('Debit', 'Credit'), { title: '' }],
    [...rows, ['', 'Sum', '', ...sums]],
  );
}

function beforeAndAfter(before: readonly PlannedLine[], after: readonly PlannedLine[], currency: string): string {
  const [was, will] = [netOf(before), netOf(after)];
  const places = new Map([...before, ...after].map((line) => [placeOf(line), line]));
  const rows = [...places]
    .map(([place, line]) => ({ line, old: was.get(place) ?? zero, now: will.get(place) ?? zero }))
    .filter(({ old, now }) => old !== 0 || now !== 0)
    .sort((a, b) => (placeOf(a.line) < placeOf(b.line) ? -1 : 1));
  const amountsOf = (old: Amount, now: Amount): readonly string[] =>
    [old, now, subtract(now, old)].map((amount) => toMoney(amount, currency));
  const sums = amountsOf(sum(rows.map(({ old }) => old)), sum(rows.map(({ now }) => now)));
  return toTable(
    [...lineColumns, ...amountColumns('In the books', 'Booked now', 'Difference'), { title: '' }],
    [
      ...rows.map(({ line, old, now }) => [...cellsOf(line), ...amountsOf(old, now), line.names.join(', ')]),
      ['', 'Sum', '', ...sums],
    ],
  );
}

function netOf(lines: readonly PlannedLine[]): ReadonlyMap<string, Amount> {
  return new Map(lines.map((line) => [placeOf(line), subtract(line.debit, line.credit)]));
}

function placeOf({ account, vatCode, rateBasisPoints, names }: PlannedLine): string {
  return JSON.stringify([account, vatCode, rateBasisPoints, names]);
}

/** What would be sent on each account, reversals included: what a bookkeeper signs. */
export function toSendTable({ plan, nameOf }: CompanyPlan): string {
  const currencies = Map.groupBy(accountsToSend(plan, nameOf), ({ currency }) => currency);
  return [...currencies]
    .map(([currency, accounts]) => {
      const rows = accounts.map(({ account, name, debit, credit }) => {
        return [
          account,
          name,
          shown(debit, currency),
          shown(credit, currency),
          toMoney(subtract(debit, credit), currency),
        ];
      });
      const debit = sum(accounts.map((account) => account.debit));
      const credit = sum(accounts.map((account) => account.credit));
      const sums = [debit, credit, subtract(debit, credit)].map((amount) => toMoney(amount, currency));
      const columns = [{ title: 'Account' }, { title: 'Name' }, ...amountColumns('Debit', 'Credit', 'Net')];
      return `\nto be sent, by account (${currency}):\n${toTable(columns, [...rows, ['', 'Sum', ...sums]])}`;
    })
    .join('');
}

const lineColumns: readonly Column[] = [{ title: 'Account' }, { title: 'Name' }, { title: 'VAT code' }];

function cellsOf({ account, name, vatCode, rateBasisPoints }: PlannedLine): readonly string[] {
  const code = vatCode === null ? '' : `${vatCode} (${(rateBasisPoints ?? 0) / 100} %)`;
  return [account, name, code];
}

/** Nothing on a side is an empty cell. */
function shown(amount: Amount, currency: string): string {
  return amount === 0 ? '' : toMoney(amount, currency);
}

function amountColumns(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title, align: 'right' }));
}
