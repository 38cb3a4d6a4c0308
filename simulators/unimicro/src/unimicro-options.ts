import type { PlainDate } from '@bilag/core';

/** An account of a simulated company. */
export interface UnimicroAccountOptions {
  readonly number: string;
  readonly name: string;
  readonly isInactive?: boolean;
  readonly isLocked?: boolean;
  readonly isLockedForManualPosts?: boolean;
  /** Of a single customer: such accounts stand in the same list. */
  readonly isCustomer?: boolean;
}

/** A VAT type. */
export interface UnimicroVatOptions {
  readonly code: string;
  readonly name: string;
  readonly rateBasisPoints: number;
  /** Where the VAT goes; null at 0 %. */
  readonly account: string | null;
  readonly kind?: 'output' | 'input' | 'reversed';
  readonly isLocked?: boolean;
}

/** A financial year. */
export interface UnimicroYearOptions {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** A company in the simulated Unimicro. Only the key is needed. */
export interface UnimicroCompanyOptions {
  readonly key: string;
  readonly name?: string;
  readonly organisationNumber?: string;
  /** NOK by default. */
  readonly currency?: string;
  /** Laid over {@link defaultUnimicroAccounts}, by number. */
  readonly accounts?: readonly UnimicroAccountOptions[];
  /** Laid over {@link defaultUnimicroVat}, by code. */
  readonly vat?: readonly UnimicroVatOptions[];
  /** Calendar years from 2019 to 2029 by default. */
  readonly years?: readonly UnimicroYearOptions[];
  /** Numbers → names. */
  readonly departments?: Readonly<Record<string, string>>;
  /** Numbers → names. */
  readonly projects?: Readonly<Record<string, string>>;
  readonly lockedThrough?: PlainDate;
  readonly vatLockedThrough?: PlainDate;
  /** Rights that the application was not given. */
  readonly withoutRights?: readonly UnimicroRight[];
}

export type UnimicroRight = 'read' | 'book' | 'files';

/** What a simulated Unimicro is made of. */
export interface UnimicroSimulatorOptions {
  /** One café by default, with the key `kafe-eksempel`. */
  readonly companies?: readonly UnimicroCompanyOptions[];
  /** The clock of tokens, lists and the rate limit; real time by default. */
  readonly now?: () => Date;
  /** How long lists do not show a new entry. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** 3600 by default, as in its documentation. */
  readonly tokenSeconds?: number;
  /** None by default: no limit is published. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number };
  /** Whether a credit stands in the entry that it takes back; false by default: which of the two is true is not published. */
  readonly creditsInSameEntry?: boolean;
  /** Fields that filters do not know, so that they are given everything: for tests of what is made of that. */
  readonly unknownFields?: readonly string[];
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Waits for `slow` faults; real time by default. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The company of a simulator that was started without any. */
export const defaultUnimicroCompany: UnimicroCompanyOptions = {
  key: 'kafe-eksempel',
  name: 'Kafé Eksempel AS',
  organisationNumber: '987654321',
  departments: { '10': 'Servering', '20': 'Hentemat' },
  projects: { '7': 'Uteservering' },
};

/** Numbers as in Bilag's Norwegian preset; names in our own words. */
export const defaultUnimicroAccounts: readonly UnimicroAccountOptions[] = [
  { number: '1500', name: 'Kundefordringer' },
  { number: '1578', name: 'Omtvistede betalinger' },
  { number: '1579', name: 'Til gode hos Vipps MobilePay' },
  { number: '1920', name: 'Bankinnskudd' },
  { number: '1925', name: 'Utbetalinger underveis' },
  { number: '2400', name: 'Leverandørgjeld' },
  { number: '2700', name: 'Utgående mva, høy sats' },
  { number: '2701', name: 'Utgående mva, middels sats' },
  { number: '2702', name: 'Utgående mva, råfisk' },
  { number: '2703', name: 'Utgående mva, lav sats' },
  { number: '2704', name: 'Utgående mva, omvendt avgiftsplikt' },
  { number: '2710', name: 'Inngående mva, høy sats' },
  { number: '2714', name: 'Inngående mva, omvendt avgiftsplikt' },
  { number: '2960', name: 'Påløpte gebyrer' },
  { number: '2999', name: 'Uavklart' },
  { number: '3000', name: 'Salg, høy sats' },
  { number: '3030', name: 'Salg, middels sats' },
  { number: '3040', name: 'Salg, råfisk' },
  { number: '3050', name: 'Salg, lav sats' },
  { number: '3100', name: 'Salg, avgiftsfritt' },
  { number: '3120', name: 'Salg, utførsel' },
  { number: '3200', name: 'Salg, utenfor avgiftsområdet' },
  { number: '3900', name: 'Gaver' },
  { number: '7740', name: 'Øredifferanser' },
  { number: '7770', name: 'Bank- og kortgebyr' },
  { number: '7790', name: 'Annen kostnad' },
  { number: '10001', name: 'Kari Kunde', isCustomer: true },
];

/** Codes are those of SAF-T. */
export const defaultUnimicroVat: readonly UnimicroVatOptions[] = [
  { code: '0', name: 'Ingen mva-behandling', rateBasisPoints: 0, account: null },
  { code: '1', name: 'Inngående, høy sats', rateBasisPoints: 2500, account: '2710', kind: 'input' },
  { code: '3', name: 'Utgående, høy sats', rateBasisPoints: 2500, account: '2700' },
  { code: '31', name: 'Utgående, middels sats', rateBasisPoints: 1500, account: '2701' },
  { code: '32', name: 'Utgående, råfisk', rateBasisPoints: 1111, account: '2702' },
  { code: '33', name: 'Utgående, lav sats', rateBasisPoints: 1200, account: '2703' },
  { code: '5', name: 'Avgiftsfritt', rateBasisPoints: 0, account: null },
  { code: '52', name: 'Utførsel', rateBasisPoints: 0, account: null },
  { code: '6', name: 'Utenfor avgiftsområdet', rateBasisPoints: 0, account: null },
  { code: '7', name: 'Uten mva', rateBasisPoints: 0, account: null },
  { code: '86', name: 'Tjenester fra utlandet', rateBasisPoints: 2500, account: '2704', kind: 'reversed' },
];
