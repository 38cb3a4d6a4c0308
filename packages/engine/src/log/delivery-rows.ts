import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Delivery, DeliveryProblem, DeliveryState, PlainDate, Voucher } from '@bilag/core';
import type { DeliveryRow, RowFilter, RowHead, RowPlace, WriteKind } from './delivery-store.ts';

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
  const { from, where, values } = choiceOf(companyId, filter);
  const rows = database
    .prepare(
      `SELECT delivery.*, content.voucher FROM ${from} JOIN content USING (company_id, key, revision, kind)
       WHERE ${where} ${inOrder}`,
    )
    .all(values);
  return rows.map((row) => ({ ...toHead(row), voucher: JSON.parse(String(row['voucher'])) as Voucher }));
}

/** The same without the vouchers, some at a time, so that a long reading holds nobody up. */
export function* selectHeads(
  database: DatabaseSync,
  companyId: string,
  filter: RowFilter,
  after?: RowPlace,
): Generator<readonly RowHead[], void, undefined> {
  // Each answer begins on a date of its own.
  const { from: first, ...limits } = filter;
  const choice = choiceOf(companyId, limits);
  if (choice.isLed) {
    const { from, where, values } = choiceOf(companyId, filter);
    const heads = database.prepare(`SELECT delivery.* FROM ${from} WHERE ${where} ${inOrder}`).all(values).map(toHead);
    yield after === undefined ? heads : heads.filter((head) => isAfter(head, after));
    return;
  }
  const statement = database.prepare(
    `SELECT delivery.* FROM ${choice.from} WHERE ${choice.where}
     AND (date, key, revision) >= ($lastDate, $lastKey, $lastRevision) ${inOrder} LIMIT $most`,
  );
  // Who looks for one row alone may have it among the first.
  let most = headsAtFirst;
  let last = after !== undefined && (first === undefined || first <= after.date) ? after : undefined;
  for (;;) {
    const { date, key, revision } = last ?? { date: first ?? '', key: '', revision: 0 };
    const place = { $lastDate: date, $lastKey: key, $lastRevision: revision, $most: most };
    const heads = statement.all({ ...choice.values, ...place }).map(toHead);
    const known = last;
    yield known === undefined ? heads : heads.filter((head) => isAfter(head, known));
    if (heads.length < most) return;
    last = heads.at(-1);
    most = headsAtATime;
  }
}

const headsAtFirst = 32;
const headsAtATime = 1_000;

const inOrder = 'ORDER BY date, key, revision, kind DESC';

/** A voucher comes before its reversal, so that kinds descend. */
function isAfter(head: RowPlace, last: RowPlace): boolean {
  if (head.date !== last.date) return head.date > last.date;
  if (head.key !== last.key) return head.key > last.key;
  return head.revision === last.revision ? head.kind < last.kind : head.revision > last.revision;
}

interface Choice {
  /** Whether it reads what it is led to alone, and not in the order of dates. */
  readonly isLed: boolean;
  readonly from: string;
  readonly where: string;
  readonly values: Record<string, SQLInputValue>;
}

/**
 * The query of a filter. Nothing is asked that the filter does not limit, and whoever asks for some keys, references or ids, or for a run, is
 * led to them: SQLite's planner, which does not know how long the log is, would read all of it in the order of dates.
 */
function choiceOf(companyId: string, filter: RowFilter): Choice {
  const { from, to, run, states } = filter;
  const lists = [
    ['key', filter.key === undefined ? undefined : [filter.key]],
    ['key', filter.keys],
    ['reference', filter.reference === undefined ? undefined : [filter.reference]],
    ['reference', filter.references],
    ['target_id', filter.targetIds],
  ] as const;
  const [first, ...others] = lists.filter(([, list]) => list !== undefined);
  const isOfOpen = states !== undefined && !states.includes('posted') && !states.includes('reversed');
  const where = ['delivery.company_id = $company'];
  const values: [name: string, value: SQLInputValue][] = [['$company', companyId]];
  const limit = (sql: string, name: string, value: SQLInputValue): void => {
    where.push(sql);
    values.push([name, value]);
  };
  for (const [index, [column, list]] of others.entries()) {
    limit(`delivery.${column} IN (SELECT value FROM json_each($list${index}))`, `$list${index}`, JSON.stringify(list));
  }
  if (from !== undefined) limit('date >= $from', '$from', from);
  if (to !== undefined) limit('date <= $to', '$to', to);
  if (run !== undefined) limit('run = $run', '$run', run);
  if (states !== undefined) limit('state IN (SELECT value FROM json_each($states))', '$states', JSON.stringify(states));
  if (first !== undefined) {
    const [column, list] = first;
    limit(`delivery.${column} = asked`, '$asked', JSON.stringify([...new Set(list)]));
    const led = '(SELECT value AS asked FROM json_each($asked)) CROSS JOIN delivery';
    const index = column === 'target_id' ? ' INDEXED BY delivery_target' : '';
    return { isLed: true, from: led + index, where: where.join(' AND '), values: Object.fromEntries(values) };
  }
  if (run !== undefined) {
    const table = 'delivery INDEXED BY delivery_run';
    return { isLed: true, from: table, where: where.join(' AND '), values: Object.fromEntries(values) };
  }
  // What is under way or waits is little, and has an index of its own.
  if (isOfOpen) where.push("state NOT IN ('posted', 'reversed')");
  const table = isOfOpen ? 'delivery INDEXED BY delivery_open' : 'delivery';
  return { isLed: isOfOpen, from: table, where: where.join(' AND '), values: Object.fromEntries(values) };
}

type Columns = Readonly<Record<string, unknown>>;

function toHead(row: Columns): RowHead {
  return {
    companyId: String(row['company_id']),
    key: String(row['key']),
    revision: Number(row['revision']),
    kind: row['kind'] as WriteKind,
    reference: String(row['reference']),
    date: row['date'] as PlainDate,
    digest: String(row['digest']),
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
    // These belong to one run and begin anew with it. What is posted was looked up in the run that posted it.
    isLookedUp: row['state'] === 'posted',
    refusals: 0,
    waitUntil: 0,
  };
}
