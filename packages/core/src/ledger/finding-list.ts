import { add, zero, type Amount } from '../money/amount.ts';
import type { Finding, Severity } from './finding.ts';
import type { PlainDate } from '../money/plain-date.ts';

interface KeptFinding extends Omit<Finding, 'facts' | 'vouchers' | 'references'> {
  where: string;
  amount?: Amount;
  readonly facts: string[];
  readonly vouchers: Set<string>;
  readonly references: Set<string>;
}

/** The findings of one ledger date: one per code and sentence, with every fact it is about. */
export class FindingList {
  readonly #ledgerId: string;
  readonly #date: PlainDate;
  readonly #byKey = new Map<string, KeptFinding>();
  readonly #byFact = new Map<string, Set<KeptFinding>>();

  constructor(ledgerId: string, date: PlainDate, given: readonly Finding[] = []) {
    this.#ledgerId = ledgerId;
    this.#date = date;
    this.merge(given);
  }

  /** Adds a finding about facts, if there are any; without `facts` it is about the date itself. */
  add(code: string, severity: Severity, message: string, action: string, facts?: readonly string[]): void {
    if (facts?.length === 0) return;
    const where = `ledger ${this.#ledgerId}, ${this.#date}`;
    this.merge([
      { code, severity, message, action, where, ledgerId: this.#ledgerId, date: this.#date, facts: facts ?? [] },
    ]);
  }

  merge(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const key = `${finding.severity} ${finding.code} ${finding.message}`;
      let known = this.#byKey.get(key);
      if (known === undefined) {
        const { amount: _, ...rest } = finding;
        known = { ...rest, facts: [], vouchers: new Set(), references: new Set() };
        this.#byKey.set(key, known);
      }
      const before = known.facts.length;
      for (const fact of finding.facts ?? []) {
        const about = this.#about(fact);
        if (about.has(known)) continue;
        about.add(known);
        known.facts.push(fact);
      }
      if (known.facts.length > before) addTo(known, finding, before === 0);
      for (const voucher of finding.vouchers ?? []) known.vouchers.add(voucher);
    }
  }

  #about(fact: string): Set<KeptFinding> {
    let about = this.#byFact.get(fact);
    if (about === undefined) {
      about = new Set();
      this.#byFact.set(fact, about);
    }
    return about;
  }

  hasErrors(): boolean {
    return [...this.#byKey.values()].some((finding) => finding.severity === 'error');
  }

  has(code: string): boolean {
    return [...this.#byKey.values()].some((finding) => finding.code === code);
  }

  /** Says of each finding about some of these facts that this voucher holds them. */
  pointAt(voucher: string, facts: readonly string[]): void {
    if (this.#byFact.size === 0) return;
    for (const fact of facts) for (const finding of this.#byFact.get(fact) ?? []) finding.vouchers.add(voucher);
  }

  all(): Finding[] {
    return [...this.#byKey.values()].map(({ facts, vouchers, references, ...finding }) => ({
      ...finding,
      ...(references.size === 0 ? {} : { references: [...references] }),
      ...(facts.length === 0 ? {} : { facts }),
      ...(vouchers.size === 0 ? {} : { vouchers: [...vouchers] }),
    }));
  }
}

/** What is found of one more fact is about all of them: their sum, their orders, and the date instead of the one. */
function addTo(known: KeptFinding, { amount, references = [], ledgerId, date }: Finding, isFirst: boolean): void {
  if (amount !== undefined) known.amount = add(known.amount ?? zero, amount);
  for (const reference of references) if (known.references.size < mostReferences) known.references.add(reference);
  if (!isFirst && ledgerId !== undefined && date !== undefined) known.where = `ledger ${ledgerId}, ${date}`;
}

/** Enough to begin with: the facts themselves are all named. */
export const mostReferences = 20;
