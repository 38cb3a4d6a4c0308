import { exactNumber, formatAmount } from '@bilag/core';
import type { HeldUnimicroDraftLine, HeldUnimicroLine, HeldUnimicroEntry } from '../books/held-entry.ts';
import type { UnimicroCompany } from '../books/unimicro-company.ts';

/** A row of a list, as it is filtered and sent. */
export type Row = Readonly<Record<string, unknown>> & { readonly ID: number };

/** What comes with a row: only what was asked for. */
export class Expansion {
  readonly #names: ReadonlySet<string>;

  constructor(query: URLSearchParams) {
    this.#names = new Set((query.get('expand') ?? '').split(',').map((name) => name.trim()));
  }

  with(name: string, value: () => unknown): object {
    return this.#names.has(name) ? { [name.split('.').at(-1) ?? '']: value() } : {};
  }
}

/** Rows by the entry they are of, which never changes: it is replaced. */
const made = new WeakMap<HeldUnimicroEntry, { readonly lines: readonly Row[]; readonly drafts: readonly Row[] }>();

function rowsOf(company: UnimicroCompany, entry: HeldUnimicroEntry): { lines: readonly Row[]; drafts: readonly Row[] } {
  const rows = made.get(entry) ?? {
    lines: entry.lines.map((line) => lineRow(company, entry, line)),
    // Lines of drafts have ids of their own.
    drafts: entry.draftLines.map((line, index) => commonRow(company, entry, line, entry.id * 1_000 + index)),
  };
  made.set(entry, rows);
  return rows;
}

export function headRow({ id, description, reference, source, number }: HeldUnimicroEntry): Row {
  return {
    ID: id,
    Description: description,
    ExternalReference: reference || null,
    ExternalSource: source || null,
    FinancialYearID: null,
    JournalEntryDraftGroup: number === undefined ? `00000000-0000-4000-8000-${String(id).padStart(12, '0')}` : null,
    JournalEntryNumber: number ?? null,
    JournalEntryNumberNumeric: number === undefined ? null : Number.parseInt(number, 10),
    StatusCode: null,
    Deleted: false,
  };
}

export function lineRows(company: UnimicroCompany, entry: HeldUnimicroEntry): readonly Row[] {
  return rowsOf(company, entry).lines;
}

export function draftRows(company: UnimicroCompany, entry: HeldUnimicroEntry): readonly Row[] {
  return rowsOf(company, entry).drafts;
}

/** An entry with what was asked for. */
export function entryObject(company: UnimicroCompany, entry: HeldUnimicroEntry, expansion: Expansion): Row {
  const expanded = (rows: readonly Row[], prefix: string): Row[] =>
    rows.map((row) => lineObject(company, row, expansion, prefix));
  return {
    ...headRow(entry),
    ...expansion.with('Lines', () => expanded(lineRows(company, entry), 'Lines.')),
    ...expansion.with('DraftLines', () => expanded(draftRows(company, entry), 'DraftLines.')),
  };
}

/** A line with what was asked for. */
export function lineObject(company: UnimicroCompany, row: Row, expansion: Expansion, prefix = ''): Row {
  const other = (lineId: unknown): object | null =>
    typeof lineId === 'number' ? { ID: lineId, JournalEntryID: company.ownerOf(lineId) } : null;
  const { dimensions, ...own } = row;
  return {
    ...own,
    ...expansion.with(`${prefix}JournalEntry`, () => headRow(company.entry(Number(row['JournalEntryID'])))),
    ...expansion.with(`${prefix}Dimensions`, () => dimensions),
    ...expansion.with(`${prefix}ReferenceCreditPost`, () => other(row['ReferenceCreditPostID'])),
    ...expansion.with(`${prefix}OriginalReferencePost`, () => other(row['OriginalReferencePostID'])),
  };
}

