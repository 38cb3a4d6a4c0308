import type { PlainDate, RawPage, Reading, SourceCursor } from '@bilag/core';
import type { ArchivedDate, PageFilter } from './archive-queries.ts';
import type { KeptReading } from './history.ts';
import type { ArchiveVerification } from './verify-archive.ts';

/** What {@link ArchiveStore.store} did: `unchanged` when the same pages were there already. */
export interface StoredReading {
  readonly outcome: 'stored' | 'unchanged';
  /** 1 for the first reading of a date, then counting up. */
  readonly number: number;
}

/** A ledger as seen when it was fetched. */
export interface ArchivedLedger {
  readonly id: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The sales units it settles, such as `NO:57860`. */
  readonly handles: readonly string[];
}

/** How far an archive goes with a ledger. */
export interface ArchivedExtent {
  /** How many readings are kept, superseded ones too. None is ever taken away: while there are as many, they are the same. */
  readonly readings: number;
  /** The last date that there is anything of. */
  readonly last: PlainDate | undefined;
}

/** Where work on the archive stands, to go on from there. */
export interface ArchivedCheckpoint {
  /** A digest of everything that it was made of. Of anything else it says nothing: who finds another digest throws it away. */
  readonly madeOf: string;
  /** What it holds, as text. */
  readonly content: string;
}

/**
 * What was received, kept as received. Many may read; one writes, from its first write until {@link close}. Every method that
 * writes is one transaction, durable when it resolves. A store on another database keeps the laws of
 * `@bilag/engine/store-laws` (`archiveLaws`): run them in its tests.
 *
 * Storage troubles are `BilagError`s: `unavailable` (disk full), `busy` (another writer), `rejected` (damage).
 */
export interface ArchiveStore {
  /** For messages. */
  readonly where: string;
  /**
   * Stores one reading: its pages, what they are and its cursor, so that a crash leaves either the whole reading or none of
   * it. A later reading of an open date supersedes the earlier, whose pages are kept.
   *
   * A closed date never changes: the same content again is `unchanged` (the cursor still moves), other content throws
   * `conflict` and nothing is stored. Throws `rejected` for what cannot be a reading: no page or one missing, no date, or a
   * request that holds more than method, path and query.
   */
  store(reading: Reading): Promise<StoredReading>;
  /**
   * Stores several readings and a cursor, where there is one, all of it or nothing: what came in one go, such as a page of a feed that has
   * entries of several dates. Each keeps the rules of {@link store}; cursors of their own move too.
   */
  storeTogether(readings: readonly Reading[], cursor?: SourceCursor): Promise<readonly StoredReading[]>;
  /**
   * The current reading of every date that the filter lets through, page by page in the order ledger, date, topic,
   * sequence, as the archive was when the iteration began. Each body is checked against its digest: a missing one
   * throws `not-found`, a damaged one `rejected`.
   */
  pages(filter?: PageFilter): AsyncIterable<RawPage>;
  /** What is known of each date, without its pages, in the order ledger, date, topic. */
  dates(filter?: PageFilter): Promise<readonly ArchivedDate[]>;
  /** How far a ledger goes, up to a date where one is given. It reads neither pages nor what is known of each date. */
  extent(ledgerId: string, to?: PlainDate): Promise<ArchivedExtent>;
  /**
   * The last date up to which everything is closed, with no day missing, counted from the first date stored (or from
   * `from`, which may lie later); undefined when that date itself is open or missing.
   */
  lastClosed(ledgerId: string, topic: string, from?: PlainDate): Promise<PlainDate | undefined>;
  /** Where to go on fetching: the first date from `from` on that is open or missing in any of the topics. */
  nextDate(ledgerId: string, topics: readonly string[], from: PlainDate): Promise<PlainDate>;
  /** Where a source goes on reading, if it ever said. */
  cursor(source: string): Promise<string | undefined>;
  /** Every cursor, by source. */
  cursors(): Promise<readonly SourceCursor[]>;
  /** Moves a source's cursor on its own, when there were no pages to store with it. */
  setCursor(cursor: SourceCursor): Promise<void>;
  /** The checkpoint that was kept last under a name. */
  checkpoint(name: string): Promise<ArchivedCheckpoint | undefined>;
  /**
   * Keeps a checkpoint in the place of the one before, also while another process writes, and without keeping it from that. Losing it
   * costs time and nothing else.
   */
  keepCheckpoint(name: string, checkpoint: ArchivedCheckpoint): Promise<void>;
  /** Remembers ledgers as the source describes them now, all or none. A ledger never changes its currency: that throws `conflict`. */
  rememberLedgers(ledgers: Iterable<ArchivedLedger>): Promise<void>;
  /** Every ledger ever remembered, by id. */
  ledgers(): Promise<readonly ArchivedLedger[]>;
  /**
   * Every reading that is kept, superseded ones too, in the order ledger, date, topic, number, as the archive was when the iteration
   * began: what a copy is made of.
   */
  history(): AsyncIterable<KeptReading>;
  /**
   * Stores readings as another archive kept them, all or none; one that is here already stays. Throws `conflict` where another reading has
   * its number, or the one before it is not here.
   */
  restore(readings: readonly KeptReading[]): Promise<void>;
  /** Checks everything that is kept, superseded readings too. Each damaged place is a finding. */
  verify(): Promise<ArchiveVerification>;
  /** Lets another process write. May be called again. */
  close(): Promise<void>;
}
