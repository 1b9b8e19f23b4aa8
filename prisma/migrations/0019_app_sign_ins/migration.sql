-- An owner sees which sign-ins of the platform's other apps exist for the school's people, never what they are made of.
CREATE POLICY members ON "RefreshToken" FOR SELECT TO driveflow_app
  USING ("userId" IN (SELECT m."userId" FROM "UserOrg" m));
GRANT SELECT (id, "userId", jti, used, "expiresAt", "createdAt") ON "RefreshToken" TO driveflow_app;
