/** A request as a handler sees it. */
export interface ServerRequest {
  readonly method: string;
  /** Without the query, as received: still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; values sent more than once are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a handler answers. */
export interface ServerReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Strings are sent as UTF-8. */
  readonly body?: string | Uint8Array;
}

/** A fake system: it may keep state between requests, and knows nothing of faults. */
export type Handler = (request: ServerRequest) => ServerReply | Promise<ServerReply>;

/**
 * A reply with a JSON body.
 *
 * @example
 * ```ts
 * import { jsonReply } from '@bilag/fault-server';
 *
 * jsonReply(200, { items: [] }).body; // => '{"items":[]}'
 * ```
 */
export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): ServerReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The request's body as text. */
export function bodyText(request: ServerRequest): string {
  return new TextDecoder().decode(request.body);
}
