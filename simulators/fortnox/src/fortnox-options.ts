import type { PlainDate } from '@bilag/core';

/** An account of a simulated company. */
export interface FortnoxAccountOptions {
  readonly number: string;
  readonly name: string;
  readonly isInactive?: boolean;
  readonly costCenter?: 'ALLOWED' | 'MANDATORY' | 'NOTALLOWED';
}

/** A voucher series. */
export interface FortnoxSeriesOptions {
  readonly code: string;
  readonly description?: string;
  /** Whether vouchers may be made by hand in it; true by default. */
  readonly isManual?: boolean;
}

/** A financial year; its id is its place, from 1. */
export interface FortnoxYearOptions {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** A company in the simulated Fortnox. Only the number is needed. */
export interface FortnoxCompanyOptions {
  /** Of the database, as Fortnox calls it. */
  readonly number: number;
  readonly name?: string;
  readonly organisationNumber?: string;
  /** Laid over {@link defaultFortnoxAccounts}, by number. */
  readonly accounts?: readonly FortnoxAccountOptions[];
  /** A, for what people type, and V, for Bilag alone, by default. */
  readonly series?: readonly FortnoxSeriesOptions[];
  /** Calendar years from 2019 to 2029 by default. */
  readonly years?: readonly FortnoxYearOptions[];
  /** Codes → names. */
  readonly costCenters?: Readonly<Record<string, string>>;
  /** Numbers → names. */
  readonly projects?: Readonly<Record<string, string>>;
  readonly lockedThrough?: PlainDate;
  /** Scopes that the application was not given. */
  readonly withoutScopes?: readonly FortnoxScope[];
}

export type FortnoxScope =
  | 'bookkeeping'
  | 'companyinformation'
  | 'settings'
  | 'inbox'
  | 'archive'
  | 'connectfile'
  | 'costcenter'
  | 'project';

/** What a simulated Fortnox is made of. */
export interface FortnoxSimulatorOptions {
  /** One café by default, with number 1. */
  readonly companies?: readonly FortnoxCompanyOptions[];
  /** The clock of tokens, lists and the rate limit; real time by default. */
  readonly now?: () => Date;
  /** How long lists and files of vouchers do not show a new one. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** 3600 by default, as Fortnox says. */
  readonly tokenSeconds?: number;
  /** 25 requests in 5 seconds for each token by default; null for none. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Waits for `slow` faults; real time by default. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The company of a simulator that was started without any. */
export const defaultFortnoxCompany: FortnoxCompanyOptions = {
  number: 1,
  name: 'Kafé Exempel AB',
  organisationNumber: '556677-8899',
  costCenters: { '10': 'Servering', '20': 'Hämtmat' },
  projects: { '7': 'Sommarterrass' },
};

export const defaultFortnoxSeries: readonly FortnoxSeriesOptions[] = [
  { code: 'A', description: 'Redovisning' },
  { code: 'V', description: 'Vipps MobilePay' },
];

/** Numbers as in Bilag's Swedish preset (BAS); names in our own words. */
export const defaultFortnoxAccounts: readonly FortnoxAccountOptions[] = [
  { number: '1510', name: 'Kundfordringar' },
  { number: '1686', name: 'Vipps MobilePay, tillgodohavande' },
  { number: '1687', name: 'Vipps MobilePay, bestridda betalningar' },
  { number: '1688', name: 'Utbetalningar på väg' },
  { number: '1930', name: 'Bankkonto' },
  { number: '2440', name: 'Leverantörsskulder' },
  { number: '2611', name: 'Utgående moms 25 %' },
  { number: '2614', name: 'Utgående moms, omvänd skattskyldighet' },
  { number: '2621', name: 'Utgående moms 12 %' },
  { number: '2631', name: 'Utgående moms 6 %' },
  { number: '2645', name: 'Beräknad ingående moms' },
  { number: '2990', name: 'Upplupna avgifter' },
  { number: '2999', name: 'Observationskonto' },
  { number: '3001', name: 'Försäljning 25 %' },
  { number: '3002', name: 'Försäljning 12 %' },
  { number: '3003', name: 'Försäljning 6 %' },
  { number: '3004', name: 'Försäljning momsfri' },
  { number: '3105', name: 'Försäljning export' },
  { number: '3993', name: 'Gåvor' },
  { number: '6570', name: 'Betalningsavgifter' },
  { number: '6590', name: 'Övriga externa tjänster' },
];
