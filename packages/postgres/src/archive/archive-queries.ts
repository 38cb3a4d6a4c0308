import { BilagError, type Finding, type PlainDate } from '@bilag/core';
import {
  type ArchivedDate,
  type ArchivedExtent,
  type ArchivedLedger,
  placeOf,
  type PageFilter,
} from '@bilag/engine/storage';
import type { Row, Run } from '../connection.ts';

/** The latest reading of its date, of those that there were at a moment. */
export const isCurrent = `number = (SELECT max(other.number) FROM reading AS other WHERE other.archive = reading.archive
    AND other.ledger_id = reading.ledger_id AND other.date = reading.date AND other.topic = reading.topic
    AND other.stored <= before.last)`;

export function limitsOf(
  { ledgerId, topic, from, to }: PageFilter,
  given: readonly unknown[],
): { readonly where: string; readonly values: unknown[] } {
  const values = [...given];
  const limits = [
    ['ledger_id =', ledgerId],
    ['date >=', from],
    ['date <=', to],
    ['topic =', topic],
  ] as const;
  const where = limits.flatMap(([sql, value]) => {
    return value === undefined ? [] : [`AND ${sql} $${values.push(value)}`];
  });
  return { where: where.join(' '), values };
}

/** How many readings of a ledger there are up to a date, and the last of their dates. */
export async function selectExtent(
  run: Run,
  archive: string,
  ledgerId: string,
  to = '9999-12-31',
): Promise<ArchivedExtent> {
  const sql = `SELECT count(*) AS readings, max(date) AS last FROM reading
    WHERE archive = $1 AND ledger_id = $2 AND date <= $3`;
  const [row] = await run(sql, [archive, ledgerId, to]);
  return { readings: Number(row?.['readings']), last: (row?.['last'] ?? undefined) as PlainDate | undefined };
}

export function toDate(row: Row): ArchivedDate {
  return {
    ledgerId: String(row['ledger_id']),
    topic: String(row['topic']),
    date: row['date'] as PlainDate,
    closed: row['closed'] === true,
    number: Number(row['number']),
  };
}

export function toLedger(row: Row): ArchivedLedger {
  return {
    id: String(row['id']),
    currency: String(row['currency']),
    handles: JSON.parse(String(row['handles'])) as string[],
  };
}

/** `($4::text, $5::integer)` for the values that come after so many others. */
export function placesFrom(count: number, types: string): string {
  return `(${types
    .split(', ')
    .map((type, index) => `$${count + index + 1}::${type}`)
    .join(', ')})`;
}

export function pageFinding(row: Row, problem: BilagError): Finding {
  const ledgerId = String(row['ledger_id']);
  const date = row['date'] as PlainDate;
  return {
    code: problem.kind === 'not-found' ? 'archive-page-missing' : 'archive-page-damaged',
    severity: 'error',
    message: `${problem.what} (${placeOf({ ledgerId, date, topic: String(row['topic']) })})`,
    where: problem.where,
    action: problem.action,
    ledgerId,
    date,
  };
}

export function asBilagError(error: unknown): BilagError {
  if (error instanceof BilagError) return error;
  throw error;
}
