import { BilagError } from '@bilag/core';

/** A row of a file, and the line it begins on. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows of text separated by semicolons; a cell in quotes may hold a semicolon, a line feed and quotes in pairs. Empty rows are left out. */
export function rowsOf(text: string, where: string): readonly Row[] {
  const rows: Row[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let beganOn = 1;
  let isQuoted = false;
  const endRow = (): void => {
    cells.push(cell.trim());
    if (cells.some((each) => each !== '')) rows.push({ line: beganOn, cells });
    cells = [];
    cell = '';
    beganOn = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\n') line += 1;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (character === ';') {
      cells.push(cell.trim());
      cell = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  if (isQuoted) {
    throw new BilagError('rejected', {
      what: 'a quoted cell is not closed',
      where: `${where}, line ${beganOn}`,
      action: 'export the file from the bank again; nothing of it was read',
    });
  }
  endRow();
  return rows;
}
