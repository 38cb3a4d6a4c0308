import type { Amount, PlainDate } from '@bilag/core';
import { html } from 'hono/html';
import { tableOf, type TableOptions } from '../tables/html-table.ts';
import type { Html, PageContext } from '../view.ts';
import { at, heightOf, paper } from './scale.ts';

/** What is drawn on the paper, and what it says to who does not see it. */
export interface Drawn {
  readonly said: string;
  /** What is written beside the axis: these and nought. */
  readonly values: readonly Amount[];
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly drawing: Html;
}

/** Of a label, in points. */
const lineHeight = 12;

/** A chart with its axis, and the same figures as a table below it, which is not printed. */
export function chartFigure<Row>(
  { said, values, from, to, drawing }: Drawn,
  table: TableOptions<Row>,
  context: PageContext,
): Html {
  const { width, height, left, right } = paper;
  const { y } = heightOf(values);
  const { format, texts } = context;
  const zero = at(y(0));
  const distinct = [...new Set<number>([...values, 0])].toSorted((a, b) => Math.abs(b) - Math.abs(a));
  // Where two would stand on each other the larger one is written.
  const labels = distinct.filter(
    (value, index) => !distinct.slice(0, index).some((other) => Math.abs(y(other) - y(value)) < lineHeight),
  );
  return html`<figure>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${said}">
      <line class="axis" stroke="currentColor" x1="${left}" x2="${width - right}" y1="${zero}" y2="${zero}" />
      ${drawing}
      ${labels.map(
        (value) =>
          html`<text x="${left - 6}" y="${at(y(value) + 4)}" text-anchor="end"
            >${format.amount(value as Amount, table.currency)}</text
          >`,
      )}
      <text x="${left}" y="${height - 6}">${format.plainDate(from)}</text>
      <text x="${width - right}" y="${height - 6}" text-anchor="end">${format.plainDate(to)}</text>
    </svg>
    <details class="act">
      <summary>${texts.views.charts.asTable(table.caption)}</summary>
      ${tableOf(table, context)}
    </details>
    <figcaption>${said}</figcaption>
  </figure>`;
}
