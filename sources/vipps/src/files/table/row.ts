/** A row of a table, as it stands in a file. */
export interface Row {
  /** From one, as a spreadsheet program shows it. */
  readonly number: number;
  readonly cells: readonly string[];
}

/** What stands most often in the first line, outside of quotes. */
export function delimiterOf(text: string): string {
  const line = (text.split(/[\r\n]/, 1)[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((delimiter) => [line.split(delimiter).length, delimiter] as const);
  return counted.reduce((most, next) => (next[0] > most[0] ? next : most))[1];
}
