import { named } from '../named.ts';
import { subtract, zero, type Amount } from '../money/amount.ts';
import type { BalanceStep } from '../ledger/balance-chain.ts';
import { FactIds } from './fact-ids.ts';
import type { AccountBalance, BookedDate, LedgerBalances } from './booked-date.ts';
import type { LedgerAccount } from '../ledger/ledger.ts';
import { unnamedSource, type SourceProfile } from '../ledger/source-profile.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { Policy, PolicyVersion } from '../policy/policy.ts';
import type { BookedFact, FeesReading } from '../posting/booked-fact.ts';
import { feesAtCutOver, type FeesOwed } from '../posting/fees-owed.ts';
import { Payouts } from '../posting/payouts.ts';

/** Everything booking remembers of a ledger between its dates. */
export interface LedgerState {
  readonly ledgerId: string;
  profile: SourceProfile;
  lastDate: PlainDate | undefined;
  /** Of the facts of the last date. */
  lastIds: FactIds;
  /** Ids of this ledger's items that another ledger's read brought. */
  readonly foreignIds: Set<string>;
  readonly funds: AccountState;
  readonly fees: AccountState;
  feesReading: FeesReading;
  inTransit: Amount;
  preBooked: Amount;
  readonly payouts: Payouts;
  readonly feesOwed: FeesOwed;
  /** Grouped by payout: facts since the last payout or month end. */
  group: PayoutGroup | undefined;
  /** A date whose balance chain is interrupted waits for the next date to close the gap. */
  held: HeldDate | undefined;
}

export interface AccountState {
  provider: Amount;
  books: Amount;
  /** Where the chain of balances stands; undefined before its first balance and after a break. */
  chain: Amount | undefined;
  /** What the held date and those before leave loose, drawn together. */
  loose: readonly BalanceStep[];
  isOpeningProved: boolean;
  /** That the ledger does not begin with what the policy opens with, and by how much: it holds for every date from then on. */
  wrongOpening: WrongOpening | undefined;
  /** Whether a date so far was open or not read: something may be missing before the next. */
  isIncomplete: boolean;
}

export interface WrongOpening {
  readonly difference: Amount;
  readonly message: string;
  readonly action: string;
}

export interface PayoutGroup {
  readonly facts: BookedFact[];
  version: PolicyVersion;
  lastDate: PlainDate;
  isOpen: boolean;
  /** Whether a finding forbids the delivery of one of its dates. */
  isBlocked: boolean;
}

export interface HeldDate {
  readonly booked: BookedDate;
  readonly interrupted: readonly LedgerAccount[];
  readonly split: readonly LedgerAccount[];
  /** The same date, delivered again, and quiet dates after it. */
  readonly following: readonly BookedDate[];
}

/** A ledger at the cut-over. */
export function openLedger(policy: Policy, ledgerId: string): LedgerState {
  const opening = named(policy.openings, ledgerId);
  const feesOwed = feesAtCutOver(opening?.fees ?? zero, policy.versions[0]);
  return {
    ledgerId,
    profile: unnamedSource,
    lastDate: undefined,
    lastIds: new FactIds(),
    foreignIds: new Set(),
    funds: openAccount(opening?.funds ?? zero),
    fees: { ...openAccount(opening?.fees ?? zero), books: subtract(opening?.fees ?? zero, feesOwed.awaited) },
    feesReading: 'not-read',
    inTransit: opening?.inTransit ?? zero,
    preBooked: zero,
    payouts: new Payouts(ledgerId, { opening: opening?.inTransit ?? zero, known: '' }),
    feesOwed,
    group: undefined,
    held: undefined,
  };
}

function openAccount(balance: Amount): AccountState {
  return {
    provider: balance,
    books: balance,
    chain: undefined,
    loose: [],
    isOpeningProved: false,
    wrongOpening: undefined,
    isIncomplete: false,
  };
}

/** The balances as they stand. Fees are mirrored where the provider's fees account is read and the policy accrues. */
export function balancesOf(state: LedgerState, version: PolicyVersion): LedgerBalances {
  const isMirrored = state.feesReading === 'ledger' && version.fees.invoiced === 'accrue';
  return {
    ledgerId: state.ledgerId,
    funds: balanceOf(state.funds),
    ...(isMirrored ? { fees: balanceOf(state.fees) } : {}),
    ...(isMirrored && state.feesOwed.awaited !== 0 ? { feesAwaited: state.feesOwed.awaited } : {}),
    inTransit: state.inTransit,
    preBooked: state.preBooked,
  };
}

function balanceOf({ provider, books }: AccountState): AccountBalance {
  return { provider, books };
}
