import { createHash } from 'node:crypto';
import { BilagError } from '../errors.ts';
import type { VoucherShape } from '../contracts/contract.ts';
import { addDays, type PlainDate } from '../money/plain-date.ts';
import { versionOn, type Policy } from '../policy/policy.ts';
import { FeesOwed, type FeesOwedState } from '../posting/fees-owed.ts';
import { Payouts, type PayoutsState } from '../posting/payouts.ts';
import { createVoucher, type Voucher } from '../voucher/voucher.ts';
import type { BookedDate } from './booked-date.ts';
import { FactIds } from './fact-ids.ts';
import type { HeldDate, LedgerState, PayoutGroup } from './ledger-state.ts';

/**
 * Where the books stand after a date: what `book()` knows of each ledger then, and goes on from. Plain data, which may be kept as
 * JSON. It holds for the dates it was made of, which is for its keeper to know, and for the policy and shape in `fits`.
 */
export interface BookCheckpoint {
  /** Every date of every ledger up to this one is in it, and none after. */
  readonly through: PlainDate;
  /** A digest of the policy, of the shape, and of the way in which this version of Bilag books. */
  readonly fits: string;
  /** No voucher that is still to come of it is dated earlier: of a date that waits for the next, or of a payout. */
  readonly pendingFrom: PlainDate;
  readonly ledgers: readonly LedgerCheckpoint[];
}

/** A ledger's state. What its last date had may come again, in the read of another ledger. */
type LedgerCheckpoint = Omit<LedgerState, 'lastIds' | 'foreignIds' | 'payouts' | 'feesOwed' | 'group'> & {
  readonly lastIds: readonly string[];
  readonly foreignIds: readonly string[];
  readonly payouts: PayoutsState;
  readonly feesOwed: FeesOwedState;
  readonly group?: Omit<PayoutGroup, 'version'> & { readonly version: PlainDate };
};

/** Raised when `book()` comes to book anything otherwise, or to remember anything else. */
const wayOfBooking = 3;

/**
 * What a checkpoint of these books says of itself in `fits`: one that says something else is thrown away, and the books are made
 * from the cut-over again.
 *
 * @example
 * ```ts
 * import { checkpointFit, definePolicy } from '@bilag/core';
 *
 * const policy = (sale: string) => definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale } }] });
 * checkpointFit(policy('25'), undefined) === checkpointFit(policy('12'), undefined); // => false
 * ```
 */
export function checkpointFit(policy: Policy, shape: VoucherShape | undefined): string {
  const made = JSON.stringify([wayOfBooking, policy, shape ?? null]);
  return createHash('sha256').update(made).digest('hex');
}

/** What of the states goes on and changes is copied; the rest they may share. */
export function checkpointOf(ledgers: Iterable<LedgerState>, through: PlainDate, fits: string): BookCheckpoint {
  let pendingFrom = addDays(through, 1);
  const plain = Array.from(ledgers, ({ group, ...state }) => {
    const { booked, following = [] } = state.held ?? {};
    // A date that waits may have ended a group whose last facts are of an earlier one.
    const waiting = [booked, ...following].flatMap((each) => [
      each?.date,
      ...(each?.vouchers ?? []).map(({ ledgerDate }) => ledgerDate),
    ]);
    for (const date of [...waiting, group?.lastDate]) if (date !== undefined && date < pendingFrom) pendingFrom = date;
    return {
      ...state,
      lastIds: [...state.lastIds],
      foreignIds: [...state.foreignIds],
      funds: { ...state.funds },
      fees: { ...state.fees },
      payouts: state.payouts.state,
      feesOwed: state.feesOwed.state,
      ...(group === undefined ? {} : { group: { ...group, facts: [...group.facts], version: group.version.from } }),
    };
  });
  return { through, fits, pendingFrom, ledgers: plain };
}

/** The states of a checkpoint, by ledger. Throws `conflict` where it is of other books. */
export function statesOf(checkpoint: BookCheckpoint, policy: Policy, fits: string): Map<string, LedgerState> {
  if (checkpoint.fits !== fits) {
    throw new BilagError('conflict', {
      what: 'the checkpoint was made with another policy or shape, or by another version of Bilag',
      where: `checkpoint through ${checkpoint.through}`,
      action: 'throw it away, and book from the cut-over',
    });
  }
  return new Map(checkpoint.ledgers.map((ledger) => [ledger.ledgerId, stateOf(ledger, policy)]));
}

function stateOf({ group, ...ledger }: LedgerCheckpoint, policy: Policy): LedgerState {
  const { ledgerId, payouts, feesOwed, lastIds, foreignIds, held, funds, fees } = ledger;
  return {
    ...ledger,
    lastIds: new FactIds(lastIds),
    foreignIds: new Set(foreignIds),
    // What is undefined has no place in plain data.
    funds: { ...funds, chain: funds.chain, wrongOpening: funds.wrongOpening },
    fees: { ...fees, chain: fees.chain, wrongOpening: fees.wrongOpening },
    payouts: new Payouts(ledgerId, payouts),
    feesOwed: new FeesOwed(feesOwed),
    group: group === undefined ? undefined : groupOf(group, policy),
    held: held === undefined ? undefined : heldOf(held),
  };
}

function groupOf(group: NonNullable<LedgerCheckpoint['group']>, policy: Policy): PayoutGroup {
  return { ...group, facts: [...group.facts], version: versionOn(policy, group.version) ?? policy.versions[0] };
}

function heldOf({ booked, following, ...held }: HeldDate): HeldDate {
  return { ...held, booked: bookedOf(booked), following: following.map(bookedOf) };
}

function bookedOf(booked: BookedDate): BookedDate {
  return { ...booked, vouchers: booked.vouchers.map(voucherOf) };
}

function voucherOf(voucher: Voucher): Voucher {
  const { digest: _, ...parts } = voucher;
  return createVoucher(parts);
}
