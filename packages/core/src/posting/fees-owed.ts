import { add, amount, formatAmount, subtract, zero, type Amount } from '../money/amount.ts';
import type { BookedFact, Contra, FactBuilder, PostingContext } from '../posting/booked-fact.ts';
import type { PolicyVersion } from '../policy/policy.ts';

/** As plain data. */
export interface FeesOwedState {
  readonly accrued: Amount;
  readonly awaited: Amount;
}

/** At the cut-over, by the first version: what is owed is a cost already, or awaits its invoice. */
export function feesAtCutOver(opening: Amount, { fees: { invoiced } }: Pick<PolicyVersion, 'fees'>): FeesOwed {
  return new FeesOwed(
    invoiced === 'accrue' ? { accrued: opening, awaited: zero } : { accrued: zero, awaited: opening },
  );
}

/**
 * The fees of a ledger that are not settled yet, by how they were booked when they arose. What settles them follows that:
 * a fee that is a cost already must not become one again, and one that awaited its invoice must become one.
 */
export class FeesOwed {
  /** On fees payable, a cost already: negative while owed. */
  #accrued: Amount;
  /** Not booked: they became a fee while the policy waited for the invoice. */
  #awaited: Amount;

  constructor({ accrued, awaited }: FeesOwedState) {
    this.#accrued = accrued;
    this.#awaited = awaited;
  }

  get state(): FeesOwedState {
    return { accrued: this.#accrued, awaited: this.#awaited };
  }

  /** Fees that are not booked and await their invoice: what the books lack of the provider's fees balance. */
  get awaited(): Amount {
    return this.#awaited;
  }

  await(value: Amount): void {
    this.#awaited = add(this.#awaited, value);
  }

  /** What a fact moved on fees payable. */
  book({ postings }: BookedFact): void {
    for (const posting of postings)
      if (posting.role === 'feesPayable') this.#accrued = add(this.#accrued, posting.amount);
  }

  /**
   * What an invoice, or what funds retained, is booked against: fees as they were booked when they arose. The oldest are
   * settled first: those of the treatment that the policy has left.
   */
  settle(
    value: Amount,
    { version }: PostingContext,
    cost: Omit<Contra, 'amount'>,
    build: FactBuilder,
  ): readonly Contra[] {
    const accrues = version.fees.invoiced === 'accrue';
    const earlier = amount(Math.max(0, Math.min(value, -(accrues ? this.#awaited : this.#accrued))));
    const asCost = accrues ? earlier : subtract(value, earlier);
    if (earlier !== 0) {
      const as = accrues ? 'awaited their invoice and become a cost now' : 'are a cost already, by an earlier policy';
      build.finding('follows-original', 'info', `${formatAmount(earlier)} of these fees ${as}`, 'nothing to do');
    }
    this.await(asCost);
    const sides: readonly Contra[] = [
      { role: 'feesPayable', amount: subtract(value, asCost) },
      { ...cost, amount: asCost },
    ];
    return sides.filter((side) => side.amount !== 0);
  }
}
