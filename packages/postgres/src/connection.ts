import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BilagError, isBilagError, named, type ErrorKind } from '@bilag/core';
import pg from 'pg';

/** How the database is reached. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/name`, or what libpq takes from the environment where it is left out. */
  readonly connectionString?: string;
  /** Where Bilag's tables are; `bilag` by default. */
  readonly schema?: string;
  /** How many connections at most; 10 by default. No work holds one while it waits for another. */
  readonly connections?: number;
}

/** Rows as the driver gives them: whole numbers of 64 bits are texts. */
export type Row = Readonly<Record<string, unknown>>;

/** What runs a statement: the pool, or one connection inside a transaction. */
export type Run = (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** Connections to one database, in Bilag's words. */
export class Connection {
  readonly #pool: pg.Pool;
  readonly schema: string;
  /** For messages: host, database and schema, never a password. */
  readonly where: string;

  constructor({ connectionString, schema = 'bilag', connections = 10 }: PostgresOptions) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw wrongSchema(schema);
    this.schema = schema;
    this.#pool = new pg.Pool({
      ...(connectionString === undefined ? {} : { connectionString }),
      max: connections,
      application_name: 'bilag',
      // A program ends when its work does.
      allowExitOnIdle: true,
      options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=60000 ${promises}`,
      connectionTimeoutMillis: 10_000,
      ...keptAlive,
    });
    // A connection that breaks while nobody uses it is taken out of the pool; the next statement makes another.
    this.#pool.on('error', () => undefined);
    this.where = `PostgreSQL ${placeOf(connectionString)}, schema ${schema}`;
  }

  /** One statement, which is a transaction by itself, and done again as one. */
  readonly run: Run = async (sql, values = []) =>
    this.#untilKept(async () => (await this.#pool.query<Record<string, unknown>>(prepared(sql, values))).rows);

  /**
   * Work in one transaction: all of it is committed, or none. Where the server gives it up for the sake of another transaction
   * it is done again, so that the work must have no effect outside the database.
   */
  async transaction<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    return this.#untilKept(async () => this.#once(work));
  }

  /** The same, and nobody else's of this name at the same time: whoever comes later waits. */
  async alone<Result>(name: string, work: (run: Run) => Promise<Result>): Promise<Result> {
    return this.transaction(async (run) => {
      await run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      return work(run);
    });
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }

  async #once<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    // A connection that breaks between two statements tells nobody else: without a listener the process would end.
    const notice = (error: Error): void => void (broken = error);
    client.on('error', notice);
    try {
      await client.query('BEGIN');
      const result = await work(async (sql, values = []) => {
        return (await client.query<Record<string, unknown>>(prepared(sql, values))).rows;
      });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failed: Error) => (broken = failed));
      throw error;
    } finally {
      client.off('error', notice);
      client.release(broken);
    }
  }

  async #untilKept<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!givenUp.has(codeOf(error)) || attempt === attempts) throw toPostgresError(error, this.where);
        await delay(attempt * 20 * Math.random());
      }
    }
  }
}

/**
 * A statement under a name of its own: each connection has the server read and plan it once. There are as many texts as places in
 * this package that ask something. What has no values may be several statements, which cannot be prepared.
 */
function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  if (values.length === 0) return { text };
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = createHash('sha256').update(text).digest('hex').slice(0, 16)));
  return { name, text, values: [...values] };
}

const names = new Map<string, string>();

/**
 * What the stores are made for, however the database is set: an intent is on the disk before its request is sent, and who waited
 * for a row sees what was written meanwhile.
 */
const promises = '-c synchronous_commit=on -c default_transaction_isolation=read\\ committed';

/** Host, port and database: a connection string holds a password, too. */
function placeOf(connectionString: string | undefined): string {
  const { PGHOST = 'localhost', PGDATABASE = '' } = process.env;
  if (connectionString === undefined) return `${PGHOST}/${PGDATABASE}`;
  const url = URL.parse(connectionString);
  return url === null ? 'as the connection string says' : `${url.host}${url.pathname}`;
}

/**
 * A server that went away without a word, as one does whose machine stops, is found out: who waits for its answer would wait for
 * ever. After ten seconds of silence the system asks once a second, ten times.
 */
export const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

const attempts = 5;

/** serialization_failure and deadlock_detected: nothing of the transaction stands. */
const givenUp: ReadonlySet<string | undefined> = new Set(['40001', '40P01']);

/** The SQLSTATE or the code of a socket. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Says in Bilag's words what went wrong with the database. What it said of rows is left out: they may hold what is nobody's
 * business. Errors that are Bilag's already, refusals of Bilag's own functions (`BL…`) and mistakes in code pass unchanged.
 */
export function toPostgresError(error: unknown, where: string): unknown {
  if (isBilagError(error) || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code?.startsWith('BL') === true) return error;
  const isLost = code === undefined && /connection|timeout exceeded/i.test(error.message);
  const meaning = isLost ? unreachable : code === undefined ? undefined : (named(meanings, code) ?? classOf(code));
  if (meaning === undefined) return error;
  const [kind, text, action] = meaning;
  const what = meaning === unreachable ? `${text} (${code ?? error.message})` : text;
  return new BilagError(kind, { what, where, action }, { cause: code });
}

type Meaning = readonly [kind: ErrorKind, what: string, action: string];

const unreachable: Meaning = [
  'unavailable',
  'the database cannot be reached, or was stopped meanwhile',
  'see whether it runs and run again: what was written before is there, and what was under way is looked up',
];
const notTaken: Meaning = [
  'config',
  'the database does not take this user and password',
  'look at the connection string and at pg_hba.conf',
];

/** PostgreSQL, appendix A: error codes. */
const meanings: Readonly<Record<string, Meaning>> = {
  '28P01': notTaken,
  '28000': notTaken,
  '3D000': ['config', 'there is no such database', 'make it, then run bilag store migrate'],
  '3F000': ['config', 'the database has no tables of Bilag', 'run bilag store migrate'],
  '42P01': ['config', 'the database has no tables of Bilag, or older ones', 'run bilag store migrate'],
  '42883': ['config', 'the database has no tables of Bilag, or older ones', 'run bilag store migrate'],
  '42501': ['forbidden', 'this user may not use the tables of Bilag', 'grant what bilag store migrate says it needs'],
  '53100': ['unavailable', 'the disk of the database is full', 'free some space and run again; nothing was changed'],
  '53300': ['busy', 'the database has no connection left', 'use fewer workers or smaller pools, or a pooler before it'],
  '25006': ['unavailable', 'the database takes no writes: it is a copy', 'connect to the one that is written to'],
};

function classOf(code: string): Meaning | undefined {
  if (/^(?:08|57P0)/.test(code) || /^E[A-Z]+$/.test(code)) return unreachable;
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined;
  return ['unavailable', `the database refused (${code})`, 'look at its log, and run again; nothing was changed'];
}

function wrongSchema(schema: string): BilagError {
  return new BilagError('config', {
    what: `"${schema.slice(0, 40)}" cannot be the name of a schema here`,
    where: 'schema',
    action: 'use small letters, digits and underscores',
  });
}
