import {
  BilagError,
  exactNumber,
  formatAmount,
  textBesideReference,
  type ExactNumber,
  type JournalLine,
  type Voucher,
} from '@bilag/core';
import { exactAmount, partyNeededBy, type TripletexAccount, type TripletexVatType } from './replies.ts';
import { noVatCode, vatCodeRules } from './registers/vat-codes.ts';

/** What a company's books offer, by the numbers people know. Requests carry the ids. */
export interface Directory {
  readonly accounts: ReadonlyMap<string, TripletexAccount>;
  readonly vatTypes: ReadonlyMap<string, TripletexVatType>;
  readonly departments: ReadonlyMap<string, number>;
  readonly projects: ReadonlyMap<string, number>;
  readonly customers: ReadonlyMap<string, number>;
  readonly suppliers: ReadonlyMap<string, number>;
  readonly voucherTypeId: number | null;
  /** How the company is registered for VAT; asked only where a code is missing. */
  readonly vatStatus?: string | undefined;
}

interface Id {
  readonly id: number;
}

/** One posting as Tripletex takes it. Gross, debit +. */
export interface TripletexPosting {
  readonly row: number;
  readonly date: string;
  readonly description: string;
  readonly account: Id;
  readonly vatType: Id;
  readonly amountGross: ExactNumber;
  readonly amountGrossCurrency: ExactNumber;
  readonly department?: Id;
  readonly project?: Id;
  readonly customer?: Id;
  readonly supplier?: Id;
}

/** The body of `POST /ledger/voucher`. */
export interface TripletexVoucherBody {
  readonly date: string;
  readonly description: string;
  readonly externalVoucherNumber: string;
  readonly voucherType?: Id;
  readonly postings: readonly TripletexPosting[];
}

/**
 * A voucher as Tripletex takes it: a row per line from 1 on (row 0 is the system's), gross amounts that are exact decimals
 * in the text, and the VAT type always said, because one left out is code 0 whatever the account's own code is. Throws
 * `rejected` with the line it concerns.
 */
export function toTripletex(voucher: Voucher, reference: string, directory: Directory): TripletexVoucherBody {
  const where = `voucher ${reference}`;
  if (voucher.currency !== 'NOK') {
    throw refused(
      where,
      `the voucher is in ${voucher.currency}, and the books are in NOK`,
      'book this ledger elsewhere',
    );
  }
  if (reference.length > longestReference) {
    throw refused(where, `the reference is longer than ${longestReference} characters`, 'use a shorter one');
  }
  return {
    date: voucher.date,
    description: withReference(textBesideReference(voucher, reference), reference),
    externalVoucherNumber: reference,
    ...(directory.voucherTypeId !== null && { voucherType: { id: directory.voucherTypeId } }),
    postings: voucher.lines.map((line, index) => {
      const place = placeOf(reference, index, line.account);
      return { ...postingOf(line, place, directory), row: index + 1, date: voucher.date };
    }),
  };
}

/** How a line is named in errors; counted from 1. */
export function placeOf(reference: string, index: number, account: string): string {
  return `voucher ${reference}, line ${index + 1}, account ${account}`;
}

/** What a line has that a refusal may be about. */
export function needsOf({ dimensions = {}, party }: JournalLine, account: TripletexAccount | undefined): string[] {
  return [
    ...Object.keys(dimensions),
    ...(party === undefined ? [] : [party.kind]),
    ...partyNeededBy(account),
    ...(account?.requiresDepartment === true ? ['department'] : []),
    ...(account?.requiresProject === true ? ['project'] : []),
  ];
}

function postingOf(line: JournalLine, place: string, directory: Directory): Omit<TripletexPosting, 'row' | 'date'> {
  const account = directory.accounts.get(line.account);
  if (account === undefined) {
    throw refused(place, 'the account is not in the chart', 'make the account in Tripletex, or mend the policy');
  }
  if (account.isInactive === true) {
    throw refused(place, 'the account is inactive', 'make it active in Tripletex, or mend the policy');
  }
  const gross = exactNumber(formatAmount(line.amount));
  return {
    description: startOf(line.text, longestText),
    account: { id: account.id },
    vatType: { id: vatTypeOf(line, account, place, directory) },
    amountGross: gross,
    amountGrossCurrency: gross,
    ...dimensionsOf(line, account, place, directory),
    ...partyOf(line, account, place, directory),
  };
}

