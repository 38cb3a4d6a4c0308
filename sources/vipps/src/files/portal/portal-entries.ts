import {
  type Amount,
  type Finding,
  formatAmount,
  type LedgerEntry,
  ledgerEntry,
  type RawPage,
  subtract,
  add,
} from '@bilag/core';
import { amountIn, momentIn } from '../table/cell-text.ts';
import { claimFinding } from '../settlement/claims.ts';
import type { FilePage, FileRow } from '../file-page.ts';
import { type OwnWords, portalTypeOf } from './portal-words.ts';
import { rejectedFile } from '../rejected-file.ts';

/** The entries of a page of a portal report, and what does not add up in it. */
export function portalEntries(
  page: RawPage,
  { rows, unit, currency }: FilePage,
  words: OwnWords,
): { readonly entries: LedgerEntry[]; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const entries = rows.map((row) => {
    const entry = toEntry(page, row, { unit: row.unit ?? unit, currency: row.currency ?? currency, words });
    const wrong = netFinding(page, row, entry);
    if (wrong !== undefined) findings.push(wrong);
    return entry;
  });
  return { entries, findings };
}

function toEntry(
  page: RawPage,
  row: FileRow,
  { unit, currency, words }: { readonly unit: string; readonly currency: string; readonly words: OwnWords },
): LedgerEntry {
  const word = row.type ?? '';
  const type = portalTypeOf(word, words) ?? word;
  if (type === '') throw rejectedFile(`${page.request}, row ${row.at}`, 'the row has no type');
  const amount = amountOf(page, row, 'amount', currency);
  if (amount === undefined) throw rejectedFile(`${page.request}, row ${row.at}`, 'the row has no amount');
  const balanceAfter = amountOf(page, row, 'balance', currency);
  const isSettling = type === 'fees-retained' || type === 'payout-scheduled';
  return ledgerEntry({
    ledgerId: page.ledgerId,
    account: 'funds',
    ledgerDate: page.date,
    type,
    amount,
    currency,
    pspReference: row.psp || null,
    reference: row.reference || null,
    salesUnit: isSettling ? null : unit,
    time: momentIn(row.time ?? ''),
    ...(balanceAfter === undefined ? {} : { balanceBefore: subtract(balanceAfter, amount), balanceAfter }),
  });
}

function amountOf(
  page: RawPage,
  row: FileRow,
  column: 'amount' | 'balance' | 'fee' | 'net',
  currency: string,
): Amount | undefined {
  const text = row[column];
  if (text === undefined || text === '') return undefined;
  const read = amountIn(text, currency);
  if (read !== undefined) return read;
  const why = /E/i.test(text) ? ': a spreadsheet program has shortened it' : '';
  throw rejectedFile(`${page.request}, row ${row.at}`, `the ${column} is no amount in ${currency}${why}`);
}

/** Fee and net amount only inform: the fee comes once more in a row of its own. */
function netFinding(page: RawPage, row: FileRow, { amount, currency }: LedgerEntry): Finding | undefined {
  const [fee, net] = [amountOf(page, row, 'fee', currency), amountOf(page, row, 'net', currency)];
  if (fee === undefined || net === undefined || net === add(amount, fee)) return undefined;
  return claimFinding(page, row.at, {
    severity: 'warning',
    column: 'net amount',
    message: `says ${formatAmount(net)}, and amount and fee come to ${formatAmount(add(amount, fee))}: it is not used`,
  });
}
