import { exactNumber, formatAmount, linesOf, type BilagError, type ViewedLine, type Voucher } from '@bilag/core';
import { cannotHold, placeOf } from '@bilag/http';
import type { RegisterEntries } from './registers.ts';

/** The only currency a client of PowerOffice Go can have (its FinancialSettings say so). */
export const powerOfficeCurrency = 'NOK';

/**
 * The body of `POST /Vouchers/ManualJournals`: gross amounts and VAT codes, by their ids. Throws `unsupported` for what
 * manual journals do not hold, `rejected` for what the client does not have, naming the line; nothing was sent then.
 */
export function toManualVoucher(voucher: Voucher, reference: string, entries: RegisterEntries): object {
  const { currency, date, description } = voucher;
  const where = placeOf(voucher, reference);
  if (currency !== powerOfficeCurrency) {
    throw cannotHold(
      'unsupported',
      `PowerOffice Go keeps books in NOK alone, not in ${currency}`,
      where,
      'use another target',
    );
  }
  return {
    VoucherDate: date,
    CurrencyCode: currency,
    Description: textOf(description),
    ExternalImportReference: reference,
    // Which system, and which batch of it, a collective voucher came from: SAF-T shows both.
    SaftSourceId: 'BILAG',
    SaftBatchId: reference,
    VoucherLines: linesOf(voucher, 'gross').map((line, index) =>
      toLine(line, voucher, entries, `${where}, line ${index + 1}`),
    ),
  };
}

function toLine(line: ViewedLine, { date }: Voucher, entries: RegisterEntries, where: string): object {
  const { account: number, amount, vat, dimensions = {}, party, text } = line;
  if (party !== undefined) {
    throw cannotHold(
      'unsupported',
      `a line of a ${party.kind} is not posted to PowerOffice`,
      where,
      'post on a general account',
    );
  }
  const account = entries.accounts.find(({ AccountNo }) => AccountNo === number);
  if (account === undefined) throw missing(`account ${number}`, where);
  const code = vat?.code ?? withoutVat;
  const known = entries.vatCodes.filter((one) => one.Code === code);
  const vatCode = known.find(({ IsActive }) => IsActive !== false) ?? known[0];
  if (vatCode === undefined) throw missing(`VAT code ${code}`, where);
  return {
    AccountId: exactNumber(account.Id),
    PostingDate: date,
    VatId: exactNumber(vatCode.Id),
    CurrencyAmount: exactNumber(formatAmount(amount)),
    Description: textOf(text),
    ...toDimensions(dimensions, entries, where),
  };
}

function toDimensions(
  dimensions: Readonly<Record<string, string>>,
  { departments, projects }: RegisterEntries,
  where: string,
): object {
  const ids: Record<string, unknown> = {};
  for (const [type, value] of Object.entries(dimensions)) {
    if (type !== 'department' && type !== 'project') {
      throw cannotHold(
        'unsupported',
        `the dimension "${type}" is not posted to PowerOffice`,
        where,
        'use department or project',
      );
    }
    const known = type === 'department' ? departments : projects;
    const found = known.find(({ Code }) => Code === value);
    if (found === undefined) throw missing(`${type} ${value}`, where);
    ids[type === 'department' ? 'DepartmentId' : 'ProjectId'] = exactNumber(found.Id);
  }
  return ids;
}

/** SAF-T's code for no treatment of VAT. Every line has to name a code. */
export const withoutVat = '0';

/** Control characters become spaces. How long a text may be is not published: this is shorter than any limit of its kind. */
export function textOf(text: string): string {
  const characters = [...text.replaceAll(/\p{Cc}+/gu, ' ').trim()];
  return characters.length <= longestText ? characters.join('') : `${characters.slice(0, longestText - 1).join('')}…`;
}

const longestText = 200;

function missing(what: string, where: string): BilagError {
  return cannotHold(
    'rejected',
    `PowerOffice has no ${what}`,
    where,
    'add it in PowerOffice Go, or name another in the policy',
  );
}
