import { addDays, plainDate, type PlainDate } from '@bilag/core';
import { defaultTripletexAccounts } from './default-chart.ts';
import type { TripletexObject } from '../server/fields-filter.ts';
import type { TripletexAccountOptions, TripletexCompanyOptions } from '../tripletex-options.ts';
import { tripletexVatTypes, type TripletexVatType } from './tripletex-vat.ts';

/** Something people know by a number and requests by an id. */
export interface Numbered {
  readonly id: number;
  readonly number: string;
  readonly name: string;
}

export type HeldAccount = Numbered & TripletexAccountOptions;

/**
 * What a company's books are made of. Ids are its own: derived from the company's, so that an id of one company is
 * unknown in another, and a number is never an id.
 */
export class CompanyDirectory {
  readonly options: TripletexCompanyOptions;
  readonly accounts: HeldAccount[];
  readonly vatTypes: readonly TripletexVatType[];
  readonly departments: Numbered[];
  readonly projects: Numbered[];
  readonly customers: Numbered[];
  readonly suppliers: Numbered[];
  readonly voucherTypes: readonly Numbered[];

  constructor(options: TripletexCompanyOptions) {
    this.options = options;
    const base = options.id * 1000;
    const accounts = new Map(
      [...defaultTripletexAccounts, ...(options.accounts ?? [])].map((one) => [one.number, one]),
    );
    this.accounts = [];
    for (const account of accounts.values()) this.addAccount(account);
    this.vatTypes = tripletexVatTypes.filter(
      ({ number }) => (options.isVatRegistered ?? true) || /^[06]$/.test(number),
    );
    this.departments = numbered(options.departments, base + firstIds.department);
    this.projects = numbered(options.projects, base + firstIds.project);
    this.customers = numbered(options.customers, base + firstIds.customer);
    this.suppliers = numbered(options.suppliers, base + firstIds.supplier);
    this.voucherTypes = voucherTypeNames.map((name, index) => ({ id: base + 701 + index, number: '', name }));
  }

  /** The id that the next of its kind gets. */
  newId(kind: 'customer' | 'department' | 'supplier'): number {
    return this.options.id * 1000 + firstIds[kind] + this[`${kind}s`].length;
  }

  addAccount(account: TripletexAccountOptions): HeldAccount {
    const held = { ...account, id: this.options.id * 1000 + 3 * this.accounts.length + 1 };
    this.accounts.push(held);
    return held;
  }

  account(number: string): HeldAccount | undefined {
    return this.accounts.find((one) => one.number === number);
  }

  vatType(number: string): TripletexVatType | undefined {
    return this.vatTypes.find((one) => one.number === number);
  }

  accountObject(account: HeldAccount): TripletexObject {
    const { id, number, name, lockedTo, ledger = 'GENERAL', requires = [], isBankAccount = false } = account;
    return {
      id,
      version: 1,
      number: Number(number),
      name,
      isInactive: account.isInactive ?? false,
      vatLocked: lockedTo !== undefined,
      ledgerType: ledger,
      requiresDepartment: requires.includes('department'),
      requiresProject: requires.includes('project'),
      isBankAccount,
      requireReconciliation: isBankAccount,
      vatType: this.vatType(lockedTo ?? '0'),
      legalVatTypes: this.legalVatTypes(account),
    };
  }

  legalVatTypes({ lockedTo, vatCodes }: HeldAccount): readonly TripletexVatType[] {
    const codes = lockedTo === undefined ? vatCodes : [lockedTo];
    return codes === undefined ? this.vatTypes : this.vatTypes.filter(({ number }) => codes.includes(number));
  }
}

/** A month's accounting period. It ends where the next begins, as date ranges do in Tripletex. */
export interface AccountingPeriod {
  readonly id: number;
  readonly start: PlainDate;
  readonly end: PlainDate;
}

/** The periods of the years around 2026. */
export function accountingPeriods(companyId: number): AccountingPeriod[] {
  const months = [2024, 2025, 2026, 2027].flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => plainDate(`${year}-${String(month + 1).padStart(2, '0')}-01`)),
  );
  return months.map((start, index) => ({
    id: companyId * 1000 + 801 + index,
    start,
    end: months[index + 1] ?? addDays(start, 31),
  }));
}

const firstIds = { department: 301, project: 401, customer: 501, supplier: 601 } as const;

function numbered(names: Readonly<Record<string, string>> = {}, firstId: number): Numbered[] {
  return Object.entries(names).map(([number, name], index) => ({ id: firstId + index, number, name }));
}

/** The types every company has. None is general: a plain voucher has no type. */
const voucherTypeNames: readonly string[] = [
  'Utgående faktura',
  'Leverandørfaktura',
  'Purring',
  'Betaling',
  'Lønnsbilag',
  'Terminoppgave',
  'Mva-melding',
  'Betaling med KID-nummer',
  'Remittering',
  'Bankavstemming',
  'Reiseregning',
  'Ansattutlegg',
  'Åpningsbalanse',
  'Tolldeklarasjon',
  'Pensjon',
  'Refusjon av sykepenger',
  'Øreavrunding',
];
