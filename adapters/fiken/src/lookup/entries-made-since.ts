import { addDays, plainDate, type PlainDate } from '@bilag/core';
import type { FikenClient } from '../client.ts';
import { referenceIn } from './marker.ts';
import { readEntry, type Entry } from '../replies.ts';

/**
 * Journal entries by the day they were made, which nobody can change: people move entries to other posting dates, and
 * nothing of a ledger date is made before it.
 *
 * The last days are read each time. What was made before them is read once per connection and only what can carry a
 * reference, or reverses something, is kept: catching up on a year would otherwise read the year again for each voucher.
 */
export class EntriesMadeSince {
  readonly #client: FikenClient;
  #older: { readonly since: PlainDate; readonly before: PlainDate; readonly entries: readonly Entry[] } | undefined;

  constructor(client: FikenClient) {
    this.#client = client;
  }

  /** Entries made from the day before a date on; every entry where there is no date. */
  async entries(date: PlainDate | undefined): Promise<readonly Entry[]> {
    if (date === undefined) return this.#client.readAll('/journalEntries', readEntry);
    // Days are Fiken's, in Norway, and this machine's clock may be elsewhere.
    const since = addDays(date, -1);
    const recent = addDays(plainDate(new Date(this.#client.now()).toISOString().slice(0, 10)), -2);
    if (since >= recent) return this.#client.readAll('/journalEntries', readEntry, { createdDateGe: since });
    const older = await this.#madeBefore(recent, since);
    return [...older, ...(await this.#client.readAll('/journalEntries', readEntry, { createdDateGe: recent }))];
  }

  async #madeBefore(before: PlainDate, since: PlainDate): Promise<readonly Entry[]> {
    const kept = this.#older;
    if (kept !== undefined && kept.before === before && kept.since <= since) return kept.entries;
    const window = { createdDateGe: since, createdDateLt: before };
    const entries = (await this.#client.readAll('/journalEntries', readEntry, window)).filter(
      (entry) => referenceIn(entry.description) !== undefined || typeof entry.offsetTransactionId === 'number',
    );
    this.#older = { since, before, entries };
    return entries;
  }
}
