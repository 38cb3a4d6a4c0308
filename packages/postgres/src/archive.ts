import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { BilagError, type Finding, type PlainDate, type RawPage, type Reading, type SourceCursor } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import {
  closedDateChanged,
  currencyChanged,
  digestOf,
  digestsIn,
  lastClosedOf,
  nextDateOf,
  otherHistory,
  pagesToStore,
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
  type PageToStore,
  type StoredReading,
} from '@bilag/engine/storage';
import { asBilagError, isCurrent, limitsOf, pageFinding, placesFrom, selectExtent } from './archive-queries.ts';
import type { Connection, Row, Run } from './connection.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

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

  constructor(connection: Connection, archive: string) {
    this.where = `archive of ${archive} in ${connection.where}`;
    this.#connection = connection;
    this.#run = connection.run;
    this.#archive = archive;
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
    const readings = await packedOf(given);
    return this.#write(async (run) => {
      const stored: StoredReading[] = [];
      for (const { reading, pages, packed } of readings) {
        const decision = await this.#decide(run, reading, pages);
        const { outcome, number } = decision;
        const fingerprint = reading.fingerprint === undefined ? null : digestOf(Buffer.from(reading.fingerprint));
        if (outcome === 'stored') await this.#insert(run, { ...reading, number, fingerprint }, { pages, packed });
        if (reading.cursor !== undefined) await this.#saveCursor(run, reading.cursor);
        stored.push(decision);
      }
      if (cursor !== undefined) await this.#saveCursor(run, cursor);
      return stored;
    });
  }

  async *pages(filter: PageFilter = {}): AsyncGenerator<RawPage, void, undefined> {
    const stored = await this.#lastStored();
    const { where, values } = limitsOf(filter, [this.#archive, stored]);
    let last: readonly unknown[] = ['', '', '', -1];
    for (;;) {
      const rows = await this.#run(
        `SELECT page.*, reading.closed, body.packed FROM reading
         JOIN page USING (archive, ledger_id, date, topic, number)
         LEFT JOIN body USING (archive, digest)
         WHERE archive = $1 AND stored <= $2 AND ${isCurrent('AND stored <= $2')} ${where}
           AND (ledger_id, date, topic, sequence) > ${placesFrom(values.length, 'text, text, text, integer')}
         ORDER BY ledger_id, date, topic, sequence LIMIT ${pagesAtATime}`,
        [...values, ...last],
      );
      for (const row of rows) yield await this.#page(row);
      const end = rows.at(-1);
      if (end === undefined || rows.length < pagesAtATime) return;
      last = [end['ledger_id'], end['date'], end['topic'], end['sequence']];
    }
  }

  async dates(filter: PageFilter = {}): Promise<readonly ArchivedDate[]> {
    const { where, values } = limitsOf(filter, [this.#archive]);
    const rows = await this.#run(
      `SELECT ledger_id, topic, date, closed, number FROM reading
       WHERE archive = $1 AND ${isCurrent('')} ${where} ORDER BY ledger_id, date, topic`,
      values,
    );
    return rows.map((row) => ({
      ledgerId: String(row['ledger_id']),
      topic: String(row['topic']),
      date: row['date'] as PlainDate,
      closed: row['closed'] === true,
      number: Number(row['number']),
    }));
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
    await this.#write((run) => this.#saveCursor(run, cursor));
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
    await this.#write(async (run) => {
      for (const { id, currency, handles } of given) {
        const sql = `INSERT INTO ledger VALUES ($1, $2, $3, $4)
          ON CONFLICT (archive, id) DO UPDATE SET handles = excluded.handles RETURNING currency`;
        const [row] = await run(sql, [this.#archive, id, currency, JSON.stringify(handles)]);
        if (row?.['currency'] !== currency) throw currencyChanged(id, String(row?.['currency']), currency);
      }
    });
  }

  async ledgers(): Promise<readonly ArchivedLedger[]> {
    const rows = await this.#run('SELECT * FROM ledger WHERE archive = $1 ORDER BY id', [this.#archive]);
    return rows.map((row) => ({
      id: String(row['id']),
      currency: String(row['currency']),
      handles: JSON.parse(String(row['handles'])) as string[],
    }));
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

  /** The last reading there is now: whoever reads sees none that comes later. */
  async #lastStored(): Promise<unknown> {
    const sql = 'SELECT coalesce(max(stored), 0) AS stored FROM reading WHERE archive = $1';
    const [row] = await this.#run(sql, [this.#archive]);
    return row?.['stored'];
  }

  async *#historyPages(): AsyncGenerator<HistoryPage, void, undefined> {
    const stored = await this.#lastStored();
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
    await this.#write(async (run) => {
      for (const { reading, pages, packed } of readings) {
        const { ledgerId, date, topic, number, closed, fingerprint } = reading;
        const known = await this.#readingsOf(run, { ledgerId, date, topic });
        const same = known.find((each) => each['number'] === number);
        if (same === undefined && known.length === number - 1) await this.#insert(run, reading, { pages, packed });
        else if (
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
    const sql = 'UPDATE archive_writer SET token = NULL WHERE archive = $1 AND token = $2';
    await this.#run(sql, [this.#archive, this.#token]);
  }

  /** What storing would do; throws `conflict` when a closed date would change. */
  async #decide(run: Run, reading: Reading, pages: readonly PageToStore[]): Promise<StoredReading> {
    const { closed, fingerprint } = reading;
    const [current] = await this.#readingsOf(run, reading, 'LIMIT 1');
    if (current === undefined) return { outcome: 'stored', number: 1 };
    const number = Number(current['number']);
    const isClosed = current['closed'] === true;
    const isSaid = fingerprint !== undefined && current['fingerprint'] === digestOf(Buffer.from(fingerprint));
    if ((isSaid || current['digests'] === digestsIn(pages)) && (isClosed || !closed)) {
      return { outcome: 'unchanged', number };
    }
    if (isClosed) throw closedDateChanged(reading, this.where);
    return { outcome: 'stored', number: number + 1 };
  }

  /** Those of a date, the latest first, with the digests of their pages. */
  async #readingsOf(
    run: Run,
    { ledgerId, date, topic }: Pick<Reading, 'ledgerId' | 'date' | 'topic'>,
    limit: 'LIMIT 1' | '' = '',
  ): Promise<readonly Row[]> {
    return run(
      `SELECT number, closed, fingerprint, (SELECT string_agg(digest, ',' ORDER BY sequence) FROM page
         WHERE (page.archive, page.ledger_id, page.date, page.topic, page.number) =
           (reading.archive, reading.ledger_id, reading.date, reading.topic, reading.number)) AS digests
       FROM reading WHERE archive = $1 AND ledger_id = $2 AND date = $3 AND topic = $4 ORDER BY number DESC ${limit}`,
      [this.#archive, ledgerId, date, topic],
    );
  }

  async #insert(
    run: Run,
    { ledgerId, date, topic, number, closed, fingerprint }: Omit<KeptReading, 'pages'>,
    { pages, packed }: { readonly pages: readonly PageToStore[]; readonly packed: readonly Buffer[] },
  ): Promise<void> {
    const key = [this.#archive, ledgerId, date, topic, number];
    const digests = pages.map(({ digest }) => digest);
    await run('INSERT INTO reading VALUES ($1, $2, $3, $4, $5, $6, $7)', [...key, closed, fingerprint]);
    // A body that is there but damaged is written anew: the good bytes are at hand.
    await run(
      `INSERT INTO body SELECT DISTINCT ON (digest) $1, digest, packed
       FROM unnest($2::text[], $3::bytea[]) AS given (digest, packed)
       ON CONFLICT (archive, digest) DO UPDATE SET packed = excluded.packed WHERE body.packed <> excluded.packed`,
      [this.#archive, digests, packed],
    );
    await run(
      `INSERT INTO page SELECT $1, $2, $3, $4, $5, sequence, digest, bytes, request, received_at
       FROM unnest($6::integer[], $7::text[], $8::integer[], $9::text[], $10::text[])
         AS given (sequence, digest, bytes, request, received_at)`,
      [
        ...key,
        pages.map(({ sequence }) => sequence),
        digests,
        pages.map(({ body }) => body.length),
        pages.map(({ request }) => request),
        pages.map(({ receivedAt }) => receivedAt),
      ],
    );
  }

  async #saveCursor(run: Run, { source, value }: SourceCursor): Promise<void> {
    const sql = `INSERT INTO source_cursor VALUES ($1, $2, $3)
      ON CONFLICT (archive, source) DO UPDATE SET value = excluded.value`;
    await run(sql, [this.#archive, source, value]);
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
    const body = await decompress(packed, { maxOutputLength }).catch(() => undefined);
    if (body !== undefined && digestOf(body) === row['digest']) return body;
    const problem = 'a page of the archive is damaged: its digest is not the one it was stored under';
    throw this.#lostPage('rejected', problem, place);
  }

  #lostPage(kind: 'not-found' | 'rejected', what: string, place: string): BilagError {
    const action = 'restore it from a backup, or fetch the period again into a new archive; nothing was changed';
    return new BilagError(kind, { what, where: `${place}, ${this.where}`, action });
  }

  async #write<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw this.#busy('this one was closed');
    return this.#connection.transaction(async (run) => {
      const [held] = await run('SELECT hold_archive($1, $2, $3, $4) AS is_held', [
        this.#archive,
        this.#token,
        `process ${process.pid}`,
        writerSeconds,
      ]);
      if (held?.['is_held'] !== true) throw this.#busy('another process is writing to this archive');
      return work(run);
    });
  }

  #busy(what: string): BilagError {
    const action = 'wait until it is done and run again; nothing was changed';
    return new BilagError('busy', { what, where: this.where, action });
  }
}

const pagesAtATime = 32;
const writerSeconds = 60;

/** Packs bodies before a transaction begins: nobody waits for it. */
async function packedOf<Given extends Omit<Reading, 'cursor' | 'fingerprint'>>(
  given: readonly Given[],
): Promise<
  readonly { readonly reading: Given; readonly pages: readonly PageToStore[]; readonly packed: readonly Buffer[] }[]
> {
  return Promise.all(
    given.map(async (reading) => {
      const pages = pagesToStore(reading);
      return { reading, pages, packed: await Promise.all(pages.map(({ body }) => compress(body))) };
    }),
  );
}
