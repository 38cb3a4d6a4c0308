import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Delivery, DeliveryProblem, DeliveryState, PlainDate, Voucher } from '@bilag/core';
import type { DeliveryRow, RowFilter, WriteKind } from './delivery-store.ts';

const columns = [
  'company_id',
  'key',
  'revision',
  'kind',
  'reference',
  'date',
  'digest',
  'state',
  'expected',
  'attempts',
  'uncertain',
  'first_sent_at',
  'sent_at',
  'misses',
  'first_miss_at',
  'last_miss_at',
  'target_id',
  'number',
  'problem',
  'is_doubled',
  'run',
  'created_at',
  'updated_at',
  'is_attached',
  'is_held',
] as const;

const fixed = new Set<string>(['company_id', 'key', 'revision', 'kind', 'created_at']);

/** Inserts a row or brings it up to date. Who made it and when stays. */
export const upsertSql: string = `INSERT INTO delivery (${columns.join(', ')})
  VALUES (${columns.map((name) => `$${name}`).join(', ')})
  ON CONFLICT (company_id, key, revision, kind) DO UPDATE SET
  ${columns.flatMap((name) => (fixed.has(name) ? [] : [`${name} = excluded.${name}`])).join(', ')}`;

/** A row as {@link upsertSql} takes it. */
export function valuesOf(row: DeliveryRow): Record<string, SQLInputValue> {
  const { delivery } = row;
  return {
    $company_id: row.companyId,
    $key: row.key,
    $revision: row.revision,
    $kind: row.kind,
    $reference: row.reference,
    $date: row.date,
    $digest: row.digest,
    $state: delivery.state,
    $expected: delivery.expected,
    $attempts: delivery.attempts,
    $uncertain: delivery.uncertain,
    $first_sent_at: delivery.firstSentAt,
    $sent_at: delivery.sentAt,
    $misses: delivery.misses,
    $first_miss_at: delivery.firstMissAt,
    $last_miss_at: delivery.lastMissAt,
    $target_id: delivery.targetId,
    $number: delivery.number,
    $problem: delivery.problem === null ? null : JSON.stringify(delivery.problem),
    $is_doubled: Number(delivery.isDoubled),
    $run: row.run,
    $created_at: row.createdAt,
    $updated_at: row.updatedAt,
    $is_attached: Number(row.isAttached),
    $is_held: Number(row.isHeld),
  };
}

/** What was written, as text. */
export function contentOf({ voucher }: DeliveryRow): string {
  return JSON.stringify(voucher);
}

/** Rows of a company in the order date, key, revision, kind (a voucher before its reversal). */
export function selectRows(database: DatabaseSync, companyId: string, filter: RowFilter): DeliveryRow[] {
  const rows = database
    .prepare(
      `SELECT delivery.*, content.voucher FROM delivery JOIN content USING (company_id, key, revision, kind)
       WHERE company_id = $company AND date BETWEEN $from AND $to
         AND ($run IS NULL OR run = $run) AND ($key IS NULL OR key = $key)
         AND ($reference IS NULL OR reference = $reference)
         AND ($states IS NULL OR state IN (SELECT value FROM json_each($states)))
       ORDER BY date, key, revision, kind DESC`,
    )
    .all({
      $company: companyId,
      $from: filter.from ?? '',
      $to: filter.to ?? '9999-12-31',
      $run: filter.run ?? null,
      $key: filter.key ?? null,
      $reference: filter.reference ?? null,
      $states: filter.states === undefined ? null : JSON.stringify(filter.states),
    });
  return rows.map(toRow);
}

type Columns = Readonly<Record<string, unknown>>;

function toRow(row: Columns): DeliveryRow {
  return {
    companyId: String(row['company_id']),
    key: String(row['key']),
    revision: Number(row['revision']),
    kind: row['kind'] as WriteKind,
    reference: String(row['reference']),
    date: row['date'] as PlainDate,
    digest: String(row['digest']),
    voucher: JSON.parse(String(row['voucher'])) as Voucher,
    delivery: toDelivery(row),
    run: String(row['run']),
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    isAttached: row['is_attached'] === 1,
    isHeld: row['is_held'] === 1,
  };
}

function toDelivery(row: Columns): Delivery {
  const problem = row['problem'];
  return {
    state: row['state'] as DeliveryState,
    expected: row['expected'] as string | null,
    attempts: Number(row['attempts']),
    uncertain: Number(row['uncertain']),
    firstSentAt: row['first_sent_at'] as number | null,
    sentAt: row['sent_at'] as number | null,
    misses: Number(row['misses']),
    firstMissAt: row['first_miss_at'] as number | null,
    lastMissAt: row['last_miss_at'] as number | null,
    targetId: row['target_id'] as string | null,
    number: row['number'] as string | null,
    problem: problem === null ? null : (JSON.parse(String(problem)) as DeliveryProblem),
    isDoubled: row['is_doubled'] === 1,
    // What belonged to one run is not kept; what is posted was looked up when it was.
    isLookedUp: row['state'] === 'posted',
    refusals: 0,
    waitUntil: 0,
  };
}
