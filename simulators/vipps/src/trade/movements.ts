import { addDays, datesBetween, dayOf, type PlainDate } from '@bilag/core';
import { endOf, hourUs, secondUs, startOf, type Instant } from './local-time.ts';
import { Random } from './random.ts';
import type { MerchantSetup, PriceList, SalesUnitOptions } from '../merchant/merchant-options.ts';
import { settlementDelayUs } from './settlement-calendar.ts';
import { priceOf, salesOn, trades } from './trade-kinds.ts';

/**
 * Something that happens to a merchant, whatever version of the API tells of it: everything but what follows from the
 * balances (retained fees, payouts, top-ups).
 */
export interface Movement {
  readonly at: Instant;
  readonly account: 'funds' | 'fees';
  readonly type: string;
  /** Signed, in minor units. */
  readonly amount: number;
  readonly pspReference: string;
  readonly reference: string | null;
  readonly handle: string | null;
  /** Of a capture. */
  readonly fee?: CaptureFee;
}

export interface CaptureFee {
  /** Positive, in minor units; more than one when the fee comes in parts. */
  readonly parts: readonly number[];
  /** Whether it misses the cut-off and lands on the next ledger date. */
  readonly late: boolean;
}

/** What happened on a ledger date, in order of time. */
export interface MovementDate {
  readonly date: PlainDate;
  readonly start: Instant;
  readonly end: Instant;
  readonly movements: readonly Movement[];
}

/** The merchant's trade, date by date. Memory is bounded by the largest date. */
export function* movementsOf(setup: MerchantSetup): Generator<MovementDate, void> {
  const shop = new Shop(setup);
  for (const date of datesBetween(setup.from, setup.to)) yield shop.trade(date);
}

/** A capture that may still be refunded or disputed. */
interface Sale {
  readonly pspReference: string;
  readonly reference: string | null;
  readonly unit: SalesUnitOptions;
  readonly gross: number;
  readonly fee: number;
  readonly at: Instant;
  refundable: number;
}

/** A dispute's next step. */
interface DisputeStep {
  readonly date: PlainDate;
  readonly sale: Sale;
  readonly type: 'retained-disputed-capture' | 'returned-disputed-capture';
  readonly stepsLeft: number;
}

const mostRecentSales = 200;

class Shop {
  readonly #setup: MerchantSetup;
  readonly #random: Random;
  #recent: Sale[] = [];
  #disputes: DisputeStep[] = [];
  #closedUntil: PlainDate;
  #lastPspReference: number;
  #lastOrder = 10_000;
  // Of the date being traded.
  #start: Instant = 0;
  #end: Instant = 0;
  #movements: Movement[] = [];
  #sales: Sale[] = [];

  constructor(setup: MerchantSetup) {
    this.#setup = setup;
    this.#random = new Random(`${setup.seed}/${setup.ledgerId}/trade`);
    this.#closedUntil = setup.from;
    this.#lastPspReference = 3_000_000_000 + this.#random.below(900_000_000);
  }

