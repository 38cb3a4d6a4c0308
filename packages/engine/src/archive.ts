import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { addDays, BilagError, isPlainDate, type Finding, type PlainDate } from '@bilag/core';
import { inTransaction, indexPathOf, openIndex, openSnapshot } from './archive-index.ts';
import { takeExclusiveLock, type ExclusiveLock } from './exclusive-lock.ts';
import { digestOfPage, PageFiles } from './page-files.ts';
import { toStorageError } from './storage-error.ts';

/** One page as the source sent it. */
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
  /** Method, path and query; never a header, so never a key. */
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
  /** Where the source goes on: saved together with the pages, or not at all. */
  readonly cursor?: SourceCursor;
}

/** Where a source goes on reading: opaque text under the source's own name. */
export interface SourceCursor {
  readonly source: string;
  readonly value: string;
}

/** What {@link Archive.store} did: `unchanged` when the same pages were there already. */
export interface StoredReading {
  readonly outcome: 'stored' | 'unchanged';
  /** 1 for the first reading of a date, then counting up. */
  readonly number: number;
}

/** Which pages to hand out; what is absent does not limit. Both dates are included. */
export interface PageFilter {
  readonly ledgerId?: string;
  readonly topic?: string;
  readonly from?: PlainDate;
  readonly to?: PlainDate;
}

/** What the archive knows of a date without opening its pages. */
export interface ArchivedDate {
  readonly ledgerId: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly closed: boolean;
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

/** What {@link Archive.verify} looked at and found. */
export interface ArchiveVerification {
  readonly readings: number;
  readonly pages: number;
  /** As received, before compression. */
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/**
 * Opens the archive in a folder, and makes it when it is not there (unless `create` is false). Raw pages lie in
 * `pages/`, by the SHA-256 of what was received; an SQLite index says what they are.
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
 * archive.lastClosed('302321', 'funds'); // => '2026-01-31'
 * archive.close();
 * ```
 */
export async function openArchive(folder: string, options: { readonly create?: boolean } = {}): Promise<Archive> {
  if (options.create === false && !existsSync(indexPathOf(folder)) && !existsSync(join(folder, 'pages'))) {
    throw new BilagError('not-found', {
      what: 'there is no archive',
      where: folder,
      now: 'look at the path, or fetch into it first',
    });
  }
  try {
    mkdirSync(folder, { recursive: true });
    return new Archive(folder, openIndex(folder));
  } catch (error) {
    throw toStorageError(error, folder, 'nothing was changed');
  }
}

/**
 * What was received, kept as received. Many may read; one process writes, from its first write until {@link close}.
 * Storage troubles are `BilagError`s: `unavailable` (disk full), `busy` (another writer), `rejected` (damage).
 */
export class Archive {
  readonly folder: string;
  readonly #index: DatabaseSync;
  readonly #files: PageFiles;
  #lock: ExclusiveLock | undefined;
  #prepared: Promise<void> | undefined;

  /** Use {@link openArchive}. */
  constructor(folder: string, index: DatabaseSync) {
    this.folder = folder;
    this.#index = index;
    this.#files = new PageFiles(folder);
  }

