-- What was received, kept as received. An archive is named by its company.

CREATE TABLE archive_writer (
  archive text COLLATE "C" PRIMARY KEY,
  token text,
  holder text,
  free_at timestamptz NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

-- `stored` ascends in the order of commits within an archive, as one writes at a time: whoever reads, reads up to the last
-- one there was when it began.
CREATE TABLE reading (
  archive text COLLATE "C" NOT NULL,
  ledger_id text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  closed boolean NOT NULL,
  fingerprint text,
  stored bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (archive, ledger_id, date, topic, number)
);
CREATE INDEX reading_stored ON reading (archive, stored);

-- A body once per digest, compressed before it came here.
CREATE TABLE body (
  archive text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
  packed bytea NOT NULL,
  PRIMARY KEY (archive, digest)
);
ALTER TABLE body ALTER COLUMN packed SET STORAGE EXTERNAL;

CREATE TABLE page (
  archive text COLLATE "C" NOT NULL,
  ledger_id text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  sequence integer NOT NULL CHECK (sequence >= 0),
  digest text COLLATE "C" NOT NULL,
  bytes integer NOT NULL,
  request text NOT NULL,
  received_at text NOT NULL,
  PRIMARY KEY (archive, ledger_id, date, topic, number, sequence),
  FOREIGN KEY (archive, ledger_id, date, topic, number) REFERENCES reading,
  FOREIGN KEY (archive, digest) REFERENCES body
);

CREATE TABLE source_cursor (
  archive text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (archive, source)
);

CREATE TABLE ledger (
  archive text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  handles text NOT NULL,
  PRIMARY KEY (archive, id)
);

-- Takes the right to write for a while, or keeps it; false where another has it.
CREATE FUNCTION hold_archive(p_archive text, p_token text, p_holder text, p_seconds integer) RETURNS boolean LANGUAGE sql AS $$
  INSERT INTO archive_writer AS writer VALUES (p_archive, p_token, p_holder, clock_timestamp() + make_interval(secs => p_seconds))
  ON CONFLICT (archive) DO UPDATE SET token = excluded.token, holder = excluded.holder, free_at = excluded.free_at
  WHERE writer.token IS NULL OR writer.token = excluded.token OR writer.free_at < clock_timestamp()
  RETURNING true
$$;
