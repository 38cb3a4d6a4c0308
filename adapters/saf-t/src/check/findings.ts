import type { Finding, Severity } from '@bilag/core';

/** What is said at most of one rule; the rest is counted. */
const shownPerRule = 20;

/** One thing found: which rule, how bad, what, where, and what to do. */
export interface Violation {
  /** The number of the rule, or a word for what is outside the rules. */
  readonly rule: number | 'XML' | 'SET';
  readonly severity: Severity;
  readonly message: string;
  readonly where: string;
  readonly action: string;
}

/** Findings, few enough to read: a file of a million lines may break one rule on each. */
export class Findings {
  /** The file of a set that is being read: it is named in every place. */
  file: string | undefined;
  readonly #shown: Map<string, number> = new Map();
  readonly #hidden: Map<string, Violation & { count: number }> = new Map();
  readonly #named: Set<string> = new Set();
  #pending: Finding[] = [];

  add(found: Violation): void {
    const violation = this.#placed(found);
    const code = codeOf(violation.rule);
    const shown = this.#shown.get(code) ?? 0;
    if (shown >= shownPerRule) {
      this.#hide(code, violation);
      return;
    }
    this.#shown.set(code, shown + 1);
    this.#pending.push(findingOf(violation));
  }

  /** Adds what is worth saying once, such as a missing account; its further occurrences are counted. */
  addOnce(subject: string, violation: Violation): void {
    const key = clipped(`${violation.rule} ${subject}`);
    if (this.#named.has(key)) this.#hide(codeOf(violation.rule), this.#placed(violation));
    else {
      if (this.#named.size < 10_000) this.#named.add(key);
      this.add(violation);
    }
  }

  /** What was found since the last call. */
  take(): readonly Finding[] {
    const taken = this.#pending;
    this.#pending = [];
    return taken;
  }

  /** The counts of what was not shown. */
  *rest(): Generator<Finding> {
    for (const violation of this.#hidden.values()) {
      const more = `${violation.count} more of this rule, the last: ${violation.message}`;
      yield findingOf({ ...violation, message: more });
    }
  }

  #placed(violation: Violation): Violation {
    return this.file === undefined ? violation : { ...violation, where: `${this.file}: ${violation.where}` };
  }

  #hide(code: string, violation: Violation): void {
    this.#hidden.set(code, { ...violation, count: (this.#hidden.get(code)?.count ?? 0) + 1 });
  }
}

function findingOf({ rule, severity, message, where, action }: Violation): Finding {
  return { code: codeOf(rule), severity, message: clipped(message), where: clipped(where), action };
}

/** A file may hold a name of a million characters. */
function clipped(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 400).toWellFormed()}…`;
}

function codeOf(rule: Violation['rule']): string {
  return `SAFT-${typeof rule === 'number' ? String(rule).padStart(2, '0') : rule}`;
}
