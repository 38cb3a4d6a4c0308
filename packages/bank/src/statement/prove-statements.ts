import { add, formatAmount, negate, subtract, sum, type Amount, type Finding } from '@bilag/core';
import type { Statement, StatementLine } from './statement.ts';
import { linesOfStatements } from './bank-lines.ts';
import { findingOf } from './statement-finding.ts';
import { tracksOf } from './tracks.ts';
import { wholeStatements } from './whole-statements.ts';

/** Statements that proved themselves, and what is wrong with the others: of those nothing is used. */
export interface ProvedStatements {
  /** By account, and of each in the order of its days. */
  readonly proved: readonly Statement[];
  readonly findings: readonly Finding[];
}

/**
 * Lets statements prove themselves: opening + entries = closing, what the bank counts is there, the details of an entry come to
 * it, pages are complete, and each statement of an account begins where the one before ended, with the next number. Pure.
 *
 * @example
 * ```ts
 * import { proveStatements } from '@bilag/bank';
 *
 * proveStatements([]).proved; // => []
 * ```
 */
export function proveStatements(read: readonly Statement[]): ProvedStatements {
  const whole = wholeStatements(read);
  const findings: Finding[] = [];
  const wrongs = new Map(whole.statements.map((statement) => [statement, wrongIn(statement)]));
  const sound = whole.statements.filter((statement) => wrongs.get(statement)?.length === 0);
  const proved: Statement[] = [];
  for (const all of Map.groupBy(sound.toSorted(inOrder), ({ account }) => account).values()) {
    const booking = bookingOf(all, findings);
    const believed: Statement[] = [];
    for (const track of tracksOf(booking)) {
      const earlier = [...believed];
      for (const [index, statement] of track.entries()) {
        const wrong = gapBefore(statement, track[index - 1]) ?? disagreement(statement, earlier);
        if (wrong === undefined) believed.push(statement);
        else findings.push(wrong);
      }
    }
    proved.push(...believed, ...all.filter(({ format }) => format === 'camt.054'));
  }
  const broken = [...wrongs].flatMap(([statement, wrong]) =>
    wrong.length > 0 && proved.some((other) => isSameStatement(other, statement)) ? [replaced(statement)] : wrong,
  );
  return { proved: proved.toSorted(inOrder), findings: [...whole.findings, ...broken, ...findings] };
}

/** Whether the bank gives both the same name and days: the one is a copy of the other. */
function isSameStatement(one: Statement, other: Statement): boolean {
  const isOfSameDays = one.period?.from === other.period?.from && one.period?.to === other.period?.to;
  const isNamedSame =
    (one.id !== undefined && one.id === other.id) || (one.sequence !== undefined && one.sequence === other.sequence);
  return one.account === other.account && one.format === other.format && isOfSameDays && isNamedSame;
}

function replaced(statement: Statement): Finding {
  const message = 'it does not come to what the bank says of it, and a whole copy of it is used in its place';
  return findingOf('statement-replaced', 'info', statement, message, 'nothing to do');
}

/** One kind of file tells of an account's money: the same row looks otherwise in another, and would be there twice. */
function bookingOf(statements: readonly Statement[], findings: Finding[]): readonly Statement[] {
  const isCamt = statements.some(({ format }) => format === 'camt.053');
  const booking = statements.filter(({ format }) => format === (isCamt ? 'camt.053' : 'bank-csv'));
  const [csv] = statements.filter(({ format }) => format === 'bank-csv');
  if (isCamt && csv !== undefined) {
    const message = 'the account has statements (camt.053): its CSV is left out, since it tells of the same money';
    findings.push(findingOf('statement-other-kind', 'warning', csv, message, 'nothing to do'));
  }
  const [notice] = statements;
  if (booking.length === 0 && notice !== undefined) {
    const message = 'there are notifications (camt.054) of the account and no statement: nothing of them is booked';
    findings.push(findingOf('statement-other-kind', 'warning', notice, message, 'import camt.053 of the account'));
  }
  return booking;
}

