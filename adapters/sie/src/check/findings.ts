import type { Finding, Severity } from '@bilag/core';

/** What is shown of one code; the rest is counted. */
const shownPerCode = 20;

/** Findings, few enough to read: a file of a million rows may have the same fault on each. */
export class Findings {
  readonly #counts: Map<string, number> = new Map();
  readonly #last: Map<string, Finding> = new Map();
  #pending: Finding[] = [];

  add(code: string, severity: Severity, where: string, message: string, action: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    const finding: Finding = { code, severity, message: clipped(message), where, action };
    if (count <= shownPerCode) this.#pending.push(finding);
    else this.#last.set(code, finding);
  }

  /** What was found since the last call. */
  take(): readonly Finding[] {
    const taken = this.#pending;
    this.#pending = [];
    return taken;
  }

  /** How many more there were of each code. */
  *rest(): Generator<Finding> {
    for (const [code, finding] of this.#last) {
      const more = (this.#counts.get(code) ?? 0) - shownPerCode;
      yield { ...finding, message: `${more} more of these, the last: ${finding.message}` };
    }
  }
}

/** A row may hold a name of a million characters. */
function clipped(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 400).toWellFormed()}…`;
}
