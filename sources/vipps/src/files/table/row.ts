/** A row of a table, as it stands in a file. */
export interface Row {
  /** From one, as a spreadsheet program shows it. */
  readonly number: number;
  readonly cells: readonly string[];
}
