import {
  RateWindow,
  RefreshTokens,
  type RefreshCredentials,
  type ServerReply,
  type ServerRequest,
} from '@bilag/fault-server';
import type { EAccountingCompany } from '../books/eaccounting-company.ts';
import type { EAccountingSimulatorOptions } from '../eaccounting-options.ts';

/** Gives out access tokens and knows them again. */
export class EAccountingAccess {
  /** By the company's id. */
  readonly credentials: RefreshCredentials;
  readonly #tokens: RefreshTokens<EAccountingCompany>;
  readonly #rates: RateWindow | undefined;

  constructor(owners: readonly EAccountingCompany[], options: EAccountingSimulatorOptions, now: () => number) {
    const { rateLimit = { requests: 600, windowMs: 60_000 }, tokenSeconds: seconds = 3600 } = options;
    this.#tokens = new RefreshTokens({ name: 'eaccounting', owners, idOf: (one) => one.options.id, seconds, now });
    this.credentials = this.#tokens.credentials;
    this.#rates = rateLimit === null ? undefined : new RateWindow(rateLimit, now);
  }

  /** `POST /connect/token`. */
  tokenReply(request: ServerRequest): ServerReply {
    return this.#tokens.reply(request);
  }

  /** Whose token it is; undefined where it is nobody's. */
  companyOf(request: ServerRequest): EAccountingCompany | undefined {
    return this.#tokens.ownerOf(request);
  }

  /** How many seconds to wait, where too many came to an address, whichever company they were of. */
  waitFor({ path }: ServerRequest): number | undefined {
    const taken = this.#rates?.take(path.split('/')[2] ?? '');
    return taken === undefined || taken.remaining >= 0 ? undefined : taken.resetSeconds;
  }

  /** Ends every access token; refresh tokens stay good. */
  expireTokens(): void {
    this.#tokens.expire();
  }
}
