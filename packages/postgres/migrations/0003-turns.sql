-- Turns under a target's limits. Nothing here needs to survive: after a crash the next turn comes a moment too early or late.

CREATE UNLOGGED TABLE pace (
  credential text COLLATE "C" PRIMARY KEY,
  next_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);

CREATE UNLOGGED TABLE turn_place (
  credential text COLLATE "C" NOT NULL,
  place integer NOT NULL,
  token text,
  free_at timestamptz NOT NULL,
  PRIMARY KEY (credential, place)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);

-- One of the target's places, and how many milliseconds until the turn begins; no row where all places are taken, or where
-- the wait would be longer than asked for (then `place` is null). Starts are spaced evenly across all machines.
CREATE FUNCTION take_turn(
  p_credential text, p_token text, p_places integer, p_spacing_ms double precision, p_longest_wait_ms double precision,
  p_silence_ms double precision
) RETURNS TABLE (place integer, wait_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  found_place integer;
  begins timestamptz;
  moment timestamptz := clock_timestamp();
BEGIN
  INSERT INTO turn_place SELECT p_credential, number, NULL, moment FROM generate_series(0, p_places - 1) AS number
  ON CONFLICT DO NOTHING;
  SELECT turn_place.place INTO found_place FROM turn_place
  WHERE credential = p_credential AND turn_place.place < p_places AND (token IS NULL OR free_at < moment)
  ORDER BY turn_place.place LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;

  INSERT INTO pace AS known VALUES (p_credential, moment)
  ON CONFLICT (credential) DO UPDATE SET next_at = known.next_at;
  SELECT greatest(next_at, clock_timestamp()) INTO begins FROM pace WHERE credential = p_credential FOR UPDATE;
  IF begins > moment + p_longest_wait_ms * interval '1 millisecond' THEN
    RETURN QUERY SELECT NULL::integer, extract(epoch FROM begins - moment)::double precision * 1000;
    RETURN;
  END IF;
  UPDATE pace SET next_at = begins + p_spacing_ms * interval '1 millisecond' WHERE credential = p_credential;
  UPDATE turn_place SET token = p_token, free_at = begins + p_silence_ms * interval '1 millisecond'
  WHERE credential = p_credential AND turn_place.place = found_place;
  RETURN QUERY SELECT found_place,
    greatest(0, extract(epoch FROM begins - clock_timestamp()) * 1000)::double precision;
END
$$;
