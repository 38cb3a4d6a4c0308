import type { PlainDate } from '@bilag/core';

/** An account of a simulated company; every financial year has it. */
export interface EAccountingAccountOptions {
  readonly number: string;
  readonly name: string;
  readonly isInactive?: boolean;
  readonly isBlockedForManualBooking?: boolean;
  readonly needsCostCenter?: boolean;
  readonly takesNoText?: boolean;
}

/** A financial year. */
export interface EAccountingYearOptions {
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly isLocked?: boolean;
}

/** A company in the simulated eAccounting. Only the id is needed. */
export interface EAccountingCompanyOptions {
  readonly id: string;
  readonly name?: string;
  readonly organisationNumber?: string;
  /** SE by default. */
  readonly country?: string;
  /** SEK by default. */
  readonly currency?: string;
  /** Laid over {@link defaultEAccountingAccounts}, by number. */
  readonly accounts?: readonly EAccountingAccountOptions[];
  /** Calendar years from 2019 to 2029 by default. */
  readonly years?: readonly EAccountingYearOptions[];
  /** Numbers → names. */
  readonly projects?: Readonly<Record<string, string>>;
  readonly lockedThrough?: PlainDate;
  readonly isReadOnly?: boolean;
  readonly calculatesVat?: boolean;
  /** Scopes that the application was not given. */
  readonly withoutScopes?: readonly EAccountingScope[];
}

export type EAccountingScope = 'ea:accounting' | 'ea:sales';

/** What a simulated eAccounting is made of. */
export interface EAccountingSimulatorOptions {
  /** One café by default, with the id `cafe-1`. */
  readonly companies?: readonly EAccountingCompanyOptions[];
  /** The clock of tokens, lists and the rate limit; real time by default. */
  readonly now?: () => Date;
  /** How long lists do not show a new voucher. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** 3600 by default. */
  readonly tokenSeconds?: number;
  /** 600 requests a minute for each address, of all companies together, by default; null for none. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null;
  /** Whether vouchers can be filtered by the beginning of their texts; true by default: what can be filtered is not published. */
  readonly takesTextFilters?: boolean;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Waits for `slow` faults; real time by default. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The company of a simulator that was started without any. */
export const defaultEAccountingCompany: EAccountingCompanyOptions = {
  id: 'cafe-1',
  name: 'Kafé Exempel AB',
  organisationNumber: '556677-8899',
  projects: { '7': 'Sommarterrass' },
};

/** Numbers as in Bilag's Swedish preset (BAS) and its Norwegian one; names in our own words. */
export const defaultEAccountingAccounts: readonly EAccountingAccountOptions[] = [
  { number: '1500', name: 'Kundefordringer' },
  { number: '1510', name: 'Kundfordringar' },
  { number: '1578', name: 'Omtvistede betalinger' },
  { number: '1579', name: 'Til gode hos Vipps MobilePay' },
  { number: '1686', name: 'Vipps MobilePay, tillgodohavande' },
  { number: '1687', name: 'Vipps MobilePay, bestridda betalningar' },
  { number: '1688', name: 'Utbetalningar på väg' },
  { number: '1920', name: 'Bankinnskudd' },
  { number: '1925', name: 'Utbetalinger underveis' },
  { number: '1930', name: 'Bankkonto' },
  { number: '2400', name: 'Leverandørgjeld' },
  { number: '2440', name: 'Leverantörsskulder' },
  { number: '2611', name: 'Utgående moms 25 %' },
  { number: '2614', name: 'Utgående moms, omvänd skattskyldighet' },
  { number: '2621', name: 'Utgående moms 12 %' },
  { number: '2631', name: 'Utgående moms 6 %' },
  { number: '2645', name: 'Beräknad ingående moms' },
  { number: '2700', name: 'Utgående mva, høy sats' },
  { number: '2701', name: 'Utgående mva, middels sats' },
  { number: '2703', name: 'Utgående mva, lav sats' },
  { number: '2960', name: 'Påløpte gebyrer' },
  { number: '2990', name: 'Upplupna avgifter' },
  { number: '2999', name: 'Observationskonto' },
  { number: '3000', name: 'Salg, høy sats' },
  { number: '3001', name: 'Försäljning 25 %' },
  { number: '3002', name: 'Försäljning 12 %' },
  { number: '3003', name: 'Försäljning 6 %' },
  { number: '3004', name: 'Försäljning momsfri' },
  { number: '3030', name: 'Salg, middels sats' },
  { number: '3050', name: 'Salg, lav sats' },
  { number: '3105', name: 'Försäljning export' },
  { number: '3993', name: 'Gåvor' },
  { number: '6570', name: 'Betalningsavgifter' },
  { number: '6590', name: 'Övriga externa tjänster' },
  { number: '7770', name: 'Bank- og kortgebyr' },
];
