import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Handler, ServerReply, ServerRequest } from './exchange.ts';
import { FaultQueue, type ArmedFault, type Fault, type FaultAim, type Faults } from './faults.ts';
import { redactHeaders, type RecordedRequest } from './recorded-request.ts';

/** What a fault server is made of. */
export interface FaultServerOptions<BackDoor = undefined> {
  /** The fake system. */
  readonly handler: Handler;
  /** How tests look into the fake without asking over HTTP: handed on as it is. */
  readonly backDoor?: BackDoor;
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  /** Waits for `slow`; give one of your own to test in virtual time. Real time otherwise. */
  readonly sleep?: ((delayMs: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** A local server on which a fake system stands. It listens on 127.0.0.1 and nowhere else. */
export interface FaultServer<BackDoor = undefined> extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly faults: Faults;
  /** Every request that arrived, in order. */
  readonly requests: readonly RecordedRequest[];
  /** What the handler threw: mistakes of the fake, answered with 500. Empty in a sound test. */
  readonly failures: readonly unknown[];
  readonly backDoor: BackDoor;
  /** Stops listening and cuts every connection, hanging ones too. */
  close(): Promise<void>;
}

/**
 * Starts a local HTTP server around a fake system and lets things go wrong on the way to it.
 *
 * Throws where the port is taken.
 *
 * @example
 * ```ts
 * import { createFaultServer, jsonReply } from '@bilag/fault-server';
 *
 * const server = await createFaultServer({ handler: () => jsonReply(200, { fine: true }) });
 * server.faults.arm({ kind: 'status', status: 503 });
 * const first = await fetch(server.url);
 * const second = await fetch(server.url);
 * await server.close();
 * [first.status, second.status]; // => [503, 200]
 * ```
 */
export async function createFaultServer<BackDoor = undefined>(
  options: FaultServerOptions<BackDoor>,
): Promise<FaultServer<BackDoor>> {
  const queue = new FaultQueue();
  const requests: RecordedRequest[] = [];
  const failures: unknown[] = [];
  const closing = new AbortController();
  const sleep = options.sleep ?? ((delayMs, signal) => wait(delayMs, undefined, { signal }));

  const handle = async (request: ServerRequest): Promise<ServerReply> => {
    try {
      return await options.handler(request);
    } catch (failure) {
      failures.push(failure);
      return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'the fake system failed' };
    }
  };

  const server = createServer((incoming, outgoing) => {
    exchange(incoming, outgoing).catch(() => outgoing.destroy());
  });
  async function exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { request, search } = await readRequest(incoming);
    const fault = queue.next(request);
    requests.push({
      method: request.method,
      path: request.path,
      search,
      headers: redactHeaders(request.headers),
      ...(fault && { fault: fault.kind }),
    });
    const reply = await answer(request, fault, { handle, sleep: (delayMs) => sleep(delayMs, closing.signal) });
    if (reply === 'hang') return;
    if (reply === 'cut') outgoing.destroy();
    else if (reply.cut) cutMidway(outgoing, reply);
    else send(outgoing, reply);
  }

