import { addDays, amount, type Amount, type PlainDate } from '@bilag/core';
import { secondUs, hourUs, utcText, type Instant } from '../trade/local-time.ts';
import { Random } from '../trade/random.ts';
import { Tally, type LedgerSummary } from './ledger-summary.ts';
import type { MerchantSetup } from '../merchant/merchant-options.ts';
import { movementsOf, type Movement, type MovementDate } from '../trade/movements.ts';
import { endsMonth, lastDateOfPayout, paysOut, settledAt, settlementDelayUs } from '../trade/settlement-calendar.ts';

/** An entry exactly as version 2 of the Report API sends it (schema `Transaction`). Amounts are minor units. */
export interface V2Entry {
  readonly pspReference: string;
  /** UTC with microseconds and `Z`. */
  readonly time: string;
  readonly ledgerDate: PlainDate;
  readonly entryType: string;
  readonly reference: string | null;
  readonly currency: string;
  readonly amount: Amount;
  readonly recipientHandle: string | null;
  readonly balanceAfter: Amount;
  readonly balanceBefore: Amount;
}

/** A merchant's ledger on one date. */
export interface MerchantDate {
  readonly date: PlainDate;
  readonly funds: readonly V2Entry[];
  readonly fees: readonly V2Entry[];
  /** Whether the payout that covers the date lies inside the generated period. */
  readonly closed: boolean;
  /** What this date alone should come to. */
  readonly summary: LedgerSummary;
}

/** The merchant's ledger, date by date; returns the summary of them all. Memory is bounded by the largest date. */
export function* ledgerDatesOf(setup: MerchantSetup): Generator<MerchantDate, LedgerSummary> {
  const ledger = new Ledger(setup);
  for (const traded of movementsOf(setup)) yield ledger.enter(traded);
  return ledger.summary();
}

const reserveDates = 20;

/** Keeps the two accounts and does what follows from their balances. */
class Ledger {
  readonly #setup: MerchantSetup;
  readonly #random: Random;
  readonly #total: Tally;
  readonly #balances: { funds: number; fees: number };
  #payoutNumber: number;
  #lateFees: Movement[] = [];
  #scheduled: { readonly date: PlainDate; readonly movement: Omit<Movement, 'at'> }[] = [];
  #negativeDates = 0;
  #reservedUntil: PlainDate;
  #salesOfRecentDates: number[] = [];

  constructor(setup: MerchantSetup) {
    this.#setup = setup;
    this.#random = new Random(`${setup.seed}/${setup.ledgerId}/ledger`);
    this.#total = new Tally(setup, setup.from, setup.openings);
    this.#balances = { funds: setup.openings.funds, fees: setup.openings.fees };
    this.#payoutNumber = setup.openings.payoutNumber;
    this.#reservedUntil = setup.from;
  }

  summary(): LedgerSummary {
    return this.#total.summary(this.#setup.to);
  }

