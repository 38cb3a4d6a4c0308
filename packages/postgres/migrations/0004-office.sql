-- What an office remembers from one night to the next.

CREATE TABLE seen_ledger (
  keys text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  currency text,
  owner text,
  units text NOT NULL,
  payout_account text,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  is_gone boolean NOT NULL,
  PRIMARY KEY (keys, id)
);

CREATE TABLE ledger_change (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  keys text NOT NULL,
  ledger_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  what text NOT NULL,
  asks text NOT NULL CHECK (asks IN ('nothing', 'look', 'confirm')),
  at bigint NOT NULL,
  confirmed_by text,
  confirmed_at bigint
);
CREATE INDEX ledger_change_open ON ledger_change (ledger_id) WHERE asks = 'confirm' AND confirmed_at IS NULL;
CREATE INDEX ledger_change_ledger ON ledger_change (ledger_id, number);
CREATE INDEX ledger_change_at ON ledger_change (at);

CREATE TABLE night (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  target text COLLATE "C" NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint
);

CREATE TABLE company_state (
  company_id text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  night_id text COLLATE "C" NOT NULL,
  asks_for text NOT NULL CHECK (asks_for IN ('nothing', 'retry', 'person')),
  state text NOT NULL,
  PRIMARY KEY (company_id, target)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX company_state_night ON company_state (night_id, company_id);
CREATE INDEX company_state_asks ON company_state (asks_for, company_id, target) WHERE asks_for <> 'nothing';
