import { voucherReference, type Finding, type ViewedLine, type Voucher } from '@bilag/core';
import { ShapeCheck } from '../shape/check-shape.ts';
import { XmlReader } from '../xml/xml-reader.ts';
import { FileCheck } from './check-file.ts';
import { CheckState } from './check-state.ts';
import { checkWhole } from './check-whole.ts';
import { Findings } from './findings.ts';

/** What the lines of a file do to an account. */
interface Movement {
  amount: number;
  hasLineWithoutParty: boolean;
}

/** An accounting period as the file shows it. */
export interface ShownPeriod {
  readonly number: number;
  readonly year: number;
}

/**
 * Judges the files of a set while they are written, by the rules of `checkSet`. All text but the transactions is read as any
 * file is. Of a transaction the writer knows by construction that it has its shape, and that what it names is listed; what
 * it does to totals, accounts and parties is summed up here, and one that is odd is read as any file is.
 */
export class WrittenCheck {
  readonly #state: CheckState = new CheckState(new Findings(), {});
  readonly #found: Finding[] = [];
  #file: FileCheck = new FileCheck(this.#state);
  #reader: XmlReader = new XmlReader(this.#file, new ShapeCheck(this.#state));
  #movements: Map<string, Movement> = new Map();

  begin(name: string): void {
    this.#state.findings.file = name;
    this.#file = new FileCheck(this.#state);
    this.#reader = new XmlReader(this.#file, new ShapeCheck(this.#state));
    this.#movements = new Map();
  }

  /** Text of the file, in its order. */
  read(text: string): void {
    this.#reader.write(Buffer.from(text));
  }

  /** Counts a transaction; false where it is odd, and its text has to be read. */
  count(voucher: Voucher, lines: readonly ViewedLine[], { number, year }: ShownPeriod): boolean {
    if (isOdd(lines)) return false;
    let debit = 0;
    for (const line of lines) {
      if (line.amount > 0) debit += line.amount;
      const movement = this.#movementOf(line.account);
      movement.amount += line.amount;
      if (line.party === undefined) movement.hasLineWithoutParty = true;
      if (line.vat !== undefined && line.vat.amount !== 0) this.#state.hasTax = true;
    }
    this.#file.add({
      line: 0,
      id: voucherReference(voucher),
      debit: BigInt(debit),
      credit: BigInt(debit),
      unreadable: false,
      hasParty: false,
      Period: `${number}`,
      PeriodYear: `${year}`,
      TransactionDate: voucher.date,
      GLPostingDate: voucher.date,
    });
    return true;
  }

  /** What was found in the file. */
  end(): void {
    for (const [number, { amount, hasLineWithoutParty }] of this.#movements) {
      const account = this.#state.accounts.get(number);
      if (account === undefined) continue;
      account.movement += BigInt(amount);
      account.hasLineWithoutParty ||= hasLineWithoutParty;
    }
    this.#reader.end();
    this.#take();
  }

  /** Everything that was found, when all files have come. */
  findings(): readonly Finding[] {
    this.#state.findings.file = undefined;
    // The writer lists only those that are used.
    for (const analysis of this.#state.analyses.values()) analysis.used = true;
    checkWhole(this.#state, false);
    this.#take();
    return [...this.#found, ...[...this.#state.findings.rest()].map(withoutLine)];
  }

  #take(): void {
    for (const finding of this.#state.findings.take()) this.#found.push(withoutLine(finding));
  }

  #movementOf(account: string): Movement {
    let movement = this.#movements.get(account);
    if (movement === undefined) {
      movement = { amount: 0, hasLineWithoutParty: false };
      this.#movements.set(account, movement);
    }
    return movement;
  }
}

/** One that does not balance, or whose VAT may not be what its rate says: rounded it is within half an øre. */
function isOdd(lines: readonly ViewedLine[]): boolean {
  let balance = 0;
  let size = 0;
  for (const { amount, vat } of lines) {
    balance += amount;
    size += amount < 0 ? -amount : amount;
    if (vat === undefined || vat.amount === 0) continue;
    const difference = Math.abs(vat.net) * vat.rateBasisPoints - Math.abs(vat.amount) * 10_000;
    if (difference > 10_000 || difference < -10_000) return true;
  }
  return balance !== 0 || !Number.isSafeInteger(size);
}

/** Its line is not that of the file, where transactions before were not read; its journal, voucher and record tell its place. */
function withoutLine(finding: Finding): Finding {
  return { ...finding, where: finding.where.replace(/(Journal .*), line \d+/, '$1') };
}
