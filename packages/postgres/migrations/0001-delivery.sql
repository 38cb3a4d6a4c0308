-- The delivery log. Times are milliseconds since the epoch; texts are compared by their bytes, so that the order is the same
-- everywhere. Voucher and problem are JSON as it was written: nothing in them is ever read as a number.

CREATE TABLE company (
  id text COLLATE "C" PRIMARY KEY,
  adapter_id text NOT NULL,
  target_company_id text NOT NULL
);

-- One row for each company that was ever taken. The epoch counts its leases: a token begins with it.
CREATE TABLE lease (
  company_id text COLLATE "C" PRIMARY KEY,
  epoch bigint NOT NULL,
  token text,
  holder text,
  since bigint,
  expires_at bigint
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

CREATE TABLE past (
  company_id text COLLATE "C" PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('new', 'whole', 'forgetful')),
  since bigint NOT NULL,
  -- The history of the server when the company was last delivered for: another one may have lost what was written last.
  history text NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

CREATE TABLE delivery (
  company_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  revision integer NOT NULL CHECK (revision BETWEEN 1 AND 99),
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('voucher', 'reversal')),
  reference text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  digest text NOT NULL,
  state text NOT NULL CHECK (state IN
    ('planned', 'intended', 'posted', 'rejected', 'conflict', 'blocked', 'unknown-outcome', 'reversed')),
  expected text,
  attempts integer NOT NULL CHECK (attempts >= 0),
  uncertain integer NOT NULL CHECK (uncertain >= 0),
  first_sent_at bigint,
  sent_at bigint,
  misses integer NOT NULL CHECK (misses >= 0),
  first_miss_at bigint,
  last_miss_at bigint,
  target_id text COLLATE "C",
  number text,
  problem text,
  is_doubled boolean NOT NULL,
  run text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  is_attached boolean NOT NULL,
  is_held boolean NOT NULL,
  PRIMARY KEY (company_id, key, revision, kind)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
CREATE UNIQUE INDEX delivery_reference ON delivery (company_id, reference);
CREATE INDEX delivery_date ON delivery (company_id, date, key, revision);
CREATE INDEX delivery_open ON delivery (company_id, state) WHERE state NOT IN ('posted', 'reversed');
CREATE INDEX delivery_run ON delivery (company_id, run);
CREATE INDEX delivery_target ON delivery (company_id, target_id) WHERE target_id IS NOT NULL;

CREATE TABLE content (
  company_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  revision integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  voucher text NOT NULL,
  PRIMARY KEY (company_id, key, revision, kind),
  FOREIGN KEY (company_id, key, revision, kind) REFERENCES delivery
);

CREATE TABLE live_fact (
  company_id text COLLATE "C" NOT NULL,
  fact text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  PRIMARY KEY (company_id, fact)
);
CREATE INDEX live_fact_reference ON live_fact (company_id, reference);

CREATE TABLE run (
  company_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (company_id, id)
);

-- What verify found, until it is settled or gone.
CREATE TABLE finding (
  company_id text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  finding text NOT NULL,
  found_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (company_id, reference, code)
);

-- Milliseconds since the epoch by the clock of this server: the only one that counts where many machines meet.
CREATE FUNCTION clock_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

-- Refuses whoever does not hold the company, and keeps the lease as it is until the transaction ends: what is written under
-- it is written before another takes it, or not at all.
CREATE FUNCTION must_hold_lease(p_company text, p_token text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held lease%ROWTYPE;
BEGIN
  SELECT * INTO held FROM lease WHERE company_id = p_company FOR UPDATE;
  IF held.token IS DISTINCT FROM p_token THEN
    RAISE EXCEPTION 'the lease was lost' USING ERRCODE = 'BL001', DETAIL = coalesce(held.holder, '');
  END IF;
END
$$;

-- Writes rows, all or none, in one round trip: facts are let go of before others take them, since a reversal and what
-- replaces it may come together.
CREATE FUNCTION save_deliveries(p_company text, p_token text, p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  taken record;
BEGIN
  PERFORM must_hold_lease(p_company, p_token);

  DELETE FROM live_fact USING jsonb_to_recordset(p_rows) AS given (reference text, kind text, holds boolean)
  WHERE live_fact.company_id = p_company AND live_fact.reference = given.reference
    AND given.kind = 'voucher' AND NOT given.holds;

  INSERT INTO delivery
  SELECT p_company, key, revision, kind, reference, date, digest, state, expected, attempts, uncertain, first_sent_at,
    sent_at, misses, first_miss_at, last_miss_at, target_id, number, problem, is_doubled, run, created_at, updated_at,
    is_attached, is_held
  FROM jsonb_to_recordset(p_rows) AS given (
    key text, revision integer, kind text, reference text, date text, digest text, state text, expected text,
    attempts integer, uncertain integer, first_sent_at bigint, sent_at bigint, misses integer, first_miss_at bigint,
    last_miss_at bigint, target_id text, number text, problem text, is_doubled boolean, run text, created_at bigint,
    updated_at bigint, is_attached boolean, is_held boolean
  )
  ON CONFLICT (company_id, key, revision, kind) DO UPDATE SET
    reference = excluded.reference, date = excluded.date, digest = excluded.digest, state = excluded.state,
    expected = excluded.expected, attempts = excluded.attempts, uncertain = excluded.uncertain,
    first_sent_at = excluded.first_sent_at, sent_at = excluded.sent_at, misses = excluded.misses,
    first_miss_at = excluded.first_miss_at, last_miss_at = excluded.last_miss_at, target_id = excluded.target_id,
    number = excluded.number, problem = excluded.problem, is_doubled = excluded.is_doubled, run = excluded.run,
    updated_at = excluded.updated_at, is_attached = excluded.is_attached, is_held = excluded.is_held;

  INSERT INTO content
  SELECT p_company, key, revision, kind, voucher
  FROM jsonb_to_recordset(p_rows) AS given (key text, revision integer, kind text, voucher text)
  ON CONFLICT (company_id, key, revision, kind) DO UPDATE SET voucher = excluded.voucher
  WHERE content.voucher IS DISTINCT FROM excluded.voucher;

  INSERT INTO live_fact
  SELECT DISTINCT p_company, each.fact, reference
  FROM jsonb_to_recordset(p_rows) AS given (reference text, holds boolean, facts text[]), unnest(facts) AS each (fact)
  WHERE holds
  ON CONFLICT DO NOTHING;

  SELECT live_fact.reference AS holder, given.reference INTO taken
  FROM jsonb_to_recordset(p_rows) AS given (reference text, holds boolean, facts text[]), unnest(facts) AS each (fact)
  JOIN live_fact ON live_fact.company_id = p_company AND live_fact.fact = each.fact
  WHERE holds AND live_fact.reference <> given.reference
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a fact is held already' USING ERRCODE = 'BL002', DETAIL = taken.holder, HINT = taken.reference;
  END IF;
END
$$;
