-- What belongs to one moment is one statement: a night is made of round trips.

-- Which server this is, and on which of its timelines. A copy that was restored, or that was promoted when the first one died, has
-- another: it may have lost what was written last. A session stays with one server, whose identifier is in a file.
CREATE FUNCTION server_history() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  identifier text := nullif(current_setting('bilag.server', true), '');
BEGIN
  IF identifier IS NULL THEN
    SELECT system_identifier::text INTO identifier FROM pg_control_system();
    PERFORM set_config('bilag.server', identifier, false);
  END IF;
  -- The name of a segment of the log begins with the timeline, in eight hexadecimal digits.
  RETURN identifier || '/' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer;
END
$$;

-- What is lost without harm: the next commit that is waited for takes it along to the disk.
CREATE FUNCTION need_not_wait() RETURNS void LANGUAGE sql AS $$
  SELECT set_config('synchronous_commit', 'off', true)
$$;

-- Takes a company that nobody holds, or whose lease is still the one that was seen (and that the caller has found to be over).
-- Otherwise says who holds it, and what time it is.
CREATE FUNCTION take_lease(
  p_company text, p_mark text, p_holder text, p_now bigint, p_lease_ms bigint, p_seen_token text, p_seen_until bigint
) RETURNS TABLE (is_taken boolean, token text, holder text, since bigint, expires_at bigint, moment bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  held lease%ROWTYPE;
  known text;
  history text := server_history();
  at bigint;
BEGIN
  SELECT * INTO held FROM lease WHERE company_id = p_company FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO lease (company_id, epoch) VALUES (p_company, 0) ON CONFLICT DO NOTHING;
    SELECT * INTO held FROM lease WHERE company_id = p_company FOR UPDATE;
  END IF;
  at := coalesce(p_now, clock_ms());
  IF held.token IS NOT NULL AND (held.token, held.expires_at) IS DISTINCT FROM (p_seen_token, p_seen_until) THEN
    RETURN QUERY SELECT false, held.token, held.holder, held.since, held.expires_at, at;
    RETURN;
  END IF;

  -- A new company has no past. One that was delivered for under another history of the server has forgotten something.
  SELECT past.history INTO known FROM past WHERE company_id = p_company;
  IF NOT FOUND THEN
    INSERT INTO past VALUES (p_company, 'new', at, history);
  ELSIF known <> history THEN
    UPDATE past SET state = 'forgetful', since = at, history = server_history() WHERE company_id = p_company;
  END IF;

  UPDATE lease SET epoch = held.epoch + 1, token = held.epoch + 1 || '-' || p_mark, holder = p_holder, since = at,
    expires_at = at + p_lease_ms
  WHERE company_id = p_company;
  RETURN QUERY SELECT true, held.epoch + 1 || '-' || p_mark, p_holder, at, at + p_lease_ms, at;
END
$$;

-- A lease that is not given back ends by itself.
CREATE FUNCTION release_lease(p_company text, p_token text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM need_not_wait();
  UPDATE lease SET token = NULL WHERE company_id = p_company AND token = p_token;
END
$$;

-- Pins at the first call; tells what is pinned. Where it is pinned already nothing is written.
CREATE FUNCTION pin_target(p_company text, p_token text, p_adapter text, p_target text) RETURNS SETOF company
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM company WHERE id = p_company) THEN
    PERFORM must_hold_lease(p_company, p_token);
    INSERT INTO company VALUES (p_company, p_adapter, p_target) ON CONFLICT DO NOTHING;
  END IF;
  RETURN QUERY SELECT * FROM company WHERE id = p_company;
END
$$;

-- When a run began and ended. No voucher hangs on it: what is posted in it is waited for.
CREATE FUNCTION save_run(p_company text, p_token text, p_id text, p_kind text, p_started_at bigint, p_ended_at bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM need_not_wait();
  PERFORM must_hold_lease(p_company, p_token);
  INSERT INTO run VALUES (p_company, p_id, p_kind, p_started_at, p_ended_at)
  ON CONFLICT (company_id, id) DO UPDATE SET kind = excluded.kind, started_at = excluded.started_at, ended_at = excluded.ended_at;
END
$$;

-- Puts findings in the place of everything that is kept of some references.
CREATE FUNCTION save_findings(p_company text, p_token text, p_references text[], p_findings jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM must_hold_lease(p_company, p_token);
  DELETE FROM finding WHERE company_id = p_company AND reference = ANY (p_references);
  INSERT INTO finding SELECT p_company, reference, code, finding, found_at, seen_at FROM jsonb_to_recordset(p_findings)
    AS given (reference text, code text, finding text, found_at bigint, seen_at bigint)
  ON CONFLICT (company_id, reference, code) DO UPDATE SET
    finding = excluded.finding, found_at = excluded.found_at, seen_at = excluded.seen_at;
END
$$;

-- Refuses whoever may not write to an archive; who may, may for a while longer.
CREATE FUNCTION must_hold_archive(p_archive text, p_token text, p_holder text, p_seconds integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF hold_archive(p_archive, p_token, p_holder, p_seconds) IS NOT true THEN
    RAISE EXCEPTION 'another writes to the archive' USING ERRCODE = 'BL003';
  END IF;
END
$$;

-- An archive that is not given back is free a moment later.
CREATE FUNCTION release_archive(p_archive text, p_token text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM need_not_wait();
  UPDATE archive_writer SET token = NULL WHERE archive = p_archive AND token = p_token;
END
$$;

CREATE FUNCTION save_cursor(p_archive text, p_cursor jsonb) RETURNS void LANGUAGE sql AS $$
  INSERT INTO source_cursor SELECT p_archive, p_cursor ->> 'source', p_cursor ->> 'value' WHERE p_cursor IS NOT NULL
  ON CONFLICT (archive, source) DO UPDATE SET value = excluded.value
$$;

-- Remembers ledgers. Where one was known in another currency none is: DETAIL says in which, HINT which.
CREATE FUNCTION remember_ledgers(p_archive text, p_token text, p_holder text, p_seconds integer, p_ledgers jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  given record;
  known text;
BEGIN
  PERFORM must_hold_archive(p_archive, p_token, p_holder, p_seconds);
  -- One may be given more than once.
  FOR given IN SELECT * FROM jsonb_to_recordset(p_ledgers) AS each (id text, currency text, handles text) LOOP
    INSERT INTO ledger VALUES (p_archive, given.id, given.currency, given.handles)
    ON CONFLICT (archive, id) DO UPDATE SET handles = excluded.handles RETURNING ledger.currency INTO known;
    IF known <> given.currency THEN
      RAISE EXCEPTION 'the ledger has another currency' USING ERRCODE = 'BL005', DETAIL = known, HINT = given.id;
    END IF;
  END LOOP;
END
$$;

-- A reading with its pages. Its bodies are among those that are given, counted from 1.
CREATE FUNCTION insert_reading(p_archive text, p_reading jsonb, p_number integer, p_bodies bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  ledger text := p_reading ->> 'ledger';
  day text := p_reading ->> 'date';
  topic text := p_reading ->> 'topic';
BEGIN
  INSERT INTO reading VALUES
    (p_archive, ledger, day, topic, p_number, (p_reading ->> 'closed')::boolean, p_reading ->> 'fingerprint');
  -- A body that is there but damaged is written anew: the good bytes are at hand.
  INSERT INTO body SELECT DISTINCT ON (digest) p_archive, digest, p_bodies[place]
  FROM jsonb_to_recordset(p_reading -> 'pages') AS page (digest text, place integer)
  ON CONFLICT (archive, digest) DO UPDATE SET packed = excluded.packed WHERE body.packed <> excluded.packed;
  INSERT INTO page SELECT p_archive, ledger, day, topic, p_number, sequence, digest, bytes, request, received_at
  FROM jsonb_to_recordset(p_reading -> 'pages')
    AS page (sequence integer, digest text, bytes integer, request text, received_at text);
END
$$;

-- Stores readings in their order, each as new or unchanged. What would change a closed date is refused, and with it all of them:
-- DETAIL says which it was, counted from 0.
CREATE FUNCTION store_readings(
  p_archive text, p_token text, p_holder text, p_seconds integer, p_readings jsonb, p_bodies bytea[], p_cursor jsonb
) RETURNS TABLE (outcome text, number integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  given jsonb;
  place integer := 0;
  last reading%ROWTYPE;
  is_same boolean;
BEGIN
  PERFORM must_hold_archive(p_archive, p_token, p_holder, p_seconds);
  FOR given IN SELECT jsonb_array_elements(p_readings) LOOP
    SELECT * INTO last FROM reading WHERE archive = p_archive AND ledger_id = given ->> 'ledger'
      AND date = given ->> 'date' AND topic = given ->> 'topic' ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN
      PERFORM insert_reading(p_archive, given, 1, p_bodies);
      RETURN QUERY SELECT 'stored', 1;
    ELSE
      is_same := last.fingerprint = (given ->> 'fingerprint');
      IF is_same IS NOT true THEN
        SELECT coalesce(string_agg(digest, ',' ORDER BY sequence), '') = (given ->> 'digests') INTO is_same FROM page
        WHERE archive = p_archive AND ledger_id = last.ledger_id AND date = last.date AND topic = last.topic
          AND page.number = last.number;
      END IF;
      IF is_same AND (last.closed OR NOT (given ->> 'closed')::boolean) THEN
        RETURN QUERY SELECT 'unchanged', last.number;
      ELSIF last.closed THEN
        RAISE EXCEPTION 'a closed date would change' USING ERRCODE = 'BL004', DETAIL = place::text;
      ELSE
        PERFORM insert_reading(p_archive, given, last.number + 1, p_bodies);
        RETURN QUERY SELECT 'stored', last.number + 1;
      END IF;
    END IF;
    PERFORM save_cursor(p_archive, given -> 'cursor');
    place := place + 1;
  END LOOP;
  PERFORM save_cursor(p_archive, p_cursor);
END
$$;

-- How a company stands after its turn, which is done with; tells the reasons that were kept before, and lets go of them.
CREATE FUNCTION save_company(p_night text, p_company text, p_target text, p_asks_for text, p_state text)
RETURNS TABLE (reason text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  -- The row is locked by this until the end of the transaction, and with it the reasons of the company.
  INSERT INTO company_state VALUES (p_company, p_target, p_night, p_asks_for, p_state)
  ON CONFLICT (company_id, target) DO UPDATE SET
    night_id = excluded.night_id, asks_for = excluded.asks_for, state = excluded.state;
  DELETE FROM night_company WHERE night_id = p_night AND company_id = p_company;
  RETURN QUERY DELETE FROM kept_reason WHERE company_id = p_company AND target = p_target RETURNING kept_reason.reason;
END
$$;

-- Who asked for starts last, and until when a credential counts as shared: others were seen to ask.
ALTER TABLE pace ADD COLUMN asker text, ADD COLUMN shared_until timestamptz;

-- One of the target's places, and starts. Who is alone with a credential gets the starts of a stretch of time at once; among others it
-- is one start at a time, and none where no stretch is asked for. No row where all places are taken; no place where the wait
-- would be longer than asked for. Workers that were started before this step go on with take_turn, on the same rows.
CREATE FUNCTION take_turns(
  p_credential text, p_token text, p_place integer, p_places integer, p_spacing_ms double precision, p_stretch_ms double precision,
  p_late_ms double precision, p_longest_wait_ms double precision, p_silence_ms double precision
) RETURNS TABLE (place integer, wait_ms double precision, starts integer, is_alone boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  moment timestamptz := clock_timestamp();
  ms interval := interval '1 millisecond';
  a_while interval := interval '60 seconds';
  found_place integer;
  known pace%ROWTYPE;
  alone boolean;
  count integer := 1;
  begins timestamptz := moment;
BEGIN
  IF p_place IS NOT NULL THEN
    SELECT place INTO found_place FROM turn_place
    WHERE credential = p_credential AND place = p_place AND token = p_token FOR UPDATE;
  END IF;
  IF found_place IS NULL THEN
    SELECT place INTO found_place FROM turn_place
    WHERE credential = p_credential AND place < p_places AND (token IS NULL OR free_at < moment)
    ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED;
  END IF;
  -- Places are made when they are needed, in the order of their numbers.
  IF found_place IS NULL THEN
    INSERT INTO turn_place SELECT p_credential, count(*), NULL, moment FROM turn_place WHERE credential = p_credential
    HAVING count(*) < p_places ON CONFLICT DO NOTHING RETURNING place INTO found_place;
  END IF;
  IF found_place IS NULL THEN RETURN; END IF;

  SELECT * INTO known FROM pace WHERE credential = p_credential FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO pace VALUES (p_credential, moment) ON CONFLICT DO NOTHING;
    SELECT * INTO known FROM pace WHERE credential = p_credential FOR UPDATE;
  END IF;
  IF known.asker <> p_token AND known.next_at > moment - a_while THEN known.shared_until := moment + a_while; END IF;
  alone := coalesce(known.shared_until < moment, true);
  IF p_stretch_ms IS NOT NULL THEN
    begins := greatest(known.next_at, clock_timestamp());
    IF begins > moment + p_longest_wait_ms * ms THEN
      RETURN QUERY SELECT NULL::integer, extract(epoch FROM begins - moment)::double precision * 1000, 0, false;
      RETURN;
    END IF;
    IF alone AND p_late_ms = 0 THEN count := greatest(1, floor(p_stretch_ms / nullif(p_spacing_ms, 0))); END IF;
    -- Who may come later than others leaves as much more room behind it.
    UPDATE pace SET next_at = begins + (count * p_spacing_ms + p_late_ms) * ms, asker = p_token,
      shared_until = known.shared_until
    WHERE credential = p_credential;
  END IF;
  UPDATE turn_place SET token = p_token, free_at = begins + p_silence_ms * ms
  WHERE credential = p_credential AND place = found_place;
  RETURN QUERY SELECT found_place,
    greatest(0, extract(epoch FROM begins - clock_timestamp()) * 1000)::double precision, count, alone;
END
$$;

-- Who is done with a credential leaves nothing to those who come.
CREATE FUNCTION leave_turns(p_credential text, p_token text) RETURNS void LANGUAGE sql AS $$
  UPDATE turn_place SET token = NULL WHERE credential = p_credential AND token = p_token;
  UPDATE pace SET asker = NULL WHERE credential = p_credential AND asker = p_token;
$$;