  /**
   * Stores one reading: its pages first, then index and cursor in one transaction, so that a crash leaves either the
   * whole reading or none of it. A later reading of an open date supersedes the earlier, whose pages are kept.
   *
   * A closed date never changes: the same pages again are `unchanged` (the cursor still moves), other pages throw
   * `conflict` and nothing is stored.
   */
  async store(reading: Reading): Promise<StoredReading> {
    const pages = pagesToStore(reading);
    return this.#write(async () => {
      this.#decide(reading, pages);
      await this.#files.write(pages.map((page) => page.body));
      return inTransaction(this.#index, () => {
        const decision = this.#decide(reading, pages);
        if (decision.outcome === 'stored') this.#insert(reading, pages, decision.number);
        if (reading.cursor !== undefined) this.#saveCursor(reading.cursor);
        return decision;
      });
    });
  }

  /**
   * The current reading of every date that the filter lets through, page by page in the order ledger, date, topic,
   * sequence, as the archive was when the iteration began. Each body is checked against its digest: a missing file
   * throws `not-found`, a damaged one `rejected`.
   */
  async *pages(filter: PageFilter = {}): AsyncGenerator<RawPage, void, undefined> {
    const snapshot = this.#read(() => openSnapshot(this.folder));
    try {
      const rows = this.#read(() => selectPages(snapshot, filter));
      for (;;) {
        const row = this.#read(() => rows.next());
        if (row.done === true) return;
        const { digest, bytes, received_at: receivedAt, ledger_id: ledgerId, ...page } = row.value;
        const body = await this.#files.read({ digest, bytes });
        yield { ...page, ledgerId, receivedAt, closed: page.closed === 1, body };
      }
    } finally {
      snapshot.close();
    }
  }

  /** What is known of each date, without its pages, in the order ledger, date, topic. */
  dates(filter: PageFilter = {}): readonly ArchivedDate[] {
    return this.#read(() => selectDates(this.#index, filter));
  }

  /**
   * The last date up to which everything is closed, with no day missing, counted from the first date stored (or from
   * `from`, which may lie later); undefined when that date itself is open or missing.
   */
  lastClosed(ledgerId: string, topic: string, from?: PlainDate): PlainDate | undefined {
    let last: PlainDate | undefined;
    for (const { date, closed } of this.dates({ ledgerId, topic, ...(from === undefined ? {} : { from }) })) {
      const expected = last === undefined ? (from ?? date) : addDays(last, 1);
      if (!closed || date !== expected) break;
      last = date;
    }
    return last;
  }

  /** Where a source goes on reading, if it ever said. */
  cursor(source: string): string | undefined {
    const row = this.#read(() => this.#index.prepare('SELECT value FROM source_cursor WHERE source = ?').get(source));
    return row === undefined ? undefined : String(row['value']);
  }

  /** Moves a source's cursor on its own, when there were no pages to store with it. */
  async setCursor(cursor: SourceCursor): Promise<void> {
    await this.#write(() => inTransaction(this.#index, () => this.#saveCursor(cursor)));
  }

  /** Remembers ledgers as the source describes them now. A ledger never changes its currency: that throws `conflict`. */
  async rememberLedgers(ledgers: Iterable<ArchivedLedger>): Promise<void> {
    await this.#write(() =>
      inTransaction(this.#index, () => {
        for (const ledger of ledgers) this.#rememberLedger(ledger);
      }),
    );
  }

  /** Every ledger ever remembered, by id. */
  ledgers(): readonly ArchivedLedger[] {
    const rows = this.#read(() => this.#index.prepare('SELECT id, currency, handles FROM ledger ORDER BY id').all());
    return rows.map((row) => ({
      id: String(row['id']),
      currency: String(row['currency']),
      handles: JSON.parse(String(row['handles'])) as string[],
    }));
  }

  /** Checks the index and the digest of every page, superseded readings too. Each damaged place is a finding. */
  async verify(): Promise<ArchiveVerification> {
    const findings: Finding[] = [];
    const seen = { readings: 0, pages: 0, bytes: 0 };
    const snapshot = this.#read(() => openSnapshot(this.folder));
    try {
      findings.push(...this.#read(() => indexFindings(snapshot, indexPathOf(this.folder))));
      // A damaged index cannot be trusted to name the pages.
      if (findings.length > 0) return { ...seen, findings };
      seen.readings = Number(snapshot.prepare('SELECT count(*) AS readings FROM reading').get()?.['readings']);
      const rows = snapshot.prepare('SELECT ledger_id, date, topic, digest, bytes FROM page').iterate();
      for (const row of rows as IterableIterator<PageRow>) {
        seen.pages += 1;
        seen.bytes += row.bytes;
        const problem = await this.#files.read(row).then(() => undefined, asBilagError);
        if (problem !== undefined) findings.push(pageFinding(row, problem));
      }
      return { ...seen, findings };
    } finally {
      snapshot.close();
    }
  }

  /** Closes the index and lets another process write. */
  close(): void {
    if (this.#index.isOpen) this.#index.close();
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** What storing would do; throws `conflict` when a closed date would change. */
  #decide(reading: Reading, pages: readonly PageToStore[]): StoredReading {
    const { ledgerId, date, topic, closed } = reading;
    const [current] = this.dates({ ledgerId, topic, from: date, to: date });
    if (current === undefined) return { outcome: 'stored', number: 1 };
    const isSame = this.#digestsOf(current) === pages.map((page) => page.digest).join();
    if (isSame && (current.closed || !closed)) return { outcome: 'unchanged', number: current.number };
    if (current.closed) throw closedDateChanged(reading, this.folder);
    return { outcome: 'stored', number: current.number + 1 };
  }

  #digestsOf({ ledgerId, date, topic, number }: ArchivedDate): string {
    const rows = this.#index
      .prepare('SELECT digest FROM page WHERE (ledger_id, date, topic, number) = (?, ?, ?, ?) ORDER BY sequence')
      .all(ledgerId, date, topic, number);
    return rows.map((row) => row['digest']).join();
  }

  #insert(reading: Reading, pages: readonly PageToStore[], number: number): void {
    const key = [reading.ledgerId, reading.date, reading.topic, number] as const;
    this.#index
      .prepare('INSERT INTO reading (ledger_id, date, topic, number, closed) VALUES (?, ?, ?, ?, ?)')
      .run(...key, reading.closed ? 1 : 0);
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
      throw toStorageError(error, indexPathOf(this.folder), 'nothing was changed');
    }
  }

  async #write<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      this.#lock ??= lockForWriting(this.folder);
      this.#prepared ??= this.#files.prepare();
      await this.#prepared;
      return await work();
    } catch (error) {
      throw toStorageError(error, this.folder, 'nothing of this reading was stored');
    }
  }
}

interface PageRow {
  readonly ledger_id: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly sequence: number;
  readonly closed: number;
  readonly request: string;
  readonly received_at: string;
  readonly digest: string;
  readonly bytes: number;
}

