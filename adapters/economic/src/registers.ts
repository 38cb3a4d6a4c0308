import { plainDate, type BookVatCode, type PlainDate, type ServiceAccount, type ServiceChart } from '@bilag/core';
import { Remembered } from '@bilag/http';
import { paths, type EconomicClient } from './client.ts';
import {
  accountReply,
  journalReply,
  periodReply,
  selfReply,
  vatReply,
  type AccountReply,
  type JournalReply,
  type PeriodReply,
  type SelfReply,
  type VatReply,
} from './replies.ts';

/** What vouchers are checked against, and read by. */
export interface RegisterEntries {
  readonly accounts: ReadonlyMap<string, AccountReply>;
  readonly vat: ReadonlyMap<string, VatReply>;
  readonly baseCurrency: string;
}

/** The agreement's registers. */
export class Registers {
  readonly #client: EconomicClient;
  readonly #journal: number;
  readonly entries: Remembered<RegisterEntries> = new Remembered(() => this.#read());
  /** Months, oldest first. */
  readonly periods: Remembered<readonly PeriodReply[]> = new Remembered(() => this.#readPeriods());

  constructor(client: EconomicClient, journal: number) {
    this.#client = client;
    this.#journal = journal;
  }

  self(): Promise<SelfReply> {
    return this.#client.readClassic(selfReply, '/self');
  }

  journal(): Promise<JournalReply> {
    return this.#client.read(journalReply, `${paths.journals}/${this.#journal}`);
  }

  async #readPeriods(): Promise<PeriodReply[]> {
    const periods = await this.#client.readAll(periodReply, paths.periods);
    return periods.toSorted((a, b) => (a.dateFrom < b.dateFrom ? -1 : 1));
  }

  async #read(): Promise<RegisterEntries> {
    const accounts = await this.#client.readAll(accountReply, paths.accounts);
    const vat = await this.#client.readCollection(vatReply, '/vat-accounts');
    const { settings } = await this.self();
    return {
      accounts: new Map(accounts.map((one) => [one.number, one])),
      vat: new Map(vat.map((one) => [one.vatCode, one])),
      baseCurrency: settings.baseCurrency,
    };
  }
}

/** What the agreement's books offer. */
export function toChart({ accounts, vat }: RegisterEntries, periods: readonly PeriodReply[]): ServiceChart {
  const lockedThrough = lockOf(periods);
  return {
    accounts: [...accounts.values()].filter(takesEntries).map(toServiceAccount),
    vatCodes: [...vat.values()].filter(({ barred }) => barred !== true).map(toBookVatCode),
    dimensions: [],
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

/** 1 is profit and loss, 2 is status; the rest are headings and sums. */
export function takesEntries({ type }: AccountReply): boolean {
  return type === '1' || type === '2';
}

/** The accounting year that a date is in, as e-conomic calls it. */
export function yearOf(date: PlainDate, periods: readonly PeriodReply[]): string | undefined {
  return periods.find(({ dateFrom, dateTo }) => dateFrom <= date && date <= dateTo)?.year;
}

/** The end of the closed and barred months from the first one on. */
function lockOf(periods: readonly PeriodReply[]): PlainDate | undefined {
  const open = periods.findIndex(({ isClosed, isBarred }) => isClosed !== true && isBarred !== true);
  const last = periods[(open === -1 ? periods.length : open) - 1];
  return last === undefined ? undefined : plainDate(last.dateTo);
}

function toServiceAccount(account: AccountReply): ServiceAccount {
  const { number, name, isBarred, isBlockedForDirectEntries, isDepartmentMandatory } = account;
  return {
    number,
    name: name ?? '',
    isActive: isBarred !== true && isBlockedForDirectEntries !== true,
    ...(isDepartmentMandatory === true && { requires: ['department'] }),
  };
}

/** Codes for purchases begin with I (`indgående`); those with a contra account are set against it. */
function toBookVatCode({ vatCode, name, ratePercentage, contraAccount }: VatReply): BookVatCode {
  const kind = contraAccount !== undefined ? 'reverse-charge' : /^I/i.test(vatCode) ? 'input' : 'output';
  return { code: vatCode, description: name ?? '', rateBasisPoints: ratePercentage, kind };
}
