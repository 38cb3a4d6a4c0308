import { addDays, type PlainDate, type Posted } from '@bilag/core';
import type { AccountMap } from './account-map.ts';
import type { FikenClient } from './client.ts';
import { idText, toPosted, type PostingId } from './from-fiken.ts';
import { carriesReference, earliestPosting, referenceIn } from './marker.ts';
import { readEntry, readSale, readTransaction, type Entry, type Sale, type Transaction } from './replies.ts';

/** Finds postings: sales by their number, journal entries by the reference in their text. */
export class Lookup {
  readonly #client: FikenClient;
  readonly #accounts: AccountMap;
  readonly #clearing: ReadonlySet<string>;

  constructor(client: FikenClient, accounts: AccountMap, clearingAccounts: readonly string[]) {
    this.#client = client;
    this.#accounts = accounts;
    this.#clearing = new Set(clearingAccounts);
  }

  /**
   * Everything with exactly this reference. Entries are looked for from the ledger date on by the day they were made, not
   * by their posting date: people move entries, and nothing of a ledger date is posted before it.
   */
  async find(reference: string): Promise<Posted[]> {
    const since = earliestPosting(reference);
    const numbered = await this.#client.readAll('/sales', readSale, { saleNumber: reference });
    const sales = numbered.filter((sale) => sale.saleNumber === reference);
    const window = since === undefined ? {} : { createdDateGe: addDays(since, -1) };
    const entries = await this.#client.readAll('/journalEntries', readEntry, window);
    const sold = new Set(sales.map((sale) => sale.transactionId));
    const marked = unique(
      entries.filter((entry) => carriesReference(entry.description, reference)).flatMap(transactionIdOf),
    ).filter((id) => !sold.has(id));
    const hits = [
      ...sales.map((sale): PostingId => ({ kind: 'sale', number: sale.saleId })),
      ...marked.map((number): PostingId => ({ kind: 'transaction', number })),
    ];
    const transactions = await this.#transactionsOf([...sales.map((sale) => sale.transactionId), ...marked]);
    const originals = originalsOf([...entries, ...transactions.flatMap((one) => one.entries)]);
    const found: Posted[] = [];
    for (const [index, id] of hits.entries()) {
      const transaction = transactions[index] as Transaction;
      const original = originals.get(transaction.transactionId);
      // The counter entry of another hit, whose text Fiken or a person carried over: no voucher of ours.
      if (original !== undefined && transactions.some((one) => one.transactionId === original)) continue;
      found.push(this.#posted(transaction, id, reference, sales[index], await this.#idOf(original)));
    }
    return found;
  }

  /** Everything between two posting dates that carries a reference of ours, or touches a clearing account. */
  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const range = { dateGe: from, dateLe: to };
    const sales = await this.#client.readAll('/sales', readSale, range);
    const entries = await this.#client.readAll('/journalEntries', readEntry, range);
    const saleOf = new Map(sales.map((sale) => [sale.transactionId, sale]));
    const originals = originalsOf(entries);
    const nameOf = (id: number): string => idText(nameOfPosting(id, saleOf.get(id)));
    const byTransaction = Map.groupBy(entries, (entry) => transactionIdOf(entry)[0] ?? 0);
    for (const [id, own] of byTransaction) {
      const sale = saleOf.get(id);
      const reference =
        referenceIn(sale?.saleNumber ?? '') ?? referenceIn(own.map((one) => one.description).join('\n'));
      const original = originals.get(id);
      const transaction = { transactionId: id, entries: own, deleted: sale?.deleted };
      const posted = this.#posted(
        transaction,
        nameOfPosting(id, sale),
        reference ?? '',
        sale,
        original === undefined ? undefined : nameOf(original),
      );
      const touchesClearing = posted.lines.some((line) => this.#clearing.has(line.account));
      if (reference !== undefined || touchesClearing) yield posted;
    }
  }

  /** One transaction, by the id Fiken gave it. */
  async transaction(transactionId: number): Promise<Transaction> {
    return this.#client.read(`/transactions/${transactionId}`, readTransaction);
  }

  async #transactionsOf(ids: readonly number[]): Promise<Transaction[]> {
    const transactions: Transaction[] = [];
    for (const id of ids) transactions.push(await this.transaction(id));
    return transactions;
  }

  /** Our id of what a counter entry takes back: a sale's own where it is one. */
  async #idOf(transactionId: number | undefined): Promise<string | undefined> {
    if (transactionId === undefined) return undefined;
    const date = (await this.transaction(transactionId)).entries[0]?.date;
    const sales = date === undefined ? [] : await this.#client.readAll('/sales', readSale, { date });
    const sale = sales.find((one) => one.transactionId === transactionId);
    return idText(nameOfPosting(transactionId, sale));
  }

  #posted(
    transaction: Transaction,
    id: PostingId,
    reference: string,
    sale: Sale | undefined,
    reverses: string | undefined,
  ): Posted {
    return toPosted(transaction.entries, this.#accounts, {
      id: idText(id),
      reference,
      state: stateOf(transaction, sale),
      document: id.kind === 'sale' ? 'sale' : 'journal',
      reverses,
    });
  }
}

/** Reversed where a counter entry stands against it; an open entry may be deleted without one. */
export function stateOf(transaction: Transaction, sale?: Sale): Posted['state'] {
  if (offsetOf(transaction) !== undefined) return 'reversed';
  return transaction.deleted === true || sale?.deleted === true ? 'deleted' : 'live';
}

/** The transaction that takes this one back. */
export function offsetOf(transaction: Transaction): number | undefined {
  return (
    transaction.entries.find((entry) => typeof entry.offsetTransactionId === 'number')?.offsetTransactionId ?? undefined
  );
}

/** Counter entry → what it takes back. */
function originalsOf(entries: readonly Entry[]): ReadonlyMap<number, number> {
  const originals = new Map<number, number>();
  for (const entry of entries) {
    const [id] = transactionIdOf(entry);
    if (id !== undefined && typeof entry.offsetTransactionId === 'number') originals.set(entry.offsetTransactionId, id);
  }
  return originals;
}

function nameOfPosting(transactionId: number, sale: Sale | undefined): PostingId {
  return sale === undefined ? { kind: 'transaction', number: transactionId } : { kind: 'sale', number: sale.saleId };
}

function transactionIdOf({ transactionId }: Entry): number[] {
  return transactionId === undefined ? [] : [transactionId];
}

function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}
