import { randomUUID } from 'node:crypto';
import {
  BilagError,
  named,
  type Finding,
  type PlainDate,
  type RawPage,
  type Reading,
  type SourceCursor,
} from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import {
  closedDateChanged,
  currencyChanged,
  digestOf,
  digestsIn,
  lastClosedOf,
  nextDateOf,
  otherHistory,
  readingsOf,
  placeOf,
  type ArchivedDate,
  type ArchivedCheckpoint,
  type ArchivedExtent,
  type ArchivedLedger,
  type ArchiveVerification,
  type HistoryPage,
  type KeptReading,
  type PageFilter,
  type StoredReading,
} from '@bilag/engine/storage';
import { packedOf, partsOf, toGiven, unpacked, type Packed } from './archive-writes.ts';
import {
  asBilagError,
  isCurrent,
  limitsOf,
  pageFinding,
  placesFrom,
  selectExtent,
  toDate,
  toLedger,
} from './archive-queries.ts';
import { codeOf, type Connection, type Row, type Run } from '../connection.ts';

/**
 * The archive of one company. Who writes holds a row for a minute at a time, so that a worker that died keeps nobody out for
 * longer; every write says so again, in its own transaction.
 */
export class PostgresArchive implements ArchiveStore {
  readonly where: string;
  readonly #connection: Connection;
  readonly #run: Run;
  readonly #archive: string;
  readonly #token: string = randomUUID();
  #isClosed = false;
  /** Whether the archive may have to be given back. */
  #hasWritten = false;
  /** What was read when it was opened, until it is asked for or written: see {@link open}. */
  #ledgers: readonly ArchivedLedger[] | undefined;
  #cursors: Readonly<Record<string, string>> | undefined;
  /** Those that were asked for or written since. */
  readonly #askedCursors = new Set<string>();

  constructor(connection: Connection, archive: string) {
    this.where = `archive of ${archive} in ${connection.where}`;
    this.#connection = connection;
    this.#run = connection.run;
    this.#archive = archive;
  }

  /**
   * Whether anything is there. Who opens an archive asks for its ledgers and for some cursors next: the first time they are asked
   * for, they are those of this one statement.
   */
  async open(): Promise<boolean> {
    const [row = {}] = await this.#run(
      `SELECT EXISTS (SELECT FROM reading WHERE archive = $1) AS is_read,
         (SELECT coalesce(json_agg(ledger ORDER BY id), '[]') FROM ledger WHERE archive = $1) AS ledgers,
         (SELECT coalesce(json_object_agg(source, value), '{}') FROM source_cursor WHERE archive = $1) AS cursors`,
      [this.#archive],
    );
    this.#ledgers = (row['ledgers'] as readonly Row[]).map(toLedger);
    this.#cursors = row['cursors'] as Readonly<Record<string, string>>;
    return row['is_read'] === true || this.#ledgers.length > 0;
  }

  async store(reading: Reading): Promise<StoredReading> {
    const [stored] = await this.#storeAll([reading]);
    if (stored === undefined) throw new TypeError('each reading is stored or refused');
    return stored;
  }

  async storeTogether(readings: readonly Reading[], cursor?: SourceCursor): Promise<readonly StoredReading[]> {
    return this.#storeAll(readings, cursor);
  }

