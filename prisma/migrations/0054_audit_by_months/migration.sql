-- The audit log in monthly parts, so that old months can be taken out without touching a row. A row's month is that of its
-- id: a version 7 uuid begins with its time, and so the primary key stays what it was. The parts are in a schema of their
-- own, where nobody has any right: everybody reads and writes through the whole.
CREATE SCHEMA audit AUTHORIZATION driveflow_audit;
COMMENT ON SCHEMA audit IS 'Parts of the audit log and the chain that seals it; belongs to driveflow_audit, as the log does';
GRANT CREATE ON SCHEMA public TO driveflow_audit;

ALTER TABLE "AuditLog" ADD COLUMN tx bigint NOT NULL DEFAULT 0, ADD COLUMN number integer;

-- What there is becomes the first part, as it is.
ALTER SEQUENCE "AuditLog_seq_seq" OWNED BY NONE;
DROP POLICY tenant ON "AuditLog";
DROP POLICY capture ON "AuditLog";
DROP TRIGGER append_only ON "AuditLog";
DROP TRIGGER org_immutable ON "AuditLog";
DROP INDEX "AuditLog_orgId_seq_key";
DROP INDEX "AuditLog_orgId_action_createdAt_idx";
DROP INDEX "AuditLog_actorUserId_idx";
ALTER TABLE "AuditLog" SET SCHEMA audit;
ALTER TABLE audit."AuditLog" RENAME TO "AuditLog_first";
REVOKE ALL ON audit."AuditLog_first" FROM PUBLIC, driveflow_app;

CREATE TABLE "AuditLog" (LIKE audit."AuditLog_first" INCLUDING DEFAULTS INCLUDING COMMENTS) PARTITION BY RANGE (id);
ALTER TABLE "AuditLog" OWNER TO driveflow_audit;
ALTER SEQUENCE "AuditLog_seq_seq" OWNED BY "AuditLog".seq;
ALTER TABLE "AuditLog" ADD CONSTRAINT "AuditLog_pkey" PRIMARY KEY (id);
ALTER TABLE "AuditLog" ADD CONSTRAINT "AuditLog_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "AuditLog" ADD CONSTRAINT "AuditLog_actorUserId_fkey" FOREIGN KEY ("actorUserId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX "AuditLog_orgId_entityType_entityId_createdAt_id_idx" ON "AuditLog"("orgId", "entityType", "entityId", "createdAt" DESC, "id" DESC);
CREATE INDEX "AuditLog_orgId_entityType_createdAt_id_idx" ON "AuditLog"("orgId", "entityType", "createdAt" DESC, "id" DESC);
CREATE INDEX "AuditLog_orgId_requestId_idx" ON "AuditLog"("orgId", "requestId");
CREATE INDEX "AuditLog_orgId_createdAt_id_idx" ON "AuditLog"("orgId", "createdAt" DESC, "id" DESC);
CREATE INDEX "AuditLog_orgId_action_createdAt_id_idx" ON "AuditLog"("orgId", "action", "createdAt" DESC, "id" DESC);
CREATE INDEX "AuditLog_actorUserId_createdAt_id_idx" ON "AuditLog"("actorUserId", "createdAt" DESC, "id" DESC);
CREATE INDEX "AuditLog_tx_seq_idx" ON "AuditLog"("tx", "seq");
CREATE INDEX audit_with_reason ON "AuditLog" ("orgId", "createdAt" DESC, id DESC) WHERE reason IS NOT NULL;
CREATE INDEX audit_by_no_person ON "AuditLog" ("orgId", "createdAt" DESC, id DESC) WHERE "actorKind" <> 'user';

SELECT secure_table('"AuditLog"', 'SELECT', audited => false);
CREATE POLICY capture ON "AuditLog" FOR INSERT TO driveflow_audit WITH CHECK (true);

