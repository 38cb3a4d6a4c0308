import { negate } from '../money/amount.ts';
import { FactBuilder, type BookedFact, type PostingContext } from './booked-fact.ts';
import type { BankLine, ProviderDocument } from '../ledger/ledger.ts';
import { feePosting, type Past } from './post-entry.ts';

/** A line of the bank statement: a payout that arrived. */
export function postBankLine(
  line: BankLine,
  context: PostingContext,
  { payouts, payoutBooking }: Pick<Past, 'payouts' | 'payoutBooking'>,
): BookedFact {
  const build = new FactBuilder(
    {
      id: line.id,
      pspReference: line.payoutReference,
      amount: line.amount,
      ledgerId: line.ledgerId,
      ledgerDate: line.date,
    },
    context,
  );
  if (line.amount === 0) return build.nothing('zero-amount', 'info', 'the bank line has no amount', 'nothing to do');
  return payouts.arrive(line, context, payoutBooking, build);
}

/** An invoice from the provider. The fees account's own `fees-invoiced` books it where that account is read. */
export function postDocument(
  document: ProviderDocument,
  context: PostingContext,
  { feesOwed }: Pick<Past, 'feesOwed'>,
): BookedFact {
  const { version, fees } = context;
  const build = new FactBuilder(
    {
      id: document.id,
      pspReference: document.number,
      amount: document.amount,
      ledgerId: document.ledgerId,
      ledgerDate: document.date,
    },
    context,
  );
  if (document.amount === 0) return build.nothing('zero-amount', 'info', 'the document has no amount', 'nothing to do');
  if (document.kind === 'top-up-invoice-paid') return build.against('topUpContra', 'top-up-paid', { role: 'bank' });
  if (fees === 'ledger') {
    return build.nothing('invoice-in-fees', 'info', 'the fees account books this invoice', 'nothing to do');
  }
  const accrues = fees === 'accrued' && version.fees.invoiced === 'accrue';
  if (!accrues && document.vatAmount !== 0 && (version.fees.vat === null || version.fees.vat.rateBasisPoints === 0)) {
    build.finding(
      'invoice-vat-not-deducted',
      'warning',
      'the invoice carries VAT and the policy has no input VAT for fees',
      'set fees.vat, or deduct it by hand',
    );
  }
  const cost = feePosting(version, undefined);
  if (fees === 'not-read') return build.against('payable', 'fee-invoice', cost, negate(document.amount));
  const payable = { role: 'payable', amount: negate(document.amount) } as const;
  const settled = feesOwed.settle(document.amount, context, cost, build);
  return build.sides('fee-invoice', accrues ? [...settled, payable] : [payable, ...settled]);
}
