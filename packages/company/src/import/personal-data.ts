import { BilagError, type PersonalData, type PlainDate } from '@bilag/core';
import { toStorageError } from '@bilag/engine';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Company } from '../config/company.ts';

/** What a file told of the customer behind a payment, with the payment's ledger and date. */
export interface KeptPersonalData extends PersonalData {
  readonly ledgerId: string;
  readonly date: PlainDate;
}

/** How much is kept, or was removed, about customers. */
export interface PersonalDataCount {
  readonly payments: number;
  readonly names: number;
  readonly phones: number;
  readonly messages: number;
  /** The dates of the payments. */
  readonly from: PlainDate | null;
  readonly to: PlainDate | null;
}

/** Names, phone numbers and messages that were asked for: beside the delivery log, and never in the archive. */
function pathOf({ delivery }: Company): string {
  return delivery.replace(/(?:\.sqlite)?$/, '.personal.sqlite');
}

/** Keeps what files told of customers. What was told before is told once. */
export function keepPersonalData(company: Company, told: Iterable<KeptPersonalData>): void {
  withDatabase(company, { create: true }, (database) => {
    const insert = database.prepare('INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?)');
    database.exec('BEGIN');
    for (const { ledgerId, date, pspReference, name, phone, message } of told)
      insert.run(ledgerId, date, pspReference, name ?? null, phone ?? null, message ?? null);
    database.exec('COMMIT');
  });
}

/** What is known of the customer behind a payment, by the provider's reference. */
export function findPersonalData(company: Company, pspReference: string): readonly KeptPersonalData[] {
  const rows = withDatabase(company, { create: false }, (database) =>
    database
      .prepare('SELECT ledger AS ledgerId, date, psp AS pspReference, name, phone, message FROM person WHERE psp = ?')
      .all(pspReference),
  );
  return (rows ?? []).map((row) => {
    const told = Object.entries(row).filter(([, value]) => value !== null);
    return Object.fromEntries(told) as unknown as KeptPersonalData;
  });
}

/** How much is kept. */
export function countPersonalData(company: Company): PersonalDataCount {
  return withDatabase(company, { create: false }, (database) => countIn(database, '9999-12-31')) ?? nothing;
}

/**
 * Removes what is kept of payments before a date, for good: the places in the file are overwritten. Vouchers and the archive
 * have none of it and stay as they are. Returns what was removed.
 */
export function removePersonalData(company: Company, before: PlainDate): PersonalDataCount {
  const removed = withDatabase(company, { create: false }, (database) => {
    const count = countIn(database, before);
    database.prepare('DELETE FROM person WHERE date < ?').run(before);
    database.exec('VACUUM');
    return count;
  });
  return removed ?? nothing;
}

const nothing: PersonalDataCount = { payments: 0, names: 0, phones: 0, messages: 0, from: null, to: null };

function countIn(database: DatabaseSync, before: string): PersonalDataCount {
  const row = database
    .prepare(
      `SELECT count(*) AS payments, count(name) AS names, count(phone) AS phones, count(message) AS messages,
         min(date) AS "from", max(date) AS "to" FROM person WHERE date < ?`,
    )
    .get(before);
  return { ...nothing, ...row };
}

/** Undefined where nothing was ever kept. */
function withDatabase<Result>(
  company: Company,
  { create }: { readonly create: boolean },
  work: (database: DatabaseSync) => Result,
): Result | undefined {
  const path = pathOf(company);
  if (!create && !existsSync(path)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: 5000 });
    // Without a log of its own beside it, what is deleted is gone.
    database.exec(`PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS person (ledger TEXT, date TEXT, psp TEXT, name TEXT, phone TEXT, message TEXT,
        PRIMARY KEY (ledger, date, psp)) STRICT, WITHOUT ROWID;`);
    return work(database);
  } catch (error) {
    throw error instanceof BilagError ? error : toStorageError(error, path, 'what was kept before is untouched');
  } finally {
    database?.close();
  }
}
