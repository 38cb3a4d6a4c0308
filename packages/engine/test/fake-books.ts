import {
  createFaultServer,
  jsonReply,
  type FaultServer,
  type ServerReply,
  type ServerRequest,
} from '@bilag/fault-server';
import type { Posted } from '@bilag/core';

/** What the fake target does against duplicates. */
export type FakeKind = 'search' | 'server-reference' | 'server-key' | 'none';

export const settlesMs = 60_000;
export const keptMs = 86_400_000;

/** What the fake holds, seen through the back door. */
export interface FakeVoucher extends Posted {
  /** When the search shows it. */
  readonly seenAt: number;
}

/** A small accounting system: what it holds, and how slowly its search shows it. */
export class FakeBooks {
  readonly kind: FakeKind;
  readonly vouchers: FakeVoucher[] = [];
  readonly attached: Map<string, string[]> = new Map<string, string[]>();
  readonly #keys = new Map<string, { readonly id: string; readonly until: number }>();
  /** The latest time any client told. */
  now: number = 0;
  companyId: string = 'C1';
  lockedThrough: string = '';
  /** The search shows what is written after this. */
  searchDelayMs: number = 0;
  /** Called as each request arrives, and when what it asked for is done. */
  onRequest: (moment: 'arrived' | 'done') => void = () => undefined;

  constructor(kind: FakeKind) {
    this.kind = kind;
  }

  live(reference: string): readonly FakeVoucher[] {
    return this.vouchers.filter((posted) => posted.reference === reference && posted.state === 'live');
  }

  edit(id: string, change: (posted: FakeVoucher) => FakeVoucher): void {
    const index = this.vouchers.findIndex((posted) => posted.id === id);
    const posted = this.vouchers[index];
    if (posted !== undefined) this.vouchers[index] = change(posted);
  }

  readonly handle = (request: ServerRequest): ServerReply => {
    this.now = Math.max(this.now, Number(request.headers['x-now'] ?? 0));
    this.onRequest('arrived');
    const reply = this.#answer(request);
    this.onRequest('done');
    return reply;
  };

  #answer({ method, path, query, body, headers }: ServerRequest): ServerReply {
    const [, resource, id = '', verb] = path.split('/');
    if (resource === 'company') return jsonReply(200, { id: this.companyId });
    if (resource !== 'vouchers') return jsonReply(404, {});
    if (method === 'GET') return jsonReply(200, this.#search(query));
    const given = JSON.parse(Buffer.from(body).toString()) as Given;
    if (verb === 'reverse') return this.#reverse(id, given, headers['idempotency-key']);
    if (verb === 'files') return this.#attach(id, given);
    return this.#post(given, headers['idempotency-key']);
  }

  #search(query: URLSearchParams): Posted[] {
    const reference = query.get('reference');
    const [from = '', to = '9999'] = [query.get('from') ?? '', query.get('to') ?? '9999'];
    return this.vouchers.filter(
      (posted) =>
        posted.seenAt <= this.now &&
        (reference === null
          ? posted.date >= from && posted.date <= to
          : posted.reference === reference || this.#isReversalOf(posted, reference)),
    );
  }

  #isReversalOf(posted: Posted, reference: string): boolean {
    return this.vouchers.some((other) => other.id === posted.reverses && other.reference === reference);
  }

  #post(given: Given, key: string | undefined): ServerReply {
    if (given.date <= this.lockedThrough) return jsonReply(423, {});
    const [held] = this.live(given.reference);
    if (this.kind === 'server-reference' && held !== undefined) return jsonReply(200, held);
    const kept = this.#keptUnder(key);
    if (kept !== undefined) return jsonReply(200, kept);
    const posted = this.#add({ ...given, state: 'live', document: 'journal' });
    return jsonReply(201, this.#keep(posted, key));
  }

  #keptUnder(key = ''): FakeVoucher | undefined {
    const kept = this.#keys.get(key);
    if (this.kind !== 'server-key' || kept === undefined || this.now >= kept.until) return undefined;
    return this.vouchers.find(({ id }) => id === kept.id);
  }

  #keep(posted: FakeVoucher, key: string | undefined): FakeVoucher {
    if (key !== undefined) this.#keys.set(key, { id: posted.id, until: this.now + keptMs });
    return posted;
  }

  #reverse(id: string, { date, reference }: Given, key: string | undefined): ServerReply {
    const kept = this.#keptUnder(key);
    if (kept !== undefined) return jsonReply(200, kept);
    const original = this.vouchers.find((posted) => posted.id === id);
    if (original === undefined) return jsonReply(404, {});
    if (original.state !== 'live') return jsonReply(409, {});
    this.edit(id, (posted) => ({ ...posted, state: 'reversed' }));
    const lines = original.lines.map((line) => ({ ...line, amount: -line.amount as (typeof line)['amount'] }));
    const posted = this.#add({ ...original, date, reference, lines, state: 'live', reverses: id });
    return jsonReply(201, this.#keep(posted, key));
  }

  #attach(id: string, { name = '' }: Given): ServerReply {
    this.attached.set(id, [...(this.attached.get(id) ?? []), name]);
    return jsonReply(201, {});
  }

  #add(given: Omit<Posted, 'id'>): FakeVoucher {
    const { reference, date, currency, lines, state, document, reverses } = given;
    const id = String(this.vouchers.length + 1);
    const held = {
      id,
      reference,
      date,
      currency,
      lines,
      state,
      document,
      ...(reverses === undefined ? {} : { reverses }),
    };
    const posted = { ...held, seenAt: this.now + this.searchDelayMs };
    this.vouchers.push(posted);
    return posted;
  }
}

type Given = Omit<Posted, 'id' | 'state' | 'document'> & { readonly name?: string };

/** Opens the fake on a local port. */
export function startFakeBooks(kind: FakeKind): Promise<FaultServer<FakeBooks>> {
  const books = new FakeBooks(kind);
  return createFaultServer({ handler: books.handle, backDoor: books });
}