function lineRow(company: UnimicroCompany, entry: HeldUnimicroEntry, line: HeldUnimicroLine): Row {
  const { id, vatOf, credits, creditedBy } = line;
  return {
    ...commonRow(company, entry, line, id),
    ...(vatOf !== undefined && { VatTypeID: null }),
    VatJournalEntryPostID: vatOf ?? null,
    OriginalReferencePostID: credits ?? null,
    ReferenceCreditPostID: creditedBy ?? null,
    StatusCode: creditedBy === undefined && credits === undefined ? 31_001 : 31_004,
    JournalEntryNumber: entry.number ?? null,
  };
}

function commonRow(company: UnimicroCompany, entry: HeldUnimicroEntry, line: HeldUnimicroDraftLine, id: number): Row {
  const { accounts, vat, departments, projects } = company;
  const amount = exactNumber(formatAmount(line.amount));
  return {
    ID: id,
    JournalEntryID: entry.id,
    FinancialDate: line.date,
    VatDate: line.date,
    AccountID: accounts.find(({ number }) => number === line.account)?.id ?? null,
    Amount: amount,
    AmountCurrency: amount,
    CurrencyCodeID: baseCurrencyId,
    CurrencyExchangeRate: 1,
    Description: line.description,
    VatTypeID: vat.find(({ code }) => code === line.vatCode)?.id ?? null,
    dimensions: {
      DepartmentID: departments.find(({ number }) => number === line.department)?.id ?? null,
      ProjectID: projects.find(({ number }) => number === line.project)?.id ?? null,
    },
  };
}

const baseCurrencyId = 1;

/** The registers, by their routes. */
export function registerRows(
  company: UnimicroCompany,
  route: string,
  expansion: Expansion,
): readonly Row[] | undefined {
  const accountId = (wanted: string | null): number | null =>
    company.accounts.find(({ number }) => number === wanted)?.id ?? null;
  switch (route) {
    case 'accounts':
      return company.accounts.map(({ id, number, name, isInactive, isLocked, isLockedForManualPosts, isCustomer }) => ({
        ID: id,
        AccountNumber: Number(number),
        AccountName: name,
        Active: isInactive !== true,
        Visible: true,
        Locked: isLocked === true,
        LockManualPosts: isLockedForManualPosts === true,
        CustomerID: isCustomer === true ? 1 : null,
        SupplierID: null,
        EmployeeID: null,
      }));
    case 'vattypes':
      return company.vat.map(({ id, code, name, rateBasisPoints, account, kind = 'output', isLocked }) => ({
        ID: id,
        VatCode: code,
        Name: name,
        Locked: isLocked === true,
        OutputVat: kind === 'output',
        ReversedTaxDutyVat: kind === 'reversed',
        OutgoingAccountID: kind === 'input' ? null : accountId(account),
        IncomingAccountID: kind === 'output' ? null : accountId(kind === 'reversed' ? '2714' : account),
        ...expansion.with('VatTypePercentages', () => [
          { VatTypeID: id, VatPercent: rateBasisPoints / 100, ValidFrom: '2005-01-01', ValidTo: null },
        ]),
      }));
    case 'financialyears':
      return company.years.map(({ id, from, to }) => {
        return { ID: id, Year: Number(from.slice(0, 4)), ValidFrom: from, ValidTo: to };
      });
    case 'departments':
      return company.departments.map(({ id, number, name }) => ({ ID: id, DepartmentNumber: number, Name: name }));
    case 'projects':
      return company.projects.map(({ id, number, name }) => ({ ID: id, ProjectNumber: number, Name: name }));
    case 'currencycodes':
      return [{ ID: baseCurrencyId, Code: company.options.currency ?? 'NOK' }];
    case 'companysettings':
      return [
        {
          ID: 1,
          CompanyName: company.options.name ?? '',
          AccountingLockedDate: company.lockedThrough ?? null,
          VatLockedDate: company.vatLockedThrough ?? null,
          BaseCurrencyCodeID: baseCurrencyId,
        },
      ];
    default:
      return undefined;
  }
}
