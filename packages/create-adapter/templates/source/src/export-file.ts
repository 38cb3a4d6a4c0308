import {
  BilagError,
  fileTopic,
  isPlainDate,
  type FileHead,
  type FileReading,
  type FileToImport,
  type PlainDate,
} from '@bilag/core';

/**
 * The file that a merchant can take from Acme Pay's pages, for whoever has no token: `acme-pay-export,<ledger>,<currency>`, a
 * row for each entry, and `total,<sum>` at the end.
 */
export const exportKind = 'export of Acme Pay, CSV';

export function recognises({ bytes }: FileHead): string | undefined {
  return new TextDecoder().decode(bytes).startsWith('acme-pay-export,') ? exportKind : undefined;
}

/** One page for each date, in the shape of the API's: so both are read by the same code. */
export async function* pagesOf(file: FileToImport): AsyncGenerator<FileReading> {
  const [head = '', ...rows] = await linesOf(file);
  const [, ledgerId = '', currency = ''] = head.split(',');
  const cells = rows.map((row) => row.split(','));
  const last = cells.at(-1);
  if (last?.[0] !== 'total') throw refused(file, rows.length + 1, 'the file ends without its total');
  const entries = cells.slice(0, -1).map((row, index) => entryOf(row, file, index + 2));
  const sum = entries.reduce((sofar, { amount }) => sofar + amount, 0);
  // A total is a claim: it is checked, and never used.
  if (Number(last[1]) !== sum) throw refused(file, rows.length + 1, 'the rows do not come to the total');
  for (const [date, own] of Map.groupBy(entries, (entry) => entry.date)) {
    const page = { closed: true, next: null, entries: own.map(({ id, type, amount }) => ({ id, type, amount })) };
    yield {
      ledgerId,
      topic: `${fileTopic}export`,
      date,
      closed: true,
      currency,
      handles: [],
      page: { body: new TextEncoder().encode(JSON.stringify(page)), where: `rows of ${date}` },
    };
  }
}

interface Entry {
  readonly date: PlainDate;
  readonly id: string;
  readonly type: string;
  readonly amount: number;
}

function entryOf(
  [date = '', id = '', type = '', amount = '']: readonly string[],
  file: FileToImport,
  row: number,
): Entry {
  if (!isPlainDate(date) || id === '' || type === '' || !/^-?\d+$/.test(amount))
    throw refused(file, row, 'the row is not a date, an id, a type and whole minor units');
  return { date, id, type, amount: Number(amount) };
}

async function linesOf({ read }: FileToImport): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of read()) text += decoder.decode(bytes, { stream: true });
  return text.split('\n').filter((line) => line !== '');
}

function refused({ name }: FileToImport, row: number, what: string): BilagError {
  const action = 'take the file from Acme Pay again; nothing of it was imported';
  return new BilagError('rejected', { what, where: `${name}, row ${row}`, action });
}
