import { formatAmount, negate, subtract, zero } from '../money/amount.ts';
import { containedVat, grossOf } from '../money/vat.ts';
import { FactBuilder, type BookedFact, type Contra, type PostingContext } from './booked-fact.ts';
import type { BankLine, ProviderDocument } from '../ledger/ledger.ts';
import type { FeeVat } from '../policy/policy.ts';
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
  const isBookedAsItArose = fees === 'ledger' || (fees === 'accrued' && version.fees.invoiced === 'accrue');
  sayVat(document, version.fees.vat, isBookedAsItArose, build);
  if (fees === 'ledger') {
    return build.nothing('invoice-in-fees', 'info', 'the fees account books this invoice', 'nothing to do');
  }
  const cost = feePosting(version, undefined);
  const settled =
    fees === 'not-read'
      ? [{ ...cost, amount: document.amount }]
      : feesOwed.settle(document.amount, context, cost, build);
  const sides = settled.map((side) => (isBookedAsItArose ? [side] : asPrinted(side, document)));
  if (sides.includes(undefined)) {
    const message = `the invoice carries VAT of ${formatAmount(document.vatAmount)}, which the rate of the policy does not come to`;
    return build.nothing(
      'invoice-vat-differs',
      'error',
      message,
      'mend fees.vat in the policy, or record the invoice as printed',
    );
  }
  const payable = { role: 'payable', amount: negate(document.amount) } as const;
  const costs = sides.flatMap((side) => side ?? []);
  return build.sides('fee-invoice', isBookedAsItArose ? [...costs, payable] : [payable, ...costs]);
}

/** VAT of an invoice that nobody deducts, or of fees that were booked with another amount of it as they arose. */
function sayVat(
  { amount, vatAmount }: ProviderDocument,
  vat: FeeVat | null,
  isBookedAsItArose: boolean,
  build: FactBuilder,
): void {
  if (vat === null || vat.rateBasisPoints === 0) {
    if (vatAmount === 0) return;
    const message = 'the invoice carries VAT and the policy has no input VAT for fees';
    build.finding('invoice-vat-not-deducted', 'warning', message, 'set fees.vat, or deduct it by hand');
    return;
  }
  const byRate = vat.kind === 'contained' ? containedVat(amount, vat.rateBasisPoints) : zero;
  if (!isBookedAsItArose || byRate === vatAmount) return;
  const message = `the invoice carries VAT of ${formatAmount(vatAmount)}, and by the rate of the policy its fees have ${formatAmount(byRate)}`;
  build.finding(
    'invoice-vat-differs',
    'warning',
    message,
    'its fees are booked as they arose: deduct the difference by hand',
  );
}

/**
 * A cost with its VAT as printed, which is never worked out again: so much of it as contains that VAT by the policy's rate, and the
 * rest without. Undefined where the rate does not come to it, or where a part of the cost was booked before.
 */
function asPrinted(cost: Contra, { amount, vatAmount }: ProviderDocument): readonly Contra[] | undefined {
  const { vat, ...plain } = cost;
  if (vat === undefined || vat.rateBasisPoints === 0) return [cost];
  if (vat.kind === 'reverse-charge') return vatAmount === 0 ? [cost] : undefined;
  if (containedVat(amount, vat.rateBasisPoints) === vatAmount) return [cost];
  if (vatAmount === 0) return [plain];
  const taxed = grossOf(vatAmount, vat.rateBasisPoints);
  const untaxed = subtract(amount, taxed);
  if (cost.amount !== amount || taxed * amount < 0 || untaxed * amount < 0) return undefined;
  return [
    { ...cost, amount: taxed },
    { ...plain, amount: untaxed },
  ].filter((side) => side.amount !== 0);
}
