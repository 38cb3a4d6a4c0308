import { parseAmount } from '@bilag/core';
import type { ReadingHints, ReadLine, ReadVoucher, WrittenFile } from '../../src/index.ts';

/** Reads the sample's files from their description alone. */
export function readSampleFile(files: readonly WrittenFile[], { decimals }: ReadingHints): readonly ReadVoucher[] {
  const vouchers: (ReadVoucher & { readonly lines: ReadLine[] })[] = [];
  let currency = '';
  for (const { content } of files) {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    if (!text.endsWith('\n')) throw new Error('the last row has no end');
    for (const row of text.split('\n').slice(0, -1)) {
      const fields = row.split('\t');
      const [kind = '', first = '', second = '', third = '', fourth = '', fifth = ''] = fields;
      if (fields.length !== lengths[kind]) throw new Error(`a row "${kind}" has ${fields.length} fields`);
      if (kind === 'H') currency = fields[4] ?? '';
      if (kind === 'V')
        vouchers.push({ reference: first, date: second, currency, description: plain(third), lines: [] });
      if (kind === 'L') {
        vouchers.at(-1)?.lines.push({
          account: first,
          amount: parseAmount(second, decimals),
          ...(third === '' ? {} : { vatCode: third }),
          ...(fourth === '' ? {} : { dimensions: Object.fromEntries(new URLSearchParams(fourth)) }),
          text: plain(fifth),
        });
      }
    }
  }
  return vouchers;
}

/** How many fields each kind of row has. */
const lengths: Readonly<Record<string, number>> = { H: 8, A: 3, V: 4, L: 6, T: 3 };

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

function plain(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}
