-- Once a month somebody looks at who may do what, and at every exception that was made: few of very many rows have a reason.
CREATE INDEX audit_log_reason ON "AuditLog" ("orgId", "createdAt" DESC, id DESC) WHERE reason IS NOT NULL;

-- Who has a second step is sign-in's own; of its own members a school learns whether they have one.
GRANT CREATE ON SCHEMA auth TO driveflow_audit;
CREATE FUNCTION auth.members_with_second_factor() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT f."userId" FROM auth.second_factor f
   WHERE f."confirmedAt" IS NOT NULL AND f."userId" IN (
     SELECT m."userId" FROM "UserOrg" m WHERE m."orgId" = nullif(current_setting('app.org_id', true), '')::uuid)
$$;
COMMENT ON FUNCTION auth.members_with_second_factor() IS 'Members of the acting school who sign in with a second step';
ALTER FUNCTION auth.members_with_second_factor() OWNER TO driveflow_audit;
REVOKE ALL ON FUNCTION auth.members_with_second_factor() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.members_with_second_factor() TO driveflow_app;
REVOKE CREATE ON SCHEMA auth FROM driveflow_audit;
