import { isLoopback } from './loopback.ts';

/** What to tell whoever wrote an address that {@link isSafeAddress} refuses. */
export const unsafeAddress =
  'write an https address without user and password; plain http is for a server on this machine';

/**
 * Whether keys may travel to an address: https, or plain http to exactly this machine; no user and password in it.
 *
 * @example
 * ```ts
 * import { isSafeAddress } from '@bilag/http';
 *
 * isSafeAddress('https://api.example/v2'); // => true
 * isSafeAddress('http://127.0.0.1:8080'); // => true
 * isSafeAddress('http://127.0.0.1.evil.example'); // => false
 * ```
 */
export function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
