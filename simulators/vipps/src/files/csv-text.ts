/** A table as CSV: RFC 4180, line breaks inside quotes. */
export function csvText(rows: readonly (readonly string[])[], delimiter = ','): string {
  const cell = (text: string): string =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => `${row.map(cell).join(delimiter)}\r\n`).join('');
}
