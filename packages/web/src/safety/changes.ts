import { isSecret, digestOfSecret } from './secrets.ts';
import type { Visitor } from './doorkeeper.ts';

/**
 * Whether a request that changes something comes from a page of ours. A browser says where a request comes from in two headers
 * that no page can write; both have to agree. A program with the token says neither, and no browser sends that token by itself.
 */
export function comesFromOurs(headers: Headers, visitor: Visitor): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isSame = site === 'same-origin' && origin === `http://${headers.get('host')}`;
  return isSame || (visitor.formToken === undefined && site === null && origin === null);
}

/**
 * Whether a request that only reads may be answered: one that another page makes for its own use may not, and its user following
 * a link may.
 */
export function mayRead(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site === null || site === 'same-origin' || site === 'none') return true;
  return headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
}

/** Whether a form is one that this visitor was given. */
export function isOwnForm(given: string, { formToken }: Visitor): boolean {
  return formToken === undefined || isSecret(given, digestOfSecret(formToken));
}
