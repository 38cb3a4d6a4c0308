import { bodyText, jsonReply, type ServerReply, type ServerRequest } from './exchange.ts';

/** Whose tokens are given out, and for how long they are good. */
export interface RefreshTokensOptions<Owner> {
  /** Stands in every fake key, such as `fortnox`. */
  readonly name: string;
  readonly owners: readonly Owner[];
  readonly idOf: (owner: Owner) => string | number;
  readonly seconds: number;
  readonly now: () => number;
}

/** Fake keys. They open nothing else. */
export interface RefreshCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** By the owner's id: the first refresh token of each, which works once. */
  readonly refreshTokens: Readonly<Record<string, string>>;
}

/** Gives out OAuth2 access tokens for refresh tokens that work once, and knows them again. */
export class RefreshTokens<Owner> {
  readonly credentials: RefreshCredentials;
  readonly #options: RefreshTokensOptions<Owner>;
  readonly #access: Map<string, { readonly owner: Owner; readonly endsAt: number }> = new Map();
  readonly #refresh: Map<string, Owner>;
  #given = 0;

  constructor(options: RefreshTokensOptions<Owner>) {
    this.#options = options;
    const { name, owners, idOf } = options;
    const first = owners.map((owner) => [owner, `simulated-${name}-refresh-${idOf(owner)}-0`] as const);
    this.#refresh = new Map(first.map(([owner, token]) => [token, owner]));
    this.credentials = {
      clientId: `simulated-${name}-client`,
      clientSecret: `simulated-${name}-secret`,
      refreshTokens: Object.fromEntries(first.map(([owner, token]) => [idOf(owner), token])),
    };
  }

  /** The token endpoint with the refresh grant: each refresh token works once, and the reply has the next. */
  reply(request: ServerRequest): ServerReply {
    const { clientId, clientSecret } = this.credentials;
    const { name, idOf, seconds, now } = this.#options;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers['authorization'] !== basic) return oauthError(401, 'invalid_client', 'Unknown client');
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'refresh_token') return oauthError(400, 'unsupported_grant_type', 'Refresh only');
    const used = form.get('refresh_token') ?? '';
    const owner = this.#refresh.get(used);
    if (owner === undefined) return oauthError(400, 'invalid_grant', 'Invalid refresh token');
    this.#refresh.delete(used);
    this.#given += 1;
    const [access, refresh] = ['access', 'refresh'].map(
      (word) => `simulated-${name}-${word}-${idOf(owner)}-${this.#given}`,
    ) as [string, string];
    this.#access.set(access, { owner, endsAt: now() + seconds * 1000 });
    this.#refresh.set(refresh, owner);
    return jsonReply(200, { access_token: access, refresh_token: refresh, token_type: 'bearer', expires_in: seconds });
  }

  /** Whose token it is; undefined where it is nobody's. */
  ownerOf(request: ServerRequest): Owner | undefined {
    const held = this.#access.get(bearerIn(request));
    return held === undefined || held.endsAt <= this.#options.now() ? undefined : held.owner;
  }

  /** Ends every access token; refresh tokens stay good. */
  expire(): void {
    this.#access.clear();
  }
}

/** The token that a request carries; empty where it carries none. */
export function bearerIn({ headers }: Pick<ServerRequest, 'headers'>): string {
  return /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
}

function oauthError(status: number, error: string, description: string): ServerReply {
  return jsonReply(status, { error, error_description: description });
}
