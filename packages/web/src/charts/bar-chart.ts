import type { Amount, PlainDate } from '@bilag/core';
import { html } from 'hono/html';
import { amountColumn, dateColumn, textColumn, type Column } from '../tables/column.ts';
import type { Html, PageContext } from '../view.ts';
import { chartFigure } from './chart-figure.ts';
import { at, heightOf, paper } from './scale.ts';

/** A bar: what came to so much on a date. */
export interface Bar {
  readonly date: PlainDate;
  /** What is meant, such as a payout or a kind of fee. */
  readonly label: string;
  readonly amount: Amount;
}

export interface BarChartOptions {
  readonly caption: string;
  /** What a bar is, as the heading of its column. */
  readonly labelHeading: string;
  readonly currency: string;
}

/** Amounts as bars in the order of their dates, each with its text, and the same figures as a table. */
export function barChart(
  bars: readonly Bar[],
  { caption, labelHeading, currency }: BarChartOptions,
  context: PageContext,
): Html | '' {
  const [first] = bars;
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return '';
  const { charts } = context.texts.views;
  const { amount, plainDate, count } = context.format;
  const { y, most, least } = heightOf(bars.map((bar) => bar.amount));
  const slot = (paper.width - paper.left - paper.right) / bars.length;
  const width = Math.min(slot * 0.8, 40);
  const zero = y(0);
  const drawing = html`${bars.map(({ amount: value, date, label }, index) => {
    const top = Math.min(y(value), zero);
    const x = paper.left + slot * index + (slot - width) / 2;
    const height = Math.max(Math.abs(y(value) - zero), 0.5);
    return html`<rect
      class="bar"
      fill="currentColor"
      x="${at(x)}"
      y="${at(top)}"
      width="${at(width)}"
      height="${at(height)}"
      ><title>${plainDate(date)} ${label}: ${amount(value, currency)}</title></rect
    >`;
  })}`;
  const ends = { from: plainDate(first.date), to: plainDate(last.date) };
  const said = charts.barsSaid({
    what: caption,
    count: count(bars.length),
    most: amount(most as Amount, currency),
    ...ends,
  });
  const values = [most, least].filter((value) => value !== 0) as Amount[];
  const columns: readonly Column<Bar>[] = [
    dateColumn(charts.date, ({ date }) => date, { isHeading: true }),
    textColumn(labelHeading, ({ label }) => label),
    amountColumn(charts.amount, (bar) => bar.amount),
  ];
  return chartFigure(
    { said, values, from: first.date, to: last.date, drawing },
    { caption, currency, rows: bars, columns, empty: '' },
    context,
  );
}
