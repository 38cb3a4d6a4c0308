import type { PlainDate } from '@bilag/core';

/** An account of a simulated agreement. */
export interface EconomicAccountOptions {
  readonly number: string;
  readonly name: string;
  readonly isBarred?: boolean;
  readonly isBlockedForDirectEntries?: boolean;
  readonly isDepartmentMandatory?: boolean;
  /** A heading takes no entries. */
  readonly isHeading?: boolean;
}

/** A VAT code, which e-conomic calls a VAT account. */
export interface EconomicVatOptions {
  readonly code: string;
  readonly name: string;
  readonly ratePercentage: number;
  /** Where the VAT in a gross amount goes; absent at 0 %. */
  readonly account?: string;
  /** Where reverse charge is set against it. */
  readonly contraAccount?: string;
}

/** A journal (`kassekladde`). */
export interface EconomicJournalOptions {
  readonly number: number;
  readonly name?: string;
  readonly minimumVoucherNumber?: number;
  readonly maximumVoucherNumber?: number;
  /** Entries balance by month; by date where it is false. */
  readonly balancesByMonth?: boolean;
  readonly requiresBalancePerVoucher?: boolean;
  /** Entries stay after they were booked. */
  readonly isStanding?: boolean;
  readonly requiresApproval?: boolean;
  /** 5, finance vouchers alone; 0, the default, takes all. */
  readonly allowedEntryType?: number;
}

/** An agreement (a company) in the simulated e-conomic. Only the number is needed. */
export interface EconomicAgreementOptions {
  readonly number: number;
  readonly name?: string;
  readonly organisationNumber?: string;
  readonly baseCurrency?: string;
  /** Laid over {@link defaultEconomicAccounts}, by number. */
  readonly accounts?: readonly EconomicAccountOptions[];
  /** Laid over {@link defaultEconomicVat}, by code. */
  readonly vat?: readonly EconomicVatOptions[];
  /** Journal 7, for Bilag alone, by default. */
  readonly journals?: readonly EconomicJournalOptions[];
  /** Calendar years that are set up; 2019 to 2029 by default. */
  readonly years?: readonly number[];
  /** Those of them that are closed for good. */
  readonly closedYears?: readonly number[];
  /** Periods through this date are barred. */
  readonly lockedThrough?: PlainDate;
  /** Whether the grant lacks the role Bookkeeping. */
  readonly withoutBookkeeping?: boolean;
}

/** What a simulated e-conomic is made of. */
export interface EconomicSimulatorOptions {
  /** One café by default, with number 1. */
  readonly agreements?: readonly EconomicAgreementOptions[];
  /** The clock of the searches and of the tokens that calls cost; real time by default. */
  readonly now?: () => Date;
  /** How long a list does not show new entries. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** 10 000 in 60 seconds by default, as its headers say; null for none. */
  readonly tokens?: { readonly limit: number; readonly windowMs: number } | null;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Waits for `slow` faults; real time by default. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The journal that is Bilag's own: its range is that of voucher numbers which begin with a date. */
export const defaultEconomicJournal: EconomicJournalOptions = {
  number: 7,
  name: 'Vipps MobilePay',
  minimumVoucherNumber: 200_101_000,
  maximumVoucherNumber: 991_231_999,
  requiresBalancePerVoucher: true,
  allowedEntryType: 5,
};

/** The agreement of a simulator that was started without any. */
export const defaultEconomicAgreement: EconomicAgreementOptions = {
  number: 1,
  name: 'Kaffebaren Eksempel ApS',
  organisationNumber: '12345678',
};

/** Numbers as in Bilag's Danish preset; names in our own words. */
export const defaultEconomicAccounts: readonly EconomicAccountOptions[] = [
  { number: '999', name: 'OMSÆTNING', isHeading: true },
  { number: '1000', name: 'Salg, 25 % moms' },
  { number: '1020', name: 'Salg, reduceret sats (prøve)' },
  { number: '1050', name: 'Salg, momsfrit' },
  { number: '1060', name: 'Salg, eksport' },
  { number: '1070', name: 'Gaver' },
  { number: '7220', name: 'Betalingsgebyrer' },
  { number: '7230', name: 'Øvrige omkostninger' },
  { number: '52100', name: 'Vipps MobilePay, tilgodehavende' },
  { number: '52110', name: 'Vipps MobilePay, bestridte betalinger' },
  { number: '53000', name: 'Debitorer' },
  { number: '55000', name: 'Bank' },
  { number: '55010', name: 'Udbetalinger undervejs' },
  { number: '63000', name: 'Kreditorer' },
  { number: '63080', name: 'Skyldige gebyrer' },
  { number: '63990', name: 'Uafklaret' },
  { number: '64020', name: 'Salgsmoms' },
  { number: '64025', name: 'Salgsmoms, reduceret sats (prøve)' },
  { number: '64030', name: 'Moms af ydelseskøb i udlandet' },
  { number: '64040', name: 'Købsmoms' },
];

/** Codes as e-conomic sets them up in Denmark, one for sales without VAT, and one of another rate to try sums on. */
export const defaultEconomicVat: readonly EconomicVatOptions[] = [
  { code: 'U25', name: 'Salgsmoms', ratePercentage: 25, account: '64020' },
  { code: 'U10', name: 'Reduceret sats (prøve)', ratePercentage: 10, account: '64025' },
  { code: 'U0', name: 'Momsfrit salg', ratePercentage: 0 },
  { code: 'UEXP', name: 'Salg uden for EU', ratePercentage: 0 },
  { code: 'I25', name: 'Købsmoms', ratePercentage: 25, account: '64040' },
  { code: 'IY25', name: 'Ydelseskøb i EU', ratePercentage: 25, account: '64040', contraAccount: '64030' },
];
