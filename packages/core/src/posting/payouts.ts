import { add, amount, formatAmount, negate, subtract, zero, type Amount } from '../money/amount.ts';
import type { BookedFact, Contra, FactBuilder, PostingContext } from '../posting/booked-fact.ts';
import type { AccountRole } from '../policy/chart.ts';
import type { BankLine, LedgerEntry } from '../ledger/ledger.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { PolicyVersion } from '../policy/policy.ts';
import { type Payout, PayoutList } from './payout-list.ts';
import { sayFollowed } from './sale-posting.ts';

/**
 * The number of a payout in the provider's reference, `2000045` of `302321-2000045`; undefined where there is none. In 2023 entries
 * had the number alone (Report API, changelog), and an id of v1 ends with ledger and number: `1000003023212000045`.
 *
 * @example
 * ```ts
 * import { payoutNumber } from '@bilag/core';
 *
 * payoutNumber('302321', '302321-2000045'); // => '2000045'
 * ```
 */
export function payoutNumber(ledgerId: string, reference: string): string | undefined {
  const at = reference.lastIndexOf(ledgerId);
  const number = at < 0 ? reference : reference.slice(at + ledgerId.length).replace(/^-/, '');
  return /^\d{5,12}$/.test(number) ? number : undefined;
}

/** As plain data. */
export interface PayoutsState {
  readonly opening: Amount;
  /** What {@link PayoutList.text} tells. */
  readonly known: string;
}

/** Where payouts of a date were booked, and whether every version that may have booked one agrees. */
export interface PayoutBooking {
  readonly contextOn: (date: PlainDate) => PostingContext;
  readonly agree: (by: (context: PostingContext) => string) => boolean;
}

/**
 * The payouts of a ledger: at most a few a day, so all are remembered. An aborted payout and a line of the bank statement
 * follow the payout they name, not the policy of their own date.
 */
export class Payouts {
  readonly #known: PayoutList;
  readonly #ledgerId: string;
  /** What was under way at the cut-over: payouts that nobody told us of. */
  #opening: Amount;

  constructor(ledgerId: string, { opening, known }: PayoutsState) {
    this.#ledgerId = ledgerId;
    this.#opening = opening;
    this.#known = new PayoutList(known);
  }

  get state(): PayoutsState {
    return { opening: this.#opening, known: this.#known.text };
  }

  #numberIn(reference: string): string {
    return payoutNumber(this.#ledgerId, reference) ?? reference;
  }

  isKnown(reference: string): boolean {
    return this.#known.get(this.#numberIn(reference)) !== undefined;
  }

  schedule(entry: LedgerEntry): void {
    const number = this.#numberIn(entry.pspReference ?? entry.id);
    const payout = this.#known.get(number);
    if (payout === undefined) {
      const { ledgerDate: date } = entry;
      this.#known.add(number, { date, scheduled: negate(entry.amount), arrived: zero, aborted: zero });
    } else {
      payout.date = entry.ledgerDate;
      payout.scheduled = subtract(payout.scheduled, entry.amount);
    }
  }

  /** An aborted payout goes back to what it was booked against. */
  abort(entry: LedgerEntry, context: PostingContext, booking: PayoutBooking, build: FactBuilder): BookedFact {
    const payout = this.#aborted(entry);
    if (payout !== undefined) payout.aborted = add(payout.aborted, entry.amount);
    const kind = 'payout-aborted';
    if (booking.agree((each) => each.accounts[payoutRole(each.version)])) {
      return build.against('clearing', kind, { role: payoutRole(context.version) });
    }
    if (payout === undefined) {
      const message = `the aborted payout of ${formatAmount(entry.amount)} is not known, and the policy has changed`;
      build.finding('original-unknown', 'warning', message, build.reviewSuspense);
      return build.against('clearing', kind, { role: 'suspense' });
    }
    const its = booking.contextOn(payout.date);
    const role = payoutRole(its.version);
    sayFollowed([its], context, build);
    return build.against('clearing', kind, { role, account: its.accounts[role] });
  }

  /** By its number; whether an aborted payout repeats it is not documented, so else the latest of the same amount. */
  #aborted(entry: LedgerEntry): Payout | undefined {
    const named = entry.pspReference === null ? undefined : this.#known.get(this.#numberIn(entry.pspReference));
    if (named !== undefined) return named;
    return this.#known.inOrder().findLast(({ scheduled, aborted }) => subtract(scheduled, aborted) === entry.amount);
  }

