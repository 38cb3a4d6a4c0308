-- The last run of a company is asked for several times in each of its nights. Without this all its runs were read each time, which lie
-- as far apart as the nights they were written in.
CREATE INDEX run_latest ON run (company_id, started_at DESC, id DESC);