function vatTypeOf(line: JournalLine, account: TripletexAccount, place: string, directory: Directory): number {
  const code = line.vat?.code ?? noVatCode;
  const rule = vatCodeRules.get(code);
  if (rule === undefined) {
    throw refused(place, `the VAT code ${code} is not one we book with`, 'use another code in the policy');
  }
  const isReverse = line.vat?.kind === 'reverse-charge';
  const rate = line.vat?.rateBasisPoints ?? 0;
  if (rate !== rule.rateBasisPoints || isReverse !== (rule.kind === 'reverse-charge')) {
    throw refused(place, `the VAT code ${code} is not for ${rate / 100} %`, 'mend code and rate in the policy');
  }
  const vatType = directory.vatTypes.get(code);
  if (vatType === undefined) {
    const status = directory.vatStatus === undefined ? '' : ` (${directory.vatStatus})`;
    throw refused(
      place,
      `the company has no VAT code ${code} on this date${status}`,
      'see in Tripletex whether the company is registered for VAT, or use another code in the policy',
    );
  }
  const told = vatType.percentage ?? undefined;
  if (told !== undefined && basisPoints(told) !== rule.rateBasisPoints) {
    throw refused(place, `Tripletex takes ${told} % for VAT code ${code}`, 'wait for a version that knows this rate');
  }
  refuseIllegal(code, account, place);
  return vatType.id;
}

/** Two decimals are to a per cent what øre are to a krone. */
function basisPoints(percentage: string): number {
  return exactAmount(percentage.replace('-', ''));
}

function refuseIllegal(code: string, { vatLocked, vatType, legalVatTypes }: TripletexAccount, place: string): void {
  const locked = vatLocked === true ? vatType?.number : undefined;
  const legal = locked === undefined ? legalVatTypes?.flatMap(({ number }) => number ?? []) : [locked];
  if (legal === undefined || legal.length === 0 || legal.includes(code)) return;
  const allowed = locked === undefined ? 'takes other VAT codes' : `is locked to VAT code ${locked}`;
  throw refused(place, `the line has VAT code ${code}, and the account ${allowed}`, 'mend the policy, or the account');
}

function dimensionsOf(
  { dimensions = {} }: JournalLine,
  account: TripletexAccount,
  place: string,
  directory: Directory,
): Pick<TripletexPosting, 'department' | 'project'> {
  const other = Object.keys(dimensions).find((name) => name !== 'department' && name !== 'project');
  if (other !== undefined) {
    throw refused(place, `Tripletex knows no dimension "${other}"`, 'name it department or project in the policy');
  }
  const idOf = (name: 'department' | 'project', isNeeded: boolean): Id | undefined => {
    const number = dimensions[name];
    if (number === undefined) {
      if (!isNeeded) return undefined;
      throw refused(place, `the account asks for a ${name}`, `give the sales unit a ${name} in the policy`);
    }
    const id = directory[`${name}s`].get(number);
    if (id !== undefined) return { id };
    throw refused(place, `there is no ${name} ${number}`, `make the ${name} in Tripletex, or mend the policy`);
  };
  const department = idOf('department', account.requiresDepartment === true);
  const project = idOf('project', account.requiresProject === true);
  return { ...(department && { department }), ...(project && { project }) };
}

function partyOf(
  { party }: JournalLine,
  account: TripletexAccount,
  place: string,
  directory: Directory,
): Pick<TripletexPosting, 'customer' | 'supplier'> {
  const [needed] = partyNeededBy(account);
  if (account.ledgerType === 'EMPLOYEE' || account.ledgerType === 'ASSET') {
    throw refused(place, 'the account belongs to a sub-ledger of employees or assets', 'use another account');
  }
  if (needed === undefined) {
    if (party === undefined) return {};
    throw refused(
      place,
      `the account keeps no ${party.kind}s, and the line names one`,
      `use an account of the ${party.kind} ledger in the policy, or name none`,
    );
  }
  if (party?.kind !== needed) {
    throw refused(
      place,
      `the account asks for a ${needed}`,
      `name the ${needed} in the policy, or use another account`,
    );
  }
  const id = directory[`${needed}s`].get(party.id);
  if (id !== undefined) return { [needed]: { id } };
  throw refused(place, `there is no ${needed} with number ${party.id}`, `make the ${needed} in Tripletex first`);
}

/** The reference stays whole at the end, where an accountant sees it. */
function withReference(description: string, reference: string): string {
  return `${startOf(description, longestText - reference.length - 1)} ${reference}`.trim();
}

/** Never half a character. */
function startOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function refused(where: string, what: string, action: string): BilagError {
  return new BilagError('rejected', { what, where, action });
}

/** As documented for `externalVoucherNumber`. */
const longestReference = 70;

/** The real bound is not published. */
const longestText = 255;
