import { parseAmount, type BookVatCode, type PlainDate, type ServiceAccount, type ServiceChart } from '@bilag/core';
import { Remembered } from '@bilag/http';
import type { XeroClient } from './client.ts';
import type { XeroConfig } from './config.ts';
import {
  accountsReply,
  organisationReply,
  taxRatesReply,
  trackingReply,
  type AccountReply,
  type OrganisationReply,
  type TaxRateReply,
  type TrackingReply,
} from './replies.ts';

/** What vouchers are checked against. */
export interface RegisterEntries {
  readonly accounts: ReadonlyMap<string, AccountReply>;
  /** Those that may be used, by tax type. */
  readonly taxRates: ReadonlyMap<string, TaxRateReply>;
  /** Those that may be used. */
  readonly tracking: readonly TrackingReply[];
  readonly organisation: OrganisationReply;
}

/** The organisation's registers. */
export class Registers {
  readonly #client: XeroClient;
  readonly entries: Remembered<RegisterEntries> = new Remembered(() => this.#read());

  constructor(client: XeroClient) {
    this.#client = client;
  }

  /** The organisation as it is now. */
  organisation(): Promise<OrganisationReply> {
    return this.#client.read(organisationReply, '/Organisation');
  }

  async #read(): Promise<RegisterEntries> {
    const accounts = await this.#client.read(accountsReply, '/Accounts');
    const taxRates = await this.#client.read(taxRatesReply, '/TaxRates');
    const tracking = await this.#client.read(trackingReply, '/TrackingCategories');
    return {
      accounts: new Map(accounts.flatMap((one) => (one.Code ? [[one.Code, one]] : []))),
      taxRates: new Map(taxRates.filter(isActive).map((one) => [one.TaxType, one])),
      tracking: tracking.filter(isActive).map((one) => ({ ...one, Options: one.Options.filter(isActive) })),
      organisation: await this.organisation(),
    };
  }
}

function isActive({ Status }: { readonly Status?: string | null | undefined }): boolean {
  return (Status ?? 'ACTIVE') === 'ACTIVE';
}

/** What the organisation's books offer. */
export function toChart(
  { accounts, taxRates, tracking, organisation }: RegisterEntries,
  config: XeroConfig,
): ServiceChart {
  const lockedThrough = lockOf(organisation);
  return {
    accounts: [...accounts].map(([number, account]): ServiceAccount => ({
      number,
      name: account.Name,
      isActive: whyNot(account) === undefined,
    })),
    vatCodes: [...taxRates.values()].map((rate): BookVatCode => ({
      code: codeOf(rate.TaxType, config),
      description: rate.Name,
      rateBasisPoints: basisPointsOf(rate),
      kind: rate.canApplyTo['REVENUE'] === true ? 'output' : 'input',
    })),
    dimensions: tracking.flatMap(({ Name, Options }) =>
      Options.map((option) => ({ type: typeOf(Name), id: option.Name, name: option.Name })),
    ),
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

/** A tracking category as the policy names it. */
export function typeOf(name: string): string {
  return name.toLowerCase();
}

/** The policy's code of a tax type. */
export function codeOf(taxType: string, { taxTypes }: Pick<XeroConfig, 'taxTypes'>): string {
  return Object.entries(taxTypes).find(([, one]) => one === taxType)?.[0] ?? taxType;
}

/** 2500 is 25 %. */
export function basisPointsOf({ EffectiveRate }: TaxRateReply): number {
  return parseAmount(EffectiveRate.replace(/(\.\d\d)\d+$/, '$1'));
}

/** Why a manual journal cannot name an account, if it cannot. */
export function whyNot({ Type, Status, SystemAccount }: AccountReply): string | undefined {
  if ((Status ?? 'ACTIVE') !== 'ACTIVE') return 'is archived';
  if (Type === 'BANK') return 'is a bank account, which manual journals cannot name';
  return SystemAccount ? `is kept by Xero itself (${SystemAccount})` : undefined;
}

/** The later of the two dates through which the books are locked. */
export function lockOf({ PeriodLockDate, EndOfYearLockDate }: OrganisationReply): PlainDate | undefined {
  const [last] = [PeriodLockDate, EndOfYearLockDate].flatMap((date) => date ?? []).toSorted((a, b) => (a < b ? 1 : -1));
  return last;
}
