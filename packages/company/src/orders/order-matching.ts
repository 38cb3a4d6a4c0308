import { amount, currentType, factIdentity, type LedgerEntry, type PlainDate, zero } from '@bilag/core';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { MatchedOrder, Order, OrderOutcome, OrderSide } from './order.ts';

/**
 * Orders and entries by reference. They lie in a temporary database, which SQLite moves to the disk and removes when it is closed: a
 * year's sales need not fit into memory.
 */
export class OrderMatching implements Disposable {
  readonly #database = new DatabaseSync('');
  readonly #insertOrder: StatementSync;
  readonly #insertEntry: StatementSync;

  constructor() {
    this.#database.exec(tables);
    this.#insertOrder = this.#database.prepare('INSERT INTO order_row VALUES (?, ?, ?)');
    this.#insertEntry = this.#database.prepare('INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#database.exec('BEGIN');
  }

  takeOrder({ reference, amount: paid, refunded = zero, row }: Order): void {
    const place = row ?? null;
    this.#insertOrder.run(reference, paid, place);
    if (refunded !== 0) this.#insertOrder.run(reference, -refunded, place);
  }

  /** Captures and refunds count, each fact once; anything else is no order's. */
  takeEntry(entry: LedgerEntry, isInRange: boolean): void {
    const type = currentType(entry);
    if (entry.account !== 'funds' || (type !== 'capture' && type !== 'refund')) return;
    const { reference, pspReference, ledgerDate } = entry;
    const isRefund = Number(type === 'refund');
    const known = [reference?.trim() ?? null, pspReference?.trim() ?? null];
    this.#insertEntry.run(factIdentity(entry.id), ...known, entry.amount, isRefund, ledgerDate, Number(isInRange));
  }

  /** Every reference of the orders, and of the ledger in its range, in the order of references. */
  *matched(): Generator<MatchedOrder> {
    this.#database.exec('CREATE INDEX order_reference ON order_row (reference)');
    for (const row of this.#database.prepare(byReference).iterate()) yield matchedOrder(row);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

const tables = `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
  CREATE TABLE order_row (reference TEXT NOT NULL, amount INTEGER NOT NULL, row INTEGER);
  CREATE TABLE entry (id TEXT PRIMARY KEY, reference TEXT, psp_reference TEXT, amount INTEGER NOT NULL,
    is_refund INTEGER NOT NULL, date TEXT NOT NULL, in_range INTEGER NOT NULL) WITHOUT ROWID;`;

/** An entry goes by the reference that an order has too: the merchant's, else the provider's. */
const items = `
  SELECT reference, 'orders' AS side, amount < 0 AS is_refund, amount, row, NULL AS date, 1 AS in_range FROM order_row
  UNION ALL
  SELECT CASE
      WHEN EXISTS (SELECT 1 FROM order_row WHERE order_row.reference = entry.reference) THEN entry.reference
      WHEN EXISTS (SELECT 1 FROM order_row WHERE order_row.reference = psp_reference) THEN psp_reference
      ELSE coalesce(entry.reference, psp_reference) END,
    'provider', is_refund, amount, NULL, date, in_range FROM entry`;

const sums = (['orders', 'provider'] as const).flatMap((side) =>
  (['paid', 'refunded'] as const).flatMap((kind) => {
    const filter = `FILTER (WHERE in_range AND side = '${side}' AND is_refund = ${kind === 'refunded' ? 1 : 0})`;
    const value = kind === 'refunded' ? '-amount' : 'amount';
    return [
      `count(*) ${filter} AS ${side}_${kind}_count`,
      `coalesce(sum(${value}) ${filter}, 0) AS ${side}_${kind}_sum`,
      `coalesce(min(${value}) ${filter}, 0) AS ${side}_${kind}_least`,
      `coalesce(max(${value}) ${filter}, 0) AS ${side}_${kind}_most`,
    ];
  }),
);

const byReference = `
  SELECT reference, ${sums.join(', ')}, min(row) AS first_row, max(row) AS last_row,
    min(date) FILTER (WHERE in_range) AS first_date, max(date) FILTER (WHERE in_range) AS last_date,
    min(date) FILTER (WHERE NOT in_range) AS beside_range
  FROM (${items}) GROUP BY reference HAVING max(in_range) = 1 ORDER BY reference`;

type Row = ReturnType<StatementSync['all']>[number];

/** What one side says of what was paid, or of what was paid back. */
interface Told {
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
}

function told(row: Row, name: string): Told {
  const number = (what: string): number => Number(row[`${name}_${what}`]);
  return { count: number('count'), sum: number('sum'), least: number('least'), most: number('most') };
}

function matchedOrder(row: Row): MatchedOrder {
  const [ordersPaid, ordersRefunded] = [told(row, 'orders_paid'), told(row, 'orders_refunded')];
  const [providerPaid, providerRefunded] = [told(row, 'provider_paid'), told(row, 'provider_refunded')];
  return {
    reference: textOf(row['reference']),
    outcome: outcomeOf([ordersPaid, providerPaid], [ordersRefunded, providerRefunded]),
    orders: {
      ...sideOf(ordersPaid, ordersRefunded),
      firstRow: row['first_row'] === null ? null : Number(row['first_row']),
      lastRow: row['last_row'] === null ? null : Number(row['last_row']),
    },
    provider: {
      ...sideOf(providerPaid, providerRefunded),
      firstDate: textOf(row['first_date']) as PlainDate | null,
      lastDate: textOf(row['last_date']) as PlainDate | null,
    },
    besideRange: textOf(row['beside_range']) as PlainDate | null,
  };
}

function sideOf(paid: Told, refunded: Told): OrderSide {
  return { count: paid.count + refunded.count, paid: amount(paid.sum), refunded: amount(refunded.sum) };
}

function textOf(value: Row[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

type BothSides = readonly [orders: Told, provider: Told];

function outcomeOf(paid: BothSides, refunded: BothSides): OrderOutcome {
  const both = [paid, refunded];
  if (both.every(([orders, provider]) => orders.sum === provider.sum)) return 'matched';
  if (both.every(([, provider]) => provider.count === 0)) return 'missing-at-provider';
  if (both.every(([orders]) => orders.count === 0)) return 'missing-in-orders';
  if (both.some(([orders, provider]) => isRepeated(orders, provider))) return 'twice-in-orders';
  if (both.some(([orders, provider]) => isRepeated(provider, orders))) return 'twice-at-provider';
  return 'amount-differs';
}

/** One amount several times, and the other side knows it less often. */
function isRepeated({ count, sum, least, most }: Told, other: Told): boolean {
  return count > 1 && least === most && least > 0 && other.sum > 0 && other.sum < sum && other.sum % least === 0;
}
