-- What waits for a person since when, and what persons did.

CREATE TABLE kept_reason (
  company_id text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  found_at bigint NOT NULL,
  place integer NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (company_id, target, found_at, place)
);
INSERT INTO kept_reason SELECT company_id, target, (state::jsonb ->> 'at')::bigint, each.place,
    jsonb_build_object('companyId', company_id, 'target', target, 'foundAt', state::jsonb -> 'at', 'seenAt', state::jsonb -> 'at')
      || each.reason
  FROM company_state, jsonb_array_elements(state::jsonb -> 'reasons') WITH ORDINALITY AS each (reason, place)
  WHERE asks_for = 'person';

CREATE TABLE act (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  company_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  what text NOT NULL,
  by text NOT NULL,
  at bigint NOT NULL,
  ended text
);
CREATE INDEX act_company ON act (company_id, number);
