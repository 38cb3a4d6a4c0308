import { bodyText, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { errorReply, invalidClient } from './vipps-replies.ts';
import type { Merchant } from '../merchant/merchant.ts';

/** The keys of one sales unit of a merchant: they read that unit's ledger. */
export interface MerchantKeys {
  readonly kind: 'merchant';
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey: string;
  readonly merchantSerialNumber: string;
}

/** The keys of an accounting partner: they read every ledger that was granted. */
export interface PartnerKeys {
  readonly kind: 'accounting-partner';
  readonly clientId: string;
  readonly clientSecret: string;
  /** Absent: all ledgers. */
  readonly ledgerIds?: readonly string[];
}

/** Fake keys, good for the simulator alone. */
export interface SimulatorCredentials {
  readonly merchants: readonly MerchantKeys[];
  readonly partner: PartnerKeys;
}

/** How long tokens live, in seconds. */
export interface TokenLifetimes {
  /** 86 400 at Vipps. */
  readonly merchantSeconds: number;
  /** 900 at Vipps. */
  readonly partnerSeconds: number;
}

/** Made-up keys: one pair for each unit that has a serial number, and a partner's for all ledgers. */
export function fakeCredentials(merchants: readonly Merchant[]): SimulatorCredentials {
  const serialNumbers = merchants.flatMap(({ ledger }) =>
    ledger.settlesForRecipientHandles.filter(isApiHandle).map((handle) => handle.slice('api:'.length)),
  );
  return {
    merchants: serialNumbers.map((merchantSerialNumber) => ({
      kind: 'merchant',
      clientId: `simulated-client-${merchantSerialNumber}`,
      clientSecret: `simulated-secret-${merchantSerialNumber}`,
      subscriptionKey: `simulated-subscription-${merchantSerialNumber}`,
      merchantSerialNumber,
    })),
    partner: {
      kind: 'accounting-partner',
      clientId: 'simulated-client-partner',
      clientSecret: 'simulated-secret-partner',
    },
  };
}

export interface Grant {
  readonly mayRead: (merchant: Merchant) => boolean;
  /** Merchant keys send it with every call, partner keys carry none. */
  readonly subscriptionKey?: string;
  /** Another unit's with the same keys is a wrong pair. */
  readonly merchantSerialNumber?: string;
  readonly expiresMs: number;
}

/** Gives out tokens and knows what each may read. */
export class TokenDesk {
  readonly #credentials: SimulatorCredentials;
  readonly #lifetimes: TokenLifetimes;
  readonly #nowMs: () => number;
  readonly #grants: Map<string, Grant> = new Map();
  #issued = 0;

  constructor(credentials: SimulatorCredentials, lifetimes: TokenLifetimes, nowMs: () => number) {
    this.#credentials = credentials;
    this.#lifetimes = lifetimes;
    this.#nowMs = nowMs;
  }

  /** `POST /accesstoken/get`: keys in headers, numbers as strings. */
  merchantToken(request: ServerRequest): ServerReply {
    const { headers } = request;
    const serialNumber = headers['merchant-serial-number'];
    const keys = this.#credentials.merchants.find(
      (known) => known.clientId === headers['client_id'] && known.clientSecret === headers['client_secret'],
    );
    if (
      keys === undefined ||
      headers['ocp-apim-subscription-key'] !== keys.subscriptionKey ||
      (serialNumber !== undefined && serialNumber !== keys.merchantSerialNumber)
    ) {
      return errorReply(401, request.path);
    }
    const handle = `api:${keys.merchantSerialNumber}`;
    const seconds = this.#lifetimes.merchantSeconds;
    const token = this.#issue({
      mayRead: ({ ledger }) => ledger.settlesForRecipientHandles.includes(handle),
      subscriptionKey: keys.subscriptionKey,
      merchantSerialNumber: keys.merchantSerialNumber,
      expiresMs: this.#nowMs() + seconds * 1000,
    });
    const notBefore = Math.floor(this.#nowMs() / 1000);
    return jsonReply(200, {
      token_type: 'Bearer',
      expires_in: String(seconds),
      ext_expires_in: '0',
      expires_on: String(notBefore + seconds),
      not_before: String(notBefore),
      resource: '00000002-0000-0000-c000-000000000000',
      access_token: token,
    });
  }

  /** `POST /miami/v1/token`: OAuth client credentials; a subscription key that is sent along spoils it. */
  partnerToken(request: ServerRequest): ServerReply {
    const { clientId, clientSecret, ledgerIds } = this.#credentials.partner;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
    const grantType = isForm ? new URLSearchParams(bodyText(request)).get('grant_type') : null;
    const keySent = request.headers['ocp-apim-subscription-key'] !== undefined;
    if (request.headers['authorization'] !== basic || grantType !== 'client_credentials' || keySent) {
      return invalidClient();
    }
    const seconds = this.#lifetimes.partnerSeconds;
    const token = this.#issue({
      mayRead: ({ ledgerId }) => ledgerIds?.includes(ledgerId) ?? true,
      expiresMs: this.#nowMs() + seconds * 1000,
    });
    return jsonReply(200, { access_token: token, token_type: 'Bearer', expires_in: seconds });
  }

  /** What the request's token may read, or undefined when it has none that is good. */
  grantOf({ headers }: ServerRequest): Grant | undefined {
    const [, token = ''] = /^Bearer (.+)$/.exec(headers['authorization'] ?? '') ?? [];
    const grant = this.#grants.get(token);
    if (grant === undefined || grant.expiresMs <= this.#nowMs()) return undefined;
    const key = grant.subscriptionKey;
    const unit = headers['merchant-serial-number'] ?? grant.merchantSerialNumber;
    if (unit !== grant.merchantSerialNumber && grant.merchantSerialNumber !== undefined) return undefined;
    return key === undefined || headers['ocp-apim-subscription-key'] === key ? grant : undefined;
  }

  /** Makes every token given out so far a bad one. */
  expireAll(): void {
    this.#grants.clear();
  }

  #issue(grant: Grant): string {
    this.#issued += 1;
    const token = `simulated-token-${this.#issued}`;
    this.#grants.set(token, grant);
    return token;
  }
}

function isApiHandle(handle: string): boolean {
  return handle.startsWith('api:');
}
