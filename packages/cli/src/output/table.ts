import { printableLine } from './printable.ts';

/** A column: its heading, and whether its cells are numbers. */
export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/**
 * Rows in columns as wide as their widest cell as it is shown: a control character as `\\u001b`. The last column is not padded; an empty table is its headings.
 */
export function toTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const all = [columns.map(({ title }) => title), ...rows].map((row) => row.map(printableLine));
  const widths = columns.map((_, index) =>
    all.reduce((widest, row) => Math.max(widest, [...(row[index] ?? '')].length), 0),
  );
  return all
    .map(
      (row) =>
        `${columns
          .map((column, index) => pad(row, column, index, widths))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function pad(row: readonly string[], column: Column, index: number, widths: readonly number[]): string {
  const cell = row[index] ?? '';
  const space = ' '.repeat((widths[index] ?? 0) - [...cell].length);
  return column.align === 'right' ? space + cell : cell + space;
}
