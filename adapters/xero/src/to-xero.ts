import { createHash } from 'node:crypto';
import {
  containedVat,
  exactNumber,
  formatAmount,
  named,
  textBesideReference,
  type JournalLine,
  type Voucher,
} from '@bilag/core';
import { cannotHold, placeOf, plainLine } from '@bilag/http';
import type { XeroConfig } from './config.ts';
import { basisPointsOf, typeOf, whyNot, type RegisterEntries } from './registers.ts';

/** Of a line without VAT. */
export const withoutTax = 'NONE';

/**
 * The body of `PUT /ManualJournals`: lines gross with their tax types, the reference as the first word of the narration. Throws
 * `unsupported` for what lines do not hold, `rejected` for what the organisation does not have, naming the line; nothing was sent then.
 */
export function toXero(voucher: Voucher, reference: string, config: XeroConfig, entries: RegisterEntries): object {
  const where = placeOf(voucher, reference);
  const { BaseCurrency } = entries.organisation;
  if (voucher.currency !== BaseCurrency) {
    const what = `the organisation keeps its books in ${BaseCurrency}, not in ${voucher.currency}`;
    throw cannotHold('unsupported', what, where, 'post to an organisation in that currency');
  }
  return {
    ManualJournals: [
      {
        Narration: plainLine(`${reference} ${textBesideReference(voucher, reference)}`, 500),
        Date: voucher.date,
        Status: config.mode === 'draft' ? 'DRAFT' : 'POSTED',
        LineAmountTypes: 'Inclusive',
        ShowOnCashBasisReports: true,
        JournalLines: voucher.lines.map((line, index) => toLine(line, `${where}, line ${index + 1}`, config, entries)),
      },
    ],
  };
}

/** The same for the same body, so that Xero takes a second one for the first. At most 128 characters. */
export function idempotencyKeyOf(reference: string, body: object): string {
  return `bilag-${reference}-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 40)}`;
}

function toLine(line: JournalLine, at: string, config: XeroConfig, entries: RegisterEntries): object {
  const { account: number, amount, vat, party, dimensions = {}, text } = line;
  if (party !== undefined) {
    const what = `a line of a ${party.kind} is not posted to Xero`;
    throw cannotHold('unsupported', what, at, 'post on a general account');
  }
  const account = entries.accounts.get(number);
  const problem = account === undefined ? 'is not in Xero' : whyNot(account);
  if (account === undefined || problem !== undefined) {
    const action = 'mend it in Xero, or name another account in the policy';
    throw cannotHold('rejected', `account ${number} ${problem}`, at, action);
  }
  const tracking = toTracking(dimensions, at, entries);
  return {
    LineAmount: exactNumber(formatAmount(amount)),
    AccountCode: number,
    Description: plainLine(text, 500),
    TaxType:
      vat === undefined ? withoutTax : taxTypeOf(line, vat, at, config, { ...entries, className: account.Class ?? '' }),
    ...(tracking.length > 0 && { Tracking: tracking }),
  };
}

/** Xero computes the VAT: it has to come to the voucher's own. */
function taxTypeOf(
  { amount, account }: JournalLine,
  vat: NonNullable<JournalLine['vat']>,
  at: string,
  { taxTypes }: XeroConfig,
  { taxRates, className }: Pick<RegisterEntries, 'taxRates'> & { readonly className: string },
): string {
  const { code, kind, rateBasisPoints, amount: contained } = vat;
  if (kind === 'reverse-charge') {
    const what = `reverse charge (VAT code ${code}) is not posted to Xero`;
    throw cannotHold('unsupported', what, at, 'book it without VAT and let a person add the tax rate, or by hand');
  }
  const taxType = named(taxTypes, code) ?? (code === '0' ? withoutTax : code);
  if (taxType === withoutTax && rateBasisPoints === 0) return taxType;
  const rate = taxRates.get(taxType);
  const refuse = (what: string, action: string): never => {
    throw cannotHold('rejected', what, at, action);
  };
  if (rate === undefined) {
    return refuse(`Xero has no tax rate of the type ${taxType} (VAT code ${code})`, 'name the type under `taxTypes`');
  }
  if (basisPointsOf(rate) !== rateBasisPoints || containedVat(amount, rateBasisPoints) !== contained) {
    const what = `tax type ${taxType} is of ${basisPointsOf(rate) / 100} % in Xero, and VAT code ${code} of ${rateBasisPoints / 100} %`;
    return refuse(what, 'name another type under `taxTypes`, or mend the VAT treatment in the policy');
  }
  if (named(rate.canApplyTo, className) === false) {
    return refuse(
      `tax type ${taxType} does not apply to account ${account} (${className})`,
      'use another account or type',
    );
  }
  return taxType;
}

function toTracking(dimensions: Readonly<Record<string, string>>, at: string, { tracking }: RegisterEntries): object[] {
  return Object.entries(dimensions).map(([type, value]) => {
    const category = tracking.find(({ Name }) => typeOf(Name) === type.toLowerCase());
    if (category === undefined) {
      const what = `the dimension "${type}" is not a tracking category in Xero`;
      throw cannotHold('unsupported', what, at, 'add the category there, or leave it out of the policy');
    }
    if (!category.Options.some(({ Name }) => Name === value)) {
      const what = `Xero has no option ${value} of ${category.Name}`;
      throw cannotHold('rejected', what, at, 'add it there, or name another in the policy');
    }
    return { Name: category.Name, Option: value };
  });
}