  enter(traded: MovementDate): MerchantDate {
    const { date } = traded;
    const page = new Page(this.#setup, date, this.#balances, this.#total);
    const movements = [...this.#feesOf(traded), ...traded.movements, ...this.#due(traded)].sort((a, b) => a.at - b.at);
    for (const movement of movements) page.enter(movement);
    this.#settleFees(page);
    this.#reserve(traded);
    if (paysOut(date, this.#setup.payouts)) this.#payOut(page);
    this.#watchNegativeBalance(date);
    const closed = lastDateOfPayout(date, this.#setup.payouts) <= this.#setup.to;
    return { date, funds: page.funds, fees: page.fees, closed, summary: page.summary() };
  }

  /** The fee pipeline is decoupled from the captures: most fees come with their capture, some the next ledger date. */
  #feesOf({ start, movements }: MovementDate): Movement[] {
    const fees = this.#lateFees.map((fee) => ({
      ...fee,
      at: start + settlementDelayUs + secondUs + this.#random.below(hourUs),
    }));
    this.#lateFees = [];
    for (const { fee, ...capture } of movements) {
      if (fee === undefined) continue;
      const list = fee.late ? this.#lateFees : fees;
      for (const part of fee.parts) list.push({ ...capture, account: 'fees', type: 'capture-fee', amount: -part });
    }
    return fees;
  }

  /** What was put off to this date: aborted payouts, top-ups and credit notes. */
  #due({ date, start }: MovementDate): Movement[] {
    const due = this.#scheduled.filter((item) => item.date <= date);
    this.#scheduled = this.#scheduled.filter((item) => item.date > date);
    return due.map(({ movement }) => ({ ...movement, at: start + this.#random.between(6, 12) * hourUs }));
  }

  /** Net: taken from the funds at every cut-off. Gross: invoiced at the end of the month. */
  #settleFees(page: Page): void {
    const { settlement, ledgerId } = this.#setup;
    const owed = -this.#balances.fees;
    const pspReference = `${ledgerId}-${page.date.replaceAll('-', '')}`;
    if (settlement === 'net' && owed !== 0) {
      page.settle('funds', 'fees-retained', -owed, pspReference);
      page.settle('fees', 'fees-retained', owed, pspReference);
    }
    if (settlement === 'gross' && owed > 0 && endsMonth(page.date)) {
      page.settle('fees', 'fees-invoiced', owed, pspReference);
      if (this.#random.chance(this.#setup.features.creditNotes)) this.#creditInvoice(page.date, owed);
    }
  }

  /** A part of the invoice was wrong: the note puts that debt back on the ledger, and a correction cancels it. */
  #creditInvoice(date: PlainDate, invoiced: number): void {
    const credited = Math.ceil((invoiced * this.#random.between(1, 20)) / 100);
    const noteDate = addDays(date, this.#random.between(3, 15));
    this.#schedule(noteDate, 'fees', 'credit-note', -credited);
    this.#schedule(noteDate, 'fees', 'correction', credited);
  }

  /** A rolling reserve: a tenth of recent sales stays on the ledger for a while. */
  #reserve({ date, movements }: MovementDate): void {
    let sales = 0;
    for (const { type, amount: value } of movements) if (type === 'capture') sales += value;
    this.#salesOfRecentDates = [...this.#salesOfRecentDates, sales].slice(-reserveDates);
    if (this.#random.chance(this.#setup.features.reserves)) this.#reservedUntil = addDays(date, reserveDates);
  }

  #payOut(page: Page): void {
    const { ledgerId, features } = this.#setup;
    const reserved = page.date < this.#reservedUntil ? Math.ceil(total(this.#salesOfRecentDates) / 10) : 0;
    const payout = this.#balances.funds - reserved;
    if (payout <= 0) return;
    const number = this.#payoutNumber++;
    const pspReference = `${ledgerId}-${number}`;
    page.settle('funds', 'payout-scheduled', -payout, pspReference, this.#bankText(page.date));
    if (this.#random.chance(features.abortedPayouts)) {
      const abortDate = addDays(page.date, this.#random.between(2, 4));
      this.#schedule(abortDate, 'funds', 'payout-aborted', payout, pspReference);
    }
  }

  /** The reference of a payout is the bank text in Denmark and Finland, and missing in Norway. */
  #bankText(date: PlainDate): string | null {
    const { market, salesUnits } = this.#setup;
    if (market !== 'DK' && market !== 'FI') return null;
    const recipient = (salesUnits[0]?.handle ?? '').replace(/\D/g, '').padStart(8, '0');
    const [year, month, day] = date.split('-') as [string, string, string];
    return `02${recipient}001${day}${month}${year.slice(2)}0`;
  }

  /** A balance that stays negative is invoiced; the merchant's payment tops it up. */
  #watchNegativeBalance(date: PlainDate): void {
    const { topUpAfterDates, creditNotes } = this.#setup.features;
    this.#negativeDates = this.#balances.funds < 0 ? this.#negativeDates + 1 : 0;
    if (topUpAfterDates === 0 || this.#negativeDates < topUpAfterDates) return;
    this.#negativeDates = 0;
    const owed = -this.#balances.funds;
    this.#schedule(addDays(date, 1), 'funds', 'top-up', owed);
    if (this.#random.chance(creditNotes)) {
      const credited = Math.ceil((owed * this.#random.between(1, 20)) / 100);
      this.#schedule(addDays(date, this.#random.between(3, 9)), 'funds', 'credit-note', -credited);
    }
  }

  #schedule(
    date: PlainDate,
    account: 'funds' | 'fees',
    type: string,
    value: number,
    pspReference: string = `${this.#setup.ledgerId}-${date.replaceAll('-', '')}-${type}`,
  ): void {
    this.#scheduled.push({
      date,
      movement: { account, type, amount: value, pspReference, reference: null, handle: null },
    });
  }
}

/** The entries of one date. */
class Page {
  readonly date: PlainDate;
  readonly funds: V2Entry[] = [];
  readonly fees: V2Entry[] = [];
  readonly #setup: MerchantSetup;
  readonly #balances: { funds: number; fees: number };
  readonly #tallies: readonly [Tally, Tally];

  constructor(setup: MerchantSetup, date: PlainDate, balances: { funds: number; fees: number }, whole: Tally) {
    this.date = date;
    this.#setup = setup;
    this.#balances = balances;
    this.#tallies = [whole, new Tally(setup, date, balances)];
  }

  summary(): LedgerSummary {
    return this.#tallies[1].summary(this.date);
  }

  /** An entry that settles the date, after everything else. */
  settle(
    account: 'funds' | 'fees',
    type: string,
    value: number,
    pspReference: string,
    reference: string | null = null,
  ): void {
    const at: Instant = settledAt(this.date, this.#setup);
    this.enter({ at, account, type, amount: value, pspReference, reference, handle: null });
  }

  enter({ at, account, type, amount: value, pspReference, reference, handle }: Movement): void {
    for (const tally of this.#tallies) tally.count(account, type, value, handle, this.date);
    const balanceBefore = amount(this.#balances[account]);
    const balanceAfter = amount(balanceBefore + value);
    this.#balances[account] = balanceAfter;
    this[account].push({
      pspReference,
      time: utcText(at),
      ledgerDate: this.date,
      entryType: type,
      reference,
      currency: this.#setup.currency,
      amount: amount(value),
      recipientHandle: handle,
      balanceAfter,
      balanceBefore,
    });
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sofar, value) => sofar + value, 0);
}
