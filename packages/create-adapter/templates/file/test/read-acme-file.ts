import type { ReadLine, ReadVoucher, WrittenFile } from '@bilag/conformance';
import { parseAmount } from '@bilag/core';

/**
 * Reads the file back from its specification alone: no code of the adapter takes part, so that a mistake cannot be made
 * twice and agree with itself. Better still: the vendor's own program, or a parser made by others.
 */
export function readAcmeFile(files: readonly WrittenFile[]): ReadVoucher[] {
  const vouchers: (ReadVoucher & { readonly lines: ReadLine[] })[] = [];
  for (const { content } of files) {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    const [header = '', ...rows] = text.split('\n').slice(0, -1);
    const [, version, , currency = ''] = header.split('\t');
    if (version !== '1') throw new Error(`the file is of version ${version}`);
    for (const row of rows) {
      const [kind, first = '', second = '', third = '', fourth = '', fifth = '', ...more] = row.split('\t');
      if (more.length > 0) throw new Error(`a row has too many fields: ${row}`);
      const voucher = vouchers.at(-1);
      if (kind === 'V') vouchers.push({ reference: first, date: second, currency, description: third, lines: [] });
      else if (kind === 'L' && voucher !== undefined)
        voucher.lines.push(lineOf(first, second, third, fourth, fifth, currency));
      else throw new Error(`a row of the kind "${kind}"`);
    }
  }
  return vouchers;
}

function lineOf(
  account: string,
  amount: string,
  code: string,
  dimensions: string,
  text: string,
  currency: string,
): ReadLine {
  const decimals = currency === 'ISK' || currency === 'JPY' ? 0 : 2;
  return {
    account,
    amount: parseAmount(amount, decimals),
    text,
    ...(code === '' ? {} : { vatCode: code }),
    ...(dimensions === ''
      ? {}
      : { dimensions: Object.fromEntries(dimensions.split(',').map((part) => part.split('=') as [string, string])) }),
  };
}
