import { parseAmount, type Finding, type InputFile } from '@bilag/core';

/** Counts the vouchers, adds up the debits, and holds both against the last row. */
export async function* checkSampleFile({ name, content }: InputFile): AsyncGenerator<Finding> {
  let vouchers = 0;
  let debit = 0;
  let decimals = 2;
  let last: readonly string[] = [];
  for await (const fields of rowsOf(content)) {
    last = fields;
    if (fields[0] === 'H') decimals = fields[4] === 'ISK' || fields[4] === 'JPY' ? 0 : 2;
    if (fields[0] === 'V') vouchers += 1;
    if (fields[0] === 'L') debit += Math.max(0, parseAmount(fields[2] ?? '', decimals));
  }
  const [kind, count, total] = last;
  if (kind === 'T' && count === String(vouchers) && total === String(debit)) return;
  yield {
    code: 'sample-totals',
    severity: 'error',
    message: `the file says ${count} vouchers and ${total}, and has ${vouchers} and ${debit}`,
    where: name,
    action: 'write the file again',
  };
}

/** Whole rows alone; a row without its end was cut off. */
async function* rowsOf(content: InputFile['content']): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of content) {
    const rows = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = rows.pop() ?? '';
    for (const row of rows) yield row.split('\t');
  }
}
