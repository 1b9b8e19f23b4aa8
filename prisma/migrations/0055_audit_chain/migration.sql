-- Each school's audit rows become a chain: every row's hash covers its content and the hash of the row before it. It is
-- built a few seconds after the write, by the worker: in the row trigger, writers of one school would wait for each other.

-- The transaction that wrote a row: what is older than every transaction that still runs is complete.
CREATE OR REPLACE FUNCTION audit_write(school uuid, actor uuid, action text, entity_type text, entity_id text,
    before jsonb, after jsonb, reason text, request_id text, ip text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  kind CONSTANT text := nullif(current_setting('app.actor_kind', true), '');
BEGIN
  INSERT INTO "AuditLog" ("orgId", "actorUserId", "actorKind", "actorRole", action, "entityType", "entityId",
      before, after, reason, "requestId", ip, tx)
  VALUES (school, actor,
    -- somebody at a database console says nothing about himself
    coalesce(kind, CASE WHEN actor IS NULL THEN 'operator' ELSE 'user' END)::"ActorKind",
    coalesce(nullif(current_setting('app.role', true), ''), CASE WHEN kind IS NULL AND actor IS NULL THEN session_user::text END),
    action, entity_type, entity_id, before, after, reason, nullif(request_id, ''), nullif(ip, ''),
    pg_current_xact_id()::text::bigint);
END $$;

CREATE TABLE audit.head (
  "orgId" uuid PRIMARY KEY,
  number integer NOT NULL,
  seq integer NOT NULL,
  hash text NOT NULL,
  "sealedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE audit.head IS 'The last sealed row of each school';
CREATE TABLE audit.progress (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  tx bigint NOT NULL DEFAULT 0,
  seq integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE audit.progress IS 'Up to which transaction, and which row of it, everything is sealed';
CREATE TABLE audit.boundary (
  part text NOT NULL REFERENCES audit.part (name),
  "orgId" uuid NOT NULL,
  number integer NOT NULL,
  hash text NOT NULL,
  rows integer NOT NULL,
  strays integer[] NOT NULL,
  PRIMARY KEY ("orgId", part)
);
COMMENT ON TABLE audit.boundary IS 'Where a school''s chain was when a month was taken out';
COMMENT ON COLUMN audit.boundary.number IS 'The last sealed row in the month';
COMMENT ON COLUMN audit.boundary.strays IS 'Rows with smaller numbers that a later month holds';

ALTER TABLE audit.head OWNER TO driveflow_audit;
ALTER TABLE audit.progress OWNER TO driveflow_audit;
ALTER TABLE audit.boundary OWNER TO driveflow_audit;
ALTER TABLE audit.head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit.progress ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit.boundary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Only inside the functions of driveflow_audit: its member, the owner of the tables, does not get these by membership.
CREATE POLICY keeper ON audit.head TO driveflow_audit USING (current_user = 'driveflow_audit') WITH CHECK (current_user = 'driveflow_audit');
CREATE POLICY keeper ON audit.progress TO driveflow_audit USING (current_user = 'driveflow_audit') WITH CHECK (current_user = 'driveflow_audit');
CREATE POLICY keeper ON audit.boundary TO driveflow_audit USING (current_user = 'driveflow_audit') WITH CHECK (current_user = 'driveflow_audit');
CREATE POLICY keeper ON "AuditLog" FOR SELECT TO driveflow_audit USING (current_user = 'driveflow_audit');
CREATE POLICY keeper_seals ON "AuditLog" FOR UPDATE TO driveflow_audit USING (current_user = 'driveflow_audit') WITH CHECK (current_user = 'driveflow_audit');
CREATE POLICY keeper ON "AuditSeal" TO driveflow_audit USING (current_user = 'driveflow_audit') WITH CHECK (current_user = 'driveflow_audit');
GRANT SELECT, INSERT ON "AuditSeal" TO driveflow_audit;

-- A school reads where its own chain stands.
CREATE POLICY tenant ON audit.head FOR SELECT TO driveflow_app USING ("orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
CREATE POLICY tenant ON audit.boundary FOR SELECT TO driveflow_app USING ("orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT ON audit.head, audit.boundary TO driveflow_app;

-- The one change of a row: its seal, once, and nothing else with it.
CREATE FUNCTION audit.only_sealing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  bare record := NEW;
BEGIN
  bare.number := NULL;
  bare."prevHash" := NULL;
  bare.hash := NULL;
  IF NEW.hash IS NOT NULL AND bare IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'AuditLog is append-only'
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'append_only', SCHEMA = 'public', TABLE = 'AuditLog';
END $$;
CREATE TRIGGER append_only_but_sealing BEFORE UPDATE ON "AuditLog" FOR EACH ROW EXECUTE FUNCTION audit.only_sealing();

-- A row as it is hashed. src/domain/audit/content.ts says the same, and does not trust this.
CREATE FUNCTION audit.content(l "AuditLog") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(l.id, l."orgId", l.number, l.seq, l.tx, (extract(epoch FROM l."createdAt") * 1000000)::bigint,
    l."actorUserId", l."actorKind", l."actorRole", l.action, l."entityType", l."entityId", l.before, l.after, l.reason,
    l."requestId", l.ip)::text
$$;

CREATE FUNCTION audit.seal(most integer DEFAULT 5000) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
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
    previous := previous || head.hash;
    head.hash := encode(sha256(convert_to(head.hash || audit.content(entry), 'UTF8')), 'hex');
    head.number := entry.number;
    head.seq := entry.seq;
    ids := ids || entry.id;
    numbers := numbers || entry.number;
    hashes := hashes || head.hash;
    IF last_tx IS NULL OR (entry.tx, entry.seq) > (last_tx, last_seq) THEN
      last_tx := entry.tx;
      last_seq := entry.seq;
    END IF;
  END LOOP;
  PERFORM audit.keep_head(head);
  UPDATE "AuditLog" l SET number = sealed.number, "prevHash" = sealed.previous, hash = sealed.hash
    FROM unnest(ids, numbers, previous, hashes) AS sealed(id, number, previous, hash) WHERE l.id = sealed.id;
  IF cardinality(ids) < most THEN
    last_tx := oldest_running;
    last_seq := 0;
  END IF;
  INSERT INTO audit.progress (tx, seq) VALUES (last_tx, last_seq)
    ON CONFLICT (single) DO UPDATE SET tx = EXCLUDED.tx, seq = EXCLUDED.seq;
  RETURN cardinality(ids);
END $$;
COMMENT ON FUNCTION audit.seal(integer) IS 'Seals rows of complete transactions, in the order of transaction and writing; says how many';

CREATE FUNCTION audit.keep_head(head audit.head) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF head."orgId" IS NULL THEN RETURN; END IF;
  INSERT INTO audit.head ("orgId", number, seq, hash) VALUES (head."orgId", head.number, head.seq, head.hash)
    ON CONFLICT ("orgId") DO UPDATE SET number = EXCLUDED.number, seq = EXCLUDED.seq, hash = EXCLUDED.hash, "sealedAt" = clock_timestamp();
END $$;

-- What is written outside the database, and that it was.
CREATE FUNCTION audit.heads() RETURNS SETOF audit.head LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT * FROM audit.head ORDER BY "orgId" $$;
CREATE FUNCTION audit.note_published(heads jsonb, day date, place text) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO "AuditSeal" ("orgId", seq, "rowCount", hash, "sealedOn", "publishedTo", "publishedAt")
  SELECT h."orgId", h.seq, h.number, h.hash, day, place, now()
    FROM jsonb_to_recordset(heads) AS h("orgId" uuid, seq integer, number integer, hash text)
  ON CONFLICT ("orgId", "sealedOn") DO NOTHING
$$;

-- Takes out months that ended before a day. Their rows stay, in a table of the schema audit that nobody reads through
-- the log any more; where each school's chain was is kept, so that the rest still verifies.
CREATE FUNCTION audit.detach_parts(before date) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC' AS $$
DECLARE
  old audit.part;
  taken regclass;
  unsealed integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.parts'));
  PERFORM pg_advisory_xact_lock(hashtext('audit.seal'));
  FOR old IN SELECT * FROM audit.part WHERE "detachedAt" IS NULL AND until <= before AND until <= now() ORDER BY until LOOP
    taken := format('audit.%I', old.name)::regclass;
    SELECT count(*) INTO unsealed FROM "AuditLog" WHERE tableoid = taken AND hash IS NULL;
    IF unsealed > 0 THEN
      RAISE EXCEPTION 'The month %: % rows are not sealed yet. Start a worker, and try again.', old.name, unsealed USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO audit.boundary (part, "orgId", number, hash, rows, strays)
    SELECT old.name, m."orgId", m.number, l.hash, m.rows,
           ARRAY(SELECT s.number FROM "AuditLog" s WHERE s."orgId" = m."orgId" AND s.tableoid <> taken AND s.number < m.number)
      FROM (SELECT "orgId", max(number) AS number, count(*) AS rows FROM "AuditLog" WHERE tableoid = taken GROUP BY 1) m
      JOIN "AuditLog" l ON l."orgId" = m."orgId" AND l.number = m.number AND l.tableoid = taken;
    EXECUTE format('ALTER TABLE public."AuditLog" DETACH PARTITION audit.%I', old.name);
    -- detaching drops the triggers that came from the whole
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.%I FOR EACH ROW EXECUTE FUNCTION append_only()', old.name);
    UPDATE audit.part SET "detachedAt" = now() WHERE name = old.name;
    RETURN NEXT old.name;
  END LOOP;
END $$;
COMMENT ON FUNCTION audit.detach_parts(date) IS 'Takes months before a day out of the log, with where each chain was; for the owner';

DO $$
DECLARE
  ours regprocedure;
BEGIN
  FOR ours IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'audit'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO driveflow_audit', ours);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', ours);
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION audit.seal(integer), audit.heads(), audit.note_published(jsonb, date, text) TO driveflow_worker;
