import type { PlainDate, Posted } from '@bilag/core';
import { paths, type EconomicClient } from './client.ts';
import type { EconomicConfig } from './config.ts';
import { referenceOf, toPosted, type EntryGroup } from './from-economic.ts';
import type { Registers } from './registers.ts';
import { bookedReply, draftReply, type BookedReply, type DraftReply } from './replies.ts';
import { numbersOf, ownNumbers } from './voucher-numbers.ts';

/** What journals and ledger hold. Vouchers are looked for by their numbers, which are made of the reference. */
export class Lookup {
  readonly #client: EconomicClient;
  readonly #registers: Registers;
  readonly #config: EconomicConfig;

  constructor(client: EconomicClient, registers: Registers, config: EconomicConfig) {
    this.#client = client;
    this.#registers = registers;
    this.#config = config;
  }

  /** Everything under the numbers that a reference may have, whatever reference it carries. */
  under(reference: string): Promise<EntryGroup[]> {
    return this.#numbered(`voucherNumber$in:[${numbersOf(reference).join(',')}]`);
  }

  /** Everything under one voucher number. */
  async voucher(voucherNumber: string): Promise<EntryGroup | undefined> {
    return (await this.#numbered(`voucherNumber$eq:${voucherNumber}`))[0];
  }

  /** What was just drafted under a number: nothing of it is booked yet. */
  async drafted(voucherNumber: number): Promise<EntryGroup> {
    const drafts = await this.#client.readAll(draftReply, paths.drafts, `voucherNumber$eq:${voucherNumber}`);
    return { voucherNumber: String(voucherNumber), drafts, booked: [] };
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const groups = (await this.under(reference)).filter((group) => referenceOf(group) === reference);
    return Promise.all(groups.map((group) => this.shown(group)));
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const { journal, clearingAccounts } = this.#config;
    const dates = `date$gte:${from}$and:date$lte:${to}`;
    const onClearing = (field: string): string =>
      clearingAccounts.length === 0 ? '' : `$or:${field}$in:[${clearingAccounts.join(',')}]`;
    const waiting = `journalNumber$eq:${journal}${onClearing('accountNumber')}${onClearing('contraAccountNumber')}`;
    const own = `voucherNumber$gte:${ownNumbers.from}${onClearing('accountNumber')}`;
    const groups = await this.#read(`${dates}$and:(${waiting})`, `${dates}$and:(${own})`);
    const watched = new Set(clearingAccounts);
    for (const group of groups) {
      const posted = await this.shown(group);
      if (posted.reference !== '' || posted.lines.some(({ account }) => watched.has(account))) yield posted;
    }
  }

  /** A voucher in the policy's terms. */
  async shown(group: EntryGroup): Promise<Posted> {
    return toPosted(group, await this.#registers.entries.get(), this.#config.mode);
  }

  /** How many lines of ours wait in the journal. */
  async waiting(): Promise<number> {
    const drafts = await this.#client.readAll(draftReply, paths.drafts, `journalNumber$eq:${this.#config.journal}`);
    return groupsOf(drafts, []).filter((group) => referenceOf(group) !== '').length;
  }

  #numbered(filter: string): Promise<EntryGroup[]> {
    return this.#read(filter, filter);
  }

  /**
   * Drafts first: what is booked between the two readings is then seen twice, and not missed. Where both show something of a voucher,
   * the drafts are read once more.
   */
  async #read(draftFilter: string, bookedFilter: string): Promise<EntryGroup[]> {
    const readDrafts = (): Promise<DraftReply[]> => this.#client.readAll(draftReply, paths.drafts, draftFilter);
    const drafts = await readDrafts();
    const booked = await this.#client.readAll(bookedReply, paths.booked, bookedFilter);
    const groups = groupsOf(drafts, booked);
    const isOnTheWay = groups.some((group) => group.drafts.length > 0 && group.booked.length > 0);
    return isOnTheWay ? groupsOf(await readDrafts(), booked) : groups;
  }
}

/** By voucher number. Numbers of others begin again every year, so that those of other dates are other vouchers. */
function groupsOf(drafts: readonly DraftReply[], booked: readonly BookedReply[]): EntryGroup[] {
  const groups = new Map<string, { voucherNumber: string; drafts: DraftReply[]; booked: BookedReply[] }>();
  const groupOf = ({ voucherNumber, date }: Pick<DraftReply, 'voucherNumber' | 'date'>) => {
    const number = voucherNumber ?? '';
    const key = Number(number) >= ownNumbers.from ? number : `${number} ${date}`;
    const group = groups.get(key) ?? { voucherNumber: number, drafts: [], booked: [] };
    groups.set(key, group);
    return group;
  };
  for (const entry of booked) groupOf(entry).booked.push(entry);
  for (const entry of drafts) groupOf(entry).drafts.push(entry);
  return [...groups.values()];
}