  async #storeAll(given: readonly Reading[], cursor?: SourceCursor): Promise<readonly StoredReading[]> {
    if (given.length === 0 && cursor === undefined) return [];
    const parts = partsOf(await packedOf(given));
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return this.#storePart(this.#run, only, cursor);
    return this.#connection.transaction(async (run) => {
      const stored: StoredReading[] = [];
      for (const part of parts)
        stored.push(...(await this.#storePart(run, part, part === parts.at(-1) ? cursor : undefined)));
      return stored;
    });
  }

  async #storePart(
    run: Run,
    part: readonly Packed<Reading>[],
    cursor: SourceCursor | undefined,
  ): Promise<readonly StoredReading[]> {
    for (const written of [cursor, ...part.map(({ reading }) => reading.cursor)])
      if (written !== undefined) this.#askedCursors.add(written.source);
    const { readings, bodies } = toGiven(part, (place) => {
      const fingerprint = part[place]?.reading.fingerprint;
      return fingerprint === undefined ? null : digestOf(Buffer.from(fingerprint));
    });
    const asked = [readings, bodies, cursor === undefined ? null : JSON.stringify(cursor)];
    const rows = await this.#holding(run, 'SELECT * FROM store_readings($1, $2, $3, $4, $5, $6, $7)', asked, {
      BL004: (place) => {
        const reading = part[Number(place)]?.reading;
        return reading && closedDateChanged(reading, this.where);
      },
    });
    return rows.map((row) => ({
      outcome: row['outcome'] as StoredReading['outcome'],
      number: Number(row['number']),
    }));
  }

  async *pages(filter: PageFilter = {}): AsyncGenerator<RawPage, void, undefined> {
    const { where, values } = limitsOf(filter, [this.#archive]);
    // The last reading there is when it begins: whoever reads sees none that comes later.
    let stored: unknown = null;
    let last: readonly unknown[] = ['', '', '', -1];
    for (;;) {
      const from = values.length + 1;
      const rows = await this.#run(
        `WITH before AS MATERIALIZED (
           SELECT coalesce($${from}::bigint, (SELECT max(stored) FROM reading WHERE archive = $1)) AS last
         )
         SELECT page.*, reading.closed, body.packed, before.last FROM before CROSS JOIN reading
         JOIN page USING (archive, ledger_id, date, topic, number)
         LEFT JOIN body USING (archive, digest)
         WHERE archive = $1 AND stored <= before.last AND ${isCurrent} ${where}
           AND (ledger_id, date, topic, sequence) > ${placesFrom(from, 'text, text, text, integer')}
         ORDER BY ledger_id, date, topic, sequence LIMIT ${pagesAtATime}`,
        [...values, stored, ...last],
      );
      for (const row of rows) yield await this.#page(row);
      const end = rows.at(-1);
      if (end === undefined || rows.length < pagesAtATime) return;
      stored = end['last'];
      last = [end['ledger_id'], end['date'], end['topic'], end['sequence']];
    }
  }

  async dates(filter: PageFilter = {}): Promise<readonly ArchivedDate[]> {
    const { where, values } = limitsOf(filter, [this.#archive]);
    const rows = await this.#run(
      `SELECT DISTINCT ON (ledger_id, date, topic) ledger_id, topic, date, closed, number FROM reading
       WHERE archive = $1 ${where} ORDER BY ledger_id, date, topic, number DESC`,
      values,
    );
    return rows.map(toDate);
  }

  async extent(...asked: Parameters<ArchiveStore['extent']>): Promise<ArchivedExtent> {
    return selectExtent(this.#run, this.#archive, ...asked);
  }

  async lastClosed(...asked: Parameters<ArchiveStore['lastClosed']>): Promise<PlainDate | undefined> {
    return lastClosedOf((filter) => this.dates(filter), ...asked);
  }

  async nextDate(...asked: Parameters<ArchiveStore['nextDate']>): Promise<PlainDate> {
    return nextDateOf((filter) => this.dates(filter), ...asked);
  }

  async cursor(source: string): Promise<string | undefined> {
    if (this.#cursors !== undefined && !this.#askedCursors.has(source)) {
      this.#askedCursors.add(source);
      return named(this.#cursors, source);
    }
    const sql = 'SELECT value FROM source_cursor WHERE archive = $1 AND source = $2';
    const [row] = await this.#run(sql, [this.#archive, source]);
    return row && String(row['value']);
  }

  async cursors(): Promise<readonly SourceCursor[]> {
    const sql = 'SELECT source, value FROM source_cursor WHERE archive = $1 ORDER BY source';
    const rows = await this.#run(sql, [this.#archive]);
    return rows.map((row) => ({ source: String(row['source']), value: String(row['value']) }));
  }

  async setCursor(cursor: SourceCursor): Promise<void> {
    await this.#storeAll([], cursor);
  }

  async checkpoint(name: string): Promise<ArchivedCheckpoint | undefined> {
    const sql = 'SELECT made_of, content FROM checkpoint WHERE archive = $1 AND name = $2';
    const [row] = await this.#run(sql, [this.#archive, name]);
    return row && { madeOf: String(row['made_of']), content: String(row['content']) };
  }

  async keepCheckpoint(name: string, { madeOf, content }: ArchivedCheckpoint): Promise<void> {
    const sql = `INSERT INTO checkpoint VALUES ($1, $2, $3, $4)
      ON CONFLICT (archive, name) DO UPDATE SET made_of = excluded.made_of, content = excluded.content`;
    await this.#run(sql, [this.#archive, name, madeOf, content]);
  }

  async rememberLedgers(ledgers: Iterable<ArchivedLedger>): Promise<void> {
    const given = [...ledgers];
    this.#ledgers = undefined;
    const rows = given.map(({ id, currency, handles }) => ({ id, currency, handles: JSON.stringify(handles) }));
    await this.#holding(this.#run, 'SELECT remember_ledgers($1, $2, $3, $4, $5)', [JSON.stringify(rows)], {
      BL005: (known, id) => currencyChanged(id, known, given.find((ledger) => ledger.id === id)?.currency ?? ''),
    });
  }

  async ledgers(): Promise<readonly ArchivedLedger[]> {
    const known = this.#ledgers;
    this.#ledgers = undefined;
    if (known !== undefined) return known;
    const rows = await this.#run('SELECT * FROM ledger WHERE archive = $1 ORDER BY id', [this.#archive]);
    return rows.map(toLedger);
  }

  async verify(): Promise<ArchiveVerification> {
    const findings: Finding[] = [];
    const sql = 'SELECT count(*) AS readings FROM reading WHERE archive = $1';
    const [counted] = await this.#run(sql, [this.#archive]);
    const seen = { readings: Number(counted?.['readings']), pages: 0, bytes: 0 };
    let last: readonly unknown[] = ['', '', '', 0, -1];
    for (;;) {
      const rows = await this.#run(
        `SELECT * FROM page LEFT JOIN body USING (archive, digest)
         WHERE archive = $1 AND (ledger_id, date, topic, number, sequence) > ${placesFrom(1, 'text, text, text, integer, integer')}
         ORDER BY ledger_id, date, topic, number, sequence LIMIT ${pagesAtATime}`,
        [this.#archive, ...last],
      );
      for (const row of rows) {
        seen.pages += 1;
        seen.bytes += Number(row['bytes']);
        const problem = await this.#bodyOf(row).then(() => undefined, asBilagError);
        if (problem !== undefined) findings.push(pageFinding(row, problem));
      }
      const end = rows.at(-1);
      if (end === undefined || rows.length < pagesAtATime) return { ...seen, findings };
      last = [end['ledger_id'], end['date'], end['topic'], end['number'], end['sequence']];
    }
  }

  history(): AsyncIterable<KeptReading> {
    return readingsOf(this.#historyPages());
  }

  async *#historyPages(): AsyncGenerator<HistoryPage, void, undefined> {
    const sql = 'SELECT coalesce(max(stored), 0) AS stored FROM reading WHERE archive = $1';
    const [newest] = await this.#run(sql, [this.#archive]);
    const stored = newest?.['stored'];
    let last: readonly unknown[] = ['', '', '', 0, -1];
    for (;;) {
      const rows = await this.#run(
        `SELECT page.*, reading.closed, reading.fingerprint, body.packed FROM reading
         JOIN page USING (archive, ledger_id, date, topic, number)
         LEFT JOIN body USING (archive, digest)
         WHERE archive = $1 AND stored <= $2
           AND (ledger_id, date, topic, number, sequence) > ${placesFrom(2, 'text, text, text, integer, integer')}
         ORDER BY ledger_id, date, topic, number, sequence LIMIT ${pagesAtATime}`,
        [this.#archive, stored, ...last],
      );
      for (const row of rows) {
        const fingerprint = row['fingerprint'] as string | null;
        yield { ...(await this.#page(row)), number: Number(row['number']), fingerprint };
      }
      const end = rows.at(-1);
      if (end === undefined || rows.length < pagesAtATime) return;
      last = [end['ledger_id'], end['date'], end['topic'], end['number'], end['sequence']];
    }
  }

  async restore(given: readonly KeptReading[]): Promise<void> {
    const readings = await packedOf(given);
    await this.#connection.transaction(async (run) => {
      await this.#holding(run, 'SELECT must_hold_archive($1, $2, $3, $4)');
      for (const packed of readings) {
        const { reading, pages } = packed;
        const { number, closed, fingerprint } = reading;
        const known = await this.#readingsOf(run, reading);
        const same = known.find((each) => each['number'] === number);
        if (same === undefined && known.length === number - 1) {
          const { readings: row, bodies } = toGiven([packed], () => fingerprint);
          await run('SELECT insert_reading($1, $2::jsonb -> 0, $3, $4)', [this.#archive, row, number, bodies]);
        } else if (
          same === undefined ||
          same['closed'] !== closed ||
          same['fingerprint'] !== fingerprint ||
          same['digests'] !== digestsIn(pages)
        ) {
          throw otherHistory(reading, this.where);
        }
      }
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#hasWritten) await this.#run('SELECT release_archive($1, $2)', [this.#archive, this.#token]);
  }

  /** Those of a date, with the digests of their pages. */
  async #readingsOf(
    run: Run,
    { ledgerId, date, topic }: Pick<Reading, 'ledgerId' | 'date' | 'topic'>,
  ): Promise<readonly Row[]> {
    return run(
      `SELECT number, closed, fingerprint, (SELECT coalesce(string_agg(digest, ',' ORDER BY sequence), '') FROM page
         WHERE (page.archive, page.ledger_id, page.date, page.topic, page.number) =
           (reading.archive, reading.ledger_id, reading.date, reading.topic, reading.number)) AS digests
       FROM reading WHERE archive = $1 AND ledger_id = $2 AND date = $3 AND topic = $4`,
      [this.#archive, ledgerId, date, topic],
    );
  }

  async #page(row: Row): Promise<RawPage> {
    return {
      ledgerId: String(row['ledger_id']),
      topic: String(row['topic']),
      date: row['date'] as PlainDate,
      sequence: Number(row['sequence']),
      closed: row['closed'] === true,
      request: String(row['request']),
      receivedAt: String(row['received_at']),
      body: await this.#bodyOf(row),
    };
  }

  /** The body as received. Throws `not-found` where it is missing and `rejected` where it is not what was received. */
  async #bodyOf(row: Row): Promise<Uint8Array> {
    const packed = row['packed'] as Buffer | null;
    const place = placeOf({
      ledgerId: String(row['ledger_id']),
      date: row['date'] as PlainDate,
      topic: String(row['topic']),
    });
    if (packed === null) throw this.#lostPage('not-found', 'a page of the archive is missing', place);
    const maxOutputLength = Number(row['bytes']) + 1;
    const body = await unpacked(packed, maxOutputLength).catch(() => undefined);
    if (body !== undefined && digestOf(body) === row['digest']) return body;
    const problem = 'a page of the archive is damaged: its digest is not the one it was stored under';
    throw this.#lostPage('rejected', problem, place);
  }

  #lostPage(kind: 'not-found' | 'rejected', what: string, place: string): BilagError {
    const action = 'restore it from a backup, or fetch the period again into a new archive; nothing was changed';
    return new BilagError(kind, { what, where: `${place}, ${this.where}`, action });
  }

  /**
   * One statement of who writes here, who holds the archive by it for a while. Its first four values say who that is. What the
   * functions of the schema refuse is said as every archive says it, by their DETAIL and HINT.
   */
  async #holding(
    run: Run,
    sql: string,
    values: readonly unknown[] = [],
    refusals: Readonly<Record<string, (detail: string, hint: string) => BilagError | undefined>> = {},
  ): Promise<readonly Row[]> {
    if (this.#isClosed) throw this.#busy('this one was closed');
    this.#hasWritten = true;
    try {
      return await run(sql, [this.#archive, this.#token, `process ${process.pid}`, writerSeconds, ...values]);
    } catch (error) {
      const code = codeOf(error) ?? '';
      const { detail = '', hint = '' } = error as { readonly detail?: string; readonly hint?: string };
      if (code === 'BL003') throw this.#busy('another process is writing to this archive');
      throw named(refusals, code)?.(detail, hint) ?? error;
    }
  }

  #busy(what: string): BilagError {
    const action = 'wait until it is done and run again; nothing was changed';
    return new BilagError('busy', { what, where: this.where, action });
  }
}

const pagesAtATime = 32;
const writerSeconds = 60;
