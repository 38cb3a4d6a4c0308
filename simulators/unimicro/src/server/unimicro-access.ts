import { bearerIn, bodyText, jsonReply, RateWindow, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import type { UnimicroSimulatorOptions } from '../unimicro-options.ts';

/** The fake keys of a simulator. They open nothing else. */
export interface UnimicroCredentials {
  readonly clientId: string;
  /** PKCS#8 in base64. */
  readonly privateKey: string;
}

/** Gives out access tokens to who signs with the right key, and knows them again. */
export class UnimicroAccess {
  readonly credentials: UnimicroCredentials;
  readonly #publicKey: KeyObject;
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #rates: RateWindow | undefined;
  readonly #tokens: Map<string, number> = new Map();
  readonly #used: Set<string> = new Set();

  constructor(options: UnimicroSimulatorOptions, now: () => number) {
    const { publicKey, privateKey } = keyPair();
    this.credentials = { clientId: 'simulated-unimicro-application', privateKey };
    this.#publicKey = publicKey;
    this.#seconds = options.tokenSeconds ?? 3600;
    this.#now = now;
    this.#rates = options.rateLimit === undefined ? undefined : new RateWindow(options.rateLimit, now);
  }

  /** `POST /connect/token` with client credentials and an assertion (RFC 7523), which works once. */
  tokenReply(request: ServerRequest): ServerReply {
    const form = new URLSearchParams(bodyText(request));
    if (form.get('grant_type') !== 'client_credentials') return jsonReply(400, { error: 'unsupported_grant_type' });
    if (!this.#isGood(form)) return jsonReply(400, { error: 'invalid_client' });
    const token = `simulated-unimicro-token-${this.#tokens.size + 1}`;
    this.#tokens.set(token, this.#now() + this.#seconds * 1000);
    return jsonReply(200, {
      access_token: token,
      expires_in: this.#seconds,
      token_type: 'Bearer',
      scope: 'AppFramework',
    });
  }

  isKnown(request: ServerRequest): boolean {
    return (this.#tokens.get(bearerIn(request)) ?? 0) > this.#now();
  }

  /** Whether too many came with one token. */
  isTooMany(request: ServerRequest): boolean {
    return this.#rates !== undefined && this.#rates.take(bearerIn(request)).remaining < 0;
  }

  /** Ends every access token. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  #isGood(form: URLSearchParams): boolean {
    const [head = '', body = '', signature = ''] = (form.get('client_assertion') ?? '').split('.');
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      this.#publicKey,
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned || form.get('client_id') !== this.credentials.clientId) return false;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Readonly<Record<string, unknown>>;
    const { iss, sub, aud, exp, jti } = claims;
    const isNew = typeof jti === 'string' && !this.#used.has(jti);
    if (isNew) this.#used.add(jti);
    const isOurs = iss === this.credentials.clientId && sub === iss && String(aud).endsWith('/connect/token');
    return isNew && isOurs && Number(exp) * 1000 > this.#now();
  }
}

let made: { readonly publicKey: KeyObject; readonly privateKey: string } | undefined;

/** One for all simulators of a process: making one takes long. */
function keyPair(): NonNullable<typeof made> {
  if (made !== undefined) return made;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  made = { publicKey, privateKey: text };
  return made;
}
