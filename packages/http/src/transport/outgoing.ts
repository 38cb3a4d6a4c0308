import { BilagError } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '../safety/address.ts';
import { acceptEncoding } from './content-encoding.ts';
import type { RefusalOf } from '../replies/errors.ts';
import { createRedactor, isSecretName, type Redactor, withoutPersons } from '../safety/redaction.ts';
import type { HttpRequest, Method } from './request.ts';
import { refuseSimulatedKeys } from '../safety/simulated-keys.ts';
import { version } from '../version.ts';

/** What a client adds to each request. */
interface OutgoingOptions {
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly refusalOf?: RefusalOf;
}

/** A request as it goes out, with what its errors need. */
export interface Outgoing {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly write: boolean;
  readonly redactor: Redactor;
  readonly where: string;
}

export function outgoingOf(wanted: HttpRequest, options: OutgoingOptions, sentSecrets: SentSecrets): Outgoing {
  const method = wanted.method ?? 'GET';
  const { body, contentType } = bodyOf(wanted);
  const given = Object.entries({ ...options.headers, ...wanted.headers });
  const headers: Readonly<Record<string, string>> = {
    ...ownHeaders,
    ...contentType,
    ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
  };
  sentSecrets.add(secretsIn({ ...wanted.query, ...wanted.form, ...headers }));
  const secrets = [...(options.secrets ?? []), ...sentSecrets.all()];
  const known = createRedactor(secrets);
  const redactor = options.refusalOf === undefined ? known : { ...known, text: withoutPersonsToo(known) };
  const url = addressOf(wanted, options.baseUrl, redactor);
  refuseSimulatedKeys(url, secrets);
  refuseUnfitHeaders(headers, redactor.url(url));
  const write = method !== 'GET' && method !== 'HEAD' && wanted.safe !== true;
  return { method, url, headers, body, write, redactor, where: `${method} ${redactor.url(url)}` };
}

/** RFC 9110 §10.1.5: who asks. Whoever runs the other side can tell us from others. */
const ownHeaders = { 'user-agent': `bilag/${version}`, 'accept-encoding': acceptEncoding };

/** A key that was copied with a line feed or a letter of another alphabet: nothing can be sent with it, today or later. */
function refuseUnfitHeaders(headers: Readonly<Record<string, string>>, where: string): void {
  for (const [name, value] of Object.entries(headers)) {
    if (fitsHeader.test(value)) continue;
    throw new BilagError('config', {
      what: `the header ${name} cannot hold what it is given: a line feed, or a character that is not Latin`,
      where,
      action: 'look at the keys: such a character is often copied with them; nothing was sent',
    });
  }
}

/** RFC 9110 section 5.5. */
const fitsHeader = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

function addressOf(wanted: HttpRequest, baseUrl: string | undefined, redactor: Redactor): string {
  const text = wanted.url.startsWith('/') ? `${(baseUrl ?? '').replace(/\/+$/, '')}${wanted.url}` : wanted.url;
  if (!isSafeAddress(text)) {
    throw new BilagError('config', {
      what: 'no keys may travel to this address',
      where: redactor.url(text).slice(0, 200),
      action: `${unsafeAddress}; nothing was sent`,
    });
  }
  const url = new URL(text);
  const query = Object.entries(wanted.query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  if (query.length > 0) url.search = [url.search.slice(1), ...query].filter(Boolean).join('&');
  return url.href;
}

function bodyOf(wanted: HttpRequest): { body: string | Uint8Array | null; contentType: Record<string, string> } {
  if (wanted.json !== undefined) {
    return { body: JSON.stringify(wanted.json), contentType: { 'content-type': 'application/json' } };
  }
  if (wanted.form !== undefined) {
    const body = new URLSearchParams({ ...wanted.form }).toString();
    return { body, contentType: { 'content-type': 'application/x-www-form-urlencoded' } };
  }
  return { body: wanted.body ?? null, contentType: {} };
}

/** The values of what is secret by its name, whole and in parts, so that a reply that echoes them does not spread them. */
function secretsIn(sent: Readonly<Record<string, string | number | boolean | undefined>>): string[] {
  return Object.entries(sent).flatMap(([name, value]) => {
    if (!isSecretName(name) || value === undefined) return [];
    const [scheme = '', credential] = String(value).split(' ', 2);
    if (credential === undefined) return [scheme];
    if (scheme.toLowerCase() !== 'basic') return [String(value), credential];
    return [credential, ...Buffer.from(credential, 'base64').toString().split(':')];
  });
}

/** What was sent as a secret before, a session or a token: a later reply may repeat that too. */
export class SentSecrets {
  readonly #values: Set<string> = new Set();

  add(values: readonly string[]): void {
    for (const value of values) {
      this.#values.delete(value);
      this.#values.add(value);
    }
    for (const oldest of this.#values) {
      if (this.#values.size <= mostSentSecrets) break;
      this.#values.delete(oldest);
    }
  }

  all(): Iterable<string> {
    return this.#values;
  }
}

const mostSentSecrets = 200;

function withoutPersonsToo({ text }: Redactor): Redactor['text'] {
  return (given) => withoutPersons(text(given));
}
