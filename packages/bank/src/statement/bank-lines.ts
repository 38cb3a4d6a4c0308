import { createHash } from 'node:crypto';
import type { Amount, PlainDate } from '@bilag/core';
import type { Statement, StatementLine } from './statement.ts';
import { tracksOf } from './tracks.ts';

/** A line of an account, known by an id that stays however often and in whatever files it comes. */
export interface IdentifiedLine extends StatementLine {
  readonly id: string;
  readonly account: string;
  readonly currency: string;
  /** Its statement. */
  readonly where: string;
}

/** What was read of an account: its days, and its balance where they begin and end. */
export interface AccountDays {
  readonly account: string;
  readonly currency: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly opening?: Amount;
  readonly closing?: Amount;
}

/** The lines of statements, each once, by account and date, and what is known of each account. */
export interface AccountLines {
  readonly lines: readonly IdentifiedLine[];
  readonly accounts: readonly AccountDays[];
}

/**
 * Brings statements together: a row that stands in two files of the same days is one line; equal rows of one file are as many as
 * there are. Where an account has statements (camt.053), its notifications (camt.054) are no lines of their own: their texts
 * explain the entry of the same date and amount. What is not booked yet is left out.
 */
export function linesOfStatements(proved: readonly Statement[]): AccountLines {
  const lines: IdentifiedLine[] = [];
  const accounts: AccountDays[] = [];
  for (const [account, statements] of Map.groupBy(proved, (statement) => statement.account)) {
    const booking = statements.filter(({ format }) => format !== 'camt.054');
    const notices = statements.filter(({ format }) => format === 'camt.054').flatMap((each) => each.lines);
    lines.push(...identified(account, booking).map((line) => explainedBy(line, notices)));
    accounts.push(...daysOf(account, booking));
  }
  return { lines: lines.toSorted((a, b) => (a.date + a.id < b.date + b.id ? -1 : 1)), accounts };
}

function identified(account: string, statements: readonly Statement[]): IdentifiedLine[] {
  const best = new Map<string, IdentifiedLine[]>();
  for (const track of tracksOf(statements)) {
    const found = new Map<string, IdentifiedLine[]>();
    for (const { lines, currency, where } of track) {
      for (const line of lines) {
        if (line.status !== 'booked') continue;
        const key = keyOf(line, currency);
        const same = found.get(key) ?? [];
        const id = `bank/${account}/${line.date}/${key}/${same.length + 1}`;
        found.set(key, [...same, { ...line, id, account, currency, where }]);
      }
    }
    for (const [key, same] of found) if (same.length > (best.get(key)?.length ?? 0)) best.set(key, same);
  }
  return [...best.values()].flat();
}

/** Everything the bank says of a row, but where it stood. */
function keyOf({ date, valueDate, amount, bankReference, texts }: StatementLine, currency: string): string {
  const said = [
    date,
    valueDate ?? '',
    amount,
    currency,
    bankReference?.trim() ?? '',
    ...texts.map((text) => text.replaceAll(/\s+/g, ' ')),
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

function explainedBy(line: IdentifiedLine, notices: readonly StatementLine[]): IdentifiedLine {
  const own = notices.filter(
    (notice) =>
      notice.amount === line.amount &&
      notice.date === line.date &&
      (notice.bankReference === undefined ||
        line.bankReference === undefined ||
        notice.bankReference.trim() === line.bankReference.trim()),
  );
  if (own.length !== 1) return line;
  const [notice] = own;
  if (notice === undefined) return line;
  return {
    ...line,
    texts: [...new Set([...line.texts, ...notice.texts])],
    parties: [...new Set([...line.parties, ...notice.parties])],
  };
}

/** The longest run of statements that follow on one another speaks for the account. */
function daysOf(account: string, statements: readonly Statement[]): AccountDays[] {
  const tracks = tracksOf(statements).toSorted((a, b) => daysIn(b) - daysIn(a));
  const [track = []] = tracks;
  const [first] = track;
  const last = track.at(-1);
  if (first?.period === undefined || last?.period === undefined) return [];
  return [
    {
      account,
      currency: first.currency,
      from: first.period.from,
      to: last.period.to,
      ...(first.opening === undefined ? {} : { opening: first.opening }),
      ...(last.closing === undefined ? {} : { closing: last.closing }),
    },
  ];
}

function daysIn(track: readonly Statement[]): number {
  const [from, to] = [track[0]?.period?.from, track.at(-1)?.period?.to];
  return from === undefined || to === undefined ? 0 : Date.parse(to) - Date.parse(from);
}
