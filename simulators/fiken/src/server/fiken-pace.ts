/** How Fiken keeps its callers slow: one request at a time, and four a second. */
export interface PaceRules {
  readonly now: () => number;
  /** How long a request is being worked on. */
  readonly workMs: number;
  /** What is done above four requests a second: nothing but counting, slowing down as Fiken does, or a refusal. */
  readonly aboveFourPerSecond: 'count' | 'slow' | 'refuse';
  readonly sleep: (ms: number) => Promise<void>;
}

/** Counts requests under way and requests in the last second. */
export class Pace {
  readonly #rules: PaceRules;
  #recent: number[] = [];
  #underWay = 0;
  /** Requests that came while another was being worked on: answered with 429, nothing done. */
  concurrent = 0;
  /** Requests above four in a second. */
  tooFast = 0;

  constructor(rules: PaceRules) {
    this.#rules = rules;
  }

  /** Runs the work, or gives undefined where the caller has to be told to wait. */
  async run<Result>(work: () => Result): Promise<Result | undefined> {
    if (this.#underWay > 0) {
      this.concurrent += 1;
      return undefined;
    }
    this.#underWay += 1;
    try {
      if (this.#isTooFast()) {
        this.tooFast += 1;
        if (this.#rules.aboveFourPerSecond === 'refuse') return undefined;
        if (this.#rules.aboveFourPerSecond === 'slow') await this.#rules.sleep(250);
      }
      if (this.#rules.workMs > 0) await this.#rules.sleep(this.#rules.workMs);
      return work();
    } finally {
      this.#underWay -= 1;
    }
  }

  #isTooFast(): boolean {
    const now = this.#rules.now();
    this.#recent = [...this.#recent.filter((time) => now - time < 1000), now];
    return this.#recent.length > 4;
  }
}
