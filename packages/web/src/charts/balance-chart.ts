import type { BalancePoint } from '@bilag/company';
import { html } from 'hono/html';
import { amountColumn, dateColumn } from '../tables/column.ts';
import type { Html, PageContext } from '../view.ts';
import { chartFigure } from './chart-figure.ts';
import { at, heightOf, paper } from './scale.ts';

/**
 * What the provider owed, as a line in steps: it grows with the sales of a date, and falls with its payouts. With the same figures as a
 * table.
 */
export function balanceChart(points: readonly BalancePoint[], currency: string, context: PageContext): Html | '' {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return '';
  const { charts } = context.texts.views;
  const { amount, plainDate } = context.format;
  const values = points.flatMap(({ amount: value, beforePayout }) => [beforePayout, value]);
  const { y } = heightOf(values);
  const inside = paper.width - paper.left - paper.right;
  const x = (index: number): string => at(paper.left + (index / (points.length - 1)) * inside);
  const steps = points.map(({ amount: value, beforePayout }, index) => {
    const up = index === 0 ? `M${x(index)} ${at(y(beforePayout))}` : `H${x(index)}V${at(y(beforePayout))}`;
    return `${up}V${at(y(value))}`;
  });
  const ordered = values.toSorted((a, b) => a - b);
  const [least = first.amount, most = first.amount] = [ordered[0], ordered.at(-1)];
  const said = charts.balanceSaid({
    from: plainDate(first.date),
    to: plainDate(last.date),
    least: amount(least, currency),
    most: amount(most, currency),
  });
  const path = html`<path class="line" fill="none" stroke="currentColor" d="${steps.join('')}" />`;
  const drawn = { said, values: [least, most], from: first.date, to: last.date, drawing: path };
  const table = {
    caption: charts.balance,
    currency,
    rows: points,
    empty: '',
    columns: [
      dateColumn<BalancePoint>(charts.ledgerDate, ({ date }) => date, { isHeading: true }),
      amountColumn<BalancePoint>(charts.beforePayout, ({ beforePayout }) => beforePayout),
      amountColumn<BalancePoint>(charts.atEnd, ({ amount: value }) => value),
    ],
  };
  return chartFigure(drawn, table, context);
}
