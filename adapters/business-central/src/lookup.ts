import { keyDate, type PlainDate, type Posted } from '@bilag/core';
import { quoted, type BusinessCentralClient } from './client.ts';
import type { BusinessCentralConfig } from './config.ts';
import { documentNumberOf, ownPrefix } from './document-numbers.ts';
import { groupsOf, referenceOf, toPosted, type EntryGroup } from './from-business-central.ts';
import type { Registers } from './registers.ts';
import { entryReply, lineReply, type EntryReply, type LineReply } from './replies.ts';

/** What journal and ledger hold. Vouchers are looked for by their document numbers, which are made of the reference. */
export class Lookup {
  readonly #client: BusinessCentralClient;
  readonly #registers: Registers;
  readonly #config: BusinessCentralConfig;

  constructor(client: BusinessCentralClient, registers: Registers, config: BusinessCentralConfig) {
    this.#client = client;
    this.#registers = registers;
    this.#config = config;
  }

  /** Everything that waits in the journal, of whoever it is. */
  async waiting(): Promise<EntryGroup[]> {
    return groupsOf(await this.#lines(undefined), []);
  }

  /** What waits under a document number. */
  async drafted(documentNumber: string): Promise<EntryGroup> {
    return { documentNumber, lines: await this.#lines(isNumbered(documentNumber)), entries: [] };
  }

  /** Everything under a document number, in the journal and in the ledger. */
  async numbered(documentNumber: string): Promise<EntryGroup | undefined> {
    const filter = isNumbered(documentNumber);
    return (await this.#read(filter, [filter]))[0];
  }

  /** What stands under a reference. A journal may have a number series of its own for what it posts: then the text tells. */
  async under(reference: string): Promise<EntryGroup[]> {
    const group = await this.numbered(documentNumberOf(reference));
    if (group !== undefined) return referenceOf(group) === reference ? [group] : [];
    const filters = [`startswith(description,${quoted(`${reference} `)})`, dateFrom(keyDate(reference))];
    const entries = await this.#entries(filters.filter((one) => one !== undefined).join(' and '));
    return groupsOf([], entries).filter((one) => referenceOf(one) === reference);
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const groups = await this.under(reference);
    return Promise.all(groups.map((group) => this.shown(group)));
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const { clearingAccounts } = this.#config;
    const dates = `postingDate ge ${from} and postingDate le ${to}`;
    // Two fields cannot be joined by "or": our own numbers and the watched accounts are two readings.
    const own = `${dates} and startswith(documentNumber,${quoted(ownPrefix)})`;
    const watched = clearingAccounts.map((account) => `accountNumber eq ${quoted(account)}`).join(' or ');
    const filters = watched === '' ? [own] : [own, `${dates} and (${watched})`];
    const onClearing = new Set(clearingAccounts);
    for (const group of await this.#read(dates, filters)) {
      const posted = await this.shown(group);
      if (posted.reference !== '' || posted.lines.some(({ account }) => onClearing.has(account))) yield posted;
    }
  }

  /** A voucher in the policy's terms. */
  async shown(group: EntryGroup): Promise<Posted> {
    return toPosted(group, this.#config, await this.#registers.currency());
  }

  /**
   * The journal first: what is posted between the two readings is then seen twice, and not missed. Where both show something of a
   * voucher, the journal is read once more.
   */
  async #read(lineFilter: string, entryFilters: readonly string[]): Promise<EntryGroup[]> {
    const lines = await this.#lines(lineFilter);
    const entries = new Map<string, EntryReply>();
    for (const filter of entryFilters) {
      for (const entry of await this.#entries(filter)) entries.set(entry.entryNumber, entry);
    }
    const inOrder = [...entries.values()].toSorted((a, b) => Number(a.entryNumber) - Number(b.entryNumber));
    const groups = groupsOf(lines, inOrder);
    const isOnTheWay = groups.some((group) => group.lines.length > 0 && group.entries.length > 0);
    return isOnTheWay ? groupsOf(await this.#lines(lineFilter), inOrder) : groups;
  }

  async #lines(filter: string | undefined): Promise<LineReply[]> {
    const path = `/${await this.#registers.journalPlace()}/journalLines`;
    return this.#client.readAll(lineReply, path, {
      key: 'lineNumber',
      ...(filter !== undefined && { filter }),
      expand: this.#expand(),
    });
  }

  async #entries(filter: string): Promise<EntryReply[]> {
    const path = `/${await this.#registers.place()}/generalLedgerEntries`;
    return this.#client.readAll(entryReply, path, { key: 'entryNumber', filter, expand: this.#expand() });
  }

  #expand(): string | undefined {
    return this.#config.dimensions.length === 0 ? undefined : 'dimensionSetLines';
  }
}

function isNumbered(documentNumber: string): string {
  return `documentNumber eq ${quoted(documentNumber)}`;
}

function dateFrom(date: PlainDate | undefined): string | undefined {
  return date === undefined ? undefined : `postingDate ge ${date}`;
}
