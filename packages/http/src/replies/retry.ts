/** How often and how slowly a failed read is tried again. Writes are never tried again. */
export interface RetryPolicy {
  /** All attempts, the first included. */
  readonly attempts: number;
  /** The first pause is a random part of this; each following one of twice as much. */
  readonly baseDelayMs: number;
  /** No pause of our own is longer. */
  readonly maxDelayMs: number;
  /** A longer `Retry-After` is not waited for: the error carries it to the caller instead. */
  readonly maxRetryAfterMs: number;
}

/** The default: five attempts, pauses of at most 0.5, 1, 2 and 4 seconds, `Retry-After` up to a minute. */
export const defaultRetry: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 60_000,
};

/**
 * The pause before the next attempt: exponential backoff with full jitter, so that many clients do not come back at once.
 */
export function backoffMs(attempt: number, policy: RetryPolicy, random: number): number {
  return random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
}

/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3): seconds, or an HTTP date. Undefined when absent or unreadable.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - nowMs);
}
