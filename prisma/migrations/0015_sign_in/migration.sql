-- Sign-in happens before a school is known, so it has a role of its own, taken on for one transaction at a time.
CREATE SCHEMA auth;
COMMENT ON SCHEMA auth IS 'Sessions and throttling of sign-in; the layouts are those of connect-pg-simple and rate-limiter-flexible';
GRANT USAGE ON SCHEMA auth TO driveflow_auth;

CREATE TABLE auth.session (
  sid text PRIMARY KEY,
  sess json NOT NULL,
  expire timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "userId" uuid GENERATED ALWAYS AS ((sess ->> 'userId')::uuid) STORED
);
COMMENT ON COLUMN auth.session."userId" IS 'Whose session it is, so that all of a person''s can be ended';
CREATE INDEX session_expire ON auth.session (expire);
CREATE INDEX session_user_id ON auth.session ("userId");

CREATE TABLE auth.throttle (
  key text PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
COMMENT ON COLUMN auth.throttle.expire IS 'Milliseconds since 1970 after which the count starts again';

ALTER TABLE auth.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.throttle ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON auth.session TO driveflow_auth USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON auth.throttle TO driveflow_auth USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.session, auth.throttle TO driveflow_auth;

GRANT SELECT, UPDATE (password, "failedLogins", "lockedUntil", "lastLoginAt") ON "User" TO driveflow_auth;
GRANT SELECT ON "UserOrg", "Org", "OrgSettings" TO driveflow_auth;
CREATE POLICY sign_in ON "User" FOR SELECT TO driveflow_auth USING (true);
CREATE POLICY sign_in_update ON "User" FOR UPDATE TO driveflow_auth USING (true);
CREATE POLICY sign_in ON "UserOrg" FOR SELECT TO driveflow_auth USING (true);
CREATE POLICY sign_in ON "Org" FOR SELECT TO driveflow_auth USING (true);
CREATE POLICY sign_in ON "OrgSettings" FOR SELECT TO driveflow_auth USING (true);
