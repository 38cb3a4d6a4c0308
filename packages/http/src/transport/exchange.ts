import type * as Undici from 'undici';
import type { Dispatcher } from 'undici';
import { decodeBody, EncodingFault } from './content-encoding.ts';
import { errorOfTransport, HttpError, tooLateCode } from '../replies/errors.ts';
import { parseJsonBytes } from '../replies/json.ts';
import type { Outgoing } from './outgoing.ts';
import type { HttpReply } from './request.ts';

export interface Exchange {
  readonly dispatcher: Dispatcher;
  /** What is left of the time of the request. */
  readonly leftMs: () => number;
  readonly onBegin: () => void;
  readonly signal: AbortSignal | undefined;
  /** Whether the turn to send is over. */
  readonly isMissed: (() => boolean) | undefined;
  readonly maxBodyBytes: number;
}

/** The turn to send was over before the first byte: nothing was sent, and another turn may be taken. */
export class MissedTurn extends Error {
  override readonly message: string = 'the turn was over before the request began';
}

/** Loaded by the first request: most commands make none. */
export async function undici(): Promise<typeof Undici> {
  return (loaded ??= import('undici'));
}

let loaded: Promise<typeof Undici> | undefined;

/** One request and its whole reply, or an error that says whether anything can have been done. */
export async function exchange(outgoing: Outgoing, options: Exchange): Promise<HttpReply> {
  const { request: send } = await undici();
  options.signal?.throwIfAborted();
  if (outgoing.write && options.leftMs() <= 0) throw errorOfTransport(new TooLate(), outgoing, outgoing.redactor);
  let missed: MissedTurn | undefined;
  // A process that was stopped while it connected wakes up with the connection made, and no timer has run yet.
  const onStart = (controller: Dispatcher.DispatchController): void => {
    if (outgoing.write && options.leftMs() <= 0) controller.abort(new TooLate());
    else if (options.isMissed?.() === true) controller.abort((missed = new MissedTurn()));
    else options.onBegin();
  };
  const stop = stopper(options);
  try {
    const response = await send(outgoing.url, {
      method: outgoing.method,
      headers: outgoing.headers,
      body: outgoing.body,
      signal: stop.signal,
      dispatcher: watching(onStart, options.dispatcher),
    });
    const headers = headersOf(response.headers);
    const raw = await bytesOf(response.body, options.maxBodyBytes, outgoing, response.statusCode);
    const bytes = await decodeBody(raw, headers['content-encoding'] ?? '', options.maxBodyBytes).catch(
      (error: unknown) => {
        throw error instanceof EncodingFault ? undecodable(error, outgoing, response.statusCode) : error;
      },
    );
    return replyOf(response.statusCode, headers, bytes, outgoing.where);
  } catch (error) {
    if (missed !== undefined) throw missed;
    if (error instanceof HttpError) throw error;
    // The caller stopped a read: that is no failure. A stopped write may have been done.
    if (options.signal?.aborted === true && !outgoing.write) throw options.signal.reason;
    throw errorOfTransport(error, outgoing, outgoing.redactor);
  } finally {
    stop.letGo();
  }
}

/** Aborts when the time is up or the caller stops, and keeps no timer and no listener once it is let go: a run makes many requests. */
function stopper({ leftMs, signal }: Pick<Exchange, 'leftMs' | 'signal'>): {
  readonly signal: AbortSignal;
  readonly letGo: () => void;
} {
  const stop = new AbortController();
  const isUp = (): void => stop.abort(new DOMException('the time of the request was up', 'TimeoutError'));
  const timer = setTimeout(isUp, Math.min(longestTimerMs, Math.max(0, Math.ceil(leftMs()))));
  const byCaller = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', byCaller, { once: true });
  const letGo = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', byCaller);
  };
  return { signal: stop.signal, letGo };
}

/** A timer of more runs out at once. */
const longestTimerMs = 2_147_483_647;

/** Undici tells of the start of a request right before it gives the first byte to the socket. */
function watching(onStart: (controller: Dispatcher.DispatchController) => void, dispatcher: Dispatcher): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const onRequestStart: Dispatcher.DispatchHandler['onRequestStart'] = (controller, context) => {
      handler.onRequestStart?.(controller, context);
      onStart(controller);
    };
    return dispatch(options, replacing(handler, { onRequestStart }));
  });
}

/** The same object with some methods replaced. Its own may use what is private to it. */
function replacing<Value extends object>(value: Value, methods: Partial<Value>): Value {
  return new Proxy(value, {
    get: (target, name) => {
      const own: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** Nothing was sent. */
class TooLate extends Error {
  readonly code: string = tooLateCode;
  override readonly message: string = 'the time of the request was up before it began';
}

/** Counts down, also while this process is stopped or the machine sleeps; setting a clock back does not stop it. */
export function countdown(totalMs: number): () => number {
  const [monotonicMs, clockMs] = [performance.now(), Date.now()];
  return () => totalMs - Math.max(performance.now() - monotonicMs, Date.now() - clockMs);
}

async function bytesOf(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  outgoing: Outgoing,
  status: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.byteLength;
    if (size > maxBytes) {
      throw new HttpError(
        outgoing.write ? 'unknown-outcome' : 'rejected',
        {
          what: `the reply is larger than ${maxBytes} bytes`,
          where: outgoing.where,
          action: outgoing.write ? 'look whether it was done before anything is sent again' : 'ask for less at a time',
        },
        { status },
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A reply that cannot be read may be whole the next time; one that is too large will not be smaller. */
function undecodable(fault: EncodingFault, { write, where }: Outgoing, status: number): HttpError {
  const [kind, action] = write
    ? (['unknown-outcome', 'look whether it was done before anything is sent again'] as const)
    : fault.isTooLarge
      ? (['rejected', 'ask for less at a time'] as const)
      : (['unavailable', 'try again later; if it stays, look for a proxy in between'] as const);
  return new HttpError(kind, { what: fault.message, where, action }, { status });
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
    ),
  );
}

function replyOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
  where: string,
): HttpReply {
  return {
    status,
    headers,
    bytes,
    where,
    text: () => new TextDecoder().decode(bytes),
    json: () => parseJsonBytes(bytes, { where, kind: 'unavailable' }),
  };
}