  /** A line of the bank statement clears what is in transit; with direct payouts the bank account already has it. */
  arrive(line: BankLine, context: PostingContext, booking: PayoutBooking, build: FactBuilder): BookedFact {
    const payout = this.#arriving(line);
    if (payout === undefined) return this.#arriveUnknown(line, context, booking, build);
    const left = subtract(subtract(payout.scheduled, payout.arrived), payout.aborted);
    const fits = line.amount > 0 ? least(line.amount, left) : negate(least(negate(line.amount), payout.arrived));
    payout.arrived = add(payout.arrived, fits);
    const its = booking.contextOn(payout.date);
    const name = `payout ${line.payoutReference ?? `of ${payout.date}`}`;
    const rest = subtract(line.amount, fits);
    if (fits === 0) {
      const message = `the bank line of ${formatAmount(line.amount)} names ${name}, of which nothing is left to arrive; it is not booked`;
      return build.nothing('bank-line-without-payout', 'warning', message, checkStatement);
    }
    if (rest !== 0) {
      const message = `the bank line of ${formatAmount(line.amount)} is ${formatAmount(rest)} more than was left of ${name}`;
      const onSuspense = its.version.payouts === 'direct' ? '' : `; the rest is on ${build.suspense}`;
      build.finding('bank-line-without-payout', 'warning', message, checkStatement + onSuspense);
    } else if (line.amount > 0 && fits < left) {
      const message = `the bank line of ${formatAmount(line.amount)} is ${formatAmount(subtract(left, fits))} less than was left of ${name}`;
      build.finding(
        'payout-short',
        'warning',
        message,
        'see in the bank account whether the rest came; ask the provider',
      );
    }
    if (its.version.payouts === 'direct') return bookedAlready(build);
    if (!booking.agree(arrivalOf)) sayFollowed([its], context, build);
    return moved(line, its, fits, build);
  }

  /** The payout a line names; of a line that names none, as in Norway, the oldest of its amount. */
  #arriving(line: BankLine): Payout | undefined {
    if (line.payoutReference !== null) return this.#known.get(this.#numberIn(line.payoutReference));
    return this.#known
      .inOrder()
      .find(({ scheduled, arrived, aborted }) => scheduled - arrived - aborted === line.amount);
  }

  #arriveUnknown(line: BankLine, context: PostingContext, booking: PayoutBooking, build: FactBuilder): BookedFact {
    if (line.amount > 0 && line.amount <= this.#opening) {
      this.#opening = subtract(this.#opening, line.amount);
      return moved(line, context, line.amount, build);
    }
    const name =
      line.payoutReference === null
        ? 'no payout, and none of that amount is under way'
        : `payout ${line.payoutReference}, which is not known`;
    const message = `the bank line of ${formatAmount(line.amount)} names ${name}`;
    const isDirect = booking.agree(({ version }) => version.payouts) && context.version.payouts === 'direct';
    const onSuspense = isDirect ? '' : `; until then it is on ${build.suspense}`;
    build.finding('bank-line-without-payout', 'warning', message, checkStatement + onSuspense);
    if (isDirect) return bookedAlready(build);
    return moved(line, context, zero, build);
  }
}

const checkStatement = 'hold it against the bank statement and the payouts; each arrives once';

/** How a version books the arrival of its payouts. */
function arrivalOf({ version, accounts }: PostingContext): string {
  return version.payouts === 'direct' ? 'direct' : accounts.bank;
}

function bookedAlready(build: FactBuilder): BookedFact {
  return build.nothing('bank-line-not-booked', 'info', 'payouts go straight to the bank account', 'nothing to do');
}

/** What is in transit comes out of it; the rest is on the bank account without a known reason. */
function moved(
  line: BankLine,
  { accounts }: Pick<PostingContext, 'accounts'>,
  fits: Amount,
  build: FactBuilder,
): BookedFact {
  const rest = subtract(line.amount, fits);
  const sides: readonly Contra[] = [
    { role: 'bank', amount: line.amount, account: accounts.bank },
    { role: 'inTransit', amount: negate(fits) },
    { role: 'suspense', amount: negate(rest) },
  ];
  return build.sides(
    'bank-line',
    sides.filter((side) => side.amount !== 0),
  );
}

function least(one: Amount, other: Amount): Amount {
  return amount(Math.max(0, Math.min(one, other)));
}

/** Where a scheduled payout goes. */
export function payoutRole(version: PolicyVersion): AccountRole {
  return version.payouts === 'direct' ? 'bank' : 'inTransit';
}
