import { FikenRefusal, fikenTexts } from '../fiken-replies.ts';
import type { FikenLine } from './fiken-journal.ts';

/** Periods that people closed: each kind stops other postings. There is no API to see or to open them. */
export class FikenLocks {
  readonly #bank: Map<string, string> = new Map();
  #vatThrough = '';
  #yearThrough = '';
  #periodThrough = '';

  /** A bank account was reconciled: its own postings stop. */
  reconcileBank(account: string, through: string): void {
    this.#bank.set(account, through);
  }

  /** A VAT return was filed: postings with VAT stop. */
  fileVatReturn(through: string): void {
    this.#vatThrough = through;
  }

  /** The year was closed: everything stops. */
  closeYear(year: number): void {
    this.#yearThrough = `${year}-12-31`;
  }

  /** Somebody closed the books through this date: everything stops. */
  closeThrough(date: string): void {
    this.#periodThrough = date;
  }

  /** Opens everything again. */
  open(): void {
    this.#bank.clear();
    this.#vatThrough = '';
    this.#yearThrough = '';
    this.#periodThrough = '';
  }

  check(date: string, lines: readonly FikenLine[]): void {
    const bank = lines.map(({ account }) => this.#bank.get(account) ?? '').find((through) => date <= through);
    const hasVat = lines.some(({ account }) => account.startsWith('27'));
    const vat = hasVat && date <= this.#vatThrough ? this.#vatThrough : undefined;
    const year = date <= this.#yearThrough ? this.#yearThrough : undefined;
    const period = date <= this.#periodThrough ? this.#periodThrough : undefined;
    const through = bank ?? vat ?? year ?? period;
    if (through !== undefined) throw new FikenRefusal(400, fikenTexts.locked(through));
  }
}
