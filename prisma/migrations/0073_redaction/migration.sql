-- Taking a person's data out: the one way in which a log, a ledger's words or a sealed audit row may change, always with a
-- row of its own in the audit log, which is sealed like the others. See docs/privacy.md.

-- Only inside audit.redact: not for somebody who took on the role.
CREATE FUNCTION audit.is_redacting() RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  stack text;
BEGIN
  IF current_user <> 'driveflow_audit' THEN RETURN false; END IF;
  GET DIAGNOSTICS stack = PG_CONTEXT;
  RETURN stack ~ '(^|\n)PL/pgSQL function audit\.redact\(';
END $$;

-- What is left of a value that may name somebody: ids, times, whole numbers and codes of the program.
CREATE FUNCTION audit.scrubbed(value jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  word CONSTANT text := value #>> '{}';
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(key, audit.scrubbed(inner_value)), '{}') FROM jsonb_each(value) AS one(key, inner_value))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(audit.scrubbed(inner_value)), '[]') FROM jsonb_array_elements(value) AS one(inner_value))
    WHEN 'number' THEN CASE WHEN word ~ '^-?\d+$' THEN value ELSE 'null'::jsonb END
    WHEN 'string' THEN CASE
      WHEN word ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' OR word ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.]*(Z|[+-]\d{2}:?\d{2})$'
        OR word ~ '^(pi|ch|py|re|pyr|tr|trr|po|du|dp|evt|txn|acct)_[A-Za-z0-9_]+$' OR word ~ '^[a-z_]+(\.[a-z_]+)+$'
        OR word IN ('event', 'charge', 'payment_intent', 'refund', 'dispute', 'transfer', 'payout', 'account', 'AUD', 'aud')
        OR EXISTS (SELECT FROM pg_enum WHERE enumlabel = word) OR to_regclass(format('public.%I', left(word, 63))) IS NOT NULL
        THEN value ELSE '"[removed]"'::jsonb END
    ELSE value END;
END $$;

