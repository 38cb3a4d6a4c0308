import { amount, plainDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { balanceChart } from '../src/charts/balance-chart.ts';
import { barChart } from '../src/charts/bar-chart.ts';
import { formatOf } from '../src/format.ts';
import { textsOf } from '../src/texts/texts.ts';
import type { Html, PageContext } from '../src/view.ts';

const context = { texts: textsOf.nb, format: formatOf('nb'), language: 'nb', isFile: false } as PageContext;

const points = [
  ['2026-07-01', 100_000, 0],
  ['2026-07-02', 50_000, 50_000],
  ['2026-07-03', 150_000, -10_000],
].map(([date, beforePayout, value]) => ({
  date: plainDate(String(date)),
  beforePayout: amount(Number(beforePayout)),
  amount: amount(Number(value)),
}));

/** With plain blanks, and one between attributes. */
async function drawn(chart: Html | ''): Promise<string> {
  return String(await chart).replaceAll(/\s+/g, ' ');
}

/** The cells of a table, row by row. */
function cellsOf(html: string): string[][] {
  const [, body = ''] = /<tbody>([\s\S]*?)<\/tbody>/.exec(html) ?? [];
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) =>
      cell.replaceAll(/<[^>]*>/g, '').trim(),
    ),
  );
}

test('the balance is a line in steps: up with the sales of a date, down with its payout', async () => {
  const html = await drawn(balanceChart(points, 'NOK', context));
  const [, path] = / d="([^"]*)"/.exec(html) ?? [];
  // 150,00 down to −10,00 over 140 points of height: nought stands at 145.25.
  expect(path).toBe('M96.0 57.8V145.3H402.0V101.5V101.5H708.0V14.0V154.0');
});

test('it says in words what it shows, and the same figures stand in a table', async () => {
  const html = await drawn(balanceChart(points, 'NOK', context));
  expect(html).toContain('aria-label="Saldo fra 01.07.2026 til 03.07.2026: mellom −100,00 og 1 500,00"');
  expect(cellsOf(html)).toEqual([
    ['01.07.2026', '1 000,00', '0,00'],
    ['02.07.2026', '500,00', '500,00'],
    ['03.07.2026', '1 500,00', '−100,00'],
  ]);
});

test('two figures never stand on each other beside the axis: the larger is written', async () => {
  const close = [points[0]!, { ...points[1]!, amount: amount(-2_000) }];
  const html = await drawn(balanceChart(close, 'NOK', context));
  const labels = [...html.matchAll(/text-anchor="end"\s*>([^<]*)</g)].map(([, label]) => label);
  expect(labels).toEqual(['1 000,00', '−20,00', '02.07.2026']);
});

test('one date is no line, and no payout no bar', () => {
  expect(balanceChart(points.slice(0, 1), 'NOK', context)).toBe('');
  expect(barChart([], { caption: 'Utbetalinger', labelHeading: 'Utbetaling', currency: 'NOK' }, context)).toBe('');
});

test('a payout is a bar from nought, and one that is taken back hangs below it', async () => {
  const bars = [
    { date: plainDate('2026-07-01'), label: '302321-2000045', amount: amount(30_000) },
    { date: plainDate('2026-07-02'), label: '<b>2000046</b>', amount: amount(-10_000) },
  ];
  const html = await drawn(
    barChart(bars, { caption: 'Utbetalinger', labelHeading: 'Utbetaling', currency: 'NOK' }, context),
  );
  const rects = [...html.matchAll(/ y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)].map(([, y, height]) => [
    y,
    height,
  ]);
  expect(rects).toEqual([
    ['14.0', '105.0'],
    ['119.0', '35.0'],
  ]);
  expect(html).toContain('&lt;b&gt;2000046&lt;/b&gt;');
  expect(cellsOf(html)[1]).toEqual(['02.07.2026', '&lt;b&gt;2000046&lt;/b&gt;', '−100,00']);
});

test('nothing of a chart is an inline style or a script: the page forbids both', async () => {
  const html = await drawn(balanceChart(points, 'NOK', context));
  expect(html).not.toMatch(/style=|<script|<style|onload/);
});