-- The first version 7 uuid of a moment.
CREATE FUNCTION audit.first_id(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE TABLE audit.part (
  name text PRIMARY KEY,
  until timestamptz NOT NULL,
  "detachedAt" timestamptz
);
COMMENT ON TABLE audit.part IS 'Monthly parts of the audit log: rows written before `until`, and when the part was taken out';
ALTER TABLE audit.part OWNER TO driveflow_audit;
ALTER TABLE audit.part ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper ON audit.part TO driveflow_audit USING (current_user = 'driveflow_audit') WITH CHECK (current_user = 'driveflow_audit');

CREATE FUNCTION audit.secure_part(part regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', part);
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
  -- a row is written once more, when it is sealed: room for that beside it keeps the indexes as they are
  EXECUTE format('ALTER TABLE %s SET (fillfactor = 50)', part);
  EXECUTE format('CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION append_only()', part);
END $$;

DO $$
DECLARE
  until CONSTANT timestamptz := (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  EXECUTE format('ALTER TABLE "AuditLog" ATTACH PARTITION audit."AuditLog_first" FOR VALUES FROM (MINVALUE) TO (%L)', audit.first_id(until));
  PERFORM audit.secure_part('audit."AuditLog_first"');
  -- as whom the policy of its own table lets in
  SET LOCAL ROLE driveflow_audit;
  INSERT INTO audit.part (name, until) VALUES ('AuditLog_first', until);
  RESET ROLE;
  -- never used while the parts are made in time: no write may fail because they were not
  CREATE TABLE audit."AuditLog_other" PARTITION OF "AuditLog" DEFAULT;
  ALTER TABLE audit."AuditLog_other" OWNER TO driveflow_audit;
  PERFORM audit.secure_part('audit."AuditLog_other"');
END $$;

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "AuditLog" FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE DELETE ON "AuditLog" FOR EACH ROW EXECUTE FUNCTION append_only();

-- Made beside the log and attached to it, which holds nobody up; what cannot be had in two seconds is tried again tomorrow.
CREATE FUNCTION audit.prepare_parts(ahead integer DEFAULT 3) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
DECLARE
  begins timestamptz;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.parts'));
  SELECT max(until) INTO begins FROM audit.part;
  WHILE begins <= date_trunc('month', now()) + make_interval(months => ahead) LOOP
    part := 'AuditLog_' || to_char(begins, 'YYYY_MM');
    -- no worker ran before that month came: its rows stay where they are
    IF EXISTS (SELECT FROM "AuditLog" WHERE tableoid = 'audit."AuditLog_other"'::regclass
        AND id >= audit.first_id(begins) AND id < audit.first_id(begins + interval '1 month')) THEN
      begins := begins + interval '1 month';
      CONTINUE;
    END IF;
    EXECUTE format('CREATE TABLE audit.%I (LIKE public."AuditLog" INCLUDING DEFAULTS)', part);
    EXECUTE format('ALTER TABLE public."AuditLog" ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)', part,
      audit.first_id(begins), audit.first_id(begins + interval '1 month'));
    PERFORM audit.secure_part(format('audit.%I', part)::regclass);
    INSERT INTO audit.part (name, until) VALUES (part, begins + interval '1 month');
    begins := begins + interval '1 month';
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
COMMENT ON FUNCTION audit.prepare_parts(integer) IS 'Makes the monthly parts of this and the next months that are missing';

ALTER FUNCTION audit.first_id(timestamptz) OWNER TO driveflow_audit;
ALTER FUNCTION audit.secure_part(regclass) OWNER TO driveflow_audit;
ALTER FUNCTION audit.prepare_parts(integer) OWNER TO driveflow_audit;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO driveflow_app, driveflow_worker;
GRANT EXECUTE ON FUNCTION audit.prepare_parts(integer) TO driveflow_worker;
-- what the parts' triggers call
GRANT EXECUTE ON FUNCTION append_only(), org_immutable() TO driveflow_audit;
REVOKE CREATE ON SCHEMA public FROM driveflow_audit;
