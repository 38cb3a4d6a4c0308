import type { ServerResponse } from 'node:http';

/** On every response, whoever writes it: no page may be framed, sniffed, kept, or run anything that is not ours. */
export const safetyHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  // Under `no-referrer` a browser says `Origin: null` with a form of ours, and a change has to say where it comes from.
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Before anything else is done with a request, so that no branch can forget them. */
export function setSafetyHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(safetyHeaders)) response.setHeader(name, value);
}

/** A refusal as it goes over the wire, for a request that is none: Node has made no response to put headers on. */
export function rawRefusal(status: string): string {
  const headers = Object.entries(safetyHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${headers.join('')}Connection: close\r\nContent-Length: 0\r\n\r\n`;
}
