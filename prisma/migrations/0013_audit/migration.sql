-- Every write of a business row is recorded by the database itself, so that raw SQL, jobs and a console are caught too.
-- The records belong to driveflow_audit, which nobody signs in as; everybody else may only read those of their school.
GRANT USAGE, CREATE ON SCHEMA public TO driveflow_audit;
ALTER TABLE "AuditLog" OWNER TO driveflow_audit;

ALTER TABLE "AuditLog" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY capture ON "AuditLog" FOR INSERT TO driveflow_audit WITH CHECK (true);

-- whose audit log a change of a person belongs into
GRANT SELECT ("userId", "orgId") ON "UserOrg" TO driveflow_audit;
CREATE POLICY capture ON "UserOrg" FOR SELECT TO driveflow_audit USING (true);

CREATE FUNCTION audit_write(school uuid, actor uuid, action text, entity_type text, entity_id text,
    before jsonb, after jsonb, reason text, request_id text, ip text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  kind CONSTANT text := nullif(current_setting('app.actor_kind', true), '');
BEGIN
  INSERT INTO "AuditLog" ("orgId", "actorUserId", "actorKind", "actorRole", action, "entityType", "entityId",
      before, after, reason, "requestId", ip)
  VALUES (school, actor,
    -- somebody at a database console says nothing about himself
    coalesce(kind, CASE WHEN actor IS NULL THEN 'operator' ELSE 'user' END)::"ActorKind",
    coalesce(nullif(current_setting('app.role', true), ''), CASE WHEN kind IS NULL AND actor IS NULL THEN session_user::text END),
    action, entity_type, entity_id, before, after, reason, nullif(request_id, ''), nullif(ip, ''));
END $$;

-- Arguments: columns whose values never enter, then '/', then columns whose change alone is not worth a record.
CREATE FUNCTION audit_capture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  cut CONSTANT int := coalesce(array_position(TG_ARGV, '/'), 0);
  secrets CONSTANT text[] := TG_ARGV[0 : cut - 1];
  noise CONSTANT text[] := TG_ARGV[cut + 1 : ] || 'updatedAt'::text;
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  became jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  whole CONSTANT jsonb := coalesce(became, was);
  reason text := nullif(btrim(current_setting('app.override', true)), '');
  hidden text;
  school uuid;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT string_agg(key, ', ') INTO hidden FROM unnest(secrets) key WHERE was -> key IS DISTINCT FROM became -> key;
    SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, value) INTO was, became
      FROM jsonb_each(became) WHERE value IS DISTINCT FROM was -> key AND key <> ALL (secrets) AND key <> ALL (noise);
    IF became IS NULL AND hidden IS NULL THEN RETURN NULL; END IF;
    IF hidden IS NOT NULL THEN reason := concat_ws('; ', reason, 'changed, value not recorded: ' || hidden); END IF;
  ELSE
    was := was - secrets;
    became := became - secrets;
  END IF;
  FOR school IN SELECT audit_schools(TG_TABLE_NAME, whole) LOOP
    PERFORM audit_write(school, nullif(current_setting('app.user_id', true), '')::uuid,
      lower(left(TG_TABLE_NAME, 1)) || substr(TG_TABLE_NAME, 2) || '.' ||
        CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'update' ELSE 'delete' END,
      TG_TABLE_NAME, whole ->> 'id', was, became, reason,
      current_setting('app.request_id', true), current_setting('app.ip', true));
  END LOOP;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION audit_capture() IS 'Writes one audit row per changed row and school; arguments: secret columns, /, noise columns';

-- The schools whose audit log a row belongs into: its own; a person's, when nobody acts for one school in particular.
CREATE FUNCTION audit_schools(entity_type text, entity jsonb) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  acting CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
BEGIN
  IF entity ? 'orgId' THEN
    IF entity ->> 'orgId' IS NOT NULL THEN RETURN NEXT (entity ->> 'orgId')::uuid; END IF;
  ELSIF entity_type = 'Org' THEN
    RETURN NEXT (entity ->> 'id')::uuid;
  ELSIF acting IS NOT NULL THEN
    RETURN NEXT acting;
  ELSE
    RETURN QUERY SELECT DISTINCT "orgId" FROM "UserOrg" WHERE "userId" = coalesce(entity ->> 'userId', entity ->> 'id')::uuid;
  END IF;
END $$;

-- What happened without a row changing: a sign-in, a refusal, an export, personal data looked at, an approval.
CREATE FUNCTION audit_event(school uuid, actor uuid, action text, ip text, request_id text,
    entity_type text DEFAULT 'User', entity_id text DEFAULT NULL, reason text DEFAULT NULL, details jsonb DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- only at sign-in is the school not settled yet
  IF current_setting('role') <> 'driveflow_auth'
    AND school IS DISTINCT FROM nullif(current_setting('app.org_id', true), '')::uuid
  THEN
    RAISE EXCEPTION 'an event is recorded for the acting school only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM audit_write(school, actor, action, entity_type, coalesce(entity_id, actor::text), NULL, details, reason, request_id, ip);
END $$;
COMMENT ON FUNCTION audit_event(uuid, uuid, text, text, text, text, text, text, jsonb) IS
  'Records an event of the application; without an entity it is about the actor';

ALTER FUNCTION audit_write(uuid, uuid, text, text, text, jsonb, jsonb, text, text, text) OWNER TO driveflow_audit;
ALTER FUNCTION audit_capture() OWNER TO driveflow_audit;
ALTER FUNCTION audit_schools(text, jsonb) OWNER TO driveflow_audit;
ALTER FUNCTION audit_event(uuid, uuid, text, text, text, text, text, text, jsonb) OWNER TO driveflow_audit;
REVOKE CREATE ON SCHEMA public FROM driveflow_audit;
