import type { Fault } from './faults.ts';

/** What is kept of a request: enough to count and to order, and no secret. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** The query as it was sent, with its `?`; empty when there was none. */
  readonly search: string;
  /** Values of secret headers are replaced. */
  readonly headers: Readonly<Record<string, string>>;
  /** The fault that struck it. */
  readonly fault?: Fault['kind'];
}

const secretName = /^(?:authorization|proxy-authorization|cookie)$|secret|token|password|subscription-key|api-key/i;

/** Headers with the values of secret ones replaced, so that they can be shown by a failing test. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretName.test(name) ? '[redacted]' : value]),
  );
}
