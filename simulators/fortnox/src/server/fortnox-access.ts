import {
  bearerIn,
  RateWindow,
  RefreshTokens,
  type RefreshCredentials,
  type ServerReply,
  type ServerRequest,
} from '@bilag/fault-server';
import type { FortnoxCompany } from '../books/fortnox-company.ts';
import type { FortnoxSimulatorOptions } from '../fortnox-options.ts';

/** Gives out access tokens and knows them again. */
export class FortnoxAccess {
  /** By the company's number. */
  readonly credentials: RefreshCredentials;
  readonly #tokens: RefreshTokens<FortnoxCompany>;
  readonly #rates: RateWindow | undefined;

  constructor(owners: readonly FortnoxCompany[], options: FortnoxSimulatorOptions, now: () => number) {
    const { rateLimit = { requests: 25, windowMs: 5_000 }, tokenSeconds: seconds = 3600 } = options;
    this.#tokens = new RefreshTokens({ name: 'fortnox', owners, idOf: (one) => one.options.number, seconds, now });
    this.credentials = this.#tokens.credentials;
    this.#rates = rateLimit === null ? undefined : new RateWindow(rateLimit, now);
  }

  /** `POST /oauth-v1/token`. */
  tokenReply(request: ServerRequest): ServerReply {
    return this.#tokens.reply(request);
  }

  /** Whose token it is; undefined where it is nobody's. */
  companyOf(request: ServerRequest): FortnoxCompany | undefined {
    return this.#tokens.ownerOf(request);
  }

  /** Whether too many came with one token. */
  isTooMany(request: ServerRequest): boolean {
    return this.#rates !== undefined && this.#rates.take(bearerIn(request)).remaining < 0;
  }

  /** Ends every access token; refresh tokens stay good. */
  expireTokens(): void {
    this.#tokens.expire();
  }
}
