import {
  BilagError,
  decimalsOf,
  formatAmount,
  linesOf,
  voucherReference,
  voucherTexts,
  type Book,
  type Voucher,
} from '@bilag/core';
import type { AcmeFileConfig } from './config.ts';

/**
 * The lines of the file, one voucher after the other: memory holds one voucher, never the book. Pure: no clock, no
 * locale, no environment.
 */
export async function* toAcmeFile(book: Book, config: AcmeFileConfig): AsyncGenerator<string> {
  const decimals = decimalsOf(book.company.currency);
  yield row(['ACME_FILE', '1', book.company.organisationNumber, book.company.currency]);
  yield* voucherTexts(book, (voucher) => {
    mustBelongTo(book, voucher);
    const reference = voucherReference(voucher);
    let text = row(['V', reference, voucher.date, voucher.description]);
    for (const line of linesOf(voucher, 'explicit')) {
      if (line.party !== undefined) throw noPlaceFor(line.party.kind, voucher);
      const dimensions = Object.entries(line.dimensions ?? {}).map(([type, value]) => `${type}=${value}`);
      const fields = [line.account, formatAmount(line.amount, decimals), line.vat?.code ?? '', dimensions.join(',')];
      text += row(['L', ...fields, config.texts ? line.text : '']);
    }
    return text;
  });
}

/** Fields set apart by tabs. What could break the row out of its place is a blank. */
function row(fields: readonly string[]): string {
  return `${fields.map((field) => field.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')).join('\t')}\n`;
}

function mustBelongTo({ company, period }: Book, { key, currency, date }: Voucher): void {
  if (currency === company.currency && date >= period.from && date <= period.to) return;
  throw new BilagError('unsupported', {
    what: `it is of ${date} in ${currency}, and the file of ${period.from} to ${period.to} in ${company.currency}`,
    where: `voucher ${key}`,
    action: 'export the books of one period and one currency at a time',
  });
}

/** What has no place is refused, and never left out. */
function noPlaceFor(what: string, { key }: Voucher): BilagError {
  return new BilagError('unsupported', {
    what: `the file has no place for a ${what}`,
    where: `voucher ${key}`,
    action: 'change the policy, or give the file a place for it',
  });
}
