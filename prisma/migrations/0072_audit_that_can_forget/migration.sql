-- The second format of sealed audit rows: what may be about a person is covered by a salted digest instead of by itself, so
-- that it can be taken out later and the seal still proves the rest. Rows of the first format stay as they were sealed.
ALTER TABLE "AuditLog"
  ADD COLUMN format smallint NOT NULL DEFAULT 1,
  ADD COLUMN personal text,
  ADD COLUMN salt uuid,
  ADD COLUMN digest text,
  ADD COLUMN redaction uuid;
COMMENT ON COLUMN "AuditLog".format IS 'How the row was sealed; what is not sealed yet says 1';
COMMENT ON COLUMN "AuditLog".personal IS 'Names in before and after whose values only the digest covers, with commas';
COMMENT ON COLUMN "AuditLog".salt IS 'Of the digest; destroyed with the values that it covers';
COMMENT ON COLUMN "AuditLog".digest IS 'Of the values as they were sealed; kept when they are taken out, made from them until then';
COMMENT ON COLUMN "AuditLog".redaction IS 'The row that says that, why and by whom values were taken out of this one';

-- Values that cannot tell who somebody is: references, numbers, states, times. All others may be taken out one day.
CREATE FUNCTION audit.impersonal_columns(entity_type text) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(a.attname::text), '{}') FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = to_regclass(format('public.%I', entity_type)) AND a.attnum > 0 AND NOT a.attisdropped
     AND (t.typtype = 'e' OR a.atttypid IN ('uuid'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype,
       'bool'::regtype, 'timestamptz'::regtype))
