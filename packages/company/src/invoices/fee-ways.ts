import { currentType, factIdentity, type Amount, type LedgerDate, type LedgerEntry, type PlainDate } from '@bilag/core';

/** Where the fees of a date stand: on the provider's own fees account, beside each sale, or nowhere that is read. */
export type FeeReading = 'own-account' | 'accrued' | 'not-read';

/** What the fees account tells of an invoice or a credit note: the invoice positive, the credit note negative. */
export interface ToldInvoice {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly amount: Amount;
}

/** How the fees of one ledger reach us, and what settles them. */
export interface FeeWay {
  /** From each date on, ascending. */
  readonly readings: { readonly from: PlainDate; readonly reading: FeeReading }[];
  readonly told: ToldInvoice[];
  /** Months (`2026-07`) in which the funds paid fees, and in which fees stood beside sales as owed. */
  readonly paidByFunds: Set<string>;
  readonly accrued: Set<string>;
  last: PlainDate;
}

/** Watches ledger dates go by: what they say of how fees are settled decides what an invoice books. */
export class FeeWays {
  readonly #ledgers = new Map<string, FeeWay>();
  #seen = { date: '', ids: new Set<string>() };

  take({ ledgerId, date, accounts, entries }: LedgerDate): void {
    const isTold = accounts.fees !== undefined || entries.length > 0;
    const own = accounts.fees?.accrued === true ? 'accrued' : 'own-account';
    const reading = accounts.fees === undefined ? 'not-read' : own;
    const way = this.#wayOf(ledgerId, date);
    way.last = date;
    if (isTold && way.readings.at(-1)?.reading !== reading) way.readings.push({ from: date, reading });
    if (this.#seen.date !== date) this.#seen = { date, ids: new Set() };
    for (const entry of entries) {
      const kind = kindOf(entry);
      if (kind === undefined || entry.amount === 0) continue;
      const identity = factIdentity(entry.id);
      if (this.#seen.ids.has(identity)) continue;
      this.#seen.ids.add(identity);
      const of = this.#wayOf(entry.ledgerId, date);
      if (kind === 'invoice') of.told.push({ ledgerId: entry.ledgerId, date, amount: entry.amount });
      else if (entry.account === 'funds') of.paidByFunds.add(date.slice(0, 7));
      else if (accounts.fees?.accrued === true) of.accrued.add(date.slice(0, 7));
    }
  }

  /** Undefined for a ledger that was not read. */
  of(ledgerId: string): FeeWay | undefined {
    return this.#ledgers.get(ledgerId);
  }

  #wayOf(ledgerId: string, date: PlainDate): FeeWay {
    const known = this.#ledgers.get(ledgerId);
    if (known !== undefined) return known;
    const way: FeeWay = { readings: [], told: [], paidByFunds: new Set(), accrued: new Set(), last: date };
    this.#ledgers.set(ledgerId, way);
    return way;
  }
}

/** Passes ledger dates on. */
export async function* watched(
  dates: AsyncIterable<LedgerDate>,
  ways: FeeWays,
): AsyncGenerator<LedgerDate, void, undefined> {
  for await (const date of dates) {
    ways.take(date);
    yield date;
  }
}

/** How fees were read on a date: by the last that told, or the first where none did before. */
export function readingOn({ readings }: FeeWay, date: PlainDate): FeeReading {
  return (readings.findLast(({ from }) => from <= date) ?? readings[0])?.reading ?? 'not-read';
}

function kindOf(entry: LedgerEntry): 'invoice' | 'fee' | undefined {
  switch (currentType(entry)) {
    case 'fees-invoiced':
    case 'credit-note':
      return entry.account === 'fees' ? 'invoice' : undefined;
    case 'capture-fee':
    case 'service-fee':
      return 'fee';
    case 'fees-retained':
      return entry.account === 'funds' ? 'fee' : undefined;
    default:
      return undefined;
  }
}
