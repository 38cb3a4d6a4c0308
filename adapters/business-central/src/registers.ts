import {
  addDays,
  BilagError,
  type BookVatCode,
  type PlainDate,
  type ServiceAccount,
  type ServiceChart,
} from '@bilag/core';
import { Remembered } from '@bilag/http';
import { z } from 'zod';
import { quoted, type BusinessCentralClient, type Listing } from './client.ts';
import type { BusinessCentralConfig } from './config.ts';
import {
  accountReply,
  codeReply,
  companyReply,
  dimensionReply,
  informationReply,
  journalReply,
  periodReply,
  setupReply,
  type AccountReply,
  type CodeReply,
  type CompanyReply,
  type InformationReply,
  type JournalReply,
  type PeriodReply,
  type SetupReply,
} from './replies.ts';

/** What vouchers are checked against, and read by. */
export interface RegisterEntries {
  readonly accounts: ReadonlyMap<string, AccountReply>;
  /** The VAT product posting groups, by code. */
  readonly groups: ReadonlyMap<string, CodeReply>;
  /** The values of the dimensions that vouchers carry, by the dimension's code. */
  readonly dimensions: ReadonlyMap<string, ReadonlyMap<string, CodeReply>>;
  /** Oldest first. */
  readonly periods: readonly PeriodReply[];
}

