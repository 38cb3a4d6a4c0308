import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** The addresses of this machine that nobody else can reach. */
export const loopbackHosts: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

const ownNames: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** An address as it stands before the port. */
export function inAddress(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/**
 * Whether a request names this server. Any page may give a name of its own that leads to this machine (DNS rebinding): it is then
 * same-origin with itself, and a browser sends it here with the page's name. So the name is compared as a whole, for every method.
 */
export function isOurs({ rawHeaders, url = '' }: IncomingMessage, port: number): boolean {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
  const [host = ''] = hosts;
  // Which of two would count is for no one to guess; and an address that names a host of its own is for a proxy.
  return hosts.length === 1 && url.startsWith('/') && isOwnHost(host, port);
}

function isOwnHost(host: string, port: number): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const parsed = new URL(`http://${host}`);
  // `127.1`, `user@localhost` and `localhost/x` are all read as something else than they say.
  const isAsWritten = parsed.host === host.toLowerCase() && parsed.href === `http://${parsed.host}/`;
  return isAsWritten && ownNames.has(parsed.hostname) && Number(parsed.port || 80) === port;
}