-- A change that does nothing but take out.
CREATE FUNCTION audit.takes_out_only(was jsonb, became jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT coalesce(bool_and(value IN ('null', '"[removed]"') OR value = audit.scrubbed(was -> key)), true)
    FROM jsonb_each(became) WHERE value IS DISTINCT FROM was -> key
$$;

CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'driveflow_audit' THEN
    IF audit.is_redacting() AND audit.takes_out_only(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'append_only', SCHEMA = 'public', TABLE = TG_TABLE_NAME;
END $$;

-- The two changes of an audit row: its seal, once; and that a person's values are taken out of it.
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
  IF current_user = 'driveflow_audit' AND audit.is_redacting() THEN
    bare := NEW;
    bare.before := OLD.before;
    bare.after := OLD.after;
    bare.reason := OLD.reason;
    bare.salt := OLD.salt;
    bare.digest := OLD.digest;
    bare.redaction := OLD.redaction;
    IF bare IS NOT DISTINCT FROM OLD AND audit.takes_out_only(OLD.before, NEW.before) AND audit.takes_out_only(OLD.after, NEW.after)
      AND (NEW.reason IS NOT DISTINCT FROM OLD.reason OR NEW.reason = '[removed]') AND NEW.salt IS NULL
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'AuditLog is append-only'
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'append_only', SCHEMA = 'public', TABLE = 'AuditLog';
END $$;

-- That values were taken out is said by audit.redact alone.
CREATE OR REPLACE FUNCTION audit_write(school uuid, actor uuid, action text, entity_type text, entity_id text,
    before jsonb, after jsonb, reason text, request_id text, ip text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  kind CONSTANT text := nullif(current_setting('app.actor_kind', true), '');
BEGIN
  IF action = 'auditLog.redact' THEN
    RAISE EXCEPTION 'only a redaction says that it is one' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO "AuditLog" ("orgId", "actorUserId", "actorKind", "actorRole", action, "entityType", "entityId",
      before, after, reason, "requestId", ip, tx)
  VALUES (school, actor,
    -- somebody at a database console says nothing about himself
    coalesce(kind, CASE WHEN actor IS NULL THEN 'operator' ELSE 'user' END)::"ActorKind",
    coalesce(nullif(current_setting('app.role', true), ''), CASE WHEN kind IS NULL AND actor IS NULL THEN session_user::text END),
    action, entity_type, entity_id, before, after, reason, nullif(request_id, ''), nullif(ip, ''),
    pg_current_xact_id()::text::bigint);
END $$;

-- What a redaction may reach: rows of the acting school, in its functions only.
CREATE FUNCTION open_to_redaction(target regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  EXECUTE format('GRANT SELECT, UPDATE ON %s TO driveflow_audit', target);
  EXECUTE format('DROP POLICY IF EXISTS redaction ON %s', target);
  EXECUTE format($policy$
    CREATE POLICY redaction ON %s TO driveflow_audit
      USING (current_user = 'driveflow_audit' AND "orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid))
      WITH CHECK (current_user = 'driveflow_audit' AND "orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid))
  $policy$, target);
END $$;
REVOKE ALL ON FUNCTION open_to_redaction(regclass) FROM PUBLIC;

CREATE OR REPLACE FUNCTION secure_table(target regclass, rights text DEFAULT 'SELECT, INSERT, UPDATE, DELETE', secrets text[] DEFAULT '{}',
    audited boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  counter text;
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, driveflow_app', target);
  EXECUTE format('GRANT %s ON %s TO driveflow_app', rights, target);
  FOR counter IN SELECT pg_get_serial_sequence(target::text, attname) FROM pg_attribute
    WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND rights ~ 'INSERT' LOOP
    IF counter IS NOT NULL THEN EXECUTE format('GRANT USAGE ON SEQUENCE %s TO driveflow_app', counter); END IF;
  END LOOP;
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('DROP POLICY IF EXISTS tenant ON %s', target);
  -- the subselect is evaluated once per statement, and the comparison of two uuids can use an index
  EXECUTE format($policy$
    CREATE POLICY tenant ON %s TO driveflow_app
      USING ("orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid))
      WITH CHECK ("orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid))
  $policy$, target);
  EXECUTE format('CREATE OR REPLACE TRIGGER org_immutable BEFORE UPDATE ON %s FOR EACH ROW
    WHEN (OLD."orgId" IS NOT NULL AND NEW."orgId" IS DISTINCT FROM OLD."orgId") EXECUTE FUNCTION org_immutable()', target);
  PERFORM open_to_redaction(target);
  IF audited THEN PERFORM audit_table(target, secrets); END IF;
END $$;

SELECT open_to_redaction(c.oid::regclass) FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'orgId' AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'AuditSeal';
-- events of long ago, and jobs that wait for their school
SELECT open_to_redaction('outbox.archived_event');
GRANT USAGE ON SCHEMA outbox TO driveflow_audit;
GRANT SELECT, DELETE ON outbox.paused_job TO driveflow_audit;
CREATE POLICY redaction ON outbox.paused_job TO driveflow_audit
  USING (current_user = 'driveflow_audit' AND "orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
-- an event of no school yet may name anybody
CREATE POLICY redaction_of_nobodys ON "WebhookEvent" TO driveflow_audit
  USING (current_user = 'driveflow_audit' AND "orgId" IS NULL) WITH CHECK (current_user = 'driveflow_audit' AND "orgId" IS NULL);

-- People, and what signs them in.
GRANT SELECT, UPDATE ON "User" TO driveflow_audit;
CREATE POLICY redaction ON "User" TO driveflow_audit
  USING (current_user = 'driveflow_audit' AND EXISTS (SELECT FROM "UserOrg" m WHERE m."userId" = "User".id
    AND m."orgId" = (SELECT nullif(current_setting('app.org_id', true), '')::uuid)))
  WITH CHECK (current_user = 'driveflow_audit');
GRANT SELECT, DELETE ON "RefreshToken" TO driveflow_audit;
CREATE POLICY redaction ON "RefreshToken" TO driveflow_audit USING (current_user = 'driveflow_audit');
GRANT SELECT, DELETE ON auth.link TO driveflow_audit;
CREATE POLICY keeper ON auth.link TO driveflow_audit USING (current_user = 'driveflow_audit');
-- what rules and indexes of the tables call
DO $$
DECLARE
  called regprocedure;
BEGIN
  FOR called IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND NOT prosecdef
    AND has_function_privilege('driveflow_app', oid, 'EXECUTE') AND pg_has_role(current_user, proowner, 'USAGE') LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO driveflow_audit', called);
  END LOOP;
END $$;

CREATE FUNCTION audit.table_of(model text) RETURNS regclass LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  target CONSTANT regclass := to_regclass(format('public.%I', model));
BEGIN
  IF target IS NULL OR model IN ('AuditLog', 'AuditSeal', 'Org', 'OrgSettings') THEN
    RAISE EXCEPTION 'nothing is taken out of %', model USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN target;
END $$;

-- What a column holds afterwards, as SQL. References, whole numbers, states and times cannot be taken out at all.
CREATE FUNCTION audit.emptied(model text, wanted text) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  target CONSTANT regclass := audit.table_of(model);
  is_person CONSTANT boolean := model IN ('Student', 'Guardian', 'Instructor', 'User');
  c record;
BEGIN
  SELECT a.atttypid::regtype::text AS type, a.attnotnull AS needed, EXISTS (SELECT FROM pg_index i
      WHERE i.indrelid = target AND i.indisunique AND a.attnum = ANY (i.indkey)) AS single
    INTO c FROM pg_attribute a WHERE a.attrelid = target AND a.attname = wanted AND a.attnum > 0 AND NOT a.attisdropped;
  IF NOT FOUND OR c.type NOT IN ('text', 'json', 'jsonb', 'numeric', 'date') OR (c.needed AND c.type IN ('numeric', 'date')) THEN
    RAISE EXCEPTION '%.% cannot be taken out', model, wanted USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE
    WHEN c.type = 'jsonb' THEN format('audit.scrubbed(%I)', wanted)
    WHEN c.type <> 'text' THEN 'NULL'
    WHEN model = 'User' AND wanted = 'email' THEN $e$'removed-' || id || '@removed.invalid'$e$
    WHEN is_person AND c.needed THEN $e$'Anonymised ' || right(id::text, 6)$e$
    WHEN is_person THEN 'NULL'
    WHEN c.single THEN format($e$CASE WHEN %I IS NOT NULL THEN '[removed] ' || id END$e$, wanted)
    ELSE format($e$CASE WHEN %I IS NOT NULL THEN '[removed]' END$e$, wanted) END;
END $$;

-- What is left of one value of an audit row.
CREATE FUNCTION audit.left_of(value jsonb, impersonal_or_text boolean) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT CASE WHEN NOT impersonal_or_text THEN 'null'::jsonb WHEN jsonb_typeof(value) = 'string' THEN '"[removed]"'::jsonb
    ELSE audit.scrubbed(value) END
$$;

-- The values of one side of an audit row, without those that go.
CREATE FUNCTION audit.without_person(side jsonb, entity_type text, columns text[], is_event boolean, pattern text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  -- days and places have no word in their stead
  wordless CONSTANT text[] := ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = to_regclass(format('public.%I', entity_type))
    AND a.attnum > 0 AND a.atttypid IN ('numeric'::regtype, 'date'::regtype));
BEGIN
  IF jsonb_typeof(side) IS DISTINCT FROM 'object' THEN
    RETURN CASE WHEN is_event OR side::text ~* pattern THEN audit.scrubbed(side) ELSE side END;
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE
      WHEN key = ANY (columns) OR (is_event AND key NOT IN ('seen', 'sha256')) OR value::text ~* pattern THEN CASE
        WHEN jsonb_typeof(value) = 'null' OR key = ANY (wordless) THEN 'null'::jsonb
        WHEN jsonb_typeof(value) <> 'string' THEN audit.scrubbed(value)
        WHEN is_event AND NOT (value::text ~* pattern) THEN audit.scrubbed(value)
        ELSE '"[removed]"'::jsonb END
      ELSE value END), '{}') FROM jsonb_each(side));
END $$;

-- Takes out what `plan` names: {rows: [{model, ids, columns}], search: [{model, columns}], terms: [..]}.
-- The terms are looked for in the columns of `search`, which lose their whole text, and in the audit log. `cause` says why
-- and goes into the row that says what was done. Never called but by the two functions below.
CREATE FUNCTION audit.redact(plan jsonb, cause jsonb) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  school CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
  act CONSTANT uuid := uuidv7();
  -- one expression for all: ILIKE would write each text in small letters once for each term; nothing fits the last one
  pattern CONSTANT text := coalesce((SELECT string_agg(regexp_replace(term, '([.^$*+?()\[\]{}\\|])', '\\\1', 'g'), '|')
    FROM jsonb_array_elements_text(coalesce(plan -> 'terms', '[]')) term WHERE length(term) >= 5), 'a^');
  counts jsonb := '{}';
  entries jsonb[] := '{}';
  unsealed integer := 0;
  part record;
  sets text;
  conditions text;
  hits integer;
  entry "AuditLog";
  columns text[];
  own boolean;
  fresh "AuditLog";
BEGIN
  IF school IS NULL THEN RAISE EXCEPTION 'only inside a school' USING ERRCODE = 'insufficient_privilege'; END IF;
  -- the sealer waits: what it has read may not change under it
  PERFORM pg_advisory_xact_lock(hashtext('audit.seal'));

  FOR part IN SELECT * FROM jsonb_to_recordset(plan -> 'rows') AS r(model text, ids uuid[], columns text[])
    WHERE cardinality(r.ids) > 0 AND cardinality(r.columns) > 0 LOOP
    SELECT string_agg(format('%I = %s', name, audit.emptied(part.model, name)), ', ') INTO sets FROM unnest(part.columns) name;
    EXECUTE format('UPDATE %s SET %s WHERE id = ANY ($1)', audit.table_of(part.model), sets) USING part.ids;
    GET DIAGNOSTICS hits = ROW_COUNT;
    counts := audit.added(counts, part.model, hits);
  END LOOP;

  IF pattern <> 'a^' THEN
    FOR part IN SELECT * FROM jsonb_to_recordset(coalesce(plan -> 'search', '[]')) AS r(model text, columns text[]) LOOP
      SELECT string_agg(format('%I = CASE WHEN %I::text ~* $1 THEN %s ELSE %I END', name, name, audit.emptied(part.model, name), name), ', '),
             string_agg(format('%I::text ~* $1', name), ' OR ')
        INTO sets, conditions FROM unnest(part.columns) name;
      EXECUTE format('UPDATE %s SET %s WHERE %s', audit.table_of(part.model), sets, conditions) USING pattern;
      GET DIAGNOSTICS hits = ROW_COUNT;
      counts := audit.added(counts, part.model, hits);
    END LOOP;
    DELETE FROM outbox.paused_job WHERE message::text ~* pattern;
    IF to_regclass('pgboss.job') IS NOT NULL THEN
      EXECUTE $job$DELETE FROM pgboss.job WHERE data ->> 'orgId' = $2::text AND (data::text ~* $1 OR output::text ~* $1)$job$
        USING pattern, school;
    END IF;
  END IF;

  UPDATE outbox.archived_event e SET payload = audit.scrubbed(payload), deliveries = audit.scrubbed(deliveries)
   WHERE EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'rows') AS r(model text, ids text[])
       WHERE r.model = e."aggregateType" AND e."aggregateId" = ANY (r.ids))
     OR payload::text ~* pattern OR deliveries::text ~* pattern;
  GET DIAGNOSTICS hits = ROW_COUNT;
  counts := audit.added(counts, 'Outbox', hits);

  -- the log last: what was changed above is in it too
  FOR entry IN
    WITH about AS MATERIALIZED (
      SELECT DISTINCT r.model, id::text AS id FROM jsonb_to_recordset(plan -> 'rows') AS r(model text, ids uuid[]), unnest(r.ids) id),
    found AS (
      SELECT l.id FROM about a JOIN "AuditLog" l ON l."orgId" = school AND l."entityType" = a.model AND l."entityId" = a.id
      UNION
      SELECT l.id FROM "AuditLog" l WHERE pattern <> 'a^' AND l."orgId" = school
         AND (l.before::text ~* pattern OR l.after::text ~* pattern OR l.reason ~* pattern))
    SELECT l.* FROM found JOIN "AuditLog" l ON l.id = found.id ORDER BY l.number, l.seq
  LOOP
    SELECT r.columns INTO columns FROM jsonb_to_recordset(plan -> 'rows') AS r(model text, ids text[], columns text[])
     WHERE r.model = entry."entityType" AND entry."entityId" = ANY (r.ids) LIMIT 1;
    own := FOUND;
    -- why somebody was anonymised stays: it was asked for without their name
    own := own AND entry.action !~ '\.anonymise$' AND entry.action <> 'auditLog.redact';
    columns := CASE WHEN own THEN coalesce(columns, '{}') ELSE '{}' END;
    fresh := entry;
    fresh.before := audit.without_person(entry.before, entry."entityType", columns, own AND entry.action !~ '\.(create|update|delete)$', pattern);
    fresh.after := audit.without_person(entry.after, entry."entityType", columns, own AND entry.action !~ '\.(create|update|delete)$', pattern);
    IF entry.reason IS NOT NULL AND (own OR entry.reason ~* pattern) THEN fresh.reason := '[removed]'; END IF;
    CONTINUE WHEN fresh IS NOT DISTINCT FROM entry;
    IF entry.number IS NOT NULL THEN
      PERFORM audit.refuse_tampered(entry);
      fresh.digest := CASE WHEN entry.format = 2 THEN audit.digest_of(entry) END;
      fresh.salt := NULL;
      fresh.redaction := act;
      entries := entries || jsonb_build_array(entry.number, entry.hash, audit.left_hash(fresh));
    ELSE
      unsealed := unsealed + 1;
    END IF;
    UPDATE "AuditLog" SET before = fresh.before, after = fresh.after, reason = fresh.reason, salt = fresh.salt,
      digest = fresh.digest, redaction = fresh.redaction WHERE id = entry.id;
  END LOOP;

  counts := audit.added(counts, 'AuditLog', cardinality(entries) + unsealed);
  INSERT INTO "AuditLog" (id, "orgId", "actorUserId", "actorKind", "actorRole", action, "entityType", "entityId", after, "requestId", ip, tx)
  VALUES (act, school, nullif(current_setting('app.user_id', true), '')::uuid,
    coalesce(nullif(current_setting('app.actor_kind', true), ''), 'user')::"ActorKind", nullif(current_setting('app.role', true), ''),
    'auditLog.redact', cause ->> 'model', cause ->> 'id',
    cause || jsonb_build_object('removed', counts, 'entries', to_jsonb(entries)),
    nullif(current_setting('app.request_id', true), ''), nullif(current_setting('app.ip', true), ''), pg_current_xact_id()::text::bigint);
  RETURN counts;
END $$;

CREATE FUNCTION audit.added(counts jsonb, model text, hits integer) RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT CASE WHEN hits = 0 THEN counts ELSE counts || jsonb_build_object(model, coalesce((counts ->> model)::int, 0) + hits) END
$$;
-- Of the whole row as it is left, written as the first format is.
CREATE FUNCTION audit.left_hash(l "AuditLog") RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
BEGIN
  l.format := 1;
  RETURN encode(sha256(convert_to(audit.content(l), 'UTF8')), 'hex');
END $$;

-- A row that somebody bent is not made to look right by taking values out of it.
CREATE FUNCTION audit.refuse_tampered(l "AuditLog") RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (l.redaction IS NULL OR l.format = 2) AND l.hash IS DISTINCT FROM encode(sha256(convert_to(l."prevHash" || audit.content(l), 'UTF8')), 'hex')
    OR l.redaction IS NOT NULL AND NOT EXISTS (SELECT FROM "AuditLog" act WHERE act.id = l.redaction
      AND act.after -> 'entries' @> jsonb_build_array(jsonb_build_array(l.number, l.hash, audit.left_hash(l))))
    OR l.redaction IS NULL AND l.digest IS NOT NULL
  THEN
    RAISE EXCEPTION 'Entry % of the audit log is not as it was sealed. Run audit:verify first.', l.number USING ERRCODE = 'check_violation';
  END IF;
END $$;

-- A person: when somebody asked for it in the panel and somebody else agreed, once for each such run.
CREATE FUNCTION audit.redact_person(run uuid, model text, person uuid, plan jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  sign_in CONSTANT uuid := nullif(plan ->> 'signIn', '')::uuid;
  result jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM "ActionRun" r WHERE r.id = run AND r.action ~ '\.anonymise$' AND r."recordType" = model
      AND r."recordId" = person::text AND r.status = 'succeeded' AND r."approvedById" <> r."actorUserId")
    OR EXISTS (SELECT FROM "AuditLog" l WHERE l."orgId" = nullif(current_setting('app.org_id', true), '')::uuid
      AND l.action = 'auditLog.redact' AND l.after ->> 'run' = run::text)
  THEN
    RAISE EXCEPTION 'two people have not agreed to this' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF sign_in IS NOT NULL AND NOT user_is_shared(sign_in, nullif(current_setting('app.org_id', true), '')::uuid) THEN
    UPDATE "User" SET password = NULL, "disabledAt" = coalesce("disabledAt", now()) WHERE id = sign_in;
    IF FOUND THEN
      DELETE FROM "RefreshToken" WHERE "userId" = sign_in;
      DELETE FROM auth.second_factor WHERE "userId" = sign_in;
      DELETE FROM auth.session WHERE "userId" = sign_in;
      DELETE FROM auth.link WHERE "userId" = sign_in;
    END IF;
  END IF;
  DELETE FROM auth.link WHERE "orgId" = nullif(current_setting('app.org_id', true), '')::uuid
    AND lower(email) IN (SELECT lower(term) FROM jsonb_array_elements_text(plan -> 'terms') term);
  result := audit.redact(plan, jsonb_build_object('why', 'anonymised', 'model', model, 'id', person, 'run', run));
  RETURN result;
END $$;
COMMENT ON FUNCTION audit.redact_person(uuid, text, uuid, jsonb) IS
  'Takes a person out of the acting school, log included; needs a run of <model>.anonymise that a second person approved';

-- Lesson records that are older than the school keeps them; the database looks at the clock itself.
CREATE FUNCTION audit.redact_expired(plan jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  school CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
  cutoff CONSTANT timestamptz := (SELECT now() - make_interval(years => "lessonRecordRetentionYrs") FROM "OrgSettings" WHERE "orgId" = school);
  part record;
BEGIN
  FOR part IN SELECT * FROM jsonb_to_recordset(plan -> 'rows') AS r(model text, ids uuid[]) LOOP
    IF cutoff IS NULL OR plan ? 'terms' OR (CASE part.model
      WHEN 'Booking' THEN EXISTS (SELECT FROM "Booking" WHERE id = ANY (part.ids) AND "endAt" >= cutoff)
      WHEN 'Lesson' THEN EXISTS (SELECT FROM "Lesson" l JOIN "Booking" b ON b.id = l."bookingId" WHERE l.id = ANY (part.ids) AND b."endAt" >= cutoff)
      WHEN 'LessonStateHistory' THEN EXISTS (SELECT FROM "LessonStateHistory" h JOIN "Booking" b ON b.id = h."bookingId" WHERE h.id = ANY (part.ids) AND b."endAt" >= cutoff)
      WHEN 'Message' THEN EXISTS (SELECT FROM "Message" m JOIN "Booking" b ON b.id = m."bookingId" WHERE m.id = ANY (part.ids) AND b."endAt" >= cutoff)
        OR EXISTS (SELECT FROM "Message" m WHERE m.id = ANY (part.ids) AND m."bookingId" IS NULL)
      ELSE true END)
    THEN
      RAISE EXCEPTION 'not everything of this is old enough' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END LOOP;
  RETURN audit.redact(plan, jsonb_build_object('why', 'retention', 'model', 'OrgSettings', 'id', school));
END $$;
COMMENT ON FUNCTION audit.redact_expired(jsonb) IS 'Takes words and places out of lesson records that are older than the school keeps them';

DO $$
DECLARE
  ours regprocedure;
BEGIN
  FOR ours IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'audit'::regnamespace AND proowner <> 'driveflow_audit'::regrole LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO driveflow_audit', ours);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', ours);
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION audit.redact_person(uuid, text, uuid, jsonb), audit.redact_expired(jsonb) TO driveflow_app;