/** The company's registers. */
export class Registers {
  readonly #client: BusinessCentralClient;
  readonly #config: BusinessCentralConfig;
  readonly company: Remembered<CompanyReply> = new Remembered(() => this.#readCompany());
  readonly entries: Remembered<RegisterEntries> = new Remembered(() => this.#read());
  readonly #journal: Remembered<JournalReply | undefined> = new Remembered(() => this.readJournal());

  readonly #currency: Remembered<string> = new Remembered(async () => (await this.setup()).localCurrencyCode);

  constructor(client: BusinessCentralClient, config: BusinessCentralConfig) {
    this.#client = client;
    this.#config = config;
  }

  /** What the addresses of the company begin with: `companies(…)`. */
  async place(): Promise<string> {
    return `companies(${(await this.company.get()).id})`;
  }

  /** What the addresses of the journal begin with. Throws `config` where there is none with that code. */
  async journalPlace(): Promise<string> {
    const journal = await this.#journal.get();
    if (journal !== undefined) return `${await this.place()}/journals(${journal.id})`;
    this.#journal.forget();
    const { journal: code } = this.#config;
    throw new BilagError('config', {
      what: `Business Central has no journal batch ${code}`,
      where: `company ${(await this.company.get()).name}`,
      action: 'create it in the default template of general journals, for Bilag alone, or name another as `journal`',
    });
  }

  /** The journal as it is now. */
  async readJournal(): Promise<JournalReply | undefined> {
    const filter = `code eq ${quoted(this.#config.journal)}`;
    return (await this.#all(journalReply, 'journals', { key: 'code', filter }))[0];
  }

  /** Absent where the app may not see it. */
  information(): Promise<InformationReply | undefined> {
    return this.#only(informationReply, 'companyInformation');
  }

  /** The setup as it is now: dates are opened and closed at any time. */
  async setup(): Promise<SetupReply> {
    const setup = await this.#only(setupReply, 'generalLedgerSetup');
    if (setup !== undefined) return setup;
    throw new BilagError('unavailable', {
      what: 'Business Central shows no General Ledger Setup',
      where: `company ${(await this.company.get()).name}`,
      action: 'let the app read it; without it nobody knows which dates are open',
    });
  }

  /** The currency of the books, which never changes. */
  currency(): Promise<string> {
    return this.#currency.get();
  }

  async #readCompany(): Promise<CompanyReply> {
    const { company, environment } = this.#config;
    const all = await this.#client.readAll(companyReply, '/companies', { key: 'name' });
    const found = all.find(({ id, name }) => name === company || id.toLowerCase() === company.toLowerCase());
    if (found !== undefined) return found;
    throw new BilagError('config', {
      what: 'the environment has no company of that name',
      where: `environment ${environment}`,
      action: `name one of them as \`company\`: ${all.map(({ name }) => name).join(', ') || 'the app sees none'}`,
    });
  }

  async #read(): Promise<RegisterEntries> {
    const accounts = await this.#all(accountReply, 'accounts', { key: 'number' });
    const groups = await this.#all(codeReply, 'taxGroups', { key: 'code' });
    const periods = await this.#all(periodReply, 'accountingPeriods', { key: 'startingDate' });
    const wanted = new Set(this.#config.dimensions);
    const dimensions =
      wanted.size === 0
        ? []
        : await this.#all(dimensionReply, 'dimensions', { key: 'code', expand: 'dimensionValues' });
    return {
      accounts: new Map(accounts.map((one) => [one.number, one])),
      groups: new Map(groups.map((one) => [one.code, one])),
      dimensions: new Map(
        dimensions
          .filter(({ code }) => wanted.has(code))
          .map(({ code, dimensionValues }) => [code, new Map(dimensionValues.map((one) => [one.code, one]))]),
      ),
      periods,
    };
  }

  async #all<Row>(schema: z.ZodType<Row>, name: string, listing: Listing): Promise<Row[]> {
    return this.#client.readAll(schema, `/${await this.place()}/${name}`, listing);
  }

  /** What there is one of stands in a list all the same. */
  async #only<Row>(schema: z.ZodType<Row>, name: string): Promise<Row | undefined> {
    return (await this.#client.read(z.object({ value: z.array(schema) }), `/${await this.place()}/${name}`)).value[0];
  }
}

/** What the company's books offer. Groups without a rate in the config are not told: nobody knows their rate. */
export function toChart(
  { accounts, groups, dimensions, periods }: RegisterEntries,
  setup: SetupReply,
  vatGroups: BusinessCentralConfig['vatGroups'],
): ServiceChart {
  const lockedThrough = lockOf(setup, periods);
  return {
    accounts: [...accounts.values()].filter(takesEntries).map((account) => toServiceAccount(account, vatGroups)),
    vatCodes: Object.entries(vatGroups).flatMap(([code, { group, rateBasisPoints }]): BookVatCode[] => {
      const there = groups.get(group);
      const description = `${group} ${there?.displayName ?? ''}`.trim();
      return there === undefined ? [] : [{ code, description, rateBasisPoints, kind: 'output' }];
    }),
    dimensions: [...dimensions].flatMap(([code, values]) =>
      [...values.values()].map((one) => ({ type: typeOf(code), id: one.code, name: one.displayName ?? '' })),
    ),
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

/** A dimension as the policy names it. */
export function typeOf(code: string): string {
  return code.toLowerCase();
}

/** The rest are headings and sums. */
export function takesEntries({ accountType }: AccountReply): boolean {
  return accountType === 'Posting';
}

/** The last date before those that may be posted on: by the setup, or because its accounting periods are closed. */
export function lockOf({ allowPostingFrom }: SetupReply, periods: readonly PeriodReply[]): PlainDate | undefined {
  const open = periods.findIndex(({ closed }) => !closed);
  const firstOpen = open > 0 ? periods[open]?.startingDate : undefined;
  const [last] = [allowPostingFrom, firstOpen]
    .filter((date) => date !== undefined)
    .toSorted((a, b) => (a < b ? 1 : -1));
  return last === undefined ? undefined : addDays(last, -1);
}

/** Accounts of VAT are posted on by its setup, whether a line may name them or not. */
function toServiceAccount(
  { number, displayName, blocked, directPosting }: AccountReply,
  vatGroups: BusinessCentralConfig['vatGroups'],
): ServiceAccount {
  const isVat = Object.values(vatGroups).some(({ account }) => account === number);
  return { number, name: displayName ?? '', isActive: !blocked && (directPosting || isVat) };
}
