import type { Delivery, DeliveryProblem, DeliveryState, PlainDate, Voucher } from '@bilag/core';
import { holdingStates, type DeliveryRow, type RowFilter, type RowHead, type RowPlace } from '@bilag/engine';
import type { Row, Run } from './connection.ts';

/** A row as `save_deliveries` takes it. What is JSON stays text: the database reads no number in it. */
export function toGiven(row: DeliveryRow): object {
  const { delivery, voucher } = row;
  return {
    key: row.key,
    revision: row.revision,
    kind: row.kind,
    reference: row.reference,
    date: row.date,
    digest: row.digest,
    state: delivery.state,
    expected: delivery.expected,
    attempts: delivery.attempts,
    uncertain: delivery.uncertain,
    first_sent_at: delivery.firstSentAt,
    sent_at: delivery.sentAt,
    misses: delivery.misses,
    first_miss_at: delivery.firstMissAt,
    last_miss_at: delivery.lastMissAt,
    target_id: delivery.targetId,
    number: delivery.number,
    problem: delivery.problem === null ? null : JSON.stringify(delivery.problem),
    is_doubled: delivery.isDoubled,
    run: row.run,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    is_attached: row.isAttached,
    is_held: row.isHeld,
    voucher: JSON.stringify(voucher),
    holds: row.kind === 'voucher' && holdingStates.includes(delivery.state),
    facts: voucher.facts,
  };
}

/** Rows of a company in the order date, key, revision, kind (a voucher before its reversal). */
export async function selectRows(run: Run, companyId: string, filter: RowFilter): Promise<DeliveryRow[]> {
  const { where, values } = limitsOf(companyId, filter);
  const sql = `SELECT delivery.*, content.voucher FROM delivery JOIN content USING (company_id, key, revision, kind)
    WHERE ${where} ${inOrder}`;
  return (await run(sql, values)).map((row) => ({
    ...toHead(row),
    voucher: JSON.parse(String(row['voucher'])) as Voucher,
  }));
}

/** The same without the vouchers, some at a time: no transaction is open between them. */
export async function* selectHeads(
  run: Run,
  companyId: string,
  filter: RowFilter,
  after?: RowPlace,
): AsyncGenerator<readonly RowHead[], void, undefined> {
  const { where, values } = limitsOf(companyId, filter);
  let last = after;
  for (;;) {
    const place = [last?.date ?? '', last?.key ?? '', last?.revision ?? 0, last?.kind ?? 'zzz'];
    const from = values.length + 1;
    // A voucher comes before its reversal, so that kinds descend.
    const sql = `SELECT * FROM delivery WHERE ${where}
      AND (date, key, revision) >= ($${from}, $${from + 1}, $${from + 2}::integer)
      AND ((date, key, revision) > ($${from}, $${from + 1}, $${from + 2}::integer) OR kind < $${from + 3})
      ${inOrder} LIMIT ${headsAtATime}`;
    const heads = (await run(sql, [...values, ...place])).map(toHead);
    if (heads.length > 0) yield heads;
    if (heads.length < headsAtATime) return;
    last = heads.at(-1);
  }
}

const headsAtATime = 1_000;
const inOrder = 'ORDER BY date, key, revision, kind DESC';

function limitsOf(companyId: string, filter: RowFilter): { readonly where: string; readonly values: unknown[] } {
  const { from, to, run, key, keys, reference, references, targetIds, states } = filter;
  const values: unknown[] = [companyId];
  const where = ['delivery.company_id = $1'];
  const limit = (sql: (place: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(`$${values.length}`));
  };
  limit((place) => `date >= ${place}`, from);
  limit((place) => `date <= ${place}`, to);
  limit((place) => `run = ${place}`, run);
  limit((place) => `delivery.key = ${place}`, key);
  limit((place) => `delivery.key = ANY (${place})`, keys);
  limit((place) => `reference = ${place}`, reference);
  limit((place) => `reference = ANY (${place})`, references);
  limit((place) => `target_id = ANY (${place})`, targetIds);
  limit((place) => `state = ANY (${place})`, states);
  // What is under way or waits is little, and has an index of its own.
  const isOfOpen = states !== undefined && !states.includes('posted') && !states.includes('reversed');
  if (isOfOpen) where.push("state NOT IN ('posted', 'reversed')");
  return { where: where.join(' AND '), values };
}

function toHead(row: Row): RowHead {
  return {
    companyId: String(row['company_id']),
    key: String(row['key']),
    revision: Number(row['revision']),
    kind: row['kind'] as RowHead['kind'],
    reference: String(row['reference']),
    date: row['date'] as PlainDate,
    digest: String(row['digest']),
    delivery: toDelivery(row),
    run: String(row['run']),
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    isAttached: row['is_attached'] === true,
    isHeld: row['is_held'] === true,
  };
}

function toDelivery(row: Row): Delivery {
  const problem = row['problem'];
  return {
    state: row['state'] as DeliveryState,
    expected: row['expected'] as string | null,
    attempts: Number(row['attempts']),
    uncertain: Number(row['uncertain']),
    firstSentAt: timeOf(row['first_sent_at']),
    sentAt: timeOf(row['sent_at']),
    misses: Number(row['misses']),
    firstMissAt: timeOf(row['first_miss_at']),
    lastMissAt: timeOf(row['last_miss_at']),
    targetId: row['target_id'] as string | null,
    number: row['number'] as string | null,
    problem: problem === null ? null : (JSON.parse(String(problem)) as DeliveryProblem),
    isDoubled: row['is_doubled'] === true,
    // These belong to one run and begin anew with it. What is posted was looked up in the run that posted it.
    isLookedUp: row['state'] === 'posted',
    refusals: 0,
    waitUntil: 0,
  };
}

/** Milliseconds since the epoch: far below what a number holds exactly. */
export function timeOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
