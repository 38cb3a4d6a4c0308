import type { DatabaseSync } from 'node:sqlite';
import type { PlainDate } from '@bilag/core';
import type { ArchivedExtent } from './archive-store.ts';

/** Which pages to hand out; what is absent does not limit. Both dates are included. */
export interface PageFilter {
  readonly ledgerId?: string;
  readonly topic?: string;
  readonly from?: PlainDate;
  readonly to?: PlainDate;
}

/** What the archive knows of a date without opening its pages. */
export interface ArchivedDate {
  readonly ledgerId: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly closed: boolean;
  readonly number: number;
}

/** A page as the index tells it. */
export interface PageRow {
  readonly ledger_id: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly sequence: number;
  readonly closed: number;
  readonly request: string;
  readonly received_at: string;
  readonly digest: string;
  readonly bytes: number;
}

/** The pages of every current reading, in the order ledger, date, topic, sequence. */
export function selectPages(index: DatabaseSync, filter: PageFilter): IterableIterator<PageRow> {
  const rows = index
    .prepare(
      `SELECT ledger_id, topic, date, sequence, closed, request, received_at, digest, bytes
       FROM current_reading JOIN page USING (ledger_id, date, topic, number)
       ${filterSql(filter)} ORDER BY ledger_id, date, topic, sequence`,
    )
    .iterate(filterValues(filter));
  return rows as unknown as IterableIterator<PageRow>;
}

/** The pages of every reading that is kept, in the order ledger, date, topic, number, sequence. */
export function selectHistory(
  index: DatabaseSync,
): IterableIterator<PageRow & { readonly number: number; readonly fingerprint: string | null }> {
  const rows = index
    .prepare(
      `SELECT ledger_id, topic, date, number, fingerprint, sequence, closed, request, received_at, digest, bytes
       FROM reading JOIN page USING (ledger_id, date, topic, number)
       ORDER BY ledger_id, date, topic, number, sequence`,
    )
    .iterate();
  return rows as unknown as IterableIterator<
    PageRow & { readonly number: number; readonly fingerprint: string | null }
  >;
}

/** Every current reading, in the order ledger, date, topic. */
export function selectDates(index: DatabaseSync, filter: PageFilter): ArchivedDate[] {
  const rows = index
    .prepare(
      `SELECT ledger_id, topic, date, closed, number FROM current_reading
       ${filterSql(filter)} ORDER BY ledger_id, date, topic`,
    )
    .all(filterValues(filter)) as unknown as (PageRow & { readonly number: number })[];
  return rows.map(({ ledger_id: ledgerId, topic, date, closed, number }) => ({
    ledgerId,
    topic,
    date,
    closed: closed === 1,
    number,
  }));
}

/** How many readings of a ledger there are up to a date, and the last of their dates: by their key alone. */
export function selectExtent(index: DatabaseSync, ledgerId: string, to = '9999-12-31'): ArchivedExtent {
  const those = 'FROM reading WHERE ledger_id = $ledgerId AND date <= $to';
  const row = index
    .prepare(`SELECT (SELECT count(*) ${those}) AS readings, (SELECT max(date) ${those}) AS last`)
    .get({ $ledgerId: ledgerId, $to: to });
  return { readings: Number(row?.['readings']), last: (row?.['last'] ?? undefined) as PlainDate | undefined };
}

/** Only the limits there are: an equality on the first column of the key lets the dates be looked up by the second. */
function filterSql({ ledgerId, topic, from, to }: PageFilter): string {
  const limits = [
    ...(ledgerId === undefined ? [] : ['ledger_id = $ledgerId']),
    ...(from === undefined ? [] : ['date >= $from']),
    ...(to === undefined ? [] : ['date <= $to']),
    ...(topic === undefined ? [] : ['topic = $topic']),
  ];
  return limits.length === 0 ? '' : `WHERE ${limits.join(' AND ')}`;
}

function filterValues(filter: PageFilter): Record<string, string> {
  const { ledgerId, topic, from, to } = filter;
  const values = { $ledgerId: ledgerId, $topic: topic, $from: from, $to: to };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
