-- What a company's bank delivered, what people decided about it, and what its provider has invoiced. Nothing is ever deleted: it
-- is taken back.

CREATE TABLE bank_file (
  company_id text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  digest text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
  name text NOT NULL,
  account text,
  imported_at text NOT NULL,
  bytes bytea NOT NULL,
  taken_back_at text,
  PRIMARY KEY (company_id, number),
  UNIQUE (company_id, digest)
);

CREATE TABLE bank_decision (
  company_id text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('match', 'unrelated')),
  lines text NOT NULL,
  payouts text NOT NULL,
  note text,
  decided_at text NOT NULL,
  taken_back_at text,
  PRIMARY KEY (company_id, number)
);

CREATE TABLE fee_invoice (
  company_id text COLLATE "C" NOT NULL,
  record integer NOT NULL,
  document text NOT NULL,
  recorded_at text NOT NULL,
  taken_back_at text,
  PRIMARY KEY (company_id, record)
);
