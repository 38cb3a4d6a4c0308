import type { PlainDate } from '../money/plain-date.ts';
import type { LedgerDate } from '../ledger/ledger.ts';
import type { SourceProfile } from '../ledger/source-profile.ts';
import type { ConfigSchema, contractVersion } from './contract.ts';
import type { ServiceContext } from './service.ts';

/** One page as the source sent it, or as it stood in a file. Everything else is a pure function of these. */
export interface RawPage {
  readonly ledgerId: string;
  /** What was asked for, such as `funds` or `fees`. */
  readonly topic: string;
  /** The ledger date the page belongs to. */
  readonly date: PlainDate;
  /** The page's place in its reading. */
  readonly sequence: number;
  /** Whether the source said that nothing more can come for this date. */
  readonly closed: boolean;
  /** Method, path and query, or the name of a file; never a header, so never a key. */
  readonly request: string;
  /** When it was received: ISO 8601 with offset or `Z`. */
  readonly receivedAt: string;
  /** The body, byte for byte. */
  readonly body: Uint8Array;
}

/** All pages of one topic of one ledger on one date, as read in one go. */
export interface Reading {
  readonly ledgerId: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly closed: boolean;
  /** In any order; their sequences count up by one without a hole. */
  readonly pages: readonly Pick<RawPage, 'sequence' | 'body' | 'request' | 'receivedAt'>[];
  /**
   * What the pages say, without what differs from one reading to the next (a paging cursor): equal text is equal content.
   * Absent: the bodies themselves are compared, byte for byte.
   */
  readonly fingerprint?: string;
  /** Where the source goes on: saved together with the pages, or not at all. */
  readonly cursor?: SourceCursor;
}

/** The pages of a reading, each with what it is a page of. */
export function rawPagesOf({ ledgerId, topic, date, closed, pages }: Reading): RawPage[] {
  return pages.map((page) => ({ ...page, ledgerId, topic, date, closed }));
}

/** Where a source goes on reading: opaque text under the source's own name. */
export interface SourceCursor {
  readonly source: string;
  readonly value: string;
}

/** A ledger that a source's keys can see now. */
export interface SourceLedger {
  readonly id: string;
  /** ISO 4217; null where the provider does not tell. */
  readonly currency: string | null;
  /** The organisation number of whoever owns it, as the provider writes it; null where it does not tell. */
  readonly owner: string | null;
  /** What settles into it, as its entries name it. */
  readonly salesUnits: readonly { readonly id: string | null; readonly name: string | null }[];
  /** The bank account that payouts go to, as the provider writes it; null where it does not tell. */
  readonly payoutAccount: string | null;
}

/** Which dates of a ledger to read. */
export interface DatesToRead {
  readonly ledgerId: string;
  readonly currency: string;
  /** Ascending. */
  readonly dates: Iterable<PlainDate>;
}

/** A date that was read: its pages topic by topic, and what the reader noticed. */
export interface ReadDate {
  readonly date: PlainDate;
  /** None where the provider has nothing to give for the date yet. */
  readonly readings: readonly Reading[];
  readonly read: LedgerDate;
}

/** Time and everything else that a source takes from outside. */
export interface SourceContext extends Pick<ServiceContext, 'now' | 'credentials' | 'signal'> {
  /** The system that asks, for providers that want to know. */
  readonly system: { readonly name: string; readonly version: string };
}

/** A connection to a provider. Nothing is sent until it is asked for something. */
export interface SourceConnection {
  /** Every ledger the keys can see. None means no access, not no sales. */
  ledgers(): AsyncIterable<SourceLedger>;
  /** Reads dates of a ledger, in their order. A date that fails throws; the dates before it were given. */
  read(wanted: DatesToRead): AsyncIterable<ReadDate>;
  close(): Promise<void>;
}

/** The beginning of a file, by which a source knows it. */
export interface FileHead {
  readonly name: string;
  /** At most the first 64 KiB. */
  readonly bytes: Uint8Array;
}

/** A file to read. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a source's config says of its ledgers. */
export interface SourceTopics {
  /** What must be closed of a date for the date to be complete, such as `funds` and `fees`. */
  readonly topics: readonly string[];
  /** Where the fees stand: on an account of their own, beside each sale (`accrued`), or nowhere that is read. */
  readonly fees: 'own-account' | 'accrued' | 'not-read';
}

/** A provider that we read. */
export interface Source<Config = unknown> {
  readonly contract: typeof contractVersion;
  readonly kind: 'source';
  /** Short and lower-case, such as `vipps`. */
  readonly id: string;
  readonly title: string;
  readonly config: ConfigSchema<Config>;
  /** The provider's words: its dates carry them. */
  readonly profile: SourceProfile;
  topics(config: Config): SourceTopics;
  /** Where it has an API. Companies with equal `key`s share a connection, because limits are per key. */
  connect?(config: Config, context: SourceContext): Promise<SourceConnection>;
  /** What kind of file this is, in words, such as `settlement report 3.0`; undefined when the source cannot read it. */
  recognises?(head: FileHead): string | undefined;
  /** What a file holds, as ledger dates. Throws `rejected` with the place in the file. */
  datesOfFiles?(files: readonly SourceFile[], config: Config): readonly LedgerDate[];
  /** Pure: raw pages, ledger by ledger and date by date, become facts, closed or open. */
  dates(
    pages: Iterable<RawPage> | AsyncIterable<RawPage>,
    ledger: { readonly currency: string },
    config: Config,
  ): AsyncIterable<LedgerDate>;
}

/**
 * Declares a source. Nothing happens here: an import sends nothing and reads nothing.
 *
 * @example
 * ```ts
 * import { defineSource } from '@bilag/core';
 * import { z } from 'zod';
 *
 * const source = defineSource({
 *   contract: 1,
 *   kind: 'source',
 *   id: 'till',
 *   title: 'The till at the door',
 *   config: z.object({}),
 *   profile: { provider: 'The till', series: 'TILL' },
 *   topics: () => ({ topics: ['day'], fees: 'not-read' }),
 *   async *dates() {},
 * });
 * source.id; // => 'till'
 * ```
 */
export function defineSource<Config>(source: Source<Config>): Source<Config> {
  return source;
}
