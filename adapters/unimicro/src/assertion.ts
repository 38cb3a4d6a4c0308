import { BilagError } from '@bilag/core';
import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';

/** Who asks for a token, and where. */
export interface Claims {
  readonly clientId: string;
  /** PEM, or PKCS#8 in base64. */
  readonly privateKey: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A signed assertion that stands for a password (RFC 7523): good for one minute, and once. Throws `config` for a key that is none. */
export function assertionOf({ clientId, privateKey, audience, now }: Claims): string {
  const seconds = Math.floor(now / 1000);
  const header = { alg: 'RS256', typ: 'JWT' };
  const claims = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: seconds, nbf: seconds };
  const signed = [header, { ...claims, exp: seconds + 60 }].map((part) => encoded(JSON.stringify(part))).join('.');
  return `${signed}.${encoded(sign('sha256', Buffer.from(signed), keyIn(privateKey)))}`;
}

function encoded(part: string | Uint8Array): string {
  return Buffer.from(part as string).toString('base64url');
}

/** The environment has one line for each variable, so that a PEM's line ends may be written `\n`. */
function keyIn(text: string): KeyObject {
  try {
    return text.includes('-----BEGIN')
      ? createPrivateKey(text.replaceAll(String.raw`\n`, '\n'))
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    // What the library says may quote the key.
    throw new BilagError('config', {
      what: 'the private key cannot be read',
      where: "the application's privateKey",
      action: 'write it as PEM, such as openssl pkcs12 -in certificate.p12 -nodes -nocerts gives it',
    });
  }
}
