-- How people prove who they are beyond a password, and the links by which they come in for the first time or again. The
-- program's rows like the sessions, not a school's: only sign-in sees them.
CREATE TABLE auth.second_factor (
  "userId" uuid PRIMARY KEY REFERENCES "User" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  secret text NOT NULL CHECK (length(secret) < 400),
  "confirmedAt" timestamptz,
  "lastStep" bigint NOT NULL DEFAULT 0,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE auth.second_factor IS 'The secret that a person''s authenticator app shares';
COMMENT ON COLUMN auth.second_factor.secret IS 'Encrypted by the program (AES-256-GCM), whose key is not in the database';
COMMENT ON COLUMN auth.second_factor."confirmedAt" IS 'When the first code was right; before that it protects nothing';
COMMENT ON COLUMN auth.second_factor."lastStep" IS 'Half minute of the last code that was taken: each code counts once';

CREATE TABLE auth.recovery_code (
  "userId" uuid NOT NULL REFERENCES auth.second_factor ("userId") ON DELETE CASCADE ON UPDATE RESTRICT,
  hash text NOT NULL CHECK (length(hash) = 64),
  "usedAt" timestamptz,
  PRIMARY KEY ("userId", hash)
);
COMMENT ON TABLE auth.recovery_code IS 'Codes for the day on which the phone is lost, as keyed hashes; each counts once';

CREATE TABLE auth.link (
  hash text PRIMARY KEY CHECK (length(hash) = 64),
  purpose text NOT NULL CHECK (purpose IN ('invitation', 'reset')),
  "orgId" uuid NOT NULL REFERENCES "Org" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  email text NOT NULL CHECK (length(email) <= 254),
  "userId" uuid REFERENCES "User" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  "fullName" text CHECK (length("fullName") <= 200),
  role "OrgRole",
  "expiresAt" timestamptz NOT NULL,
  "usedAt" timestamptz,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  CHECK (CASE purpose WHEN 'reset' THEN "userId" IS NOT NULL ELSE role IS NOT NULL AND "fullName" IS NOT NULL END)
);
COMMENT ON TABLE auth.link IS 'Links that were sent by e-mail, as SHA-256 of what stands in them; each counts once';
CREATE INDEX link_email ON auth.link (lower(email));

ALTER TABLE auth.second_factor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.recovery_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON auth.second_factor TO driveflow_auth USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON auth.recovery_code TO driveflow_auth USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON auth.link TO driveflow_auth USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.second_factor, auth.recovery_code, auth.link TO driveflow_auth;

-- Who follows an invitation becomes what they were invited as, and nothing else. Until then they are no row of the school:
-- inviting somebody tells nobody whether they are known here already.
GRANT INSERT (id, email, "fullName", password) ON "User" TO driveflow_auth;
GRANT INSERT ("orgId", "userId", role) ON "UserOrg" TO driveflow_auth;
CREATE POLICY invited ON "User" FOR INSERT TO driveflow_auth WITH CHECK (
  EXISTS (SELECT FROM auth.link l WHERE l.purpose = 'invitation' AND lower(l.email) = lower("User".email) AND l."usedAt" = now()));
CREATE POLICY invited ON "UserOrg" FOR INSERT TO driveflow_auth WITH CHECK (
  EXISTS (SELECT FROM auth.link l JOIN "User" u ON lower(u.email) = lower(l.email) WHERE l.purpose = 'invitation' AND l."usedAt" = now()
    AND l."orgId" = "UserOrg"."orgId" AND l.role = "UserOrg".role AND u.id = "UserOrg"."userId"));

-- An owner takes a lost second factor off a member of their school, whose sessions end with it.
GRANT USAGE ON SCHEMA auth TO driveflow_app, driveflow_audit;
GRANT CREATE ON SCHEMA auth TO driveflow_audit;
GRANT SELECT, DELETE ON auth.second_factor, auth.session TO driveflow_audit;
CREATE POLICY keeper ON auth.second_factor TO driveflow_audit USING (current_user = 'driveflow_audit');
CREATE POLICY keeper ON auth.session TO driveflow_audit USING (current_user = 'driveflow_audit');
GRANT EXECUTE ON FUNCTION refuse(text, text, text, text) TO driveflow_audit;

CREATE FUNCTION auth.reset_second_factor(person uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  school CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM "UserOrg" WHERE "userId" = person AND "orgId" = school) THEN
    RAISE EXCEPTION 'only for members of the acting school' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF user_is_shared(person, school) THEN
    PERFORM refuse('user_shared', 'This person also belongs to another school, so only they can change their details.', 'User', 'email');
  END IF;
  DELETE FROM auth.second_factor WHERE "userId" = person;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM auth.session WHERE "userId" = person;
  PERFORM audit_event(school, nullif(current_setting('app.user_id', true), '')::uuid, 'user.secondFactorReset',
    current_setting('app.ip', true), current_setting('app.request_id', true), 'User', person::text);
  RETURN true;
END $$;
COMMENT ON FUNCTION auth.reset_second_factor(uuid) IS 'Takes the second factor off a member of the acting school; says whether there was one';
ALTER FUNCTION auth.reset_second_factor(uuid) OWNER TO driveflow_audit;
REVOKE ALL ON FUNCTION auth.reset_second_factor(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.reset_second_factor(uuid) TO driveflow_app;
REVOKE CREATE ON SCHEMA auth FROM driveflow_audit;