  trade(date: PlainDate): MovementDate {
    const { market, cutoffHour, features } = this.#setup;
    this.#start = startOf(date, market, cutoffHour);
    this.#end = endOf(date, market, cutoffHour);
    this.#movements = [];
    this.#sales = [];
    if (date >= this.#closedUntil && !this.#random.chance(features.quietDates)) {
      this.#sell(date);
      this.#refundEarlierSales();
      if (this.#random.chance(features.cancellations)) this.#cancelEverything(date);
    }
    this.#dispute(date);
    this.#correct(date);
    this.#recent = [...this.#recent, ...this.#sales].slice(-mostRecentSales);
    const movements = this.#movements.sort((a, b) => a.at - b.at);
    return { date, start: this.#start, end: this.#end, movements };
  }

  #sell(date: PlainDate): void {
    const { salesUnits, capturesPerDay } = this.#setup;
    const shares = salesUnits.reduce((total, unit) => total + (unit.share ?? 1), 0);
    for (const unit of salesUnits) {
      const ordinary = (capturesPerDay * (unit.share ?? 1)) / shares;
      for (let sales = salesOn(date, trades[unit.trade], ordinary, this.#random); sales > 0; sales -= 1) {
        this.#sellTo(unit);
      }
    }
  }

  #sellTo(unit: SalesUnitOptions): void {
    const trade = trades[unit.trade];
    const price = priceOf(trade, this.#setup.currency, this.#random);
    const at = this.#openingTime(unit);
    const reference = this.#orderReference(unit);
    if (price > 1 && this.#random.chance(this.#setup.features.partialCaptures)) {
      const first = this.#random.between(1, price - 1);
      this.#capture(unit, reference, first, at);
      this.#capture(unit, reference, price - first, this.#within(at + hourUs));
    } else {
      this.#capture(unit, reference, price, at);
    }
  }

  #capture(unit: SalesUnitOptions, reference: string | null, gross: number, at: Instant): void {
    const { features, priceList } = this.#setup;
    const fee = feeOf(gross, unit.priceList ?? priceList);
    const parts = fee > 1 && this.#random.chance(features.splitFees) ? this.#split(fee) : fee > 0 ? [fee] : [];
    const sale: Sale = { pspReference: this.#pspReference(), reference, unit, gross, fee, at, refundable: gross };
    this.#sales.push(sale);
    this.#moveSale(sale, 'capture', gross, at, { parts, late: this.#random.chance(features.lateFees) });
    if (this.#random.chance(features.refunds)) this.#refund(this.#random.chance(2000) ? sale : this.#earlierSale());
  }

  /** Refunds that were due while nobody bought anything new. */
  #refundEarlierSales(): void {
    if (this.#random.chance(this.#setup.features.refunds)) this.#refund(this.#earlierSale());
  }

  #refund(sale: Sale | undefined): void {
    if (sale === undefined || sale.refundable === 0) return;
    const partial = sale.refundable > 1 && this.#random.chance(4000);
    const amount = partial
      ? Math.max(1, Math.floor((sale.refundable * this.#random.between(10, 90)) / 100))
      : sale.refundable;
    const at =
      sale.at < this.#start ? this.#openingTime(sale.unit) : sale.at + this.#random.between(300, 7200) * secondUs;
    this.#refundAmount(sale, amount, this.#within(at));
  }

  #refundAmount(sale: Sale, amount: number, at: Instant): void {
    sale.refundable -= amount;
    this.#moveSale(sale, 'refund', -amount, at, undefined, this.#pspReference());
  }

  #cancelEverything(date: PlainDate): void {
    for (const sale of this.#recent) {
      if (sale.refundable > 0) this.#refundAmount(sale, sale.refundable, this.#openingTime(sale.unit));
    }
    this.#closedUntil = addDays(date, this.#random.between(10, 24));
  }

  #dispute(date: PlainDate): void {
    const { features } = this.#setup;
    for (const _ of this.#sales) {
      const sale = this.#random.chance(features.disputes) ? this.#earlierSale() : undefined;
      if (sale === undefined || sale.refundable < sale.gross) continue;
      sale.refundable = 0;
      // Lost after the first step, won after the second, and sometimes disputed once more.
      const stepsLeft = this.#random.pick([0, 1, 1, 1, 2, 3]);
      this.#takeStep({ date, sale, type: 'retained-disputed-capture', stepsLeft });
    }
    const due = this.#disputes.filter((step) => step.date <= date);
    this.#disputes = this.#disputes.filter((step) => step.date > date);
    for (const step of due) this.#takeStep(step);
  }

  #takeStep({ date, sale, type, stepsLeft }: DisputeStep): void {
    const retained = type === 'retained-disputed-capture';
    this.#moveSale(sale, type, retained ? -sale.gross : sale.gross, this.#officeTime());
    if (stepsLeft === 0) return;
    this.#disputes.push({
      date: addDays(date, this.#random.between(4, 20)),
      sale,
      type: retained ? 'returned-disputed-capture' : 'retained-disputed-capture',
      stepsLeft: stepsLeft - 1,
    });
  }

