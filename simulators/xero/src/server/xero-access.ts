import { bodyText, jsonReply, RateWindow, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { XeroOrganisation } from '../books/xero-organisation.ts';
import type { XeroSimulatorOptions } from '../xero-options.ts';

/** The fake keys of a simulator. They open nothing else. */
export interface XeroCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first one, which works once: for all organisations. */
  readonly refreshToken: string;
}

/** Gives out access tokens and knows them again. */
export class XeroAccess {
  readonly credentials: XeroCredentials = {
    clientId: 'simulated-xero-client',
    clientSecret: 'simulated-xero-secret',
    refreshToken: 'simulated-xero-refresh-0',
  };
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #rates: RateWindow | undefined;
  readonly #tokens: Map<string, number> = new Map();
  #refresh: string = this.credentials.refreshToken;
  #given = 0;

  constructor({ tokenSeconds = 1800, rateLimit }: XeroSimulatorOptions, now: () => number) {
    this.#seconds = tokenSeconds;
    this.#now = now;
    const limit = rateLimit === undefined ? { requests: 60, windowMs: 60_000 } : rateLimit;
    this.#rates = limit === null ? undefined : new RateWindow(limit, now);
  }

  /** `POST /connect/token` with the refresh grant: each refresh token works once, and the reply has the next. */
  tokenReply(request: ServerRequest): ServerReply {
    const { clientId, clientSecret } = this.credentials;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers['authorization'] !== basic) return jsonReply(401, { error: 'invalid_client' });
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'refresh_token') return jsonReply(400, { error: 'unsupported_grant_type' });
    if (form.get('refresh_token') !== this.#refresh) return jsonReply(400, { error: 'invalid_grant' });
    this.#given += 1;
    const [access, refresh] = ['access', 'refresh'].map((word) => `simulated-xero-${word}-${this.#given}`) as [
      string,
      string,
    ];
    this.#tokens.set(access, this.#now() + this.#seconds * 1000);
    this.#refresh = refresh;
    const common = { token_type: 'Bearer', expires_in: this.#seconds, scope: 'accounting.transactions offline_access' };
    return jsonReply(200, { access_token: access, refresh_token: refresh, ...common });
  }

  isOpen({ headers }: ServerRequest): boolean {
    const [, token = ''] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    return (this.#tokens.get(token) ?? 0) > this.#now();
  }

  /** How many seconds to wait, where too many came for an organisation. */
  waitSeconds({ tenant }: XeroOrganisation): number | undefined {
    const taken = this.#rates?.take(tenant);
    return taken !== undefined && taken.remaining < 0 ? taken.resetSeconds : undefined;
  }

  /** Ends every access token; the refresh token stays good. */
  expireTokens(): void {
    this.#tokens.clear();
  }
}
