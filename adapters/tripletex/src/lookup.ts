import { addDays, BilagError, isBilagError, isReference, type PlainDate, type Posted } from '@bilag/core';
import type { TripletexClient } from './client.ts';
import type { TripletexConfig } from './config.ts';
import { toPosted } from './from-tripletex.ts';
import { voucherFields, voucherReply, type TripletexVoucher } from './replies.ts';

/** Finds vouchers by the number that is our reference, by date, and by id. */
export class Lookup {
  readonly #client: TripletexClient;
  readonly #config: TripletexConfig;

  constructor(client: TripletexClient, config: TripletexConfig) {
    this.#client = client;
    this.#config = config;
  }

  async find(reference: string): Promise<readonly Posted[]> {
    if (reference === '') return [];
    const found = new Map<number, TripletexVoucher>();
    for await (const voucher of this.#search(reference)) {
      // The search may know parts of numbers; only the whole of it is ours.
      if (voucher.externalVoucherNumber === reference) found.set(voucher.id, voucher);
    }
    // A reversal need not have taken over the number of what it reverses.
    for (const { id, reverseVoucher } of found.values()) {
      const other = reverseVoucher?.id;
      if (other === undefined || other < id || found.has(other)) continue;
      const reversal = await this.#voucherIfThere(other);
      if (reversal !== undefined) found.set(other, { ...reversal, reverseVoucher: { id } });
    }
    return linked([...found.values()]).map((voucher) => ({ ...toPosted(voucher), reference }));
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const watched = new Set(this.#config.clearingAccounts);
    const found = new Map<number, TripletexVoucher>();
    // The second date of a range is not in it any more.
    const query = { dateFrom: from, dateTo: addDays(to, 1), fields: voucherFields };
    const posted = this.#client.values(voucherReply, '/ledger/voucher', query, 200);
    for await (const voucher of both(posted, this.#waiting())) {
      const { id, date, externalVoucherNumber, postings } = voucher;
      const isWatched = postings.some(({ account }) => watched.has(account.number));
      if (date >= from && date <= to && (isReference(externalVoucherNumber) || isWatched)) found.set(id, voucher);
    }
    for (const voucher of linked([...found.values()])) yield toPosted(voucher);
  }

  async *#search(reference: string): AsyncGenerator<TripletexVoucher> {
    const query = { externalVoucherNumber: reference, fields: voucherFields };
    const url = '/ledger/voucher/>externalVoucherNumber';
    for await (const voucher of this.#client.values(voucherReply, url, query, 100)) {
      // Fields are left out where a right is missing. It was found by its number: without one nobody can tell whose it is.
      if (typeof voucher.externalVoucherNumber !== 'string') throw unreadableNumber(voucher);
      yield voucher;
    }
    yield* this.#waiting();
  }

  /** What waits for a person is not among the posted ones. */
  async *#waiting(): AsyncGenerator<TripletexVoucher> {
    if (this.#config.sendToLedger) return;
    const query = { includeNonApproved: true, fields: voucherFields };
    yield* this.#client.values(voucherReply, '/ledger/voucher/>nonPosted', query, 200);
  }

  voucher(id: number): Promise<TripletexVoucher> {
    return this.#client.value(voucherReply, `/ledger/voucher/${id}`, { fields: voucherFields });
  }

  async #voucherIfThere(id: number): Promise<TripletexVoucher | undefined> {
    try {
      return await this.voucher(id);
    } catch (error) {
      if (isBilagError(error) && error.kind === 'not-found') return undefined;
      throw error;
    }
  }
}

/** Both ends of a reversal know each other, whichever of them Tripletex tells. */
function linked(vouchers: readonly TripletexVoucher[]): TripletexVoucher[] {
  const originals = new Map<number, number>();
  for (const { id, reverseVoucher } of vouchers) {
    if (reverseVoucher && reverseVoucher.id > id) originals.set(reverseVoucher.id, id);
  }
  return vouchers.map((voucher) => {
    const original = originals.get(voucher.id);
    return original === undefined || voucher.reverseVoucher
      ? voucher
      : { ...voucher, reverseVoucher: { id: original } };
  });
}

async function* both<Value>(first: AsyncIterable<Value>, second: AsyncIterable<Value>): AsyncGenerator<Value> {
  yield* first;
  yield* second;
}

/** How people know a voucher. */
export function shown({ id, numberAsString }: TripletexVoucher): string {
  return numberAsString ?? `with id ${id}`;
}

function unreadableNumber(voucher: TripletexVoucher): BilagError {
  return new BilagError('forbidden', {
    what: 'the external number of a voucher cannot be read',
    where: `voucher ${shown(voucher)} in Tripletex`,
    action: 'give the employee token access to all vouchers; without it nothing can be looked up before it is posted',
  });
}
