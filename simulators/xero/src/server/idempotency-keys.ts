import type { ServerReply, ServerRequest } from '@bilag/fault-server';
import { badData } from '../books/xero-refusal.ts';

/** What was answered to a write, by its key, for a while. */
export class IdempotencyKeys {
  readonly #keptMs: number;
  readonly #now: () => number;
  readonly #kept: Map<string, { readonly request: string; readonly reply: ServerReply; readonly until: number }> =
    new Map();

  constructor(keptMs: number, now: () => number) {
    this.#keptMs = keptMs;
    this.#now = now;
  }

  /** The first answer again where the key is known, with the same request; another request is refused. */
  answered(request: ServerRequest, tenant: string, answer: () => ServerReply): ServerReply {
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method === 'GET') return answer();
    if (key.length > 128) throw badData('The Idempotency-Key is longer than 128 characters.');
    const own = `${tenant} ${key}`;
    const text = `${request.method} ${request.path} ${Buffer.from(request.body).toString('base64')}`;
    const kept = this.#kept.get(own);
    if (kept !== undefined && kept.until > this.#now()) {
      if (kept.request === text) return kept.reply;
      throw badData('The Idempotency-Key was used for another request.');
    }
    const reply = answer();
    this.#kept.set(own, { request: text, reply, until: this.#now() + this.#keptMs });
    return reply;
  }
}
