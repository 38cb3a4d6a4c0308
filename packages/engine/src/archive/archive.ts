import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BilagError, type PlainDate, type RawPage, type Reading, type SourceCursor } from '@bilag/core';
import { indexPathOf, openIndex } from './archive-index.ts';
import { closedDateChanged, currencyChanged } from './archive-refusals.ts';
import type {
  ArchivedCheckpoint,
  ArchivedExtent,
  ArchivedLedger,
  ArchiveStore,
  StoredReading,
} from './archive-store.ts';
import { lastClosedOf, nextDateOf } from './closed-dates.ts';
import { otherHistory, readingsOf, type HistoryPage, type KeptReading } from './history.ts';
import {
  selectDates,
  selectExtent,
  selectHistory,
  selectPages,
  type ArchivedDate,
  type PageFilter,
  type PageRow,
} from './archive-queries.ts';
import { Commits } from '../storage/commits.ts';
import { openSnapshot } from '../storage/database.ts';
import { takeExclusiveLock, type ExclusiveLock } from '../storage/exclusive-lock.ts';
import { makePrivate, makePrivateFolder } from '../storage/private-files.ts';
import { digestOf, PageFiles, type StoredPage } from './page-files.ts';
import { digestsIn, pagesToStore, type PageToStore } from './reading.ts';
import { toStorageError } from '../storage/storage-error.ts';
import { verifyArchive, type ArchiveVerification } from './verify-archive.ts';

/**
 * Opens the archive in a folder, and makes it when it is not there (unless `create` is false). Raw pages lie in
 * `pages/`, by the SHA-256 of what was received; an SQLite index says what they are. What others may do with it is
 * taken from them.
 *
 * Throws `not-found` (no archive, or its index lost), `rejected` (damaged index), `unsupported` (written by a newer
 * version), `config` or `forbidden` (a folder that cannot be used).
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { plainDate } from '@bilag/core';
 * import { openArchive } from '@bilag/engine';
 *
 * const archive = await openArchive(await mkdtemp(join(tmpdir(), 'archive-')));
 * const body = new TextEncoder().encode('{"items":[]}');
 * const page = { sequence: 0, body, request: 'GET /report/v2/ledgers', receivedAt: '2026-02-01T06:00:00Z' };
 * const reading = { ledgerId: '302321', topic: 'funds', date: plainDate('2026-01-31'), closed: true, pages: [page] };
 * (await archive.store(reading)).outcome; // => 'stored'
 * (await archive.store(reading)).outcome; // => 'unchanged'
 * await archive.lastClosed('302321', 'funds'); // => '2026-01-31'
 * await archive.nextDate('302321', ['funds'], plainDate('2026-01-31')); // => '2026-02-01'
 * await archive.close();
 * ```
 */
export async function openArchive(folder: string, options: { readonly create?: boolean } = {}): Promise<ArchiveStore> {
  if (options.create === false && !existsSync(indexPathOf(folder)) && !existsSync(join(folder, 'pages'))) {
    throw new BilagError('not-found', {
      what: 'there is no archive',
      where: folder,
      action: 'look at the path, or fetch into it first',
    });
  }
  try {
    makePrivateFolder(folder);
    makePrivate(join(folder, 'pages'), ...(isOursAlone(folder) ? [folder] : []));
    return new FileArchive(folder, openIndex(folder));
  } catch (error) {
    throw toStorageError(error, folder, 'nothing was changed');
  }
}

/** A folder with other things in it may be for others to use. */
function isOursAlone(folder: string): boolean {
  return readdirSync(folder).every((name) =>
    /^(?:index\.sqlite|writer\.lock)(?:-\w+)?$|^pages$|^temporary$|^delivered-[0-9a-f]+\.json$/.test(name),
  );
}

const pagesAhead = 4;

class FileArchive implements ArchiveStore {
  readonly where: string;
  readonly #index: DatabaseSync;
  readonly #commits: Commits;
  readonly #files: PageFiles;
  #lock: ExclusiveLock | undefined;
  #prepared: Promise<void> | undefined;

