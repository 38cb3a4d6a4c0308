/** Counts requests in fixed windows, one count per key. */
export class RateWindow {
  readonly #requests: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #counts: Map<string, { startsAt: number; count: number }> = new Map();

  constructor(limit: { readonly requests: number; readonly windowMs: number }, now: () => number) {
    this.#requests = limit.requests;
    this.#windowMs = limit.windowMs;
    this.#now = now;
  }

  /** Takes one; says how many are left of the window (negative: refused) and how long it lasts. */
  take(key: string): { readonly limit: number; readonly remaining: number; readonly resetSeconds: number } {
    const now = this.#now();
    const before = this.#counts.get(key);
    const current =
      before === undefined || now - before.startsAt >= this.#windowMs ? { startsAt: now, count: 0 } : before;
    current.count += 1;
    this.#counts.set(key, current);
    return {
      limit: this.#requests,
      remaining: this.#requests - current.count,
      resetSeconds: Math.ceil((current.startsAt + this.#windowMs - now) / 1000),
    };
  }
}
