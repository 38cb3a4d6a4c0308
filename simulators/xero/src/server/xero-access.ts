import { RateWindow, RefreshTokens, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { XeroOrganisation } from '../books/xero-organisation.ts';
import type { XeroSimulatorOptions } from '../xero-options.ts';

/** The fake keys of a simulator. They open nothing else. */
export interface XeroCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first one, which works once: for all organisations. */
  readonly refreshToken: string;
}

/** Gives out access tokens and knows them again: a connection may have many organisations. */
export class XeroAccess {
  readonly credentials: XeroCredentials;
  readonly #tokens: RefreshTokens<readonly XeroOrganisation[]>;
  readonly #rates: RateWindow | undefined;

  constructor(organisations: readonly XeroOrganisation[], options: XeroSimulatorOptions, now: () => number) {
    const { tokenSeconds: seconds = 1800, rateLimit = { requests: 60, windowMs: 60_000 } } = options;
    this.#tokens = new RefreshTokens({ name: 'xero', owners: [organisations], idOf: () => 1, seconds, now });
    const { clientId, clientSecret, refreshTokens } = this.#tokens.credentials;
    this.credentials = { clientId, clientSecret, refreshToken: refreshTokens[1] ?? '' };
    this.#rates = rateLimit === null ? undefined : new RateWindow(rateLimit, now);
  }

  /** `POST /connect/token`. */
  tokenReply(request: ServerRequest): ServerReply {
    return this.#tokens.reply(request);
  }

  isOpen(request: ServerRequest): boolean {
    return this.#tokens.ownerOf(request) !== undefined;
  }

  /** How many seconds to wait, where too many came for an organisation. */
  waitSeconds({ tenant }: XeroOrganisation): number | undefined {
    const taken = this.#rates?.take(tenant);
    return taken !== undefined && taken.remaining < 0 ? taken.resetSeconds : undefined;
  }

  /** Ends every access token; the refresh token stays good. */
  expireTokens(): void {
    this.#tokens.expire();
  }
}
