import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { BilagError } from '@bilag/core';
import { migrateQueue } from './boss.ts';
import { Connection, type PostgresOptions, type Run } from './connection.ts';

/** One step of the schema. */
export interface Migration {
  /** Its file, such as `0001-delivery.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file: a step that was run is never edited. */
  readonly digest: string;
}

/** What {@link migratePostgres} did, or would do. */
export interface Migrated {
  readonly schema: string;
  /** The steps that were run, or that would be run; empty where the schema is up to date. */
  readonly steps: readonly string[];
}

/** The steps of this version, in their order. */
export function migrations(): readonly Migration[] {
  const folder = new URL('../migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8');
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Makes Bilag's tables, or brings them up to date: every step once, forward only, all in one transaction. Several that come at
 * the same time wait for each other. With `dryRun` it says what it would do.
 *
 * Throws `unsupported` where a newer version was here before, `conflict` where a step that was run is another one by now.
 *
 * @example
 * ```ts
 * import { migratePostgres, type Migrated } from '@bilag/postgres';
 *
 * const onStart = (connectionString: string): Promise<Migrated> => migratePostgres({ connectionString });
 * typeof onStart; // => 'function'
 * ```
 */
export async function migratePostgres(
  options: PostgresOptions,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Migrated> {
  const connection = new Connection({ ...options, connections: 1 });
  const { schema } = connection;
  try {
    const migrated = await connection.transaction(async (run) => {
      // Anything that is the same for all; the number is "BILG".
      await run('SELECT pg_advisory_xact_lock(1112099911, hashtext($1))', [schema]);
      const missing = missingSteps(await stepsOf(run, schema), connection.where);
      if (!dryRun && missing.length > 0) await runSteps(run, schema, missing);
      return { schema, steps: missing.map(({ name }) => name) };
    });
    // The queue brings its own tables up to date, under a lock of its own.
    if (!dryRun) await migrateQueue(options);
    return migrated;
  } finally {
    await connection.close();
  }
}

/** Throws `config` where the tables are not those of this version. */
export async function mustBeMigrated({ run, schema, where }: Connection): Promise<void> {
  const missing = missingSteps(await stepsOf(run, schema), where);
  if (missing.length === 0) return;
  throw new BilagError('config', {
    what: `the tables of Bilag are not up to date: ${missing.map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'was' : 'were'} not run`,
    where,
    action: 'run bilag store migrate first, with a user that may make tables',
  });
}

async function runSteps(run: Run, schema: string, steps: readonly Migration[]): Promise<void> {
  await run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await run(
    'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, digest text NOT NULL, run_at timestamptz NOT NULL DEFAULT now())',
  );
  for (const { name, sql, digest } of steps) {
    await run(sql);
    await run('INSERT INTO migration (name, digest) VALUES ($1, $2)', [name, digest]);
  }
}

async function stepsOf(run: Run, schema: string): Promise<ReadonlyMap<string, string>> {
  const [known] = await run('SELECT to_regclass($1) IS NOT NULL AS is_there', [`${schema}.migration`]);
  if (known?.['is_there'] !== true) return new Map();
  const rows = await run('SELECT name, digest FROM migration');
  return new Map(rows.map(({ name, digest }) => [String(name), String(digest)]));
}

function missingSteps(done: ReadonlyMap<string, string>, where: string): readonly Migration[] {
  const known = migrations();
  for (const [name, digest] of done) {
    const own = known.find((step) => step.name === name);
    if (own === undefined) throw newerSchema(name, where);
    if (own.digest !== digest) throw editedStep(name, where);
  }
  return known.filter(({ name }) => !done.has(name));
}

function newerSchema(name: string, where: string): BilagError {
  return new BilagError('unsupported', {
    what: `a newer version of Bilag was here: it ran ${name}, which this one does not know`,
    where,
    action: 'use that version or a later one; nothing was changed',
  });
}

function editedStep(name: string, where: string): BilagError {
  return new BilagError('conflict', {
    what: `${name} was run with another content than it has in this version`,
    where,
    action: 'install the release it came with, or ask whoever edited it; nothing was changed',
  });
}