function selectPages(index: DatabaseSync, filter: PageFilter): IterableIterator<PageRow> {
  const rows = index
    .prepare(
      `SELECT ledger_id, topic, date, sequence, closed, request, received_at, digest, bytes
       FROM current_reading JOIN page USING (ledger_id, date, topic, number)
       WHERE ${filterSql} ORDER BY ledger_id, date, topic, sequence`,
    )
    .iterate(filterValues(filter));
  return rows as unknown as IterableIterator<PageRow>;
}

function selectDates(index: DatabaseSync, filter: PageFilter): ArchivedDate[] {
  const rows = index
    .prepare(
      `SELECT ledger_id, topic, date, closed, number FROM current_reading
       WHERE ${filterSql} ORDER BY ledger_id, date, topic`,
    )
    .all(filterValues(filter)) as unknown as (PageRow & { readonly number: number })[];
  return rows.map(({ ledger_id: ledgerId, topic, date, closed, number }) => ({
    ledgerId,
    topic,
    date,
    closed: closed === 1,
    number,
  }));
}

/** An absent limit is one that every row keeps; ledger ids first, because the key is ordered by them. */
const filterSql = `ledger_id BETWEEN $firstLedger AND $lastLedger
  AND date BETWEEN $from AND $to AND ($topic IS NULL OR topic = $topic)`;

function filterValues({ ledgerId, topic, from, to }: PageFilter): Record<string, string | null> {
  return {
    $firstLedger: ledgerId ?? '',
    $lastLedger: ledgerId ?? '\u{10ffff}',
    $from: from ?? '',
    $to: to ?? '9999-12-31',
    $topic: topic ?? null,
  };
}

type PageToStore = Reading['pages'][number] & { readonly digest: string };

/** The pages in their order with their digests; throws when the reading cannot be one. */
function pagesToStore(reading: Reading): readonly PageToStore[] {
  const pages = reading.pages
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((page) => ({ ...page, digest: digestOfPage(page.body) }));
  const problem = problemOf(reading, pages);
  if (problem === undefined) return pages;
  throw new BilagError('rejected', {
    what: problem,
    where: placeOf(reading),
    now: 'mend the reader that made this reading; nothing of it was stored',
  });
}

function problemOf(reading: Reading, pages: readonly PageToStore[]): string | undefined {
  if (reading.ledgerId === '' || reading.topic === '') return 'a reading names no ledger or no topic';
  if (!isPlainDate(reading.date)) return 'a reading has no valid date';
  const [first] = pages;
  if (first === undefined) return 'a reading has no page';
  const isWhole = pages.every((page, place) => page.sequence === first.sequence + place);
  if (!isWhole || (first.sequence !== 0 && first.sequence !== 1)) return 'a page is missing or there twice';
  // Requests are kept for years and read by many: no header, and no key in a query, may slip in.
  const isSafe = pages.every(
    (page) => !/[\r\n]|authorization|bearer |subscription-key|secret|access_token/i.test(page.request),
  );
  return isSafe ? undefined : 'the text of a request holds more than method, path and query';
}

function placeOf({ ledgerId, date, topic }: Pick<Reading, 'ledgerId' | 'date' | 'topic'>): string {
  return `ledger ${ledgerId}, ${date}, ${topic}`;
}

function indexFindings(index: DatabaseSync, path: string): Finding[] {
  const rows = index.prepare('PRAGMA integrity_check(10)').all();
  return rows
    .map((row) => String(row['integrity_check']))
    .filter((result) => result !== 'ok')
    .map((result) => ({
      code: 'archive-index-damaged',
      severity: 'error',
      message: `the index of the archive is damaged: ${result}`,
      where: path,
      action: 'restore the archive from a backup',
    }));
}

function pageFinding(row: PageRow, problem: BilagError): Finding {
  return {
    code: problem.kind === 'not-found' ? 'archive-page-missing' : 'archive-page-damaged',
    severity: 'error',
    message: `${problem.what} (${placeOf({ ledgerId: row.ledger_id, date: row.date, topic: row.topic })})`,
    where: problem.where,
    action: problem.now,
    ledgerId: row.ledger_id,
    date: row.date,
  };
}

function asBilagError(error: unknown): BilagError {
  if (error instanceof BilagError) return error;
  throw error;
}

function closedDateChanged(reading: Reading, folder: string): BilagError {
  return new BilagError('conflict', {
    what: 'the date was stored as closed, and now the source says something else',
    where: `${placeOf(reading)} in ${folder}`,
    now: 'ask the provider which is right; the archive keeps what it had and nothing was stored',
  });
}

function currencyChanged(id: string, known: string, now: string): BilagError {
  return new BilagError('conflict', {
    what: `the ledger was in ${known} and is now said to be in ${now}`,
    where: `ledger ${id}`,
    now: 'look whether the configuration names the right ledger; nothing was changed',
  });
}

function lockForWriting(folder: string): ExclusiveLock {
  const lock = takeExclusiveLock(join(folder, 'writer.lock'));
  if (lock !== undefined) return lock;
  throw new BilagError('busy', {
    what: 'another process is writing to this archive',
    where: folder,
    now: 'wait until it is done and run again; nothing was changed',
  });
}
