import { bodyText, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { PowerOfficeClient } from '../books/poweroffice-client.ts';
import { PowerOfficeRefusal } from '../poweroffice-replies.ts';

/** The fake keys of a simulator. They open nothing else. */
export interface PowerOfficeCredentials {
  /** Of the integration, for all clients. */
  readonly applicationKey: string;
  /** Of the integration, for all clients: what requests are counted by. */
  readonly subscriptionKey: string;
  /** By the client's number. */
  readonly clientKeys: Readonly<Record<number, string>>;
}

/** Gives out access tokens and knows them again. */
export class PowerOfficeAccess {
  readonly credentials: PowerOfficeCredentials;
  readonly #clients: readonly PowerOfficeClient[];
  readonly #tokenSeconds: number;
  readonly #now: () => number;
  readonly #tokens: Map<string, { readonly client: PowerOfficeClient; readonly endsAt: number }> = new Map();
  #given = 0;

  constructor(clients: readonly PowerOfficeClient[], tokenSeconds: number, now: () => number) {
    this.#clients = clients;
    this.#tokenSeconds = tokenSeconds;
    this.#now = now;
    const clientKeys = clients.map(({ options: { number } }) => [number, `simulated-client-key-${number}`]);
    this.credentials = {
      applicationKey: 'simulated-poweroffice-application',
      subscriptionKey: 'simulated-poweroffice-subscription',
      clientKeys: Object.fromEntries(clientKeys),
    };
  }

  /** How many tokens were given out. */
  get given(): number {
    return this.#given;
  }

  /** `POST /OAuth/Token`: client credentials (RFC 6749 section 4.4), the keys by HTTP Basic. */
  tokenReply(request: ServerRequest): ServerReply {
    const { applicationKey, clientKeys } = this.credentials;
    const client = this.#clients.find(
      ({ options: { number } }) => basic(applicationKey, clientKeys[number]) === request.headers['authorization'],
    );
    if (client === undefined) return oauthError(401, 'invalid_client');
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'client_credentials') return oauthError(400, 'unsupported_grant_type');
    this.#given += 1;
    const token = `simulated-token-${this.#given}-of-client-${client.options.number}`;
    this.#tokens.set(token, { client, endsAt: this.#now() + this.#tokenSeconds * 1000 });
    return jsonReply(200, { access_token: token, token_type: 'Bearer', expires_in: this.#tokenSeconds });
  }

  /** Every call carries the subscription key, the one for a token too. */
  checkSubscription({ headers }: ServerRequest): void {
    if (headers['ocp-apim-subscription-key'] !== this.credentials.subscriptionKey) {
      throw new PowerOfficeRefusal(401, 'Access denied due to missing or invalid subscription key.');
    }
  }

  /** Whose token it is. */
  clientOf({ headers }: ServerRequest): PowerOfficeClient {
    const [, token = ''] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    const held = this.#tokens.get(token);
    if (held === undefined || held.endsAt <= this.#now()) {
      throw new PowerOfficeRefusal(401, 'The access token is missing, wrong or expired.');
    }
    return held.client;
  }

  /** Ends every token given out so far. */
  endAll(): void {
    this.#tokens.clear();
  }
}

function basic(user: string, password = ''): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function oauthError(status: number, error: string): ServerReply {
  return jsonReply(status, { error, error_description: 'Refused by the simulator' });
}
