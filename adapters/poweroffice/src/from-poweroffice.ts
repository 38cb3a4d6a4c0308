import { add, parseAmount, zero, type Amount, type PlainDate, type Posted, type PostedLine } from '@bilag/core';
import type { RegisterEntries } from './registers.ts';
import { powerOfficeCurrency } from './to-poweroffice.ts';
import type { DimensionValue, LedgerTransaction, ManualVoucher, ManualVoucherLine } from './replies.ts';

/** A voucher that we posted, as PowerOffice holds it: gross lines by number and code. */
export function toPosted(held: ManualVoucher, entries: RegisterEntries): Posted {
  const { Id, VoucherNo, CurrencyCode, Description, ExternalImportReference, IsReversed } = held;
  return {
    id: Id,
    reference: ExternalImportReference ?? '',
    state: IsReversed === true ? 'reversed' : 'live',
    document: 'journal',
    date: dateOf(held),
    currency: CurrencyCode,
    lines: held.VoucherLines.map((line) => toLine(line, entries)),
    ...numbered(VoucherNo),
    description: Description ?? '',
  };
}

/** The postings of one voucher. */
export type Postings = readonly [LedgerTransaction, ...LedgerTransaction[]];

/** A voucher of the general ledger that is not ours to read whole: its postings, net. `of` is the reference it reverses. */
export function toForeign(rows: Postings, of?: string): Posted {
  const [first] = rows;
  const { ReversedVoucherId: reverses } = first;
  return {
    id: first.VoucherId,
    reference: of ?? first.ExternalImportReference ?? '',
    state: first.IsReversed === true ? 'reversed' : 'live',
    document: 'journal',
    date: first.PostingDate,
    currency: powerOfficeCurrency,
    lines: ledgerLines(rows),
    ...(reverses === undefined ? {} : { reverses }),
    ...numbered(first.VoucherNo),
    description: first.VoucherDescription ?? '',
  };
}

/** Net postings, added up by account and dimensions. */
function ledgerLines(rows: readonly LedgerTransaction[]): PostedLine[] {
  const lines = new Map<string, PostedLine>();
  for (const { AccountNo: account, Amount: text, DepartmentCode, ProjectCode } of rows) {
    const dimensions = dimensionsOf(DepartmentCode, ProjectCode);
    const place = JSON.stringify([account, dimensions]);
    const amount: Amount = add(lines.get(place)?.amount ?? zero, parseAmount(text));
    lines.set(place, { account, amount, ...dimensions });
  }
  return [...lines.values()].filter(({ amount }) => amount !== 0);
}

function toLine(line: ManualVoucherLine, { accounts, vatCodes, departments, projects }: RegisterEntries): PostedLine {
  const { AccountId, VatId, CurrencyAmount, DepartmentId, ProjectId } = line;
  return {
    // An id without a number is no account of ours: it is shown as what it is, and compares with nothing.
    account: accounts.find(({ Id }) => Id === AccountId)?.AccountNo ?? `id ${AccountId}`,
    amount: parseAmount(CurrencyAmount),
    ...(VatId === undefined ? {} : { vatCode: vatCodes.find(({ Id }) => Id === VatId)?.Code ?? `id ${VatId}` }),
    ...dimensionsOf(codeOf(departments, DepartmentId), codeOf(projects, ProjectId)),
  };
}

/** The date of the postings, which is the accounting date; the header's only where they agree. */
function dateOf({ VoucherDate, VoucherLines }: ManualVoucher): PlainDate {
  return VoucherLines.find(({ PostingDate }) => PostingDate !== VoucherDate)?.PostingDate ?? VoucherDate;
}

function codeOf(known: readonly DimensionValue[], id: string | undefined): string | undefined {
  return id === undefined ? undefined : (known.find(({ Id }) => Id === id)?.Code ?? `id ${id}`);
}

function dimensionsOf(
  department: string | undefined,
  project: string | undefined,
): { readonly dimensions?: Readonly<Record<string, string>> } {
  const dimensions = {
    ...(department === undefined ? {} : { department }),
    ...(project === undefined ? {} : { project }),
  };
  return Object.keys(dimensions).length === 0 ? {} : { dimensions };
}

function numbered(number: string | undefined): { readonly number?: string } {
  return number === undefined ? {} : { number };
}
