import type { Amount } from '../money/amount.ts';
import type { Finding } from '../ledger/finding.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { Voucher } from '../voucher/voucher.ts';

/** One account as the provider tells it and as our books have it, debit − credit, at the end of a ledger date. */
export interface AccountBalance {
  /** The opening and every entry since. */
  readonly provider: Amount;
  /** The opening and every voucher since. */
  readonly books: Amount;
}

/**
 * The balance law: `funds.provider = funds.books + preBooked` and `fees.provider = fees.books + feesAwaited`, at the end of
 * every ledger date, or at payouts and month ends when vouchers are grouped by payout.
 */
export interface LedgerBalances {
  readonly ledgerId: string;
  /** Clearing. */
  readonly funds: AccountBalance;
  /** Fees payable; absent where the fees account is not mirrored. */
  readonly fees?: AccountBalance;
  /** Fees that an earlier version left to their invoice, and that is not there yet; absent where there are none. */
  readonly feesAwaited?: Amount;
  /** Payouts under way, by our books. */
  readonly inTransit: Amount;
  /** What another system has on the clearing account for entries the policy leaves to it. */
  readonly preBooked: Amount;
}

/** What happened on the ledger, each the signed effect on the merchant: for a summary a bookkeeper can check. */
export interface LedgerTotals {
  readonly ledgerId: string;
  readonly captures: Amount;
  readonly refunds: Amount;
  /** Fees charged, negative; by `fees-retained` where only funds were read. */
  readonly fees: Amount;
  readonly payouts: Amount;
  /** Disputes, corrections, top-ups, credit notes and what is unknown, on funds. */
  readonly other: Amount;
  readonly entries: number;
}

/** What `book()` makes of one ledger date. */
export interface BookedDate {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly currency: string;
  /** What the books call the provider of the ledger, where its source says it. */
  readonly provider?: string;
  /** Whether every account read was closed; otherwise the vouchers are a preview. */
  readonly bookable: boolean;
  /** What the policy says is closed, where it does: nothing of ours is dated on or before it any more. */
  readonly lockedThrough?: PlainDate;
  readonly vouchers: readonly Voucher[];
  readonly findings: readonly Finding[];
  /** The ledger's own balances first; others follow where an item named another ledger. */
  readonly balances: readonly [LedgerBalances, ...LedgerBalances[]];
  /** In the order of `balances`. */
  readonly totals: readonly [LedgerTotals, ...LedgerTotals[]];
}

/** Whether the vouchers of a date may be delivered: it is closed, and no finding forbids it. */
export function isDeliverable(booked: BookedDate): boolean {
  return booked.bookable && booked.findings.every((finding) => finding.severity !== 'error');
}
