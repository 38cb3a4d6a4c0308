import {
  BilagError,
  decimalsOf,
  defineAdapter,
  formatAmount,
  linesOf,
  voucherReference,
  type Book,
  type FileAdapter,
  type Voucher,
} from '@bilag/core';
import { z } from 'zod';

/** What people may choose. */
export interface JsonLinesConfig {
  /** Whether the texts of vouchers and lines are written. */
  readonly texts: boolean;
}

/** One voucher a line, for a warehouse of data or a program of one's own. Amounts are text: JSON numbers are floats. */
export const jsonLines: FileAdapter<JsonLinesConfig> = defineAdapter<JsonLinesConfig>({
  contract: 1,
  kind: 'file',
  id: 'json-lines',
  title: 'JSON Lines',
  config: z.strictObject({ texts: z.boolean().default(true) }),
  vat: 'explicit',
  async *render({ company, period, vouchers }, config) {
    yield {
      name: `${company.organisationNumber}-${period.from}-${period.to}.jsonl`,
      mediaType: 'application/jsonl',
      content: (async function* () {
        for await (const voucher of vouchers()) {
          if (voucher.date < period.from || voucher.date > period.to) throw otherPeriod(voucher, period);
          yield `${JSON.stringify(toRecord(voucher, company.currency, config))}\n`;
        }
      })(),
    };
  },
});

function toRecord(voucher: Voucher, currency: string, { texts }: JsonLinesConfig): object {
  if (voucher.currency !== currency) throw otherCurrency(voucher, currency);
  return {
    reference: voucherReference(voucher),
    date: voucher.date,
    currency,
    ...(texts ? { text: voucher.description } : {}),
    lines: linesOf(voucher, 'explicit').map(({ account, amount, vat, dimensions, text }) => ({
      account,
      amount: formatAmount(amount, decimalsOf(currency)),
      ...(vat === undefined ? {} : { vatCode: vat.code }),
      ...(dimensions === undefined ? {} : { dimensions }),
      ...(texts ? { text } : {}),
    })),
  };
}

function otherCurrency({ key, currency }: Voucher, expected: string): BilagError {
  return new BilagError('unsupported', {
    what: `the voucher is in ${currency}, and the file in ${expected}`,
    where: `voucher ${key}`,
    action: 'export the books of one currency at a time',
  });
}

function otherPeriod({ key, date }: Voucher, { from, to }: Book['period']): BilagError {
  return new BilagError('unsupported', {
    what: `the voucher is of ${date}, and the file of ${from} to ${to}`,
    where: `voucher ${key}`,
    action: 'export the books of that period too',
  });
}
