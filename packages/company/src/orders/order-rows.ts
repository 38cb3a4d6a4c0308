import { amount, BilagError, decimalsOf, parseAmount, quotedName, type Amount } from '@bilag/core';
import type { Order } from './order.ts';

/** Which columns of a file (keys, in JSON) say what. */
export interface OrderColumns {
  readonly reference: string;
  readonly amount: string;
  /** What was paid back of `amount`, where the file says so in a column of its own. */
  readonly refunded?: string | undefined;
  /** Amounts are whole minor units (øre), not kroner. */
  readonly inMinorUnits?: boolean;
}

/** Something of a row: a text of CSV, anything of JSON. */
export type CellOf = (column: string) => unknown;

/** Reads an order out of a row. Throws `rejected`, which names row and column, for what is no reference or amount. */
export function orderOf(
  cellOf: CellOf,
  row: number,
  { columns, currency, name }: { readonly columns: OrderColumns; readonly currency: string; readonly name: string },
): Order {
  const where = (column: string): string => `${name}, row ${row}, column ${quotedName(column)}`;
  const amountIn = (column: string): Amount => amountOf(cellOf(column), where(column), { columns, currency });
  const reference = referenceOf(cellOf(columns.reference), where(columns.reference));
  const paid = amountIn(columns.amount);
  if (columns.refunded === undefined) return { reference, amount: paid, row };
  const refunded = isBlank(cellOf(columns.refunded)) ? 0 : Math.abs(amountIn(columns.refunded));
  return { reference, amount: paid, refunded: amount(refunded), row };
}

function isBlank(cell: unknown): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}

function referenceOf(cell: unknown, where: string): string {
  if (isBlank(cell)) throw refused('there is no reference', where, 'give every order its reference');
  if (typeof cell === 'string') return cell.trim();
  // A longer number has lost digits.
  if (typeof cell === 'number' && Number.isSafeInteger(cell)) return String(cell);
  throw refused('this is no reference', where, 'write references as text');
}

function amountOf(
  cell: unknown,
  where: string,
  { columns, currency }: { readonly columns: OrderColumns; readonly currency: string },
): Amount {
  const decimals = columns.inMinorUnits === true ? 0 : decimalsOf(currency);
  const text = typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : '';
  // A point or comma before three digits may be one of thousands.
  const fraction = decimals === 0 ? '' : `(?:[.,]\\d{1,${decimals}})?`;
  if (new RegExp(`^[+-]?\\d{1,15}${fraction}$`).test(text)) {
    const digits = text.replaceAll(/\D/g, '').replace(/^0+/, '');
    if (digits.length <= mostDigits) return parseAmount(text.replace(',', '.'), decimals);
  }
  const what = isBlank(cell)
    ? 'there is no amount'
    : `this is not an amount ${decimals === 0 ? 'in whole units' : `with at most ${decimals} decimals`}`;
  const shown = decimals === 0 ? '123450' : '1234.50 or 1234,50';
  throw refused(what, where, `write ${shown}, without spaces, thousands separators or currency`);
}

/** What a number of JSON holds exactly. */
const mostDigits = 15;

export function refused(what: string, where: string, action: string, cause?: unknown): BilagError {
  return new BilagError('rejected', { what, where, action: `${action}; nothing was matched` }, { cause });
}
