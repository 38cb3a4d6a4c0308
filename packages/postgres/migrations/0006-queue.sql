-- The companies of a vendor, as its config has them: a worker on any machine reads them here. A program may fill the table itself.
CREATE TABLE merchant (
  id text COLLATE "C" PRIMARY KEY,
  input text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- The companies of a night that are not done with. The queue wakes and spreads; this says what is left.
CREATE TABLE night_company (
  night_id text COLLATE "C" NOT NULL,
  company_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (night_id, company_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

-- Null for a night that one process does by itself; true when all its companies are in the queue.
ALTER TABLE night ADD COLUMN is_queued boolean;
