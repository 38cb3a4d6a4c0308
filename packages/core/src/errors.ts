/**
 * What the caller does next, in one word. Every error that leaves a Bilag package carries one.
 *
 * | kind | what to do |
 * |---|---|
 * | `config` | mend the configuration or the arguments |
 * | `rejected` | the receiver refused this content; mend the voucher or the file |
 * | `unauthorised` | renew or replace the credentials |
 * | `forbidden` | ask for the missing permission |
 * | `not-found` | the thing asked for is not there, or not yours |
 * | `busy` | wait and try again: the other side asked for it |
 * | `unavailable` | try again later: a read failed in a way that may pass |
 * | `unknown-outcome` | a write got no reply: look before anything is sent again |
 * | `conflict` | two different things claim the same place; a person decides |
 * | `blocked` | closed by somebody (a locked period); wait for a person |
 * | `unsupported` | the other side cannot do this |
 */
export type ErrorKind =
  | 'config'
  | 'rejected'
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'busy'
  | 'unavailable'
  | 'unknown-outcome'
  | 'conflict'
  | 'blocked'
  | 'unsupported';

/** The three parts of every message: what happened, where, and what to do now. No secret belongs in any of them. */
export interface ErrorParts {
  readonly what: string;
  readonly where: string;
  readonly action: string;
}

/**
 * The error of every Bilag package.
 *
 * @example
 * ```ts
 * import { BilagError } from '@bilag/core';
 *
 * const error = new BilagError('config', {
 *   what: 'account "7770" has no grouping code',
 *   where: 'config.groupingCodes',
 *   action: 'add the code from the list for the income year',
 * });
 * error.kind; // => 'config'
 * error.message; // => 'account "7770" has no grouping code (config.groupingCodes): add the code from the list for the income year'
 * ```
 */
export class BilagError extends Error {
  override readonly name: string = 'BilagError';
  readonly kind: ErrorKind;
  readonly what: string;
  readonly where: string;
  readonly action: string;

  constructor(kind: ErrorKind, parts: ErrorParts, options?: ErrorOptions) {
    super(`${parts.what} (${parts.where}): ${parts.action}`, options);
    this.kind = kind;
    this.what = parts.what;
    this.where = parts.where;
    this.action = parts.action;
  }
}

/** Whether a thrown value is a {@link BilagError}, also one from another copy of this package. */
export function isBilagError(value: unknown): value is BilagError {
  return value instanceof Error && value.name === 'BilagError' && 'kind' in value && 'action' in value;
}
