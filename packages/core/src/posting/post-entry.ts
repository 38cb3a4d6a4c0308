import { negate } from '../money/amount.ts';
import { FactBuilder, type BookedFact, type Contra, type OrderLine, type PostingContext } from './booked-fact.ts';
import type { AccountRole } from '../policy/chart.ts';
import { currentType } from '../ledger/entry-types.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { PolicyVersion } from '../policy/policy.ts';
import { postDispute, postSale, reviewSuspense, unitOf } from './sale-posting.ts';

/**
 * What an entry does to the books. The sign of its amount decides every side; a type nobody knows moves its own account
 * by exactly its amount, against suspense, with a finding.
 */
export function postEntry(
  entry: LedgerEntry,
  context: PostingContext,
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  const build = new FactBuilder(entry, context);
  if (entry.amount === 0) return build.nothing('zero-amount', 'info', 'the entry has no amount', 'nothing to do');
  return entry.account === 'funds' ? postFunds(entry, context, build, orderLines) : postFees(entry, context, build);
}

function postFunds(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  const { version } = context;
  switch (currentType(entry.type)) {
    case 'capture':
      return postSale(entry, context, build, 'capture', orderLines);
    case 'refund':
      return postSale(entry, context, build, 'refund', orderLines);
    case 'retained-disputed-capture':
      return postDispute(entry, context, build, 'dispute-retained', orderLines);
    case 'returned-disputed-capture':
      return postDispute(entry, context, build, 'dispute-returned', orderLines);
    case 'capture-fee':
    case 'service-fee':
      return build.against('clearing', 'fee', feePosting(version, entry));
    case 'fees-retained':
      if (context.fees === 'ledger' && version.fees.invoiced === 'accrue') {
        return build.against('clearing', 'fees-settled', { role: 'feesPayable' });
      }
      return build.against('clearing', 'fee', feePosting(version, entry));
    case 'payout-scheduled':
      return build.against('clearing', 'payout', { role: payoutRole(version) });
    case 'payout-aborted':
      build.find(
        'payout-aborted',
        'warning',
        'a payout did not reach the bank',
        'check the bank account the provider pays to',
      );
      return build.against('clearing', 'payout-aborted', { role: payoutRole(version) });
    case 'top-up':
      build.find('top-up', 'info', 'a negative balance was topped up', 'match it with the invoice or the payment');
      return build.against('clearing', 'top-up', { role: 'topUpContra' });
    case 'credit-note':
      build.find('credit-note', 'info', 'the provider credited an invoice', 'match it with the invoice it credits');
      return build.against('clearing', 'credit-note', { role: 'payable' });
    case 'correction':
      build.find('correction', 'warning', 'the provider corrected the ledger by hand', reviewSuspense);
      return build.against('clearing', 'correction', { role: 'suspense' });
    default:
      build.find('unknown-entry-type', 'warning', `"${entry.type}" is not a known entry type`, reviewSuspense);
      return build.against('clearing', 'unknown', { role: 'suspense' });
  }
}

function postFees(entry: LedgerEntry, context: PostingContext, build: FactBuilder): BookedFact {
  const { version } = context;
  const type = currentType(entry.type);
  if (version.fees.invoiced === 'on-invoice') return postFeesOnInvoice(entry, type, context, build);
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
      build.find('fee-correction', 'warning', 'the provider corrected a fee', 'check it against the fee it corrects');
      return build.against('feesPayable', 'fee', feePosting(version, entry));
    case 'fees-invoiced':
      return build.against('feesPayable', 'fees-invoiced', { role: 'payable' });
    case 'credit-note':
      build.find('credit-note', 'info', 'the provider credited a fee invoice', 'match it with the invoice it credits');
      return build.against('feesPayable', 'credit-note', { role: 'payable' });
    default:
      build.find('unknown-entry-type', 'warning', `"${entry.type}" is not a known entry type`, reviewSuspense);
      return build.against('feesPayable', 'unknown', { role: 'suspense' });
  }
}

/** Without accrual the fees account is not mirrored: the cost arises with the invoice, or with what funds retain. */
function postFeesOnInvoice(entry: LedgerEntry, type: string, context: PostingContext, build: FactBuilder): BookedFact {
  if (type === 'fees-invoiced' || type === 'credit-note') {
    return build.against(
      'payable',
      type === 'credit-note' ? 'credit-note' : 'fees-invoiced',
      feePosting(context.version, undefined),
      negate(entry.amount),
    );
  }
  if (type === 'fees-retained') {
    return build.nothing('retained-from-funds', 'info', 'the funds account books what it retained', 'nothing to do');
  }
  return build.nothing('fee-awaits-invoice', 'info', 'the policy books this fee when it is invoiced', 'nothing to do');
}

/** The fee as an expense. A fee that names no sales unit (retained fees) belongs to the ledger: no dimensions apply. */
export function feePosting(version: PolicyVersion, entry: LedgerEntry | undefined): Omit<Contra, 'amount'> {
  const hasUnit = entry !== undefined && entry.salesUnit !== null;
  return {
    role: 'fee',
    ...(version.fees.vat === null ? {} : { vat: version.fees.vat }),
    ...(hasUnit ? { dimensions: unitOf(version, entry).dimensions } : {}),
  };
}

function payoutRole(version: PolicyVersion): AccountRole {
  return version.payouts === 'direct' ? 'bank' : 'inTransit';
}
