import type { SimulatorOptions } from '@bilag/fault-server';
import type { PlainDate } from '@bilag/core';

/** An account of a simulated company. Its id is made up: no two companies share one, and none is its number. */
export interface TripletexAccountOptions {
  readonly number: string;
  readonly name: string;
  /** The number of the only VAT code it takes. */
  readonly lockedTo?: string;
  /** The numbers of the VAT codes it takes; absent: every one. */
  readonly vatCodes?: readonly string[];
  readonly ledger?: 'CUSTOMER' | 'VENDOR';
  readonly isInactive?: boolean;
  readonly isBankAccount?: boolean;
  readonly requires?: readonly ('department' | 'project')[];
}

/** A company that keeps its books in the simulated Tripletex. Only the id is needed. */
export interface TripletexCompanyOptions {
  readonly id: number;
  readonly name?: string;
  readonly organisationNumber?: string;
  /** Laid over the chart a new company gets, by number. */
  readonly accounts?: readonly TripletexAccountOptions[];
  /** Without registration only the VAT codes 0 and 6 are offered. */
  readonly isVatRegistered?: boolean;
  /** Department numbers → names. */
  readonly departments?: Readonly<Record<string, string>>;
  /** Project numbers → names. */
  readonly projects?: Readonly<Record<string, string>>;
  /** Customer numbers → names. */
  readonly customers?: Readonly<Record<string, string>>;
  /** Supplier numbers → names. */
  readonly suppliers?: Readonly<Record<string, string>>;
  /** Every accounting period that ends on or before this date is closed. */
  readonly closedThrough?: PlainDate;
  /** The permission "Advanced Voucher": without it nothing is posted. */
  readonly mayPost?: boolean;
  /** The fake token of an employee of this company. */
  readonly employeeToken?: string;
  /** Ids of the companies that this one keeps the books of, as their accountant. */
  readonly clients?: readonly number[];
}

/** What a simulated Tripletex is made of. */
export interface TripletexSimulatorOptions extends SimulatorOptions {
  /** One café by default, with id 2_100_001. */
  readonly companies?: readonly TripletexCompanyOptions[];
  /** The clock of sessions, rate limits and the search index; real time by default. */
  readonly now?: () => Date;
  /** How long the search by external number does not know a new voucher. 0 by default; nobody has measured the real one. */
  readonly searchDelayMs?: number;
  /** 100 requests in 10 seconds by default, which is what the test host's headers suggest; null for none. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null;
  /** Whether a 429 says when the window ends. The real one does not always. */
  readonly tellsReset?: boolean;
  /** What is not known of a reversal: whether it takes over the external number (default), and points back (default). */
  readonly reversal?: { readonly keepsNumber?: boolean; readonly pointsBack?: boolean };
}

/** The company of a simulator that was started without any. */
export const defaultTripletexCompany: TripletexCompanyOptions = {
  id: 2_100_001,
  name: 'Kaffebaren Eksempel AS',
  organisationNumber: '987654321',
  departments: { '10': 'Servering', '20': 'Takeaway' },
  projects: { '7': 'Sommerterrasse' },
  customers: { '10001': 'Eksempelkunde AS' },
  suppliers: { '20001': 'Vipps MobilePay AS' },
};
