import { bodyText, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';

/** Fake keys, good for the simulator alone. */
export interface FikenCredentials {
  /** A personal token: it never expires. */
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first refresh token. */
  readonly refreshToken: string;
}

export const fakeFikenCredentials: FikenCredentials = {
  token: 'simulated-fiken-personal-token',
  clientId: 'simulated-fiken-client',
  clientSecret: 'simulated-fiken-secret',
  refreshToken: 'simulated-fiken-refresh-0',
};

/** How the token desk works. */
export interface FikenTokenRules {
  /** 3600 by default; the specification's example says 86157. */
  readonly expiresInSeconds: number;
  /** Whether each refresh gives a new refresh token and ends the old one. */
  readonly rotatesRefreshTokens: boolean;
}

/** Knows who may come in, and gives out OAuth tokens. */
export class FikenAccess {
  readonly #credentials: FikenCredentials;
  readonly #rules: FikenTokenRules;
  readonly #now: () => number;
  readonly #access: Map<string, number> = new Map();
  #refreshToken: string;
  #issued = 0;
  #personalTokenIsGood = true;

  constructor(credentials: FikenCredentials, rules: FikenTokenRules, now: () => number) {
    this.#credentials = credentials;
    this.#rules = rules;
    this.#now = now;
    this.#refreshToken = credentials.refreshToken;
  }

  /** How many times a token was refreshed. */
  get refreshes(): number {
    return this.#issued;
  }

  /** `POST /oauth/token` with the refresh grant: form body, keys by HTTP Basic. */
  tokenReply(request: ServerRequest): ServerReply {
    const { clientId, clientSecret } = this.#credentials;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers['authorization'] !== basic) return oauthError(401, 'invalid_client', 'Unknown client');
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'refresh_token') return oauthError(400, 'unsupported_grant_type', 'Refresh only');
    if (form.get('refresh_token') !== this.#refreshToken) {
      return oauthError(400, 'invalid_grant', 'Refresh token is not valid');
    }
    this.#issued += 1;
    const accessToken = `simulated-fiken-access-${this.#issued}`;
    this.#access.set(accessToken, this.#now() + this.#rules.expiresInSeconds * 1000);
    if (this.#rules.rotatesRefreshTokens) this.#refreshToken = `simulated-fiken-refresh-${this.#issued}`;
    return jsonReply(200, {
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: this.#rules.expiresInSeconds,
      refresh_token: this.#refreshToken,
    });
  }

  mayEnter({ headers }: ServerRequest): boolean {
    const [, token = ''] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    if (token === this.#credentials.token) return this.#personalTokenIsGood;
    return (this.#access.get(token) ?? 0) > this.#now();
  }

  /** Ends every access token; refresh tokens stay good. */
  expireTokens(): void {
    this.#access.clear();
  }

  /** Ends everything: the user took the access away. */
  revoke(): void {
    this.#access.clear();
    this.#personalTokenIsGood = false;
    this.#refreshToken = '';
  }
}

function oauthError(status: number, error: string, description: string): ServerReply {
  return jsonReply(status, { error, error_description: description });
}
