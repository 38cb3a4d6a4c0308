import { DatabaseSync } from 'node:sqlite';

/** Our database, as any part of our system opens it. */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  // FULL: what is committed must be there after a power cut, or a voucher could be sent twice.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  database.exec(schema);
  return database;
}

/** All of the work, or nothing of it. IMMEDIATE: what is read in it, nobody else changes before it is written. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS merchant (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, organisation_number TEXT NOT NULL,
    vipps_ledger TEXT NOT NULL, credential TEXT NOT NULL, cut_over TEXT NOT NULL, sales_vat TEXT NOT NULL,
    locked_through TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS secret (reference TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;

  -- Our general ledger.
  CREATE TABLE IF NOT EXISTS account (number TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
  INSERT INTO account VALUES ('1579', 'Vipps'), ('1920', 'Bank'), ('2400', 'Suppliers'), ('2700', 'Output VAT'),
    ('2960', 'Accrued fees'), ('3000', 'Sales'), ('7770', 'Fees') ON CONFLICT DO NOTHING;
  CREATE TABLE IF NOT EXISTS ledger_voucher (
    number INTEGER PRIMARY KEY, merchant_id TEXT NOT NULL REFERENCES merchant, reference TEXT NOT NULL,
    date TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (merchant_id, reference)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS ledger_line (
    voucher INTEGER NOT NULL REFERENCES ledger_voucher, account TEXT NOT NULL REFERENCES account,
    amount INTEGER NOT NULL, vat_code TEXT, text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ledger_line_voucher ON ledger_line (voucher);

  -- What our pages show.
  CREATE TABLE IF NOT EXISTS voucher_receipt (
    merchant_id TEXT NOT NULL REFERENCES merchant, reference TEXT NOT NULL, date TEXT NOT NULL,
    total INTEGER NOT NULL, status TEXT NOT NULL, ledger_number TEXT, note TEXT,
    PRIMARY KEY (merchant_id, reference)
  ) STRICT;

  -- What delivering exactly once has to remember.
  CREATE TABLE IF NOT EXISTS delivery (
    merchant_id TEXT NOT NULL REFERENCES merchant, key TEXT NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL,
    reference TEXT NOT NULL, date TEXT NOT NULL, state TEXT NOT NULL, run TEXT NOT NULL, created_at INTEGER NOT NULL,
    content TEXT NOT NULL, PRIMARY KEY (merchant_id, key, revision, kind), UNIQUE (merchant_id, reference)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS delivery_target ON delivery (merchant_id, content ->> '$.delivery.targetId');
  CREATE TABLE IF NOT EXISTS held_fact (
    merchant_id TEXT NOT NULL, fact TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (merchant_id, fact)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS lease (
    merchant_id TEXT PRIMARY KEY, token TEXT NOT NULL, holder TEXT NOT NULL, since INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  -- Restored from a backup, this database has forgotten deliveries: set every state to 'forgetful' then.
  CREATE TABLE IF NOT EXISTS delivery_past (
    merchant_id TEXT PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS pinned_target (
    merchant_id TEXT PRIMARY KEY, adapter TEXT NOT NULL, target_company TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS delivery_finding (
    merchant_id TEXT NOT NULL, reference TEXT NOT NULL, code TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (merchant_id, reference, code)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS delivery_run (
    merchant_id TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
    PRIMARY KEY (merchant_id, id)
  ) STRICT;
`;
