import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { BilagError, quotedName } from '@bilag/core';
import { Doorkeeper } from '../safety/doorkeeper.ts';
import { rawRefusal, setSafetyHeaders } from '../safety/headers.ts';
import { inAddress, isOurs, loopbackHosts } from '../safety/hosts.ts';
import { newSecret } from '../safety/secrets.ts';
import { Acting } from './acting.ts';
import { pageApp } from './app.ts';
import type { PageOptions } from './page-options.ts';

/** Where the pages are shown, and who is told how to come in. */
export interface ServerOptions extends PageOptions {
  /** `127.0.0.1` by default; another address of this machine that nobody else can reach. */
  readonly host?: string;
  /** Default 8725; 0 takes any that is free. */
  readonly port?: number;
  /** Told the address to open, with a secret that lets in once; and the next one when it was used. */
  readonly onLink?: (address: string) => void;
}

/** The pages, shown until they are closed. */
export interface PageServer extends AsyncDisposable {
  /** `http://127.0.0.1:8725`, without a secret. */
  readonly url: string;
  readonly port: number;
  /** For programs, in the header `Authorization: Bearer …`. */
  readonly token: string;
  /** Ends every connection, and waits for what visitors have begun. May be called again. */
  close(): Promise<void>;
}

/** Far from those that other programs take by default. */
const usualPort = 8725;

/**
 * Shows the pages on this machine, to whoever has the link. Nothing is changed by looking at them.
 *
 * Throws `config` for an address that others could reach, and `conflict` for a port that is taken.
 */
export async function startPage(options: ServerOptions): Promise<PageServer> {
  const { host = '127.0.0.1', port: wanted = usualPort, office } = options;
  if (!loopbackHosts.includes(host)) throw reachable(host);
  // What Node would refuse by itself is refused here, with the headers of every response.
  const settings = { requireHostHeader: false, requestTimeout: 60_000, headersTimeout: 10_000, maxHeaderSize: 16_384 };
  const server = createServer(settings);
  await listen(server, host, wanted);
  const { port } = server.address() as AddressInfo;
  const url = `http://${inAddress(host)}:${port}`;
  const token = newSecret();
  const doorkeeper = new Doorkeeper({
    now: () => office.now().getTime(),
    token,
    onLink: (secret) => options.onLink?.(`${url}/?token=${secret}`),
  });
  const acting = new Acting(office, (fault) => options.onFault?.(fault));
  const app = pageApp(options, { doorkeeper, acting, cookieName: `bilag_${port}` });
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    setSafetyHeaders(response);
    if (isOurs(request, port)) void answer(request, response);
    else refuse(response, 403);
  });
  server.on('checkExpectation', (_, response: ServerResponse) => {
    setSafetyHeaders(response);
    refuse(response, 417);
  });
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end(rawRefusal('400 Bad Request'));
    else socket.destroy();
  });
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    await acting.settled();
  };
  return { url, port, token, close, [Symbol.asyncDispose]: close };
}

/** It says nothing of what is here: whoever asks may be a page under a name of its own. */
function refuse(response: ServerResponse, status: 403 | 417): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end('refused\n');
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code = 'an error' } = cause as { readonly code?: string };
    throw new BilagError(
      'conflict',
      {
        what: code === 'EADDRINUSE' ? 'the port is taken' : `the port cannot be listened on: ${code}`,
        where: `${inAddress(host)}:${port}`,
        action: 'choose another with --port; 0 takes any that is free',
      },
      { cause },
    );
  }
}

function reachable(host: string): BilagError {
  return new BilagError('config', {
    what: `the page is for the person at this machine, and ${quotedName(host)} is no address that it alone can reach`,
    where: '--host',
    action: `give one of ${loopbackHosts.join(', ')}; from another machine come through ssh -L with the same port`,
  });
}