/** A statement over days that others have told of: brought together with them, it must still come to its balances. */
function disagreement(statement: Statement, earlier: readonly Statement[]): Finding | undefined {
  const { period, opening, closing, where } = statement;
  if (period === undefined || opening === undefined || closing === undefined) return undefined;
  const overlapping = earlier.filter((other) => sharesDays(statement, other));
  if (overlapping.length === 0) return undefined;
  const { lines } = linesOfStatements([...overlapping, statement]);
  const found = sumOf(lines.filter(({ date }) => date >= period.from && date <= period.to));
  const difference = subtract(found, subtract(closing, opening));
  if (difference === 0) return undefined;
  const message = `what was read of these days before differs from ${where} by ${formatAmount(difference)}`;
  return findingOf('statement-disagrees', 'error', statement, message, fetchAgain, difference);
}

function sharesDays(a: Statement, b: Statement): boolean {
  return (
    a.period !== undefined && b.period !== undefined && a.period.from <= b.period.to && b.period.from <= a.period.to
  );
}

const fetchAgain = 'fetch the statement from the bank again; nothing of it is matched until then';

/** What a statement says of itself and does not hold. */
function wrongIn(statement: Statement): Finding[] {
  const { opening, closing, claims } = statement;
  const lines = statement.lines.filter(({ status }) => status === 'booked');
  const findings: Finding[] = [];
  const compare = (what: string, told: number | undefined, found: number, isMoney = true): void => {
    if (told === undefined || told === found) return;
    const show = (value: number): string => (isMoney ? formatAmount(value as Amount) : String(value));
    const message = `${what}: the bank says ${show(told)}, and its entries come to ${show(found)}`;
    const difference = isMoney ? subtract(told as Amount, found as Amount) : undefined;
    findings.push(findingOf('statement-differs', 'error', statement, message, fetchAgain, difference));
  };
  const total = sumOf(lines);
  if (opening !== undefined && closing !== undefined) compare('the closing balance', closing, add(opening, total));
  else if (statement.format === 'camt.053') {
    const message = 'the statement tells no opening or no closing balance';
    findings.push(findingOf('statement-differs', 'error', statement, message, fetchAgain));
  }
  const credits = lines.filter(({ amount }) => amount > 0);
  const debits = lines.filter(({ amount }) => amount < 0);
  // Banks differ in whether entries that are not booked yet are counted.
  const isAllBooked = lines.length === statement.lines.length;
  if (isAllBooked) {
    compare('the number of entries', claims.count, lines.length, false);
    compare('what the entries come to', claims.net, total);
    compare('the number of credits', claims.credits?.count, credits.length, false);
    compare('the credits', claims.credits?.sum, sumOf(credits));
    compare('the number of debits', claims.debits?.count, debits.length, false);
    compare('the debits', claims.debits?.sum, negate(sumOf(debits)));
  }
  for (const { amount, detailSum, place } of lines)
    compare(`the details of ${place}`, detailSum === undefined ? undefined : amount, detailSum ?? amount);
  return findings;
}

function sumOf(lines: readonly StatementLine[]): Amount {
  return sum(lines.map(({ amount }) => amount));
}

/** What is missing between two statements that should follow on one another. Numbers may begin anew, with the same balance. */
function gapBefore(statement: Statement, before: Statement | undefined): Finding | undefined {
  if (before === undefined) return undefined;
  const [first, last] = [before.period?.to ?? '', statement.period?.from ?? ''];
  const importMissing = 'import the statements between them; nothing of this one is matched until then';
  if (before.closing !== undefined && statement.opening !== undefined && statement.opening !== before.closing) {
    const message = `the account ends ${first} with ${formatAmount(before.closing)} and begins ${last} with ${formatAmount(statement.opening)}: a statement is missing`;
    const difference = subtract(statement.opening, before.closing);
    return findingOf('statement-missing', 'error', statement, message, importMissing, difference);
  }
  if (before.sequence === undefined || statement.sequence === undefined) return undefined;
  if (statement.sequence === before.sequence + 1 || statement.sequence === 1) return undefined;
  const message = `number ${statement.sequence} comes after ${before.sequence}: the numbers between them are missing`;
  return findingOf('statement-missing', 'error', statement, message, importMissing);
}

function inOrder(a: Statement, b: Statement): number {
  return orderOf(a) < orderOf(b) ? -1 : 1;
}

function orderOf({ account, period, sequence, where }: Statement): string {
  return JSON.stringify([
    account,
    period?.from ?? '',
    String(sequence ?? 0).padStart(12, '0'),
    period?.to ?? '',
    where,
  ]);
}
