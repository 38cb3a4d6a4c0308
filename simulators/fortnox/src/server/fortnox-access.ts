import { bodyText, jsonReply, RateWindow, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { FortnoxCompany } from '../books/fortnox-company.ts';
import type { FortnoxSimulatorOptions } from '../fortnox-options.ts';

/** The fake keys of a simulator. They open nothing else. */
export interface FortnoxCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** By the company's number: the first refresh token of each, which works once. */
  readonly refreshTokens: Readonly<Record<number, string>>;
}

/** Gives out access tokens and knows them again. */
export class FortnoxAccess {
  readonly credentials: FortnoxCredentials;
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #rates: RateWindow | undefined;
  readonly #tokens: Map<string, { readonly company: FortnoxCompany; readonly endsAt: number }> = new Map();
  readonly #refresh: Map<string, FortnoxCompany>;
  #given = 0;

  constructor(companies: readonly FortnoxCompany[], options: FortnoxSimulatorOptions, now: () => number) {
    this.#seconds = options.tokenSeconds ?? 3600;
    this.#now = now;
    const { rateLimit = { requests: 25, windowMs: 5_000 } } = options;
    this.#rates = rateLimit === null ? undefined : new RateWindow(rateLimit, now);
    const first = companies.map(
      (company) => [company, `simulated-fortnox-refresh-${company.options.number}-0`] as const,
    );
    this.#refresh = new Map(first.map(([company, token]) => [token, company]));
    this.credentials = {
      clientId: 'simulated-fortnox-client',
      clientSecret: 'simulated-fortnox-secret',
      refreshTokens: Object.fromEntries(
        first.map(
          ([
            {
              options: { number },
            },
            token,
          ]) => [number, token],
        ),
      ),
    };
  }

  /** `POST /oauth-v1/token` with the refresh grant: each refresh token works once, and the reply has the next. */
  tokenReply(request: ServerRequest): ServerReply {
    const { clientId, clientSecret } = this.credentials;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers['authorization'] !== basic) return oauthError(401, 'invalid_client', 'Unknown client');
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'refresh_token') return oauthError(400, 'unsupported_grant_type', 'Refresh only');
    const used = form.get('refresh_token') ?? '';
    const company = this.#refresh.get(used);
    if (company === undefined) return oauthError(400, 'invalid_grant', 'Invalid refresh token');
    this.#refresh.delete(used);
    this.#given += 1;
    const [access, refresh] = ['access', 'refresh'].map(
      (word) => `simulated-fortnox-${word}-${company.options.number}-${this.#given}`,
    ) as [string, string];
    this.#tokens.set(access, { company, endsAt: this.#now() + this.#seconds * 1000 });
    this.#refresh.set(refresh, company);
    const common = { token_type: 'bearer', expires_in: this.#seconds, scope: 'bookkeeping' };
    return jsonReply(200, { access_token: access, refresh_token: refresh, ...common });
  }

  /** Whose token it is; undefined where it is nobody's. */
  companyOf({ headers }: ServerRequest): FortnoxCompany | undefined {
    const held = this.#tokens.get(tokenIn(headers));
    return held === undefined || held.endsAt <= this.#now() ? undefined : held.company;
  }

  /** Whether too many came with one token. */
  isTooMany({ headers }: ServerRequest): boolean {
    return this.#rates !== undefined && this.#rates.take(tokenIn(headers)).remaining < 0;
  }

  /** Ends every access token; refresh tokens stay good. */
  expireTokens(): void {
    this.#tokens.clear();
  }
}

function tokenIn(headers: ServerRequest['headers']): string {
  return /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
}

function oauthError(status: number, error: string, description: string): ServerReply {
  return jsonReply(status, { error, error_description: description });
}
