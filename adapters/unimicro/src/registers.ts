import {
  BilagError,
  parseAmount,
  type BookVatCode,
  type PlainDate,
  type ServiceAccount,
  type ServiceChart,
} from '@bilag/core';
import { Remembered } from '@bilag/http';
import type { UnimicroClient } from './client.ts';
import {
  accountReply,
  currencyReply,
  departmentReply,
  projectReply,
  settingsReply,
  vatTypeReply,
  yearReply,
  type AccountReply,
  type DimensionReply,
  type SettingsReply,
  type VatTypeReply,
  type YearReply,
} from './replies.ts';

/** What vouchers are checked against, and read by. */
export interface RegisterEntries {
  readonly settings: SettingsReply;
  readonly currency: string;
  readonly accounts: readonly AccountReply[];
  /** Id → number, of all accounts. */
  readonly accountNumbers: ReadonlyMap<string, string>;
  readonly vatTypes: readonly VatTypeReply[];
  readonly departments: readonly DimensionReply[];
  readonly projects: readonly DimensionReply[];
  /** Oldest first. */
  readonly years: readonly YearReply[];
}

/** The company's registers. */
export class Registers {
  readonly #client: UnimicroClient;
  readonly entries: Remembered<RegisterEntries> = new Remembered(() => this.#read());

  constructor(client: UnimicroClient) {
    this.#client = client;
  }

  async #read(): Promise<RegisterEntries> {
    const [settings] = await this.#client.readAll(settingsReply, 'companysettings');
    if (settings === undefined) throw noSettings();
    const { Code: currency } = await this.#client.read(
      currencyReply,
      `/biz/currencycodes/${settings.BaseCurrencyCodeID}`,
    );
    const accounts = await this.#client.readAll(accountReply, 'accounts');
    const years = await this.#client.readAll(yearReply, 'financialyears');
    return {
      settings,
      currency,
      accounts: accounts.filter(isLedgerAccount),
      accountNumbers: new Map(accounts.map(({ ID, AccountNumber }) => [ID, AccountNumber])),
      vatTypes: await this.#client.readAll(vatTypeReply, 'vattypes', { expand: 'VatTypePercentages' }),
      departments: await this.#client.readAll(departmentReply, 'departments'),
      projects: await this.#client.readAll(projectReply, 'projects'),
      years: years.toSorted((a, b) => (a.ValidFrom < b.ValidFrom ? -1 : 1)),
    };
  }
}

/** Customers, suppliers and employees have accounts of their own below one of the ledger. */
function isLedgerAccount({ CustomerID, SupplierID, EmployeeID }: AccountReply): boolean {
  return !CustomerID && !SupplierID && !EmployeeID;
}

/** Through which date nothing can be booked: nothing at all, and nothing with VAT. */
export function locksOf({ settings }: Pick<RegisterEntries, 'settings'>): {
  readonly books: PlainDate | undefined;
  readonly vat: PlainDate | undefined;
} {
  return { books: settings.AccountingLockedDate ?? undefined, vat: settings.VatLockedDate ?? undefined };
}

/** The rate that a VAT type has on a date, in basis points; undefined where it has none. */
export function rateOn(date: PlainDate, { VatTypePercentages }: VatTypeReply): number | undefined {
  const held = VatTypePercentages?.find(
    ({ ValidFrom, ValidTo }) => (ValidFrom ?? date) <= date && date <= (ValidTo ?? date),
  );
  return held === undefined ? undefined : parseAmount(held.VatPercent);
}

/** What the company's books offer on a date. Most vouchers have VAT, so that the later of the two locks is told. */
export function toChart(entries: RegisterEntries, today: PlainDate): ServiceChart {
  const { books, vat } = locksOf(entries);
  const lockedThrough = books === undefined || (vat !== undefined && vat > books) ? vat : books;
  return {
    accounts: entries.accounts.map(toServiceAccount),
    vatCodes: entries.vatTypes.filter(({ Locked }) => Locked !== true).flatMap((one) => toBookVatCode(one, today)),
    dimensions: [
      ...entries.departments.map(({ number, Name }) => ({ type: 'department', id: number, name: Name ?? '' })),
      ...entries.projects.map(({ number, Name }) => ({ type: 'project', id: number, name: Name ?? '' })),
    ],
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

function toServiceAccount(account: AccountReply): ServiceAccount {
  return { number: account.AccountNumber, name: account.AccountName ?? '', isActive: closedBy(account) === undefined };
}

/** Why nothing is posted on an account; undefined where it can be. */
export function closedBy({ Active, Locked, LockManualPosts }: AccountReply): string | undefined {
  if (Active === false) return 'is not active';
  if (Locked === true) return 'is locked';
  return LockManualPosts === true ? 'is locked for manual postings' : undefined;
}

function toBookVatCode(vatType: VatTypeReply, today: PlainDate): BookVatCode[] {
  const { VatCode: code, Name, OutputVat, ReversedTaxDutyVat } = vatType;
  const rateBasisPoints = rateOn(today, vatType);
  if (!code || rateBasisPoints === undefined) return [];
  const kind = ReversedTaxDutyVat === true ? 'reverse-charge' : OutputVat === false ? 'input' : 'output';
  return [{ code, description: Name ?? '', rateBasisPoints, kind }];
}

function noSettings(): BilagError {
  return new BilagError('unavailable', {
    what: 'Unimicro shows no settings of the company',
    where: 'GET /api/biz/companysettings',
    action: 'see whether the application may read the company, and try again later',
  });
}
