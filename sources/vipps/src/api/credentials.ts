import { BilagError } from '@bilag/core';
import { type HttpClient, HttpError, type HttpReply, restateError } from '@bilag/http';
import { z } from 'zod';
import { checked } from '../entries/checked.ts';

/**
 * The keys of a merchant's own sales unit, or of an accounting partner that the merchant has given access in the portal
 * (Reports → Accounting partners). Other partner keys cannot read the Report API.
 */
export type VippsCredentials =
  | {
      readonly kind: 'merchant';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly subscriptionKey: string;
      readonly merchantSerialNumber: string;
    }
  | { readonly kind: 'accounting-partner'; readonly clientId: string; readonly clientSecret: string };

/** The system that asks, as Vipps MobilePay wants to know it; each text at most 30 characters. */
export interface VippsSystem {
  readonly name: string;
  readonly version: string;
  readonly pluginName?: string;
  readonly pluginVersion?: string;
}

/** The headers that name the system. Throws `config` when one is empty, too long or not plain ASCII. */
export function systemHeaders(system: VippsSystem): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [field, header] of systemFields) {
    const value = system[field];
    if (value === undefined) continue;
    if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,28}[\x21-\x7e])?$/.test(value)) {
      throw new BilagError('config', {
        what: `${header} must be 1 to 30 plain ASCII characters, and this has ${value.length}`,
        where: `system.${field}`,
        action: 'shorten it; one word in lower case is good',
      });
    }
    headers[header] = value;
  }
  return headers;
}

const systemFields = [
  ['name', 'Vipps-System-Name'],
  ['version', 'Vipps-System-Version'],
  ['pluginName', 'Vipps-System-Plugin-Name'],
  ['pluginVersion', 'Vipps-System-Plugin-Version'],
] as const;

/** Throws `config` when a key is missing or cannot be a header; the message never shows it. */
export function checkCredentials(credentials: VippsCredentials): void {
  for (const [field, value] of Object.entries(credentials)) {
    if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) continue;
    throw new BilagError('config', {
      what: `the key ${field} is empty or has characters that no key has, such as a line break or a space`,
      where: `credentials.${field}`,
      action: 'copy it again from portal.vippsmobilepay.com → For developers → API keys',
    });
  }
}

/** The values that must never be seen. */
export function secretsOf(credentials: VippsCredentials): string[] {
  const { clientId, clientSecret } = credentials;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return [clientId, clientSecret, basic, ...(credentials.kind === 'merchant' ? [credentials.subscriptionKey] : [])];
}

/** The headers that a call carries beside the token. Accounting partners carry neither of these. */
export function keyHeaders(credentials: VippsCredentials): Record<string, string> {
  if (credentials.kind === 'accounting-partner') return {};
  return {
    'Ocp-Apim-Subscription-Key': credentials.subscriptionKey,
    'Merchant-Serial-Number': credentials.merchantSerialNumber,
  };
}

/** Gives the current token; a token that was refused is dropped. Several callers share one request. */
export interface TokenSource {
  token(): Promise<string>;
  drop(token: string): void;
}

/** Makes a token source. Tokens stay in memory: they are never stored or logged. */
export function createTokenSource(http: HttpClient, credentials: VippsCredentials, now: () => number): TokenSource {
  let current: { readonly token: string; readonly refreshAtMs: number } | undefined;
  let underWay: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    const askedAtMs = now();
    const { token, lifeMs } = await requestToken(http, credentials);
    current = { token, refreshAtMs: askedAtMs + lifeMs - marginMs(lifeMs) };
    return token;
  };

  return {
    token: async () => {
      if (current !== undefined && now() < current.refreshAtMs) return current.token;
      underWay ??= renew().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    drop: (token) => {
      if (current?.token === token) current = undefined;
    },
  };
}

/** Renew when a tenth of the life or a minute is left, whichever is earlier; never later than half way. */
function marginMs(lifeMs: number): number {
  return Math.min(Math.max(lifeMs / 10, 60_000), lifeMs / 2);
}

async function requestToken(
  http: HttpClient,
  credentials: VippsCredentials,
): Promise<{ readonly token: string; readonly lifeMs: number }> {
  const reply = await askForToken(http, credentials).catch((error: unknown) => {
    throw isRefusal(error) ? refused(error, credentials) : error;
  });
  const { access_token: token, expires_in: lifeSeconds } = checked(tokenReply, reply.json(), {
    where: reply.where,
    action: 'check the base address; nothing was read',
  });
  return { token, lifeMs: lifeSeconds * 1000 };
}

/** A token request changes nothing, so it may be tried again although it is a POST. */
async function askForToken(http: HttpClient, credentials: VippsCredentials): Promise<HttpReply> {
  const { clientId, clientSecret } = credentials;
  if (credentials.kind === 'merchant') {
    return http.post('/accesstoken/get', {
      safe: true,
      headers: { client_id: clientId, client_secret: clientSecret, ...keyHeaders(credentials) },
    });
  }
  // The subscription key must not be sent here: the answer would be `invalid_client`.
  return http.post('/miami/v1/token', {
    safe: true,
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    form: { grant_type: 'client_credentials' },
  });
}

/** `expires_in` is text from one endpoint ("86398") and a number from the other (900). */
const tokenReply = z.object({
  access_token: z.string().min(1),
  expires_in: z
    .union([z.number(), z.string().regex(/^\d+$/)])
    .transform(Number)
    .refine((seconds) => seconds > 0, 'must be more than nothing'),
});

function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && (error.status === 400 || error.status === 401 || error.status === 403);
}

function refused(error: HttpError, credentials: VippsCredentials): HttpError {
  return restateError(error, {
    kind: 'unauthorised',
    what: `the ${credentials.kind} keys were refused (${error.what})`,
    action:
      credentials.kind === 'merchant'
        ? 'check client id, client secret, subscription key and merchant serial number: all four belong together, and only production keys work'
        : 'check client id and client secret of the accounting partner; keys of a merchant or of another kind of partner do not work here',
  });
}
