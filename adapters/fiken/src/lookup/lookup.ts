import type { PlainDate, Posted } from '@bilag/core';
import type { AccountMap } from '../registers/account-map.ts';
import type { FikenClient } from '../client.ts';
import { EntriesMadeSince } from './entries-made-since.ts';
import { idText, toPosted, type PostingId } from '../from-fiken.ts';
import { carriesReference, earliestPosting, referenceIn } from './marker.ts';
import { readEntry, readSale, readTransaction, type Entry, type Sale, type Transaction } from '../replies.ts';

/** Finds postings: sales by their number, journal entries by the reference in their text. */
export class Lookup {
  readonly #client: FikenClient;
  readonly #accounts: AccountMap;
  readonly #clearing: ReadonlySet<string>;
  readonly #madeSince: EntriesMadeSince;

  constructor(client: FikenClient, accounts: AccountMap, clearingAccounts: readonly string[]) {
    this.#client = client;
    this.#accounts = accounts;
    this.#madeSince = new EntriesMadeSince(client);
    this.#clearing = new Set(clearingAccounts);
  }

  /** Everything with exactly this reference, and what reverses it, whatever text that carries. */
  async find(reference: string): Promise<Posted[]> {
    const numbered = await this.#client.readAll('/sales', readSale, { saleNumber: reference });
    const sales = numbered.filter((sale) => sale.saleNumber === reference);
    const entries = await this.#madeSince.entries(earliestPosting(reference));
    const saleOf = new Map(sales.map((sale) => [sale.transactionId, sale]));
    const marked = entries
      .filter((entry) => carriesReference(entry.description, reference))
      .map((entry) => entry.transactionId);
    const found = new Map<number, Transaction>();
    for (const id of new Set([...saleOf.keys(), ...marked])) found.set(id, await this.transaction(id));
    for (const transaction of found.values()) {
      const offset = offsetOf(transaction);
      if (offset !== undefined && !found.has(offset)) found.set(offset, await this.transaction(offset));
    }
    const originals = originalsOf([...entries, ...[...found.values()].flatMap((one) => one.entries)]);
    const nameOf = (number: number | undefined): string | undefined =>
      number === undefined ? undefined : idText(nameOfPosting(number, saleOf.get(number)));
    const posted: Posted[] = [];
    for (const [id, transaction] of found) {
      const sale = saleOf.get(id);
      const original = originals.get(id);
      const isFound = original === undefined || found.has(original);
      const reverses = isFound ? nameOf(original) : await this.#idOf(original);
      const state = stateOf(transaction, sale, found);
      posted.push(this.#posted(transaction, nameOfPosting(id, sale), { reference, state, reverses }));
    }
    return posted;
  }

  /**
   * Everything between two posting dates that carries a reference of ours, or touches a clearing account; where no clearing
   * account is named everything is listed, because any of it may be the same revenue.
   */
  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const range = { dateGe: from, dateLe: to };
    const sales = await this.#client.readAll('/sales', readSale, range);
    const entries = await this.#client.readAll('/journalEntries', readEntry, range);
    const saleOf = new Map(sales.map((sale) => [sale.transactionId, sale]));
    const originals = originalsOf(entries);
    const nameOf = (id: number): string => idText(nameOfPosting(id, saleOf.get(id)));
    const byTransaction = Map.groupBy(entries, (entry) => entry.transactionId);
    const transactions = new Map<number, Transaction>();
    for (const [id, own] of byTransaction) {
      transactions.set(id, { transactionId: id, entries: own, deleted: saleOf.get(id)?.deleted });
    }
    for (const [id, transaction] of transactions) {
      const own = transaction.entries;
      const sale = saleOf.get(id);
      const reference =
        referenceIn(sale?.saleNumber ?? '') ?? referenceIn(own.map((one) => one.description).join('\n'));
      const original = originals.get(id);
      const posted = this.#posted(transaction, nameOfPosting(id, sale), {
        reference: reference ?? '',
        state: stateOf(transaction, sale, transactions),
        reverses: original === undefined ? undefined : nameOf(original),
      });
      const touchesClearing =
        this.#clearing.size === 0 || posted.lines.some((line) => this.#clearing.has(line.account));
      if (reference !== undefined || touchesClearing) yield posted;
    }
  }

  /** One transaction, by the id Fiken gave it. */
  async transaction(transactionId: number): Promise<Transaction> {
    return this.#client.read(`/transactions/${transactionId}`, readTransaction);
  }

  /** Our id of what a counter entry takes back: a sale's own where it is one. */
  async #idOf(transactionId: number): Promise<string> {
    const date = (await this.transaction(transactionId)).entries[0]?.date;
    const sales = date === undefined ? [] : await this.#client.readAll('/sales', readSale, { date });
    const sale = sales.find((one) => one.transactionId === transactionId);
    return idText(nameOfPosting(transactionId, sale));
  }

  #posted(
    transaction: Transaction,
    id: PostingId,
    shown: Pick<Posted, 'reference' | 'state'> & { readonly reverses: string | undefined },
  ): Posted {
    const document = id.kind === 'sale' ? 'sale' : 'journal';
    return toPosted(transaction.entries, this.#accounts, { ...shown, id: idText(id), document });
  }
}

/**
 * Reversed where a counter entry stands against it; an open entry may be deleted without one. Where a person deletes the counter
 * entry, the posting stands in the books again.
 */
function stateOf(
  transaction: Transaction,
  sale: Sale | undefined,
  transactions: ReadonlyMap<number, Transaction>,
): Posted['state'] {
  if (offsetOf(transaction) !== undefined) return isReversed(transaction, transactions) ? 'reversed' : 'live';
  return transaction.deleted === true || sale?.deleted === true ? 'deleted' : 'live';
}

/** A counter entry is later than what it takes back, so that this comes to an end. */
function isReversed(transaction: Transaction, transactions: ReadonlyMap<number, Transaction>): boolean {
  const offset = offsetOf(transaction);
  if (offset === undefined) return false;
  const counter = transactions.get(offset);
  return counter === undefined || !isReversed(counter, transactions);
}

/** The transaction that takes this one back. */
export function offsetOf(transaction: Transaction): number | undefined {
  return transaction.entries.flatMap(laterOffsetOf)[0];
}

/** Counter entry → what it takes back. */
function originalsOf(entries: readonly Entry[]): ReadonlyMap<number, number> {
  return new Map(
    entries.flatMap((entry) => laterOffsetOf(entry).map((offset) => [offset, entry.transactionId] as const)),
  );
}

/** A counter entry may point back at what it takes back; the later of the two is the counter entry. */
function laterOffsetOf({ transactionId, offsetTransactionId }: Entry): readonly number[] {
  return typeof offsetTransactionId === 'number' && offsetTransactionId > transactionId ? [offsetTransactionId] : [];
}

function nameOfPosting(transactionId: number, sale: Sale | undefined): PostingId {
  return sale === undefined ? { kind: 'transaction', number: transactionId } : { kind: 'sale', number: sale.saleId };
}
