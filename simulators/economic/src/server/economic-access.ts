import type { ServerRequest } from '@bilag/fault-server';
import type { EconomicAgreement } from '../books/economic-agreement.ts';
import type { EconomicSimulatorOptions } from '../economic-options.ts';
import { EconomicRefusal } from '../books/economic-refusal.ts';

/** The fake tokens of a simulator. They open nothing else. */
export interface EconomicCredentials {
  /** Of the application, for all agreements. */
  readonly appSecretToken: string;
  /** By the agreement's number. */
  readonly agreementGrantTokens: Readonly<Record<number, string>>;
}

/** Knows whose grant it is, and what a call costs. */
export class EconomicAccess {
  readonly credentials: EconomicCredentials;
  readonly #agreements: readonly EconomicAgreement[];
  readonly #bucket: TokenBucket | undefined;

  constructor(agreements: readonly EconomicAgreement[], tokens: EconomicSimulatorOptions['tokens'], now: () => number) {
    this.#agreements = agreements;
    this.#bucket = tokens === null ? undefined : new TokenBucket(tokens ?? { limit: 10_000, windowMs: 60_000 }, now);
    const grants = agreements.map(({ options: { number } }) => [number, `simulated-economic-grant-${number}`] as const);
    this.credentials = { appSecretToken: 'simulated-economic-app', agreementGrantTokens: Object.fromEntries(grants) };
  }

  agreementOf({ headers }: ServerRequest): EconomicAgreement {
    const { appSecretToken, agreementGrantTokens } = this.credentials;
    const isApp = headers['x-appsecrettoken'] === appSecretToken;
    const grant = headers['x-agreementgranttoken'];
    const found = this.#agreements.find(({ options }) => agreementGrantTokens[options.number] === grant);
    if (!isApp || found === undefined) throw new EconomicRefusal(401, 'Unauthorized', 'Access denied.');
    if (found.options.withoutBookkeeping === true) {
      throw new EconomicRefusal(403, 'Forbidden', 'The grant does not have the role Bookkeeping.');
    }
    return found;
  }

  /** Takes what a call costs, of a refused one too. Says what is left in the headers that e-conomic uses. */
  charge(cost: number): { readonly isEmpty: boolean; readonly headers: Readonly<Record<string, string>> } {
    return this.#bucket?.take(cost) ?? { isEmpty: false, headers: {} };
  }
}

/** A bucket that is filled again when its window is over. */
class TokenBucket {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #used = 0;
  #since = 0;

  constructor({ limit, windowMs }: { readonly limit: number; readonly windowMs: number }, now: () => number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  take(cost: number): { readonly isEmpty: boolean; readonly headers: Readonly<Record<string, string>> } {
    const now = this.#now();
    if (now - this.#since >= this.#windowMs) [this.#since, this.#used] = [now, 0];
    const isEmpty = this.#used + cost > this.#limit;
    this.#used = Math.min(this.#limit, this.#used + cost);
    const name = `token-limit-${this.#limit}-per-${this.#windowMs / 1000}-seconds`;
    const headers = { 'x-callcost': String(cost), 'x-ratelimiting': `${name}: ${this.#used}/${this.#limit}` };
    return { isEmpty, headers };
  }
}
