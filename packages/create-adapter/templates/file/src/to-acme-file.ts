import { BilagError, decimalsOf, formatAmount, linesOf, voucherReference, type Book, type Voucher } from '@bilag/core';
import type { AcmeFileConfig } from './config.ts';

/**
 * The lines of the file, one voucher after the other: memory holds one voucher, never the book. Pure: no clock, no
 * locale, no environment.
 */
export async function* toAcmeFile(book: Book, config: AcmeFileConfig): AsyncGenerator<string> {
  const decimals = decimalsOf(book.company.currency);
  yield row(['ACME_FILE', '1', book.company.organisationNumber, book.company.currency]);
  for await (const voucher of book.vouchers()) {
    if (voucher.currency !== book.company.currency) throw otherCurrency(voucher, book);
    const reference = voucherReference(voucher);
    let text = row(['V', reference, voucher.date, voucher.description]);
    for (const line of linesOf(voucher, 'explicit')) {
      const dimensions = Object.entries(line.dimensions ?? {}).map(([type, value]) => `${type}=${value}`);
      const fields = [line.account, formatAmount(line.amount, decimals), line.vat?.code ?? '', dimensions.join(',')];
      text += row(['L', ...fields, config.texts ? line.text : '']);
    }
    yield text;
  }
}

/** Fields set apart by tabs. What could break the row out of its place is a blank. */
function row(fields: readonly string[]): string {
  return `${fields.map((field) => field.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')).join('\t')}\n`;
}

function otherCurrency({ key, currency }: Voucher, { company }: Book): BilagError {
  return new BilagError('unsupported', {
    what: `the voucher is in ${currency}, and the file in ${company.currency}`,
    where: `voucher ${key}`,
    now: 'export the books of one currency at a time',
  });
}