  constructor(folder: string, index: DatabaseSync) {
    this.where = folder;
    this.#index = index;
    this.#commits = new Commits(index, indexPathOf(folder));
    this.#files = new PageFiles(folder);
  }

  async store(reading: Reading): Promise<StoredReading> {
    const [stored] = await this.#storeAll([reading]);
    if (stored === undefined) throw new TypeError('each reading is stored or refused');
    return stored;
  }

  async storeTogether(readings: readonly Reading[], cursor?: SourceCursor): Promise<readonly StoredReading[]> {
    return this.#storeAll(readings, cursor);
  }

  /** The pages are safely on the disk before the index names them. */
  async #storeAll(given: readonly Reading[], cursor?: SourceCursor): Promise<readonly StoredReading[]> {
    const readings = given.map((reading) => ({ reading, pages: pagesToStore(reading) }));
    return this.#write(async () => {
      for (const { reading, pages } of readings) this.#decide(reading, pages);
      await this.#files.write(readings.flatMap(({ pages }) => pages.map((page) => page.body)));
      return this.#commits.make(() => {
        const stored = readings.map(({ reading, pages }) => {
          const decision = this.#decide(reading, pages);
          if (decision.outcome === 'stored') this.#insert(reading, pages, decision.number, fingerprintOf(reading));
          if (reading.cursor !== undefined) this.#saveCursor(reading.cursor);
          return decision;
        });
        if (cursor !== undefined) this.#saveCursor(cursor);
        return stored;
      });
    });
  }

  async *pages(filter: PageFilter = {}): AsyncGenerator<RawPage, void, undefined> {
    const snapshot = this.#read(() => openSnapshot(indexPathOf(this.where)));
    // The next ones are read and unpacked while somebody works on this one.
    const ahead: Promise<RawPage>[] = [];
    try {
      const rows = this.#read(() => selectPages(snapshot, filter));
      let isAtEnd = false;
      for (;;) {
        while (ahead.length < pagesAhead && !isAtEnd) {
          const row = this.#read(() => rows.next());
          // Node 22 begins a statement anew when it is asked for a row after its last.
          isAtEnd = row.done === true;
          if (row.done === true) break;
          const page = this.#page(row.value);
          // Its failure is thrown when the reader comes to it; a reader that leaves early never hears of it.
          page.catch(() => undefined);
          ahead.push(page);
        }
        const page = ahead.shift();
        if (page === undefined) return;
        yield await page;
      }
    } finally {
      await Promise.allSettled(ahead);
      snapshot.close();
    }
  }

  async #page({
    digest,
    bytes,
    received_at: receivedAt,
    ledger_id: ledgerId,
    closed,
    ...page
  }: PageRow): Promise<RawPage> {
    return { ...page, ledgerId, receivedAt, closed: closed === 1, body: await this.#files.read({ digest, bytes }) };
  }

  async dates(filter: PageFilter = {}): Promise<readonly ArchivedDate[]> {
    return this.#dates(filter);
  }

  async extent(ledgerId: string, to?: PlainDate): Promise<ArchivedExtent> {
    return this.#read(() => selectExtent(this.#index, ledgerId, to));
  }

  async lastClosed(...asked: Parameters<ArchiveStore['lastClosed']>): Promise<PlainDate | undefined> {
    return lastClosedOf((filter) => this.dates(filter), ...asked);
  }

  async nextDate(...asked: Parameters<ArchiveStore['nextDate']>): Promise<PlainDate> {
    return nextDateOf((filter) => this.dates(filter), ...asked);
  }

  async cursor(source: string): Promise<string | undefined> {
    const row = this.#read(() => this.#index.prepare('SELECT value FROM source_cursor WHERE source = ?').get(source));
    return row === undefined ? undefined : String(row['value']);
  }

  async cursors(): Promise<readonly SourceCursor[]> {
    const rows = this.#read(() => this.#index.prepare('SELECT source, value FROM source_cursor ORDER BY source').all());
    return rows.map((row) => ({ source: String(row['source']), value: String(row['value']) }));
  }

  async setCursor(cursor: SourceCursor): Promise<void> {
    await this.#write(() => this.#commits.make(() => this.#saveCursor(cursor)));
  }

  async checkpoint(name: string): Promise<ArchivedCheckpoint | undefined> {
    const sql = 'SELECT made_of AS madeOf, content FROM checkpoint WHERE name = ?';
    const row = this.#read(() => this.#index.prepare(sql).get(name));
    return row === undefined ? undefined : { madeOf: String(row['madeOf']), content: String(row['content']) };
  }

  async keepCheckpoint(name: string, { madeOf, content }: ArchivedCheckpoint): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)';
    // One statement: nobody waits for it, also not for the disk. What a power cut takes is made again.
    this.#read(() => this.#index.prepare(sql).run(name, madeOf, content));
  }

  async rememberLedgers(ledgers: Iterable<ArchivedLedger>): Promise<void> {
    await this.#write(() =>
      this.#commits.make(() => {
        for (const ledger of ledgers) this.#rememberLedger(ledger);
      }),
    );
  }

  async ledgers(): Promise<readonly ArchivedLedger[]> {
    const rows = this.#read(() => this.#index.prepare('SELECT id, currency, handles FROM ledger ORDER BY id').all());
    return rows.map((row) => ({
      id: String(row['id']),
      currency: String(row['currency']),
      handles: JSON.parse(String(row['handles'])) as string[],
    }));
  }

  async *history(): AsyncGenerator<KeptReading, void, undefined> {
    const snapshot = this.#read(() => openSnapshot(indexPathOf(this.where)));
    try {
      yield* readingsOf(this.#historyPages(snapshot));
    } finally {
      snapshot.close();
    }
  }

  async *#historyPages(snapshot: DatabaseSync): AsyncGenerator<HistoryPage, void, undefined> {
    const rows = this.#read(() => selectHistory(snapshot));
    for (let row = this.#read(() => rows.next()); row.done !== true; row = this.#read(() => rows.next())) {
      const { number, fingerprint } = row.value;
      yield { ...(await this.#page(row.value)), number, fingerprint };
    }
  }

  async restore(readings: readonly KeptReading[]): Promise<void> {
    const given = readings.map((reading) => ({ reading, pages: pagesToStore(reading) }));
    await this.#write(async () => {
      await this.#files.write(given.flatMap(({ pages }) => pages.map((page) => page.body)));
      await this.#commits.make(() => {
        for (const { reading, pages } of given) this.#restore(reading, pages);
      });
    });
  }

  async verify(): Promise<ArchiveVerification> {
    const snapshot = this.#read(() => openSnapshot(indexPathOf(this.where)));
    try {
      return await verifyArchive(snapshot, indexPathOf(this.where), this.#files);
    } catch (error) {
      throw toStorageError(error, indexPathOf(this.where), 'nothing was changed');
    } finally {
      snapshot.close();
    }
  }

  async close(): Promise<void> {
    await this.#commits.finish();
    if (this.#index.isOpen) this.#index.close();
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** What storing would do; throws `conflict` when a closed date would change. */
  #decide(reading: Reading, pages: readonly PageToStore[]): StoredReading {
    const { ledgerId, date, topic, closed } = reading;
    const [current] = this.#dates({ ledgerId, topic, from: date, to: date });
    if (current === undefined) return { outcome: 'stored', number: 1 };
    const isSame = this.#digestsOf(current) === digestsIn(pages) || this.#isSaidBy(current, reading.fingerprint);
    if (isSame && (current.closed || !closed)) return { outcome: 'unchanged', number: current.number };
    if (current.closed) throw closedDateChanged(reading, this.where);
    return { outcome: 'stored', number: current.number + 1 };
  }

  #dates(filter: PageFilter): ArchivedDate[] {
    return this.#read(() => selectDates(this.#index, filter));
  }

  #digestsOf({ ledgerId, date, topic, number }: Omit<ArchivedDate, 'closed'>): string {
    const rows = this.#index
      .prepare('SELECT digest FROM page WHERE (ledger_id, date, topic, number) = (?, ?, ?, ?) ORDER BY sequence')
      .all(ledgerId, date, topic, number);
    return digestsIn(rows as unknown as StoredPage[]);
  }

  #isSaidBy({ ledgerId, date, topic, number }: ArchivedDate, fingerprint: string | undefined): boolean {
    if (fingerprint === undefined) return false;
    const row = this.#index
      .prepare('SELECT fingerprint FROM reading WHERE (ledger_id, date, topic, number) = (?, ?, ?, ?)')
      .get(ledgerId, date, topic, number);
    return row?.['fingerprint'] === digestOf(Buffer.from(fingerprint));
  }

  #restore(reading: KeptReading, pages: readonly PageToStore[]): void {
    const { ledgerId, date, topic, number, closed, fingerprint } = reading;
    const known = this.#index
      .prepare('SELECT closed, fingerprint FROM reading WHERE (ledger_id, date, topic, number) = (?, ?, ?, ?)')
      .get(ledgerId, date, topic, number);
    if (known === undefined) {
      const [last] = this.#dates({ ledgerId, topic, from: date, to: date });
      if ((last?.number ?? 0) !== number - 1) throw otherHistory(reading, this.where);
      this.#insert(reading, pages, number, fingerprint);
      return;
    }
    const isSame =
      (known['closed'] === 1) === closed &&
      known['fingerprint'] === fingerprint &&
      this.#digestsOf(reading) === digestsIn(pages);
    if (!isSame) throw otherHistory(reading, this.where);
  }

  #insert(
    reading: Omit<Reading, 'fingerprint'>,
    pages: readonly PageToStore[],
    number: number,
    fingerprint: string | null,
  ): void {
    const key = [reading.ledgerId, reading.date, reading.topic, number] as const;
    this.#index
      .prepare('INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?)')
      .run(...key, reading.closed ? 1 : 0, fingerprint);
    const insertPage = this.#index.prepare('INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    for (const page of pages) {
      insertPage.run(...key, page.sequence, page.digest, page.body.length, page.request, page.receivedAt);
    }
  }

  #saveCursor({ source, value }: SourceCursor): void {
    this.#index
      .prepare('INSERT INTO source_cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(source, value);
  }

  #rememberLedger({ id, currency, handles }: ArchivedLedger): void {
    const known = this.#index.prepare('SELECT currency FROM ledger WHERE id = ?').get(id)?.['currency'];
    if (known !== undefined && known !== currency) throw currencyChanged(id, String(known), currency);
    this.#index
      .prepare('INSERT INTO ledger VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET handles = excluded.handles')
      .run(id, currency, JSON.stringify(handles));
  }

  #read<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, indexPathOf(this.where), 'nothing was changed');
    }
  }

  async #write<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      this.#lock ??= lockForWriting(this.where);
      this.#prepared ??= this.#files.prepare();
      await this.#prepared;
      return await work();
    } catch (error) {
      throw toStorageError(error, this.where, 'nothing of it was stored');
    }
  }
}

/** What is kept of what tells a reading apart. */
function fingerprintOf({ fingerprint }: Reading): string | null {
  return fingerprint === undefined ? null : digestOf(Buffer.from(fingerprint));
}

function lockForWriting(folder: string): ExclusiveLock {
  const lock = takeExclusiveLock(join(folder, 'writer.lock'));
  if (lock !== undefined) return lock;
  throw new BilagError('busy', {
    what: 'another process is writing to this archive',
    where: folder,
    action: 'wait until it is done and run again; nothing was changed',
  });
}
