import type { PlainDate } from '@bilag/core';

/** The classes that tax rates may apply to. */
export type XeroAccountClass = 'ASSET' | 'EQUITY' | 'EXPENSE' | 'LIABILITY' | 'REVENUE';

/** An account of a simulated organisation. */
export interface XeroAccountOptions {
  readonly code: string;
  readonly name: string;
  /** CURRENT by default; BANK is a bank account, which manual journals cannot name. */
  readonly type?: string;
  readonly class: XeroAccountClass;
  /** Set on accounts that Xero keeps itself, such as GST and DEBTORS. */
  readonly systemAccount?: string;
  readonly isArchived?: boolean;
}

/** A tax rate. Whatever it is of, its tax goes to the account that Xero keeps for it. */
export interface XeroTaxRateOptions {
  readonly taxType: string;
  readonly name: string;
  readonly percent: number;
  /** Classes of accounts that it applies to; all by default. */
  readonly appliesTo?: readonly XeroAccountClass[];
}

/** An organisation in the simulated Xero. Only the name is needed. */
export interface XeroOrganisationOptions {
  readonly name: string;
  readonly organisationNumber?: string;
  /** NO by default. */
  readonly country?: string;
  /** NOK by default. */
  readonly currency?: string;
  /** Laid over {@link defaultXeroAccounts}, by code. */
  readonly accounts?: readonly XeroAccountOptions[];
  /** Laid over {@link defaultXeroTaxRates}, by type. */
  readonly taxRates?: readonly XeroTaxRateOptions[];
  /** Name of the category → names of its options. */
  readonly tracking?: Readonly<Record<string, readonly string[]>>;
  readonly lockedThrough?: PlainDate;
  readonly yearLockedThrough?: PlainDate;
  /** Whether the application was not given the scopes. */
  readonly withoutScopes?: boolean;
}

/** What a simulated Xero is made of. */
export interface XeroSimulatorOptions {
  /** One café by default. */
  readonly organisations?: readonly XeroOrganisationOptions[];
  /** The clock of tokens, keys, lists and limits; real time by default. */
  readonly now?: () => Date;
  /** How long lists do not show what is new. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** 1800 by default, as Xero says. */
  readonly tokenSeconds?: number;
  /** How long an idempotency key is kept; 6 minutes by default, which nobody has published. */
  readonly keysKeptMs?: number;
  /** 60 requests a minute for an organisation by default; null for none. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Waits for `slow` faults; real time by default. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** The organisation of a simulator that was started without any. */
export const defaultXeroOrganisation: XeroOrganisationOptions = {
  name: 'Kaffebaren Eksempel AS',
  organisationNumber: '987654325',
};

const asset = { class: 'ASSET', type: 'CURRENT' } as const;
const debt = { class: 'LIABILITY', type: 'CURRLIAB' } as const;
const income = { class: 'REVENUE', type: 'REVENUE' } as const;
const cost = { class: 'EXPENSE', type: 'EXPENSE' } as const;

/** Numbers as in Bilag's Norwegian preset; names in our own words. The bank is an account to be matched with Xero's own. */
export const defaultXeroAccounts: readonly XeroAccountOptions[] = [
  { code: '1500', name: 'Kundefordringer', ...asset },
  { code: '1501', name: 'Accounts Receivable', ...asset, systemAccount: 'DEBTORS' },
  { code: '1578', name: 'Vipps MobilePay, omstridte betalinger', ...asset },
  { code: '1579', name: 'Vipps MobilePay, til gode', ...asset },
  { code: '1900', name: 'Driftskonto', class: 'ASSET', type: 'BANK' },
  { code: '1920', name: 'Utbetalinger til bank', ...asset },
  { code: '1925', name: 'Utbetalinger underveis', ...asset },
  { code: '2400', name: 'Leverandørgjeld', ...debt },
  { code: '2700', name: 'Merverdiavgift', ...debt, systemAccount: 'GST' },
  { code: '2960', name: 'Skyldige gebyrer', ...debt },
  { code: '2999', name: 'Uavklart', ...debt },
  { code: '3000', name: 'Salg, høy sats', ...income },
  { code: '3030', name: 'Salg, middels sats', ...income },
  { code: '3050', name: 'Salg, lav sats', ...income },
  { code: '3100', name: 'Salg, avgiftsfritt', ...income },
  { code: '3120', name: 'Salg, eksport', ...income },
  { code: '3200', name: 'Salg, unntatt', ...income },
  { code: '3900', name: 'Gaver', ...income },
  { code: '7770', name: 'Betalingsgebyrer', ...cost },
  { code: '7790', name: 'Andre kostnader', ...cost },
];

/** Rates that somebody set up, as Xero names such types. */
export const defaultXeroTaxRates: readonly XeroTaxRateOptions[] = [
  { taxType: 'NONE', name: 'No VAT', percent: 0 },
  { taxType: 'TAX001', name: 'Høy sats', percent: 25 },
  { taxType: 'TAX002', name: 'Middels sats', percent: 15 },
  { taxType: 'TAX003', name: 'Lav sats', percent: 12 },
  { taxType: 'TAX004', name: 'Avgiftsfritt', percent: 0 },
  { taxType: 'TAX005', name: 'Eksport', percent: 0 },
  { taxType: 'TAX006', name: 'Unntatt', percent: 0 },
  { taxType: 'TAX007', name: 'Utenfor loven', percent: 0 },
  { taxType: 'TAX008', name: 'Kjøp, høy sats', percent: 25, appliesTo: ['EXPENSE', 'ASSET'] },
];

/** What a config of `@bilag/xero` says of them, by the codes of Bilag's Norwegian preset. */
export const defaultTaxTypesByCode: Readonly<Record<string, string>> = {
  '3': 'TAX001',
  '31': 'TAX002',
  '33': 'TAX003',
  '5': 'TAX004',
  '52': 'TAX005',
  '6': 'TAX006',
  '7': 'TAX007',
};

export const defaultXeroTracking: Readonly<Record<string, readonly string[]>> = { Department: ['10', '20'] };