  /** What Vipps enters by itself. */
  #correct(date: PlainDate): void {
    const { features } = this.#setup;
    const random = this.#random;
    if (features.serviceFee > 0 && dayOf(date) === 1) this.#move('fees', 'service-fee', -features.serviceFee);
    if (random.chance(features.corrections))
      this.#move('funds', 'correction', this.#either(random.between(100, 50_000)));
    if (random.chance(features.feeCorrections)) this.#correctFees();
    if (random.chance(features.unknownTypes)) {
      if (random.chance(5000)) this.#move('funds', 'goodwill-adjustment', this.#either(random.between(100, 20_000)));
      else this.#move('fees', 'terminal-rental', -random.between(1000, 30_000));
    }
  }

  /** One capture's fee given back, or a price list corrected after the fact for many of them. */
  #correctFees(): void {
    const charged = this.#recent.filter(({ fee }) => fee > 0);
    const sale = charged[this.#random.below(charged.length)];
    if (sale === undefined) return;
    const captures = this.#random.pick([1, 1, 1, 20, 200]);
    this.#moveSale(sale, 'correction', sale.fee * captures, this.#officeTime(), undefined, undefined, 'fees');
  }

  #moveSale(
    sale: Sale,
    type: string,
    amount: number,
    at: Instant,
    fee?: CaptureFee,
    pspReference: string = sale.pspReference,
    account: 'funds' | 'fees' = 'funds',
  ): void {
    const { reference, unit } = sale;
    this.#movements.push({
      at,
      account,
      type,
      amount,
      pspReference,
      reference,
      handle: unit.handle,
      ...(fee && { fee }),
    });
  }

  #move(account: 'funds' | 'fees', type: string, amount: number): void {
    const handle = this.#setup.salesUnits[0]?.handle ?? null;
    const pspReference = this.#pspReference();
    this.#movements.push({ at: this.#officeTime(), account, type, amount, pspReference, reference: null, handle });
  }

  #earlierSale(): Sale | undefined {
    return this.#recent[this.#random.below(this.#recent.length)];
  }

  #openingTime(unit: SalesUnitOptions): Instant {
    const hour = this.#random.weighted(trades[unit.trade].hours);
    return this.#atHour(hour);
  }

  #officeTime(): Instant {
    return this.#atHour(this.#random.between(8, 15));
  }

  #atHour(hour: number): Instant {
    const hoursIn = (hour - this.#setup.cutoffHour + 24) % 24;
    return this.#within(this.#start + hoursIn * hourUs + this.#random.below(hourUs));
  }

  /** Inside the date, and after the entries that settle the date before, so that time never runs against the balances. */
  #within(at: Instant): Instant {
    return Math.min(Math.max(at, this.#start + settlementDelayUs + secondUs), this.#end - 1);
  }

  /** Units with a Vippsnummer or MobilePay number have no orders. */
  #orderReference(unit: SalesUnitOptions): string | null {
    if (!unit.handle.startsWith('api:')) return null;
    this.#lastOrder += 1;
    return `${trades[unit.trade].orderPrefix}-${this.#lastOrder}`;
  }

  #pspReference(): string {
    this.#lastPspReference += this.#random.between(1, 9999);
    return String(this.#lastPspReference);
  }

  #split(fee: number): number[] {
    const first = this.#random.between(1, fee - 1);
    return [first, fee - first];
  }

  #either(amount: number): number {
    return this.#random.chance(5000) ? amount : -amount;
  }
}

/** Half an øre is rounded up; a fee is never more than the capture. */
function feeOf(gross: number, { basisPoints, fixed }: PriceList): number {
  return Math.min(gross, Math.floor((gross * basisPoints + 5000) / 10_000) + fixed);
}
