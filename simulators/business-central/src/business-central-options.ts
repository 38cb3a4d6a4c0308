import type { PlainDate } from '@bilag/core';

/** An account of a simulated company. */
export interface BusinessCentralAccountOptions {
  readonly number: string;
  readonly name: string;
  /** A heading takes no entries. */
  readonly isHeading?: boolean;
  readonly isBlocked?: boolean;
  readonly withoutDirectPosting?: boolean;
  /** The Gen. Posting Type: without one, a line with a VAT group cannot be posted. */
  readonly postingType?: 'Sale' | 'Purchase';
  /** The VAT group of a line that names none. */
  readonly vatGroup?: string;
}

/** A VAT product posting group, with what the company's VAT posting setup does for sales. */
export interface BusinessCentralVatGroupOptions {
  readonly code: string;
  readonly name: string;
  /** 2500 is 25 %. */
  readonly rateBasisPoints: number;
  /** Where the VAT in a gross amount goes; absent at 0 %. */
  readonly account?: string;
}

/** A journal batch of the default template. */
export interface BusinessCentralJournalOptions {
  readonly code: string;
  readonly name?: string;
  /** The account that balances every line by itself. */
  readonly balancingAccount?: string;
  /** What the numbers begin with that it gives to documents when they are posted, in place of their own. */
  readonly postingSeries?: string;
}

/** A company in the simulated environment. Only the name is needed. */
export interface BusinessCentralCompanyOptions {
  readonly name: string;
  readonly organisationNumber?: string;
  /** NO by default. */
  readonly country?: string;
  /** NOK by default. */
  readonly currency?: string;
  /** Laid over {@link defaultBusinessCentralAccounts}, by number. */
  readonly accounts?: readonly BusinessCentralAccountOptions[];
  /** Laid over {@link defaultBusinessCentralVatGroups}, by code. */
  readonly vatGroups?: readonly BusinessCentralVatGroupOptions[];
  /** DEFAULT, for what people type, and BILAG, for Bilag alone, by default. */
  readonly journals?: readonly BusinessCentralJournalOptions[];
  /** Code → values → names. */
  readonly dimensions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What every line carries that says nothing else, by the dimension's code. */
  readonly defaultDimensions?: Readonly<Record<string, string>>;
  /** Calendar years whose periods are set up; 2019 to 2029 by default. */
  readonly years?: readonly number[];
  /** Those of them that are closed. */
  readonly closedYears?: readonly number[];
  readonly allowPostingFrom?: PlainDate;
  readonly allowPostingTo?: PlainDate;
  /** Whether the app lacks the permission sets. */
  readonly withoutPermissions?: boolean;
}

/** What a simulated Business Central is made of. */
export interface BusinessCentralSimulatorOptions {
  /** One café by default. */
  readonly companies?: readonly BusinessCentralCompanyOptions[];
  /** The clock of tokens, lists and the rate limit; real time by default. */
  readonly now?: () => Date;
  /** How long lists do not show what is new. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** How far the replica lags behind that is read without `Data-Access-Intent: ReadWrite`; 30 seconds by default. */
  readonly replicaLagMs?: number;
  /** Whether a batch with `Isolation: snapshot` is one transaction, as since version 17.1; true by default. */
  readonly isolatesBatches?: boolean;
  /** 3599 by default, as Entra says. */
  readonly tokenSeconds?: number;
  /** 6000 requests in five minutes by default; null for none. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null;
  /** The most rows of a page; 20 000 by default. */
  readonly pageRows?: number;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Waits for `slow` faults; real time by default. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The tenant and the environment of every simulator. */
export const simulatedTenant = '11111111-2222-3333-4444-555555555555';
export const simulatedEnvironment = 'Production';

/** The company of a simulator that was started without any. */
export const defaultBusinessCentralCompany: BusinessCentralCompanyOptions = {
  name: 'Kaffebaren Eksempel AS',
  organisationNumber: '987654325',
};

export const defaultBusinessCentralJournals: readonly BusinessCentralJournalOptions[] = [
  { code: 'DEFAULT', name: 'Standard' },
  { code: 'BILAG', name: 'Vipps MobilePay' },
];

const sale = { postingType: 'Sale' } as const;

/** Numbers as in Bilag's Norwegian preset; names in our own words. */
export const defaultBusinessCentralAccounts: readonly BusinessCentralAccountOptions[] = [
  { number: '1500', name: 'Kundefordringer' },
  { number: '1578', name: 'Vipps MobilePay, omstridte betalinger' },
  { number: '1579', name: 'Vipps MobilePay, til gode' },
  { number: '1920', name: 'Bank' },
  { number: '1925', name: 'Utbetalinger underveis' },
  { number: '2400', name: 'Leverandørgjeld' },
  { number: '2700', name: 'Utgående mva, høy sats', withoutDirectPosting: true },
  { number: '2701', name: 'Utgående mva, middels sats', withoutDirectPosting: true },
  { number: '2703', name: 'Utgående mva, lav sats', withoutDirectPosting: true },
  { number: '2960', name: 'Skyldige gebyrer' },
  { number: '2999', name: 'Uavklart' },
  { number: '2990', name: 'GJELD', isHeading: true },
  { number: '3000', name: 'Salg, høy sats', ...sale, vatGroup: 'VAT25' },
  { number: '3030', name: 'Salg, middels sats', ...sale, vatGroup: 'VAT15' },
  { number: '3050', name: 'Salg, lav sats', ...sale, vatGroup: 'VAT12' },
  { number: '3100', name: 'Salg, avgiftsfritt', ...sale, vatGroup: 'VAT0' },
  { number: '3120', name: 'Salg, eksport', ...sale, vatGroup: 'VAT0' },
  { number: '3200', name: 'Salg, unntatt', ...sale, vatGroup: 'VAT0' },
  { number: '3900', name: 'Gaver', ...sale, vatGroup: 'VAT0' },
  { number: '7770', name: 'Betalingsgebyrer' },
  { number: '7790', name: 'Andre kostnader' },
];

export const defaultBusinessCentralVatGroups: readonly BusinessCentralVatGroupOptions[] = [
  { code: 'VAT25', name: 'Høy sats', rateBasisPoints: 2500, account: '2700' },
  { code: 'VAT15', name: 'Middels sats', rateBasisPoints: 1500, account: '2701' },
  { code: 'VAT12', name: 'Lav sats', rateBasisPoints: 1200, account: '2703' },
  { code: 'VAT0', name: 'Uten avgift', rateBasisPoints: 0 },
];

/** What a config of `@bilag/business-central` says of them, by the codes of Bilag's Norwegian preset. */
export const defaultVatGroupsByCode: Readonly<
  Record<string, { readonly group: string; readonly rateBasisPoints: number; readonly account: string | null }>
> = {
  '3': { group: 'VAT25', rateBasisPoints: 2500, account: '2700' },
  '31': { group: 'VAT15', rateBasisPoints: 1500, account: '2701' },
  '33': { group: 'VAT12', rateBasisPoints: 1200, account: '2703' },
  '5': { group: 'VAT0', rateBasisPoints: 0, account: null },
  '52': { group: 'VAT0', rateBasisPoints: 0, account: null },
  '6': { group: 'VAT0', rateBasisPoints: 0, account: null },
  '7': { group: 'VAT0', rateBasisPoints: 0, account: null },
};

export const defaultBusinessCentralDimensions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DEPARTMENT: { '10': 'Butikk', '20': 'Nettbutikk' },
  PROJECT: { P1: 'Prosjekt' },
};
