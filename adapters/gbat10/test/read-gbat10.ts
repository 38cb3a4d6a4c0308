import type { ReadLine, ReadVoucher, WrittenFile } from '@bilag/conformance';
import { add, parseAmount, zero } from '@bilag/core';

/** Reads the net column, with the rows of VAT, as a system does that imports VAT as it stands. Throws where a file is not sound. */
export function readGbat10(encoding: string): (files: readonly WrittenFile[]) => ReadVoucher[] {
  return (files) => files.flatMap(({ content }) => vouchersOf(rowsOf(content, encoding)));
}

/** The rows of a file, in columns. */
export function rowsOf(content: Uint8Array, encoding: string): string[][] {
  const rows = new TextDecoder(encoding, { fatal: true }).decode(content).split('\r\n');
  if (rows.pop() !== '') throw new Error('the last row has no end');
  return rows.map((row) => {
    const columns = row.split(';');
    if (columns.length !== 28 || columns[0] !== 'GBAT10') throw new Error(`not a row of GBAT10: ${row}`);
    const wrong = columns.findIndex((value, place) => !(rules[place] ?? /^[^\p{Cc}]*$/u).test(value));
    if (wrong !== -1) throw new Error(`column ${wrong} of ${row}`);
    return columns;
  });
}

/** What the vendor's page asks of the columns that have something in them. */
const rules: Readonly<Record<number, RegExp>> = {
  1: /^\d{8}$/,
  2: /^\d{8}$/,
  3: /^\d{1,3}$/,
  4: /^\d{1,2}$/,
  5: /^\d{4}$/,
  6: /^\d{4}$/,
  7: /^\d{1,5}$/,
  8: /^-?\d{1,12}\.\d\d$/,
  9: /^\d{0,9}$/,
  10: /^\d{0,9}$/,
  20: /^[^\p{Cc}]{0,100}$/u,
  23: /^\d{0,6}$/,
  24: /^\d{0,4}$/,
  26: /^[TF]$/,
  27: /^-?\d{1,12}\.\d\d$/,
};

function vouchersOf(rows: readonly string[][]): ReadVoucher[] {
  const vouchers = Map.groupBy(rows, (columns) => `${columns[1]} ${columns[2]}`);
  return [...vouchers.values()].map((own) => {
    const gross = own.reduce((sum, columns) => add(sum, parseAmount(columns[27] ?? '')), zero);
    if (gross !== 0) throw new Error(`the gross amounts of ${own[0]?.[1]} come to ${gross}`);
    const [reference = ''] = (own[0]?.[20] ?? '').split(' ');
    const date = own[0]?.[2] ?? '';
    return {
      reference,
      date: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`,
      lines: own.map((columns) => lineOf(columns, reference)).filter(({ amount }) => amount !== 0),
    };
  });
}

function lineOf(columns: readonly string[], reference: string): ReadLine {
  const [department = '', code = '0'] = [columns[24], columns[7]];
  return {
    account: columns[6] ?? '',
    amount: parseAmount(columns[8] ?? ''),
    text: (columns[20] ?? '').slice(reference.length + 1),
    ...(code === '0' ? {} : { vatCode: code }),
    ...(department === '' ? {} : { dimensions: { department } }),
  };
}
