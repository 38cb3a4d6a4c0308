import { negate } from '../money/amount.ts';
import { FactBuilder, type BookedFact, type PostingContext } from './booked-fact.ts';
import type { BankLine, ProviderDocument } from '../ledger/ledger.ts';
import { feePosting } from './post-entry.ts';

/** A line of the bank statement clears what is in transit; with direct payouts the bank account already has it. */
export function postBankLine(line: BankLine, context: PostingContext): BookedFact {
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
  if (context.version.payouts === 'direct') {
    return build.nothing('bank-line-not-booked', 'info', 'payouts go straight to the bank account', 'nothing to do');
  }
  return build.against('bank', 'bank-line', { role: 'inTransit' });
}

/** An invoice from the provider. The fees account's own `fees-invoiced` books it where that account is read. */
export function postDocument(document: ProviderDocument, context: PostingContext): BookedFact {
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
  if (fees === 'accrued' && version.fees.invoiced === 'accrue') {
    return build.against('feesPayable', 'fee-invoice', { role: 'payable' });
  }
  if (document.vatAmount !== 0 && (version.fees.vat === null || version.fees.vat.rateBasisPoints === 0)) {
    build.find(
      'invoice-vat-not-deducted',
      'warning',
      'the invoice carries VAT and the policy has no input VAT for fees',
      'set fees.vat, or deduct it by hand',
    );
  }
  return build.against('payable', 'fee-invoice', feePosting(version, undefined), negate(document.amount));
}
