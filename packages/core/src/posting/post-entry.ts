import { negate } from '../money/amount.ts';
import { FactBuilder, type BookedFact, type Contra, type OrderLine, type PostingContext } from './booked-fact.ts';
import type { FeesOwed } from './fees-owed.ts';
import { currentType, type LedgerEntry } from '../ledger/ledger.ts';
import type { Followed } from './follow.ts';
import { payoutRole, type PayoutBooking, type Payouts } from './payouts.ts';
import type { PolicyVersion } from '../policy/policy.ts';
import { postCapture, postDispute, postRefund, postReturnedDispute, unitOf } from './sale-posting.ts';

/** What of a ledger's past decides how its facts are booked. */
export interface Past {
  readonly followed: Followed;
  readonly payouts: Payouts;
  readonly payoutBooking: PayoutBooking;
  readonly feesOwed: FeesOwed;
}

/**
 * What an entry does to the books. The sign of its amount decides every side; a type nobody knows moves its own account
 * by exactly its amount, against suspense, with a finding.
 */
export function postEntry(
  entry: LedgerEntry,
  context: PostingContext,
  orderLines: readonly OrderLine[] | undefined,
  past: Past,
): BookedFact {
  const build = new FactBuilder(entry, context);
  if (entry.amount === 0) return build.nothing('zero-amount', 'info', 'the entry has no amount', 'nothing to do');
  return entry.account === 'funds'
    ? postFunds(entry, context, build, orderLines, past)
    : postFees(entry, context, build, past);
}

function postFunds(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
  { followed, payouts, payoutBooking, feesOwed }: Past,
): BookedFact {
  const { version } = context;
  const { id } = entry;
  switch (currentType(entry)) {
    case 'capture':
      return postCapture(entry, context, build, orderLines);
    case 'refund':
      return postRefund(entry, context, build, orderLines, followed.sales.get(id));
    case 'retained-disputed-capture':
      return postDispute(entry, context, build, orderLines, followed.sales.get(id));
    case 'returned-disputed-capture':
      return postReturnedDispute(entry, context, build, orderLines, followed.disputes.get(id));
    case 'capture-fee':
    case 'service-fee':
      return build.against('clearing', 'fee', feePosting(version, entry));
    case 'fees-retained':
      if (context.fees === 'ledger') {
        const kind = version.fees.invoiced === 'accrue' ? 'fees-settled' : 'fee';
        return build.with(
          kind,
          'clearing',
          feesOwed.settle(negate(entry.amount), context, feePosting(version, entry), build),
        );
      }
      return build.against('clearing', 'fee', feePosting(version, entry));
    case 'payout-scheduled':
      return build.against('clearing', 'payout', { role: payoutRole(version) });
    case 'payout-aborted':
      build.finding(
        'payout-aborted',
        'warning',
        'a payout did not reach the bank',
        'check the bank account the provider pays to',
      );
      return payouts.abort(entry, context, payoutBooking, build);
    case 'top-up':
      build.finding('top-up', 'info', 'a negative balance was topped up', 'match it with the invoice or the payment');
      return build.against('clearing', 'top-up', { role: 'topUpContra' });
    case 'credit-note':
      build.finding('credit-note', 'info', 'the provider credited an invoice', 'match it with the invoice it credits');
      return build.against('clearing', 'credit-note', { role: 'payable' });
    case 'correction':
      build.finding('correction', 'warning', 'the provider corrected the ledger by hand', build.reviewSuspense);
      return build.against('clearing', 'correction', { role: 'suspense' });
    default:
      build.finding('unknown-entry-type', 'warning', `"${entry.type}" is not a known entry type`, build.reviewSuspense);
      return build.against('clearing', 'unknown', { role: 'suspense' });
  }
}

function postFees(entry: LedgerEntry, context: PostingContext, build: FactBuilder, { feesOwed }: Past): BookedFact {
  const { version } = context;
  const type = currentType(entry);
  if (version.fees.invoiced === 'on-invoice') return postFeesOnInvoice(entry, type, context, build, feesOwed);
  if (type === 'fees-retained') {
    // Its twin on funds books the transfer; book() lets the twin carry this fact (Report API, entry types).
    const action = 'fetch the date again; if the two still differ, ask the provider';
    return build.nothing(
      'fees-retained-without-twin',
      'error',
      'no fees were retained from funds on this date',
      action,
    );
  }
  switch (type) {
    case 'capture-fee':
    case 'service-fee':
      return build.against('feesPayable', 'fee', feePosting(version, entry));
    case 'correction':
      build.finding(
        'fee-correction',
        'warning',
        'the provider corrected a fee',
        'check it against the fee it corrects',
      );
      return build.against('feesPayable', 'fee', feePosting(version, entry));
    case 'fees-invoiced':
      return build.sides('fees-invoiced', [
        ...feesOwed.settle(entry.amount, context, feePosting(version, undefined), build),
        { role: 'payable', amount: negate(entry.amount) },
      ]);
    case 'credit-note':
      build.finding(
        'credit-note',
        'info',
        'the provider credited a fee invoice',
        'match it with the invoice it credits',
      );
      return build.against('feesPayable', 'credit-note', { role: 'payable' });
    default:
      build.finding('unknown-entry-type', 'warning', `"${entry.type}" is not a known entry type`, build.reviewSuspense);
      return build.against('feesPayable', 'unknown', { role: 'suspense' });
  }
}

/** Without accrual the fees account is not mirrored: the cost arises with the invoice, or with what funds retain. */
function postFeesOnInvoice(
  entry: LedgerEntry,
  type: string,
  context: PostingContext,
  build: FactBuilder,
  feesOwed: FeesOwed,
): BookedFact {
  switch (type) {
    case 'fees-invoiced':
    case 'credit-note':
      return build.sides(type, [
        { role: 'payable', amount: negate(entry.amount) },
        ...feesOwed.settle(entry.amount, context, feePosting(context.version, undefined), build),
      ]);
    case 'fees-retained': {
      const message = 'the funds account books what it retained';
      return build.nothing('retained-from-funds', 'info', message, 'nothing to do');
    }
    default: {
      feesOwed.await(entry.amount);
      const message = 'the policy books this fee when it is invoiced';
      return build.nothing('fee-awaits-invoice', 'info', message, 'nothing to do');
    }
  }
}

/** The fee as an expense. A fee that names no sales unit (retained fees) belongs to the ledger: no dimensions apply. */
export function feePosting(version: PolicyVersion, entry: LedgerEntry | undefined): Omit<Contra, 'amount'> {
  const dimensions = entry === undefined || entry.salesUnit === null ? undefined : unitOf(version, entry).dimensions;
  return { role: 'fee', vat: version.fees.vat ?? undefined, dimensions };
}
