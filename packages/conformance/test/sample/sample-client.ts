import { AsyncLocalStorage } from 'node:async_hooks';
import { BilagError, type BeforeWrite, type ErrorKind, type ErrorParts, type ServiceContext } from '@bilag/core';

/** What each write asks. It travels beside the arguments, so that a saboteur need not hand it on to break another law. */
const askers: AsyncLocalStorage<BeforeWrite | undefined> = new AsyncLocalStorage();

/** Runs a method that may write. */
export function asking<Result>(beforeWrite: BeforeWrite | undefined, work: () => Promise<Result>): Promise<Result> {
  return askers.run(beforeWrite, work);
}

/** What a config file says for the sample. */
export interface SampleConfig {
  readonly url: string;
  readonly credential: string;
  readonly timeoutMs: number;
}

/** A request that failed, with what the target told of it. */
export class SampleError extends BilagError {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** What the target names as its reason, the line it is about and the voucher it holds. */
  readonly told: Told;

  constructor(
    kind: ErrorKind,
    parts: ErrorParts,
    facts: { readonly status?: number; readonly retryAfterMs?: number | undefined; readonly told?: Told } = {},
  ) {
    super(kind, parts);
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.told = facts.told ?? {};
  }
}

export interface Told {
  readonly reason?: string;
  readonly line?: number;
  readonly id?: string;
}

/** One request. */
export interface SampleRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything that is sent to the sample: each request in a turn, none of them twice. */
export class SampleClient {
  readonly config: SampleConfig;
  readonly context: ServiceContext;

  constructor(config: SampleConfig, context: ServiceContext) {
    this.config = config;
    this.context = context;
  }

  /** The reply's JSON. A write that may have been made and is not known to be throws `unknown-outcome`. */
  async json(request: SampleRequest): Promise<unknown> {
    const { token = '' } = await this.context.credentials.get(this.config.credential);
    return this.context.turn(this.config.credential, () => this.exchange(request, token));
  }

  /** One request and its reply. */
  protected async exchange(request: SampleRequest, token: string): Promise<unknown> {
    const { method = 'GET', path } = request;
    this.context.onEvent?.({ method, path });
    let reply: Response;
    let text: string;
    if (method !== 'GET') await this.ask();
    try {
      reply = await this.send(request, token);
      text = await reply.text();
    } catch (error) {
      throw this.errorOfTransport(error, request);
    }
    if (!reply.ok) throw this.errorOf(reply, text, request);
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch {
      throw new SampleError(mayBeDone(request), {
        what: 'the reply is no JSON',
        where: placeOf(request),
        action: lookNow,
      });
    }
  }

  /** Whether a write may still be made. */
  protected async ask(): Promise<void> {
    await this.askFor(this.config.timeoutMs);
  }

  /** For saboteurs: at a time and for a time of their own. */
  async askFor(longestMs: number): Promise<void> {
    await askers.getStore()?.(longestMs);
  }

  protected async send(
    { method = 'GET', path, json, bytes, headers }: SampleRequest,
    token: string,
  ): Promise<Response> {
    const body = bytes ?? (json === undefined ? undefined : JSON.stringify(json));
    const patience = new Patience(this.config.timeoutMs);
    try {
      const reply = await fetch(`${this.config.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        redirect: this.redirect,
        signal: patience.signal,
      });
      return new Response(await wholeBody(reply), reply);
    } finally {
      patience.end();
    }
  }

  /** Credentials would follow to wherever the target leads. */
  protected get redirect(): 'manual' | 'follow' {
    return 'manual';
  }

  protected errorOfTransport(error: unknown, request: SampleRequest): SampleError {
    const cause = error instanceof Error ? (error.cause as { readonly code?: string } | undefined) : undefined;
    const isUnsent = cause?.code === 'ECONNREFUSED';
    return new SampleError(isUnsent ? 'unavailable' : mayBeDone(request), {
      what: isUnsent ? 'nobody answers' : 'no reply',
      where: placeOf(request),
      action: isUnsent ? 'try again; nothing was sent' : lookNow,
    });
  }

  /** Of a write only the target's own words say that it was refused. */
  protected isRefusal(status: number, told: Told, { method = 'GET' }: SampleRequest): boolean {
    if (status >= 500 || status === 408) return false;
    return method === 'GET' || (told.reason !== undefined && status >= 400 && status < 499);
  }

  protected errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
    const { status } = reply;
    const told = toldBy(text);
    const wait = reply.headers.get('retry-after');
    const retryAfterMs = wait !== null && /^\d+$/.test(wait) ? Number(wait) * 1000 : undefined;
    const kind = this.isRefusal(status, told, request) ? (kindsOfStatus[status] ?? 'rejected') : mayBeDone(request);
    const what = told.reason === undefined ? `HTTP ${status}` : `HTTP ${status}: ${told.reason}`;
    return new SampleError(kind, { what, where: placeOf(request), action: lookNow }, { status, retryAfterMs, told });
  }
}

/** A reply that is cut midway fails here. One without a body may not be given one. */
async function wholeBody(reply: Response): Promise<ArrayBuffer | null> {
  const body = await reply.arrayBuffer();
  return body.byteLength === 0 ? null : body;
}

/**
 * A timeout in two parts: milliseconds, and then some turns of the event loop. The fake is in the same process, so that a
 * reply that was only held up by other work arrives in those turns.
 */
class Patience {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.#lastTurns(100), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #lastTurns(left: number): void {
    if (this.#isOver) return;
    if (left === 0) this.#stop.abort();
    else setImmediate(() => this.#lastTurns(left - 1));
  }
}

const kindsOfStatus: Readonly<Record<number, ErrorKind>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  423: 'blocked',
  429: 'busy',
};

const lookNow = 'look whether it was done before anything is sent again';

function mayBeDone({ method = 'GET' }: SampleRequest): ErrorKind {
  return method === 'GET' ? 'unavailable' : 'unknown-outcome';
}

function placeOf({ method = 'GET', path }: SampleRequest): string {
  return `${method} ${path}`;
}

/** Only words the sample is known to use: a reply may echo what was sent. */
function toldBy(text: string): Told {
  try {
    const { reason, line, id } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof reason === 'string' && /^[a-z-]{1,20}$/.test(reason) ? { reason } : {}),
      ...(typeof line === 'number' ? { line } : {}),
      ...(typeof id === 'string' && /^\d{1,9}$/.test(id) ? { id } : {}),
    };
  } catch {
    return {};
  }
}
