import type { BeforeWrite } from '@bilag/core';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method?: Method;
  /** Absolute, or a path below the client's base address. */
  readonly url: string;
  /** Encoded for the address; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** A body to be sent as JSON. */
  readonly json?: unknown;
  /** A body to be sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Says that a POST changes nothing, such as a token request: it may be tried again. GET and HEAD always may. */
  readonly safe?: boolean;
  /** Asked right before the first byte of a write, with the longest it may take. When it rejects, nothing is sent. */
  readonly beforeWrite?: BeforeWrite | undefined;
  /** Asked after that, when the connection takes the first byte. Whether the turn to send is over: then nothing is sent. */
  readonly isMissed?: () => boolean;
  /** Statuses beside 2xx that are returned, not thrown. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

/** A reply: always whole, within the size bound. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Method and address, redacted: the place for error messages. */
  readonly where: string;
  text(): string;
  /** Throws `unavailable` with the place when it is not JSON. */
  json(): unknown;
}
