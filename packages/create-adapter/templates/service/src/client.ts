import type { ServiceContext } from '@bilag/core';
import {
  createHttpClient,
  HttpError,
  restateError,
  type HttpClient,
  type HttpReply,
  type HttpRequest,
} from '@bilag/http';
import type { AcmeBooksConfig } from './config.ts';
import { betterWords } from './errors.ts';

/** Everything that is sent to Acme Books: each request in a turn and once. The only file that does I/O. */
export class AcmeBooksClient {
  readonly #config: AcmeBooksConfig;
  readonly #context: ServiceContext;
  readonly #http: HttpClient;
  /** What no error and no event may hold. */
  readonly #secrets: string[] = [];

  constructor(config: AcmeBooksConfig, context: ServiceContext) {
    this.#config = config;
    this.#context = context;
    const { timeoutMs } = config;
    this.#http = createHttpClient({
      baseUrl: config.baseUrl,
      timeouts: { headersMs: timeoutMs, bodyMs: timeoutMs, totalMs: timeoutMs },
      // The engine waits and asks again; it knows what may be sent twice.
      retry: { attempts: 1 },
      secrets: this.#secrets,
      now: context.now,
      sleep: context.sleep,
      random: context.random,
      ...(context.onEvent === undefined ? {} : { onEvent: context.onEvent }),
    });
  }

  /** One request. A write without a reply throws `unknown-outcome`; every other kind says that nothing was written. */
  async send(request: HttpRequest): Promise<HttpReply> {
    const { credentials, turn, signal } = this.#context;
    signal.throwIfAborted();
    const { token = '' } = await credentials.get(this.#config.credential);
    if (!this.#secrets.includes(token)) this.#secrets.push(token);
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    try {
      return await turn(this.#config.credential, () => this.#http.request({ ...request, headers, signal }));
    } catch (error) {
      const words = error instanceof HttpError ? betterWords(error.body) : undefined;
      throw error instanceof HttpError && words !== undefined ? restateError(error, words) : error;
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
