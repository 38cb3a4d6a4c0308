import type { PlainDate, Posted } from '@bilag/core';
import type { UnimicroClient } from './client.ts';
import { creditsOf, draftExpand, entryExpand, lineExpand, postedIn, referenceOf } from './from-unimicro.ts';
import type { RegisterEntries, Registers } from './registers.ts';
import { entryReply, lineReply, type EntryHead, type EntryReply, type LineReply } from './replies.ts';
import { ownSource } from './to-unimicro.ts';

/** What the company holds. Searches are compared again here: see {@link UnimicroClient.list}. */
export class Lookup {
  readonly #client: UnimicroClient;
  readonly #registers: Registers;
  readonly #clearing: ReadonlySet<string>;

  constructor(client: UnimicroClient, registers: Registers, clearingAccounts: readonly string[]) {
    this.#client = client;
    this.#registers = registers;
    this.#clearing = new Set(clearingAccounts);
  }

  /** One entry, as it is now: a voucher first, and what stands in it that takes others back. */
  async entry(id: string): Promise<readonly Posted[]> {
    return postedIn(await this.#read(id), await this.#registers.entries.get());
  }

  /** A voucher, and what takes it back wherever that stands, under the voucher's reference. */
  async withCredits(id: string): Promise<readonly Posted[]> {
    return this.#shown(await this.#read(id), await this.#registers.entries.get());
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const entries = await this.#registers.entries.get();
    const filter = `ExternalReference eq '${reference.replaceAll("'", "''")}' and ExternalSource eq '${ownSource}'`;
    const found: Posted[] = [];
    for await (const entry of this.#client.list(entryReply, 'journalentries', { filter, expand: entryExpand })) {
      if (referenceOf(entry) === reference) found.push(...(await this.#shown(entry, entries)));
    }
    return found;
  }

  /** Everything between two dates that is ours, takes back something of ours, or is booked on a clearing account. */
  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const entries = await this.#registers.entries.get();
    const booked = await this.#entriesOf('journalentrylines', from, to, lineExpand);
    const drafts = await this.#entriesOf('journalentrylinedrafts', from, to, draftExpand);
    for (const [head, lines] of booked.values()) {
      for (const posted of postedIn({ ...head, Lines: lines }, entries)) {
        const reference = posted.reference || (await this.#referenceBehind(posted, booked));
        const isWatched = posted.lines.some(({ account }) => this.#clearing.has(account));
        if (reference !== '' || isWatched) yield { ...posted, reference };
      }
    }
    for (const [id, [head, lines]] of drafts) {
      // Once it is booked, an entry keeps its draft.
      if (booked.has(id) || head.JournalEntryNumber || referenceOf(head) === '') continue;
      yield* postedIn({ ...head, DraftLines: lines }, entries);
    }
  }

  #read(id: string): Promise<EntryReply> {
    return this.#client.read(entryReply, `/biz/journalentries/${id}`, { expand: entryExpand });
  }

  async #shown(entry: EntryReply, entries: RegisterEntries): Promise<Posted[]> {
    const found = postedIn(entry, entries);
    for (const id of creditsOf(entry)) if (id !== entry.ID) found.push(...(await this.entry(id)));
    const isOfIt = ({ id, reverses }: Posted): boolean => id === entry.ID || reverses === entry.ID;
    return found.filter(isOfIt).map((one) => ({ ...one, reference: referenceOf(entry) }));
  }

  /** The reference of what a posting takes back, where that is ours. */
  async #referenceBehind({ reverses }: Posted, booked: Entries): Promise<string> {
    if (reverses === undefined) return '';
    const [head] = booked.get(reverses) ?? [await this.#read(reverses)];
    return referenceOf(head);
  }

  async #entriesOf(route: string, from: PlainDate, to: PlainDate, expand: string): Promise<Entries> {
    const entries: Entries = new Map();
    const filter = `FinancialDate ge '${from}' and FinancialDate le '${to}'`;
    for await (const line of this.#client.list(lineReply, route, { filter, expand })) {
      const { JournalEntry: head, FinancialDate: date } = line;
      if (!head || date < from || date > to) continue;
      const [, lines = []] = entries.get(head.ID) ?? [];
      if (lines.length === 0) entries.set(head.ID, [head, lines]);
      lines.push(line);
    }
    return entries;
  }
}

/** By the id of an entry. */
type Entries = Map<string, readonly [EntryHead, LineReply[]]>;
