import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  HttpError,
  type HttpReply,
  restateError,
} from '@bilag/http';
import {
  checkCredentials,
  createTokenSource,
  keyHeaders,
  secretsOf,
  systemHeaders,
  type VippsCredentials,
  type VippsSystem,
} from './credentials.ts';
import { vippsErrorOf } from './errors.ts';
import type { ReadingBounds } from './reading-bounds.ts';

/** What a client needs. Make one per set of keys: it holds the token and the limits. */
export interface VippsClientOptions {
  readonly credentials: VippsCredentials;
  readonly system: VippsSystem;
  /** Default `https://api.vipps.no`; there is no test environment for this API. */
  readonly baseUrl?: string;
  /** Timeouts, retries, limits, ports and the log of the HTTP client. */
  readonly http?: Omit<HttpClientOptions, 'baseUrl' | 'headers' | 'errorOf' | 'secrets'>;
  /** Where one reading ends that has no end of its own. */
  readonly bounds?: Partial<ReadingBounds>;
}

/** Reads with a token. */
export interface Api {
  get(path: string, query: Query, signal: AbortSignal | undefined): Promise<Received>;
  close(): Promise<void>;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** A reply with what the archive wants to know of it. */
export interface Received {
  readonly request: string;
  readonly receivedAt: string;
  readonly body: Uint8Array;
  readonly pageSize: number | undefined;
  readonly where: string;
}

/** Makes the reading end of the API: one token, one set of limits. Nothing is sent yet. */
export function createApi(options: VippsClientOptions): Api {
  checkCredentials(options.credentials);
  const now = options.http?.now ?? Date.now;
  const http = httpClientOf(options);
  const tokens = createTokenSource(http, options.credentials, now);

  const ask = async (path: string, query: Query, token: string, signal: AbortSignal | undefined): Promise<HttpReply> =>
    http.get(path, {
      query,
      headers: { ...keyHeaders(options.credentials), authorization: `Bearer ${token}` },
      ...(signal === undefined ? {} : { signal }),
    });

  return {
    /** A refused token is renewed once; the second refusal is final. */
    get: async (path, query, signal) => {
      const token = await unlessAborted(tokens.token(), signal);
      const reply = await ask(path, query, token, signal).catch(async (error: unknown) => {
        if (isTooLarge(error)) throw tooLarge(error);
        if (!(error instanceof HttpError) || error.kind !== 'unauthorised') throw error;
        tokens.drop(token);
        return ask(path, query, await unlessAborted(tokens.token(), signal), signal);
      });
      return receivedOf(reply, path, query, now());
    },
    close: async () => http.close(),
  };
}

/** A reply that was no refusal, and of which there was more than the client takes. */
function isTooLarge(error: unknown): error is HttpError {
  return error instanceof HttpError && error.kind === 'rejected' && (error.status ?? 0) < 300;
}

function tooLarge(error: HttpError): HttpError {
  return restateError(error, {
    kind: 'unavailable',
    action: 'try again later; if it stays so, report it to Vipps MobilePay. Nothing of it was used',
  });
}

function httpClientOf(options: VippsClientOptions): HttpClient {
  return createHttpClient({
    ...options.http,
    limits: { ...politeLimits, ...options.http?.limits },
    baseUrl: options.baseUrl ?? 'https://api.vipps.no',
    headers: { accept: 'application/json', ...systemHeaders(options.system) },
    secrets: secretsOf(options.credentials),
    errorOf: vippsErrorOf,
  });
}

/** No limits are published for this API; these are modest. */
const politeLimits = { concurrency: 4, perSecond: 10 };

function receivedOf(reply: HttpReply, path: string, query: Query, nowMs: number): Received {
  const asked = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');
  const pageSize = reply.headers['vipps-feed-page-size'] ?? '';
  return {
    request: `GET ${path}${asked === '' ? '' : `?${asked}`}`,
    receivedAt: new Date(nowMs).toISOString(),
    body: reply.bytes,
    pageSize: /^\d+$/.test(pageSize) ? Number(pageSize) : undefined,
    where: reply.where,
  };
}

/** Waits for something that several callers share: one that stops does not stop it for the others. */
async function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
