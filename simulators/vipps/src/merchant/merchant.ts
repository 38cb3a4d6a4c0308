import type { Market, PlainDate } from '@bilag/core';
import { ledgerDatesOf, type MerchantDate } from '../ledger/ledger-dates.ts';
import type { LedgerSummary } from '../ledger/ledger-summary.ts';
import { toMerchantSetup, type MerchantOptions, type MerchantSetup, type Settlement } from './merchant-options.ts';
import type { SettlementCalendar } from '../trade/settlement-calendar.ts';
import { v1DatesOf, type V1Date, type V1Row, type V1Summary } from '../ledger/v1-rows.ts';

/** A ledger as `GET /settlement/v1/ledgers` lists it. */
export interface V2Ledger {
  readonly ledgerId: string;
  readonly currency: string;
  readonly payoutBankAccount: { readonly scheme: string; readonly id: string };
  readonly owner: { readonly scheme: string; readonly id: string };
  readonly settlesForRecipientHandles: readonly string[];
  readonly salesUnits?: readonly {
    readonly name: string;
    readonly recipientHandle: string;
    readonly businessIdentifier?: { readonly scheme: string; readonly id: string };
  }[];
}

/** A merchant with one ledger. Its dates may be asked for again and again and are always the same. */
export interface Merchant extends SettlementCalendar {
  readonly name: string;
  readonly ledgerId: string;
  readonly currency: string;
  readonly settlement: Settlement;
  readonly from: PlainDate;
  /** Included. */
  readonly to: PlainDate;
  /** As the API lists it. */
  readonly ledger: V2Ledger;
  /** Every date of the period in order, also those without entries; returns what they should come to. */
  dates(): Generator<MerchantDate, LedgerSummary>;
  /** The same trade as version 1 of the API told it. */
  v1Dates(): Generator<V1Date, V1Summary>;
}

/**
 * Makes a merchant whose trade follows from a seed: the same options give the same bytes. Its dates stream in memory
 * bounded by the largest date, so a ledger of a million entries can be walked.
 *
 * Errors: `config` for a period that ends before it starts and for a merchant without sales units.
 */
export function generateMerchant(options: MerchantOptions): Merchant {
  const setup = toMerchantSetup(options);
  return {
    name: setup.owner.name,
    ledgerId: setup.ledgerId,
    market: setup.market,
    currency: setup.currency,
    settlement: setup.settlement,
    payouts: setup.payouts,
    cutoffHour: setup.cutoffHour,
    from: setup.from,
    to: setup.to,
    ledger: toV2Ledger(setup),
    dates: () => ledgerDatesOf(setup),
    v1Dates: () => v1DatesOf(setup),
  };
}

/** What a merchant's whole ledger should come to. */
export function summarise(merchant: Merchant): LedgerSummary {
  return endOf(merchant.dates());
}

/** What a merchant's ledger should come to as version 1 of the API told it. */
export function summariseV1(merchant: Merchant): V1Summary {
  return endOf(merchant.v1Dates());
}

/** The merchant's trade as version 1 of the API told it, row by row. */
export function* toV1Rows(merchant: Merchant): Generator<V1Row, void> {
  for (const { rows } of merchant.v1Dates()) yield* rows;
}

function endOf<Total>(walk: Generator<unknown, Total>): Total {
  let step = walk.next();
  while (!step.done) step = walk.next();
  return step.value;
}

function toV2Ledger({ ledgerId, currency, market, bankAccount, owner, salesUnits }: MerchantSetup): V2Ledger {
  const organisation = { scheme: organisationSchemes[market], id: owner.organisationNumber };
  return {
    ledgerId,
    currency,
    payoutBankAccount: { scheme: `BBAN:${market}`, id: bankAccount },
    owner: organisation,
    settlesForRecipientHandles: salesUnits.map(({ handle }) => handle),
    salesUnits: salesUnits.map(({ name, handle }) => ({
      name,
      recipientHandle: handle,
      businessIdentifier: organisation,
    })),
  };
}

/** Sweden's is ours: no ledger in Swedish kronor is documented. */
const organisationSchemes: Readonly<Record<Market, string>> = {
  NO: 'business:NO:ORG',
  DK: 'business:DK:CVR',
  SE: 'business:SE:ORG',
  FI: 'business:FI:Y-tunnus',
};