$$;
CREATE FUNCTION audit.without(value jsonb, names text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'object' THEN CASE WHEN names IS NULL THEN value ELSE value - string_to_array(names, ',') END END
$$;

CREATE FUNCTION audit.digest_of(l "AuditLog") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN l.salt IS NULL THEN l.digest
    ELSE encode(sha256(convert_to(l.salt::text || jsonb_build_array(l.before, l.after, l.reason)::text, 'UTF8')), 'hex') END
$$;

-- A row as it is hashed. src/domain/audit/content.ts says the same, and does not trust this.
CREATE OR REPLACE FUNCTION audit.content(l "AuditLog") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN l.format = 1
    THEN jsonb_build_array(l.id, l."orgId", l.number, l.seq, l.tx, (extract(epoch FROM l."createdAt") * 1000000)::bigint,
      l."actorUserId", l."actorKind", l."actorRole", l.action, l."entityType", l."entityId", l.before, l.after, l.reason,
      l."requestId", l.ip)
    ELSE jsonb_build_array(l.id, l."orgId", l.number, l.seq, l.tx, (extract(epoch FROM l."createdAt") * 1000000)::bigint,
      l."actorUserId", l."actorKind", l."actorRole", l.action, l."entityType", l."entityId",
      audit.without(l.before, l.personal), audit.without(l.after, l.personal), audit.digest_of(l), l."requestId", l.ip, l.personal)
    END::text
$$;

CREATE OR REPLACE FUNCTION audit.seal(most integer DEFAULT 5000) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- a batch is few rows of very many, found by their place and by their id
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  -- before any row is looked at: what is older is complete then
  oldest_running CONSTANT bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  next_one CONSTANT bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  done audit.progress;
  restored boolean := false;
  before_tx bigint := oldest_running;
  entry "AuditLog";
  head audit.head;
  ids uuid[] := '{}';
  numbers integer[] := '{}';
  previous text[] := '{}';
  hashes text[] := '{}';
  salts uuid[] := '{}';
  names text[] := '{}';
  impersonal jsonb := '{}';
  last_tx bigint;
  last_seq integer;
BEGIN
  -- another worker is at it
  IF NOT pg_try_advisory_xact_lock(hashtext('audit.seal')) THEN RETURN 0; END IF;
  SELECT * INTO done FROM audit.progress;
  done.tx := coalesce(done.tx, 0);
  done.seq := coalesce(done.seq, 0);
  IF done.tx > next_one THEN
    -- the database was restored on another server, which counts its transactions anew: what it brought along is complete
    restored := true;
    before_tx := 9223372036854775807;
    done.tx := 0;
    done.seq := 0;
  END IF;
  FOR entry IN
    SELECT * FROM (
      SELECT l.* FROM "AuditLog" l
       WHERE (l.tx, l.seq) > (done.tx, done.seq) AND l.tx < before_tx AND l.hash IS NULL
         AND (NOT restored OR l.tx < oldest_running OR l.tx >= next_one)
       ORDER BY l.tx, l.seq LIMIT most) batch
    ORDER BY "orgId", tx, seq
  LOOP
    IF entry."orgId" IS DISTINCT FROM head."orgId" THEN
      PERFORM audit.keep_head(head);
      SELECT * INTO head FROM audit.head h WHERE h."orgId" = entry."orgId";
      IF head."orgId" IS NULL THEN
        head."orgId" := entry."orgId";
        head.number := 0;
        head.hash := encode(sha256(convert_to('DriveFlow ' || entry."orgId", 'UTF8')), 'hex');
      END IF;
    END IF;
    entry.number := head.number + 1;
    IF NOT impersonal ? entry."entityType" THEN
      impersonal := impersonal || jsonb_build_object(entry."entityType", audit.impersonal_columns(entry."entityType"));
    END IF;
    entry.format := 2;
    SELECT string_agg(name, ',' ORDER BY name) INTO entry.personal FROM (
        SELECT jsonb_object_keys(entry.before) AS name WHERE jsonb_typeof(entry.before) = 'object'
        UNION SELECT jsonb_object_keys(entry.after) WHERE jsonb_typeof(entry.after) = 'object') names
     WHERE NOT impersonal -> entry."entityType" ? name;
    IF entry.personal IS NOT NULL OR entry.reason IS NOT NULL OR jsonb_typeof(entry.before) <> 'object' OR jsonb_typeof(entry.after) <> 'object' THEN
      entry.salt := gen_random_uuid();
    END IF;
    previous := previous || head.hash;
    head.hash := encode(sha256(convert_to(head.hash || audit.content(entry), 'UTF8')), 'hex');
    head.number := entry.number;
    head.seq := entry.seq;
    ids := ids || entry.id;
    numbers := numbers || entry.number;
    hashes := hashes || head.hash;
    salts := salts || entry.salt;
    names := names || entry.personal;
    IF last_tx IS NULL OR (entry.tx, entry.seq) > (last_tx, last_seq) THEN
      last_tx := entry.tx;
      last_seq := entry.seq;
    END IF;
  END LOOP;
  PERFORM audit.keep_head(head);
  UPDATE "AuditLog" l SET number = sealed.number, "prevHash" = sealed.previous, hash = sealed.hash, format = 2,
      personal = sealed.personal, salt = sealed.salt
    FROM unnest(ids, numbers, previous, hashes, names, salts) AS sealed(id, number, previous, hash, personal, salt)
   WHERE l.id = sealed.id;
  IF cardinality(ids) < most THEN
    last_tx := oldest_running;
    last_seq := 0;
  END IF;
  INSERT INTO audit.progress (tx, seq) VALUES (last_tx, last_seq)
    ON CONFLICT (single) DO UPDATE SET tx = EXCLUDED.tx, seq = EXCLUDED.seq;
  RETURN cardinality(ids);
END $$;

-- The one change of a row: its seal, once, and nothing else with it.
CREATE OR REPLACE FUNCTION audit.only_sealing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  bare record := NEW;
BEGIN
  bare.number := NULL;
  bare."prevHash" := NULL;
  bare.hash := NULL;
  bare.format := OLD.format;
  bare.personal := NULL;
  bare.salt := NULL;
  IF NEW.hash IS NOT NULL AND bare IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'AuditLog is append-only'
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'append_only', SCHEMA = 'public', TABLE = 'AuditLog';
END $$;

ALTER FUNCTION audit.impersonal_columns(text) OWNER TO driveflow_audit;
ALTER FUNCTION audit.without(jsonb, text) OWNER TO driveflow_audit;
ALTER FUNCTION audit.digest_of("AuditLog") OWNER TO driveflow_audit;
REVOKE ALL ON FUNCTION audit.impersonal_columns(text), audit.without(jsonb, text), audit.digest_of("AuditLog") FROM PUBLIC;
