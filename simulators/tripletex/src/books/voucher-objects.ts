import type { CompanyDirectory, Numbered } from './company-directory.ts';
import type { TripletexObject } from '../server/fields-filter.ts';
import type { HeldPosting, HeldVoucher } from './held-voucher.ts';
import { kroner } from '../tripletex-replies.ts';

/** A voucher with all that it can tell, for the `fields` filter to choose from. */
export function voucherObject(held: HeldVoucher, directory: CompanyDirectory): TripletexObject {
  const { id, version, date, number, tempNumber, description, attachment } = held;
  const year = Number(date.slice(0, 4));
  return {
    id,
    version,
    date,
    number,
    tempNumber,
    year,
    description,
    wasAutoMatched: false,
    numberAsString: number === 0 ? `<Ikke bokført ${tempNumber}>` : `${number}-${year}`,
    voucherType: directory.voucherTypes.find(({ name }) => name === held.voucherType),
    reverseVoucher: held.reverseVoucher === null ? undefined : { id: held.reverseVoucher },
    externalVoucherNumber: held.externalVoucherNumber ?? undefined,
    postings: held.postings.map((posting) => postingObject(posting, held, directory)),
    attachment: attachment && {
      id: attachment.id,
      fileName: attachment.fileName,
      mimeType: attachment.mediaType,
      size: attachment.uploads.reduce((size, { length }) => size + length, 0),
    },
  };
}

export function postingObject(posting: HeldPosting, held: HeldVoucher, directory: CompanyDirectory): TripletexObject {
  const account = directory.account(posting.account);
  return {
    id: posting.id,
    version: 1,
    voucher: { id: held.id },
    date: posting.date,
    description: posting.description,
    account: account && directory.accountObject(account),
    vatType: directory.vatType(posting.vatType),
    currency: { id: 1, code: 'NOK' },
    department: withNumber(posting.department, directory.departments, 'departmentNumber'),
    project: withNumber(posting.project, directory.projects, 'number'),
    customer: withNumber(posting.customer, directory.customers, 'customerNumber', Number),
    supplier: withNumber(posting.supplier, directory.suppliers, 'supplierNumber', Number),
    amount: kroner(posting.amount),
    amountCurrency: kroner(posting.amount),
    amountGross: kroner(posting.amountGross),
    amountGrossCurrency: kroner(posting.amountGross),
    row: posting.row,
    systemGenerated: posting.row === 0,
    // Seen true on the bank account, which takes no VAT.
    isVatReadonly: account !== undefined && directory.legalVatTypes(account).length === 1,
  };
}

/** Something known by a number, under the name its kind gives that number. */
export function numberedObject(
  one: Numbered,
  field: string,
  convert: (number: string) => unknown = String,
): TripletexObject {
  return { id: one.id, version: 1, name: one.name, [field]: convert(one.number) };
}

function withNumber(
  number: string | undefined,
  known: readonly Numbered[],
  field: string,
  convert?: (number: string) => unknown,
): TripletexObject | undefined {
  const found = known.find((one) => one.number === number);
  return found && numberedObject(found, field, convert);
}
