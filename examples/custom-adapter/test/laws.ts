import { parseAmount } from '@bilag/core';
import type { FileSubject, ReadVoucher } from '@bilag/conformance';
import { describeLaws } from '@bilag/conformance/node-test';
import { jsonLines, type JsonLinesConfig } from '../src/json-lines.ts';

/** A line of the file, by its specification: nothing of the adapter takes part in reading it. */
interface VoucherRecord extends Omit<ReadVoucher, 'lines' | 'description'> {
  readonly text?: string;
  readonly lines: readonly (Omit<ReadVoucher['lines'][number], 'amount'> & { readonly amount: string })[];
}

const subject: FileSubject<JsonLinesConfig> = {
  adapter: jsonLines,
  module: new URL('../src/json-lines.ts', import.meta.url),
  config: {},
  chart: { dimension: { type: 'department', value: '10' } },
  read: (files, { decimals }) =>
    files.flatMap(({ content }) => {
      const rows = new TextDecoder('utf-8', { fatal: true }).decode(content).split('\n').slice(0, -1);
      return rows.map((row) => {
        const { text, lines, ...voucher } = JSON.parse(row) as VoucherRecord;
        const read = lines.map((line) => ({ ...line, amount: parseAmount(line.amount, decimals) }));
        return { ...voucher, ...(text === undefined ? {} : { description: text }), lines: read };
      });
    }),
};

describeLaws(subject);
