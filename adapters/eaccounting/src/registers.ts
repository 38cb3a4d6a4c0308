import { isBilagError, type PlainDate, type ServiceAccount, type ServiceChart } from '@bilag/core';
import { Remembered } from '@bilag/http';
import type { EAccountingClient } from './client.ts';
import {
  accountReply,
  projectReply,
  settingsReply,
  yearReply,
  type AccountReply,
  type ProjectReply,
  type SettingsReply,
  type YearReply,
} from './replies.ts';

/** What vouchers are checked against. */
export interface RegisterEntries {
  readonly settings: SettingsReply;
  /** Oldest first. */
  readonly years: readonly YearReply[];
  /** By financial year and number: every year has its own. */
  readonly accounts: ReadonlyMap<string, AccountReply>;
  readonly projects: readonly ProjectReply[];
}

/** The company's registers. */
export class Registers {
  readonly #client: EAccountingClient;
  readonly entries: Remembered<RegisterEntries> = new Remembered(() => this.#read());

  constructor(client: EAccountingClient) {
    this.#client = client;
  }

  async #read(): Promise<RegisterEntries> {
    const settings = await this.#client.read(settingsReply, '/companysettings');
    const years = await this.#client.readAll(yearReply, '/fiscalyears');
    const accounts = await this.#client.readAll(accountReply, '/accounts');
    return {
      settings,
      years: years.toSorted((a, b) => (a.StartDate < b.StartDate ? -1 : 1)),
      accounts: new Map(accounts.map((one) => [keyOf(one.FiscalYearId, one.Number), one])),
      projects: await this.#projects(),
    };
  }

  /** A variant without projects has none to post to. */
  async #projects(): Promise<readonly ProjectReply[]> {
    try {
      return await this.#client.readAll(projectReply, '/projects');
    } catch (error) {
      if (isBilagError(error) && error.kind === 'forbidden') return [];
      throw error;
    }
  }
}

export function keyOf(yearId: string, number: string): string {
  return `${yearId} ${number}`;
}

export function yearOf(date: PlainDate, { years }: Pick<RegisterEntries, 'years'>): YearReply | undefined {
  return years.find(({ StartDate, EndDate }) => StartDate <= date && date <= EndDate);
}

/** Through which date nothing can be booked: the lock of the company, or the years that are locked from the first one on. */
export function lockOf({ settings, years }: RegisterEntries): PlainDate | undefined {
  const open = years.findIndex(({ IsLockedForAccounting }) => IsLockedForAccounting !== true);
  const closed = years[(open === -1 ? years.length : open) - 1]?.EndDate;
  const locked = settings.AccountingLockedTo;
  return closed === undefined || (locked !== undefined && locked > closed) ? locked : closed;
}

/** What the company's books offer on a date. Its rows are not sent with VAT codes. */
export function toChart(entries: RegisterEntries, today: PlainDate): ServiceChart {
  const year = yearOf(today, entries) ?? entries.years.at(-1);
  const lockedThrough = lockOf(entries);
  return {
    accounts: [...entries.accounts.values()]
      .filter(({ FiscalYearId }) => FiscalYearId === year?.Id)
      .map(toServiceAccount),
    vatCodes: [],
    dimensions: entries.projects.map(({ Number: id, Name }) => ({ type: 'project', id, name: Name ?? '' })),
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

function toServiceAccount(account: AccountReply): ServiceAccount {
  const { Number: number, Name, IsFirstCostCenterMandatory } = account;
  return {
    number,
    name: Name ?? '',
    isActive: closedBy(account) === undefined,
    ...(IsFirstCostCenterMandatory === true && { requires: ['department'] }),
  };
}

/** Why nothing is posted on an account; undefined where it can be. */
export function closedBy({ IsActive, IsBlockedForManualBooking }: AccountReply): string | undefined {
  if (IsActive === false) return 'is not active';
  return IsBlockedForManualBooking === true ? 'is blocked for manual booking' : undefined;
}
