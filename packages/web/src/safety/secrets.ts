import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 192 bits that nobody guesses, safe in an address. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** A secret as it is kept: whoever compares it learns nothing from how long that took. */
export function digestOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether a text is the secret, in the same time whatever it is. */
export function isSecret(text: string, digest: Buffer): boolean {
  return timingSafeEqual(digestOfSecret(text), digest);
}
