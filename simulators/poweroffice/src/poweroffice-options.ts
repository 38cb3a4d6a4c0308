import type { SimulatorOptions } from '@bilag/fault-server';
import type { PlainDate } from '@bilag/core';

/** An account of a simulated client. Its id is made up, and no two clients share one. */
export interface PowerOfficeAccountOptions {
  readonly number: string;
  readonly name: string;
  /** The only VAT code it takes. */
  readonly lockedTo?: string;
  readonly isInactive?: boolean;
  readonly requires?: readonly ('department' | 'project')[];
}

/** A client (a company) in the simulated PowerOffice Go. Only the number is needed. */
export interface PowerOfficeClientOptions {
  /** Makes its ids differ from the other clients'. */
  readonly number: number;
  readonly name?: string;
  readonly organisationNumber?: string;
  /** Laid over {@link defaultPowerOfficeAccounts}, by number. */
  readonly accounts?: readonly PowerOfficeAccountOptions[];
  /** Department codes → names. */
  readonly departments?: Readonly<Record<string, string>>;
  /** Project codes → names. */
  readonly projects?: Readonly<Record<string, string>>;
  /** Nothing is posted on or before this date. */
  readonly lockedThrough?: PlainDate;
  /** Nothing is posted before the client began to use Go; 2020-01-01 by default. */
  readonly startsAt?: PlainDate;
  /** The rights the integration was not given; none by default. */
  readonly withoutPrivileges?: readonly PowerOfficePrivilege[];
}

/** The rights that the simulated endpoints ask for. */
export type PowerOfficePrivilege =
  | 'ManualVoucher_Full'
  | 'YearEndVoucher_Full'
  | 'AccountTransaction'
  | 'GeneralLedgerAccount'
  | 'CommonServices'
  | 'Department'
  | 'Project'
  | 'VoucherDocumentation_Full';

/** What a simulated PowerOffice Go is made of. */
export interface PowerOfficeSimulatorOptions extends SimulatorOptions {
  /** One café by default, with number 1. */
  readonly clients?: readonly PowerOfficeClientOptions[];
  /** The clock of tokens, time stamps, listings and the rate limit; real time by default. */
  readonly now?: () => Date;
  /** How long `AccountTransactions` does not show a new voucher. 0 by default; nobody has published the real one. */
  readonly listedAfterMs?: number;
  /** 1200 by default, as documented. */
  readonly tokenSeconds?: number;
  /** 10 requests a second for each subscription key by default, as documented; null for none. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null;
}

/** The client of a simulator that was started without any. */
export const defaultPowerOfficeClient: PowerOfficeClientOptions = {
  number: 1,
  name: 'Kaffebaren Eksempel AS',
  organisationNumber: '987654321',
  departments: { '10': 'Servering', '20': 'Takeaway' },
  projects: { '7': 'Sommerterrasse' },
};

/** Numbers as in the Norwegian standard chart; the locks are an example of what a client may have set. */
export const defaultPowerOfficeAccounts: readonly PowerOfficeAccountOptions[] = [
  { number: '1578', name: 'Omtvistede betalinger' },
  { number: '1579', name: 'Kortsiktige fordringer' },
  { number: '1900', name: 'Kontanter' },
  { number: '1920', name: 'Bankinnskudd' },
  { number: '1925', name: 'Utbetalinger underveis' },
  { number: '2700', name: 'Utgående mva, høy sats', lockedTo: '0' },
  { number: '2701', name: 'Utgående mva, middels sats', lockedTo: '0' },
  { number: '2703', name: 'Utgående mva, lav sats', lockedTo: '0' },
  { number: '2704', name: 'Utgående mva, omvendt avgiftsplikt', lockedTo: '0' },
  { number: '2710', name: 'Inngående mva, høy sats', lockedTo: '0' },
  { number: '2711', name: 'Inngående mva, middels sats', lockedTo: '0' },
  { number: '2713', name: 'Inngående mva, lav sats', lockedTo: '0' },
  { number: '2714', name: 'Inngående mva, omvendt avgiftsplikt', lockedTo: '0' },
  { number: '2960', name: 'Påløpte gebyrer' },
  { number: '2990', name: 'Annen kortsiktig gjeld' },
  { number: '2999', name: 'Uavklart' },
  { number: '3000', name: 'Salg, høy sats', lockedTo: '3' },
  { number: '3030', name: 'Salg, middels sats', lockedTo: '31' },
  { number: '3050', name: 'Salg, lav sats', lockedTo: '33' },
  { number: '3100', name: 'Salg, avgiftsfritt', lockedTo: '5' },
  { number: '3200', name: 'Salg, utenfor avgiftsområdet' },
  { number: '7740', name: 'Øredifferanser' },
  { number: '7770', name: 'Bank- og kortgebyr' },
  { number: '7771', name: 'Gebyr, betalingsformidler' },
  { number: '7790', name: 'Annen kostnad' },
  { number: '7830', name: 'Tap på fordringer' },
  { number: '8060', name: 'Valutagevinst' },
];
