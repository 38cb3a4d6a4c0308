import { bodyText, jsonReply, RateWindow, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { BusinessCentralSimulatorOptions } from '../business-central-options.ts';

/** The fake keys of a simulator. They open nothing else. */
export interface BusinessCentralCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Gives out access tokens and knows them again. */
export class BusinessCentralAccess {
  readonly credentials: BusinessCentralCredentials = {
    clientId: 'simulated-business-central-client',
    clientSecret: 'simulated-business-central-secret',
  };
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #rates: RateWindow | undefined;
  readonly #tokens: Map<string, number> = new Map();
  #given = 0;

  constructor({ tokenSeconds = 3599, rateLimit }: BusinessCentralSimulatorOptions, now: () => number) {
    this.#seconds = tokenSeconds;
    this.#now = now;
    const limit = rateLimit === undefined ? { requests: 6_000, windowMs: 300_000 } : rateLimit;
    this.#rates = limit === null ? undefined : new RateWindow(limit, now);
  }

  /** Entra's token desk: client credentials, in the header or in the form. */
  tokenReply(request: ServerRequest): ServerReply {
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'client_credentials')
      return oauthError(400, 'unsupported_grant_type', 'AADSTS70003');
    if (form.get('scope') !== 'https://api.businesscentral.dynamics.com/.default') {
      return oauthError(
        400,
        'invalid_scope',
        'AADSTS70011: The provided value for the input parameter scope is not valid.',
      );
    }
    const { clientId, clientSecret } = this.credentials;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const isInForm = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    if (request.headers['authorization'] !== basic && !isInForm) {
      return oauthError(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
    }
    this.#given += 1;
    const token = `simulated-business-central-access-${this.#given}`;
    this.#tokens.set(token, this.#now() + this.#seconds * 1000);
    return jsonReply(200, { token_type: 'Bearer', expires_in: this.#seconds, access_token: token });
  }

  isOpen({ headers }: ServerRequest): boolean {
    const [, token = ''] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    return (this.#tokens.get(token) ?? 0) > this.#now();
  }

  /** How many seconds to wait, where too many came. */
  waitSeconds(): number | undefined {
    const taken = this.#rates?.take('user');
    return taken !== undefined && taken.remaining < 0 ? taken.resetSeconds : undefined;
  }

  /** Ends every access token. */
  expireTokens(): void {
    this.#tokens.clear();
  }
}

function oauthError(status: number, error: string, description: string): ServerReply {
  return jsonReply(status, { error, error_description: description });
}
