import type { Finding, Severity } from './finding.ts';
import type { PlainDate } from './plain-date.ts';

/** The findings of one ledger date: one per code and sentence, with every fact it is about. */
export class FindingList {
  readonly #ledgerId: string;
  readonly #date: PlainDate;
  readonly #byKey = new Map<string, Finding & { facts: string[]; vouchers: string[] }>();

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
      const known = this.#byKey.get(key);
      if (known === undefined) {
        this.#byKey.set(key, {
          ...finding,
          facts: [...(finding.facts ?? [])],
          vouchers: [...(finding.vouchers ?? [])],
        });
      } else {
        for (const fact of finding.facts ?? []) known.facts.push(fact);
        for (const voucher of finding.vouchers ?? []) known.vouchers.push(voucher);
      }
    }
  }

  has(code: string): boolean {
    return [...this.#byKey.values()].some((finding) => finding.code === code);
  }

  /** Says of each finding about some of these facts that this voucher holds them. */
  pointAt(voucher: string, facts: ReadonlySet<string>): void {
    for (const finding of this.#byKey.values()) {
      if (!finding.vouchers.includes(voucher) && finding.facts.some((fact) => facts.has(fact)))
        finding.vouchers.push(voucher);
    }
  }

  all(): Finding[] {
    return [...this.#byKey.values()].map(({ facts, vouchers, ...finding }) => ({
      ...finding,
      ...(facts.length === 0 ? {} : { facts }),
      ...(vouchers.length === 0 ? {} : { vouchers }),
    }));
  }
}
