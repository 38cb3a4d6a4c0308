import { shownAccount, type AccountDays, type LineMatch } from '@bilag/bank';
import { add, negate, plainDate, sum, zero, type Finding, type PlainDate } from '@bilag/core';
import type { CompanyBank } from '../bank/company-bank.ts';
import type { Period } from '../dates/period.ts';
import { compared, movementOf, tableOf, type CheckedTable } from './ledger-tables.ts';
import type { ProofRow } from './proof.ts';

/** One table for each account that payouts come to, and what is wrong at the bank. */
export function bankTables(
  bank: CompanyBank,
  period: Period,
): { readonly tables: readonly CheckedTable['table'][]; readonly findings: readonly Finding[] } {
  const paid = new Set(bank.matches.flatMap(({ line, payouts }) => (payouts.length > 0 ? [line.account] : [])));
  const accounts = bank.accounts.filter(({ account }) => paid.has(account));
  const tables = accounts.map((days) => bankTable(days, bank.matches, period));
  const findings = bank.findings.filter(
    ({ severity, date }) => severity !== 'info' && (date === undefined || date <= period.to),
  );
  return { tables, findings: [...findings.map(asWrong), ...notReadThrough(bank, period)] };
}

/** Money that may be a payout, and nobody has said whether it is: over that nothing is proved. */
function asWrong(finding: Finding): Finding {
  return finding.code === 'bank-line-likely' ? { ...finding, severity: 'error' } : finding;
}

/** Opening, payouts, other lines, closing: as far as statements of the period were read. */
function bankTable(days: AccountDays, all: readonly LineMatch[], { from, to }: Period): CheckedTable['table'] {
  const id = `bank-${days.account}`;
  const read: Period = { from: from > days.from ? from : days.from, to: to < days.to ? to : days.to };
  const own = all.filter(({ line }) => line.account === days.account);
  const inside = own.filter(({ line }) => line.date >= read.from && line.date <= read.to);
  const before = own.filter(({ line }) => line.date < read.from && line.date >= days.from);
  const opening = add(days.opening ?? zero, sum(before.map(({ line }) => line.amount)));
  const matched = inside.filter(({ outcome }) => outcome === 'matched');
  const unrelated = inside.filter(({ outcome }) => outcome === 'unrelated');
  const waiting = inside.filter(({ outcome }) => outcome !== 'matched' && outcome !== 'unrelated');
  const { lines, closing } = tableOf(
    id,
    opening,
    [
      movementOf('payouts', 'Payouts that came', matched.map(rowOf)),
      movementOf('waiting', 'Waiting for a person', waiting.map(rowOf)),
      movementOf('others', 'Everything else', byDate(unrelated)),
    ],
    read,
  );
  const isEnd = read.to === days.to && days.closing !== undefined && days.opening !== undefined;
  const told = isEnd ? compared(id, closing, days.closing ?? zero, 'The bank: closing balance') : [];
  return { id, about: 'bank', title: `Bank account ${shownAccount(days.account)}`, lines: [...lines, ...told] };
}

function rowOf({ line, payouts, reason, outcome }: LineMatch): ProofRow {
  const names = payouts.map(({ reference }) => reference).join(', ');
  const text = outcome === 'matched' ? `payout ${names}` : reason;
  return { date: line.date, text: `${text} (${line.where}, ${line.place})`, amount: line.amount };
}

/** What is no payout is the merchant's own business: told by date, without texts. */
function byDate(matches: readonly LineMatch[]): readonly ProofRow[] {
  return [...Map.groupBy(matches, ({ line }) => line.date)].map(([date, lines]) => ({
    date,
    text: '',
    amount: sum(lines.map(({ line }) => line.amount)),
    count: lines.length,
  }));
}

/** The last day that a statement tells of, of any account. */
export function readThrough({ accounts, payouts }: CompanyBank): PlainDate {
  const first = payouts.map(({ date }) => date).toSorted()[0] ?? plainDate('0001-01-01');
  return (
    accounts
      .map((days) => days.to)
      .toSorted()
      .at(-1) ?? first
  );
}

/** Days without a statement at the end of the period: money may have come that nobody sees. */
function notReadThrough(bank: CompanyBank, { to }: Period): readonly Finding[] {
  const through = readThrough(bank);
  if (bank.calendar.count(through, to) === 0) return [];
  return [notRead(`the bank was read through ${through}, and the period ends ${to}`, through)];
}

/** Said of a company whose bank has delivered nothing. */
export function nothingOfBank(): Finding {
  return notRead('no statement of the bank was imported');
}

function notRead(message: string, date?: PlainDate): Finding {
  return {
    code: 'bank-not-read',
    severity: 'error',
    message,
    where: 'the bank account',
    action: 'fetch the statements from the bank and run bilag bank import',
    ...(date === undefined ? {} : { date }),
  };
}

/** What came by the bank against what the books took out of transit. */
export function arrivedDifference(
  bank: CompanyBank | undefined,
  booked: number,
  { from, to }: Period,
): readonly Finding[] {
  const facts = (bank?.facts ?? []).filter(({ date }) => date >= from && date <= to);
  const arrived = sum(facts.map(({ amount }) => amount));
  if (arrived === booked) return [];
  return [
    {
      code: 'proof-bank-differs',
      severity: 'error',
      message: 'the books have taken another sum out of transit than came to the bank',
      where: `the bank, ${from} to ${to}`,
      action: 'fetch the ledger through the dates of the bank lines, and look at the findings of their vouchers',
      amount: add(arrived, negate(booked as typeof arrived)),
    },
  ];
}
