import { addedVat, containedVat, negate, type Amount } from '@bilag/core';

/** A VAT code as a client offers it. People know the SAF-T code; requests carry the id. */
export interface PowerOfficeVatCode {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly rateBasisPoints: number;
  /** Where the VAT of a gross amount goes; for reverse charge where it is owed. */
  readonly account?: string;
  /** Reverse charge: where what is owed is deducted again. */
  readonly deductionAccount?: string;
}

/** A VAT posting that Go makes of one line. */
export interface VatPosting {
  readonly account: string;
  readonly amount: Amount;
}

/** The ids are made up, and none is its code. */
export const powerOfficeVatCodes: readonly PowerOfficeVatCode[] = [
  { id: 101, code: '0', name: 'Ingen mva-behandling', rateBasisPoints: 0 },
  { id: 102, code: '1', name: 'Inngående mva, høy sats', rateBasisPoints: 2500, account: '2710' },
  { id: 103, code: '11', name: 'Inngående mva, middels sats', rateBasisPoints: 1500, account: '2711' },
  { id: 104, code: '13', name: 'Inngående mva, lav sats', rateBasisPoints: 1200, account: '2713' },
  { id: 105, code: '3', name: 'Utgående mva, høy sats', rateBasisPoints: 2500, account: '2700' },
  { id: 106, code: '31', name: 'Utgående mva, middels sats', rateBasisPoints: 1500, account: '2701' },
  { id: 107, code: '33', name: 'Utgående mva, lav sats', rateBasisPoints: 1200, account: '2703' },
  { id: 108, code: '5', name: 'Innenlands omsetning, fritatt', rateBasisPoints: 0 },
  { id: 109, code: '6', name: 'Utenfor mva-loven', rateBasisPoints: 0 },
  { id: 110, code: '7', name: 'Ingen mva-behandling, inntekt', rateBasisPoints: 0 },
  {
    id: 111,
    code: '86',
    name: 'Tjenester fra utlandet, høy sats',
    rateBasisPoints: 2500,
    account: '2704',
    deductionAccount: '2714',
  },
  { id: 112, code: '52', name: 'Utførsel', rateBasisPoints: 0 },
];

/** What Go itself posts beside a line: the VAT in a gross amount, or both sides of a reverse charge. */
export function vatPostings(gross: Amount, code: PowerOfficeVatCode): VatPosting[] {
  const { account, deductionAccount, rateBasisPoints } = code;
  if (account === undefined) return [];
  if (deductionAccount === undefined) return [{ account, amount: containedVat(gross, rateBasisPoints) }];
  const owed = addedVat(gross, rateBasisPoints);
  return [
    { account: deductionAccount, amount: owed },
    { account, amount: negate(owed) },
  ];
}
