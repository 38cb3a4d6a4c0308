import {
  type BilagError,
  type FileReading,
  type ImportContext,
  type PersonalData,
  type PlainDate,
  add,
  formatAmount,
  zero,
  type Amount,
} from '@bilag/core';
import { amountIn } from '../table/cell-text.ts';
import { type Doubt, type FileRow, type SettlementClaim, type SettlementEnd, settlementTopic } from '../file-page.ts';
import { type Day, PageBuffer } from '../page-buffer.ts';
import { rejectedFile } from '../rejected-file.ts';
import { knownUnit } from '../units.ts';

/** What a settlement file says of a settlement before its rows. */
export interface SettlementHead {
  readonly at: number;
  /** The number of the sales unit. */
  readonly unit: string;
  readonly number: string;
  readonly date: PlainDate;
  readonly currency: string;
  readonly settles?: 'net' | 'gross' | undefined;
  readonly owner?: string | undefined;
}

/** One settlement while its file is read: what its rows come to, and what it claims. */
export class Settlement {
  readonly head: SettlementHead;
  readonly sums: { count: number; capture: Amount; refund: Amount; fee: Amount } = {
    count: 0,
    capture: zero,
    refund: zero,
    fee: zero,
  };
  readonly claims: Partial<Record<SettlementClaim, string>> = {};
  readonly doubts: Doubt[] = [];
  /** Where the claims stand. */
  claimedAt: number;

  constructor(head: SettlementHead) {
    this.head = head;
    this.claimedAt = head.at;
  }

  end(): SettlementEnd {
    return {
      at: this.claimedAt,
      number: this.head.number,
      claims: this.claims,
      sums: this.sums,
      ...(this.doubts.length === 0 ? {} : { doubts: this.doubts }),
    };
  }
}

/** Fees that a file lists beside those of its payments: nothing says how they were paid. */
export class FeesApart {
  #count = 0;
  #sum: Amount | undefined = zero;

  add(text: string, currency: string): void {
    const fee = amountIn(text, currency);
    this.#count += 1;
    this.#sum = fee === undefined || this.#sum === undefined ? undefined : add(this.#sum, fee);
  }

  /** Takes what there is, as a doubt of the settlement that they come with. */
  doubts(): readonly Doubt[] {
    const [count, sum] = [this.#count, this.#sum];
    [this.#count, this.#sum] = [0, zero];
    if (count === 0) return [];
    const inAll = sum === undefined ? '' : `, ${formatAmount(sum)} in all`;
    const fees = count === 1 ? 'a fee apart' : `${count} fees apart`;
    const message = `comes with ${fees}${inAll}: they are not booked, an invoice tells what was charged`;
    return [{ severity: 'warning', message }];
  }
}

/** A row of a settlement, with the date that it is of. */
export interface SettlementRow extends FileRow {
  readonly date: PlainDate;
}

/** Cuts the settlements of a file into pages: each row on its own date, the payout on the date of the settlement. */
export class SettlementPages {
  readonly #name: string;
  readonly #positiveFees: boolean;
  readonly #context: ImportContext;
  readonly #buffer: PageBuffer;

  constructor(name: string, positiveFees: boolean, context: ImportContext) {
    this.#name = name;
    this.#positiveFees = positiveFees;
    this.#context = context;
    this.#buffer = new PageBuffer(name);
  }

  *take(settlement: Settlement, { date, ...row }: SettlementRow, personal?: PersonalData): Generator<FileReading> {
    this.#context.signal.throwIfAborted();
    const { sums, head } = settlement;
    sums.count += 1;
    for (const column of ['capture', 'refund', 'fee'] as const)
      sums[column] = (sums[column] + this.#amount(row, column, head.currency)) as Amount;
    yield* this.#buffer.take(this.#day(settlement, date), row, this.#context.personalData ? personal : undefined);
  }

  /** All that is left, and of each settlement the page with its end. */
  *end(settlements: Iterable<Settlement>): Generator<FileReading> {
    const ends = new Map<Day, Settlement>();
    const seen = new Map<string, Settlement>();
    for (const settlement of settlements) {
      const day = this.#day(settlement, settlement.head.date);
      const key = `${day.of.unit.ledgerId} ${day.of.topic}`;
      const first = seen.get(key);
      if (first !== undefined) throw this.#standsTwice(day, first, settlement);
      seen.set(key, settlement);
      ends.set(day, settlement);
    }
    for (const day of this.#buffer.days.values()) yield day.last(true, ends.get(day)?.end());
  }

  #day({ head }: Settlement, date: PlainDate): Day {
    const { unit, number, currency, settles, owner } = head;
    return this.#buffer.day({
      file: 'settlement',
      unit: knownUnit(unit, this.#context) ?? { ledgerId: unit, handle: unit },
      topic: settlementTopic(number),
      date,
      currency,
      positiveFees: this.#positiveFees,
      settles,
      owner,
    });
  }

  /** Once more the same, or part of it under another sales unit of the ledger: what was paid out is told by neither alone. */
  #standsTwice({ of }: Day, { head, claimedAt }: Settlement, again: Settlement): BilagError {
    return rejectedFile(
      `${this.#name}, rows ${claimedAt} and ${again.claimedAt}`,
      `settlement ${head.number} of ledger ${of.unit.ledgerId} stands twice in the file`,
    );
  }

  #amount(row: FileRow, column: 'capture' | 'refund' | 'fee', currency: string): Amount {
    const text = row[column];
    const read = text === undefined || text === '' ? zero : amountIn(text, currency);
    if (read !== undefined) return read;
    throw rejectedFile(`${this.#name}, row ${row.at}`, `the ${column} is no amount in ${currency}`);
  }
}
