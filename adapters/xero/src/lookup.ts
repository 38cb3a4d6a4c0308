import type { PlainDate, Posted } from '@bilag/core';
import type { XeroClient } from './client.ts';
import type { XeroConfig } from './config.ts';
import { referenceOf, toForeign, toPosted } from './from-xero.ts';
import type { Registers } from './registers.ts';
import { journalsReply, ledgerReply, type JournalReply } from './replies.ts';
import { inFilter } from './xero-date.ts';

/** What the organisation holds. Manual journals are looked for by the first word of their narration. */
export class Lookup {
  readonly #client: XeroClient;
  readonly #registers: Registers;
  readonly #config: XeroConfig;

  constructor(client: XeroClient, registers: Registers, config: XeroConfig) {
    this.#client = client;
    this.#registers = registers;
    this.#config = config;
  }

  /** One journal, as it is now; undefined where the reply has none. */
  async journal(id: string): Promise<Posted | undefined> {
    const [journal] = await this.#client.read(journalsReply, `/ManualJournals/${encodeURIComponent(id)}`);
    return journal === undefined ? undefined : this.#shown(journal);
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const found = await this.#journals(`Narration.StartsWith("${reference.replaceAll(/[^\w.-]/g, '')}")`);
    return Promise.all(found.filter((one) => referenceOf(one) === reference).map((one) => this.#shown(one)));
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const watched = new Set(this.#config.clearingAccounts);
    const isWatched = (posted: Posted): boolean => posted.lines.some(({ account }) => watched.has(account));
    for (const journal of await this.#journals(`Date>=${inFilter(from)} AND Date<=${inFilter(to)}`)) {
      const posted = await this.#shown(journal);
      if (posted.reference !== '' || (posted.state === 'live' && isWatched(posted))) yield posted;
    }
    if (watched.size === 0) return;
    const { BaseCurrency } = (await this.#registers.entries.get()).organisation;
    // What is dated then was written since, all but always.
    for (const entry of await this.#client.readLedger(ledgerReply, from)) {
      const isWithin = from <= entry.JournalDate && entry.JournalDate <= to;
      const posted = toForeign(entry, BaseCurrency);
      if (isWithin && entry.SourceType !== 'MANJOURNAL' && isWatched(posted)) yield posted;
    }
  }

  /** Vouchers of ours that wait for a person. */
  async waiting(): Promise<number> {
    const drafts = await this.#journals('Status=="DRAFT"');
    return drafts.filter((one) => referenceOf(one) !== '').length;
  }

  /** Each once: what comes while pages are read moves rows to the next. */
  async #journals(where: string): Promise<JournalReply[]> {
    const all = await this.#client.readAll(journalsReply, '/ManualJournals', where);
    return [...new Map(all.map((one) => [one.ManualJournalID, one])).values()];
  }

  async #shown(journal: JournalReply): Promise<Posted> {
    const { BaseCurrency } = (await this.#registers.entries.get()).organisation;
    return toPosted(journal, BaseCurrency, this.#config);
  }
}
