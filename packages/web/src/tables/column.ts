import type { Amount, PlainDate } from '@bilag/core';
import type { Html } from '../view.ts';

/** What a column shows of a row; undefined leaves the cell empty. */
export type Cell =
  | { readonly is: 'text'; readonly value: string | undefined }
  | { readonly is: 'amount'; readonly value: Amount | undefined; readonly currency?: string | undefined }
  | { readonly is: 'count' | 'percent' | 'time'; readonly value: number | undefined }
  | { readonly is: 'date'; readonly value: PlainDate | undefined };

/** One column of a table, for a page and for CSV: what both show is said once. */
export interface Column<Row> {
  readonly heading: string;
  readonly is: Cell['is'];
  readonly cell: (row: Row) => Cell;
  /** On a page in place of the plain value: a link, a state. */
  readonly shown?: ((row: Row) => Html | '') | undefined;
  /** That it names its row. */
  readonly isHeading?: boolean | undefined;
  /** Of amounts in a table of several currencies: the one of a row, which has a column of its own. */
  readonly currency?: ((row: Row) => string) | undefined;
}

type Shown<Row> = Pick<Column<Row>, 'shown' | 'isHeading' | 'currency'>;

export function textColumn<Row>(
  heading: string,
  of: (row: Row) => string | undefined,
  shown: Shown<Row> = {},
): Column<Row> {
  return { heading, is: 'text', cell: (row) => ({ is: 'text', value: of(row) }), ...shown };
}

/** In minor units; the currency stands in the heading. */
export function amountColumn<Row>(
  heading: string,
  of: (row: Row) => Amount | undefined,
  shown: Shown<Row> = {},
): Column<Row> {
  const { currency } = shown;
  return {
    heading,
    is: 'amount',
    cell: (row) => ({ is: 'amount', value: of(row), currency: currency?.(row) }),
    ...shown,
  };
}

export function countColumn<Row>(heading: string, of: (row: Row) => number | undefined): Column<Row> {
  return { heading, is: 'count', cell: (row) => ({ is: 'count', value: of(row) }) };
}

/** Basis points: 2500 is 25 %. */
export function percentColumn<Row>(heading: string, of: (row: Row) => number | undefined): Column<Row> {
  return { heading, is: 'percent', cell: (row) => ({ is: 'percent', value: of(row) }) };
}

/** Milliseconds since the epoch. */
export function timeColumn<Row>(heading: string, of: (row: Row) => number | undefined): Column<Row> {
  return { heading, is: 'time', cell: (row) => ({ is: 'time', value: of(row) }) };
}

export function dateColumn<Row>(
  heading: string,
  of: (row: Row) => PlainDate | undefined,
  shown: Shown<Row> = {},
): Column<Row> {
  return { heading, is: 'date', cell: (row) => ({ is: 'date', value: of(row) }), ...shown };
}

/** The currency of amounts stands in the heading and in no cell. */
export function headingWithCurrency<Row>({ heading, is, currency: own }: Column<Row>, currency: string): string {
  return is === 'amount' && own === undefined ? `${heading} (${currency})` : heading;
}