  const port = options.port ? await listen(server, options.port) : await listenSomewhere(server);
  const refusals = new Refusals(server, port);
  const close = async (): Promise<void> => {
    closing.abort();
    await refusals.stop();
    await stopListening(server);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    faults: {
      arm: (fault) => (fault.kind === 'refuse' ? refusals.arm(fault) : queue.add(fault)),
      disarmAll: async () => {
        queue.clear();
        await refusals.disarmAll();
      },
    },
    requests,
    failures,
    backDoor: options.backDoor as BackDoor,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Means {
  readonly handle: (request: ServerRequest) => Promise<ServerReply>;
  readonly sleep: (delayMs: number) => Promise<void>;
}

type Outcome = (ServerReply & { readonly cut?: true }) | 'hang' | 'cut';

async function answer(request: ServerRequest, fault: Fault | undefined, means: Means): Promise<Outcome> {
  switch (fault?.kind) {
    case undefined:
    case 'refuse':
      return means.handle(request);
    case 'hang':
    case 'cut':
    case 'status': {
      const reply = fault.strikes === undefined || fault.strikes === 'before' ? undefined : await means.handle(request);
      if (fault.kind === 'status') return fault;
      return fault.strikes === 'midway' && reply ? { ...reply, cut: true } : fault.kind;
    }
    case 'slow':
      await means.sleep(fault.delayMs);
      return means.handle(request);
    case 'malformed': {
      const reply = await means.handle(request);
      return { ...reply, body: firstHalf(reply) };
    }
    case 'answer':
      return fault.answer(request, means.handle);
  }
}

async function readRequest(incoming: IncomingMessage): Promise<{ request: ServerRequest; search: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const target = incoming.url ?? '/';
  const queryStart = target.indexOf('?');
  const path = queryStart === -1 ? target : target.slice(0, queryStart);
  const search = queryStart === -1 ? '' : target.slice(queryStart);
  const headers = Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values]) => [name, values?.join(', ') ?? '']),
  );
  const request: ServerRequest = {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    headers,
    body: Buffer.concat(chunks),
  };
  return { request, search };
}

function send(outgoing: ServerResponse, reply: ServerReply): void {
  outgoing.writeHead(reply.status, reply.headers);
  outgoing.end(reply.body);
}

/** Promises the whole body, sends half of it and closes the connection. */
function cutMidway(outgoing: ServerResponse, reply: ServerReply): void {
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': String(bytesOf(reply).length) });
  outgoing.write(firstHalf(reply), () => outgoing.destroy());
}

function firstHalf(reply: ServerReply): Uint8Array {
  const bytes = bytesOf(reply);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function bytesOf({ body = '' }: ServerReply): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the local server cannot listen on 127.0.0.1:${port}: ${why}`, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/**
 * On a port below those that systems give away by themselves (Linux from 32768 on, others from 49152): whoever asks for any
 * free one never gets a port that a fault keeps closed, so that no client finds somebody else there. Every process walks
 * the range from a place of its own.
 */
async function listenSomewhere(server: Server): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    walked += 1;
    const port = lowestPort + ((process.pid * 7919 + walked) % portCount);
    try {
      return await listen(server, port);
    } catch (error) {
      if (tries === portCount) throw error;
    }
  }
}

const lowestPort = 10_240;
const portCount = 22_528;
let walked = 0;

async function stopListening(server: Server): Promise<void> {
  if (!server.listening) {
    server.closeAllConnections();
    return;
  }
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Half a minute: servers of tests live that long at most. */
const mostTries = 300;

/**
 * The one fault that acts on the listening socket instead of a request: the port is closed while any is armed, so that
 * the client's operating system says "connection refused", which proves that nothing was sent. Node keeps no connection
 * alive after the port is closed.
 */
class Refusals {
  readonly #server: Server;
  readonly #port: number;
  readonly #armed: Set<object> = new Set();
  #stopped = false;

  constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  arm(_fault: Fault & FaultAim): ArmedFault {
    const key = {};
    this.#armed.add(key);
    if (this.#server.listening) {
      this.#server.close();
      this.#server.closeIdleConnections();
    }
    return { strikes: 0, disarm: () => this.#disarm(key) };
  }

  async disarmAll(): Promise<void> {
    this.#armed.clear();
    await this.#listenAgain();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#armed.clear();
  }

  async #disarm(key: object): Promise<void> {
    this.#armed.delete(key);
    await this.#listenAgain();
  }

  /** Meanwhile the port may have been given to somebody else: it is asked for again until it is free. */
  async #listenAgain(): Promise<void> {
    const mayListen = (): boolean => !this.#stopped && this.#armed.size === 0 && !this.#server.listening;
    for (let tries = 1; mayListen(); tries += 1) {
      try {
        await listen(this.#server, this.#port);
      } catch (error) {
        if (tries === mostTries) throw error;
        await wait(100);
      }
    }
  }
}
