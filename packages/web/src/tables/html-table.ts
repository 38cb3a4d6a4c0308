import { html } from 'hono/html';
import type { Html, PageContext } from '../view.ts';
import { headingWithCurrency, type Cell, type Column } from './column.ts';

/** A table on a page. */
export interface TableOptions<Row> {
  readonly caption: string;
  readonly currency: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Said in place of the table where it has no row. */
  readonly empty: string;
  /** The last row: what it is called, and a value under each column that has one, by its place. */
  readonly sums?: { readonly label: string; readonly row: Row; readonly of: readonly number[] } | undefined;
  /** Where it is had as CSV. */
  readonly download?: string | undefined;
}

/** A table with its caption, its headings and, below, what it sums up to. */
export function tableOf<Row>(options: TableOptions<Row>, context: PageContext): Html {
  const { caption, currency, columns, rows, empty, sums, download } = options;
  const { common } = context.texts.views;
  if (rows.length === 0) return html`<p>${empty}</p>`;
  return html`<div class="scroll">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${columns.map((column) => headingOf(column, currency))}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${columns.map((column) => cellOf(column, row, currency, context))}
              </tr>`,
          )}
        </tbody>
        ${sums === undefined ? '' : sumsOf(sums, columns, currency, context)}
      </table>
    </div>
    ${download === undefined ? '' : html`<p class="act"><a href="${download}">${common.csv(caption)}</a></p>`}`;
}

function headingOf<Row>(column: Column<Row>, currency: string): Html {
  const text = headingWithCurrency(column, currency);
  return isFigure(column.is) ? html`<th scope="col" class="number">${text}</th>` : html`<th scope="col">${text}</th>`;
}

function cellOf<Row>(column: Column<Row>, row: Row, currency: string, context: PageContext): Html {
  const { cell, shown, isHeading, is } = column;
  const content = shown?.(row) ?? valueOf(cell(row), currency, context);
  if (isHeading === true) return html`<th scope="row">${content}</th>`;
  return isFigure(is) ? html`<td class="number">${content}</td>` : html`<td>${content}</td>`;
}

function sumsOf<Row>(
  { label, row, of }: NonNullable<TableOptions<Row>['sums']>,
  columns: readonly Column<Row>[],
  currency: string,
  context: PageContext,
): Html {
  const [first = columns.length] = of;
  return html`<tfoot>
    <tr>
      <th scope="row" colspan="${first}">${label}</th>
      ${columns
        .slice(first)
        .map((column, index) =>
          of.includes(first + index)
            ? html`<td class="number">${valueOf(column.cell(row), currency, context)}</td>`
            : html`<td></td>`,
        )}
    </tr>
  </tfoot>`;
}

function isFigure(is: Cell['is']): boolean {
  return is === 'amount' || is === 'count' || is === 'percent';
}

function valueOf(cell: Cell, currency: string, { format }: PageContext): Html | string {
  if (cell.value === undefined) return '';
  switch (cell.is) {
    case 'text':
      return cell.value;
    case 'amount':
      return format.amount(cell.value, cell.currency ?? currency);
    case 'count':
      return format.count(cell.value);
    case 'percent':
      return format.percent(cell.value);
    case 'time':
      return format.time(cell.value);
    case 'date':
      return format.date(cell.value);
  }
}
