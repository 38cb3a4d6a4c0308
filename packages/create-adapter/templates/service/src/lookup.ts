import type { PlainDate, Posted } from '@bilag/core';
import { replyAs, type ServiceClient } from '@bilag/http';
import { fromAcmeBooks } from './from-acme-books.ts';
import { heldVoucher, heldVouchers, type AcmeBooksHeld } from './replies.ts';

/** What Acme Books holds: one voucher, those under a reference, and those of a period. Reads alone. */
export class Lookup {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  async voucher(id: string): Promise<AcmeBooksHeld> {
    return replyAs(heldVoucher, await this.#client.read({ url: `/vouchers/${encodeURIComponent(id)}` }));
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const reply = await this.#client.read({ url: '/vouchers', query: { reference } });
    const found = replyAs(heldVouchers, reply);
    // The contract says exactly this reference; a search that is less exact is made exact here.
    return found.filter((held) => held.reference === reference).map(fromAcmeBooks);
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    let page = 1;
    let isLast = false;
    // A list that does not end is given up by the client.
    const replies = this.#client.pages(() => (isLast ? undefined : { url: '/vouchers', query: { from, to, page } }));
    for await (const reply of replies) {
      const found = replyAs(heldVouchers, reply);
      yield* found.map(fromAcmeBooks);
      page += 1;
      isLast = found.length < pageSize;
    }
  }
}

const pageSize = 100;
