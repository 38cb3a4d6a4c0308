import {
  add,
  amount,
  BilagError,
  containedVat,
  type Amount,
  type Posted,
  type PostedLine,
  sum,
  zero,
} from '@bilag/core';
import type { HeldRow, TripletexVoucher } from './replies.ts';
import { noVatCode, vatCodeRules } from './registers/vat-codes.ts';

/**
 * A voucher as Tripletex holds it, in the gross view: rows from 1 on. What the system posted on row 0 is compared with the
 * VAT these rows contain; where it is more than a rounding off, the difference stands as a line of its own.
 */
export function toPosted(voucher: TripletexVoucher): Posted {
  const { id, postings, reverseVoucher, numberAsString } = voucher;
  const own = postings.filter(({ row }) => row > 0);
  const other = reverseVoucher?.id;
  // Both ends of a reversal may name each other. Ids only grow, so the later one is the reversal.
  const reverses = other !== undefined && other < id ? other : undefined;
  return {
    id: String(id),
    reference: voucher.externalVoucherNumber ?? '',
    state: other !== undefined && other > id ? 'reversed' : 'live',
    document: 'journal',
    date: voucher.date,
    currency: 'NOK',
    lines: own.length > 0 ? [...own.map((row) => lineOf(row, voucher)), ...vatOffBy(postings)] : systemLines(voucher),
    ...(reverses !== undefined && { reverses: String(reverses) }),
    ...(numberAsString !== null && numberAsString !== undefined && { number: numberAsString }),
    ...(typeof voucher.description === 'string' && { description: voucher.description }),
  };
}

function lineOf(row: HeldRow, { id, date }: TripletexVoucher): PostedLine {
  const dimensions: Record<string, string> = {};
  if (row.department) dimensions['department'] = known(row.department.departmentNumber, id, 'department');
  if (row.project) dimensions['project'] = known(row.project.number, id, 'project');
  // A row may be moved to another date by hand: then it is not what we posted.
  if (row.date && row.date !== date) dimensions['date'] = row.date;
  const code = row.vatType?.number ?? noVatCode;
  return {
    account: row.account.number,
    amount: row.amountGross,
    ...(code !== noVatCode && { vatCode: code }),
    ...(Object.keys(dimensions).length > 0 && { dimensions }),
  };
}

/** Of vouchers the system made all by itself. */
function systemLines({ postings }: TripletexVoucher): PostedLine[] {
  return postings.map(({ account, amount: value }) => ({ account: account.number, amount: value }));
}

/** Half an øre a row is rounding, and Tripletex's way of rounding is its own; more is not. */
function vatOffBy(postings: readonly HeldRow[]): PostedLine[] {
  const expected: Amount[] = [];
  for (const { row, vatType, amountGross } of postings) {
    if (row === 0) continue;
    const rule = vatCodeRules.get(vatType?.number ?? noVatCode);
    if (rule === undefined || rule.kind === 'reverse-charge') return [];
    if (rule.rateBasisPoints > 0) expected.push(containedVat(amountGross, rule.rateBasisPoints));
  }
  const actual = postings.filter(({ row }) => row === 0).reduce((total, row) => add(total, row.amount), zero);
  const offBy = amount(actual - sum(expected));
  return Math.abs(offBy) <= expected.length ? [] : [{ account: 'VAT', amount: offBy }];
}

function known(number: string | null | undefined, voucherId: number, what: string): string {
  if (number !== null && number !== undefined) return number;
  throw new BilagError('forbidden', {
    what: `the ${what} of a posting cannot be read`,
    where: `voucher with id ${voucherId} in Tripletex`,
    action: `give the employee token the right to read ${what}s`,
  });
}
