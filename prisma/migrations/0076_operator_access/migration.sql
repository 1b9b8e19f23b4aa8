-- People of the platform look into a school only for a while and with a reason, and the school sees it.
CREATE TABLE "OperatorAccess" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "operatorId" UUID NOT NULL,
  "operatorName" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "endsAt" TIMESTAMPTZ(3) NOT NULL,
  "endedAt" TIMESTAMPTZ(3),
  "endedById" UUID,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "OperatorAccess_pkey" PRIMARY KEY ("id"),
  CONSTRAINT operator_access_reason CHECK (length(btrim("reason")) BETWEEN 10 AND 500),
  CONSTRAINT operator_access_length CHECK ("endsAt" > "startedAt" AND "endsAt" <= "startedAt" + interval '4 hours'),
  CONSTRAINT operator_access_ended CHECK (("endedAt" IS NULL) = ("endedById" IS NULL))
);
COMMENT ON COLUMN "OperatorAccess"."operatorName" IS 'As it was then: the people of the platform are no rows that a school sees';
CREATE INDEX "OperatorAccess_orgId_startedAt_id_idx" ON "OperatorAccess"("orgId", "startedAt" DESC, "id" DESC);
CREATE INDEX "OperatorAccess_operatorId_endsAt_idx" ON "OperatorAccess"("operatorId", "endsAt");
ALTER TABLE "OperatorAccess" ADD CONSTRAINT "OperatorAccess_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "OperatorAccess" ADD CONSTRAINT "OperatorAccess_operatorId_fkey" FOREIGN KEY ("operatorId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "OperatorAccess" ADD CONSTRAINT "OperatorAccess_endedById_fkey" FOREIGN KEY ("endedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
-- the school ends it; nobody makes it longer
SELECT secure_table('"OperatorAccess"', 'SELECT, UPDATE ("endedAt", "endedById", "updatedAt")');

-- Sign-in lets them in: whoever works for the platform, and nobody else.
GRANT SELECT, INSERT, UPDATE ("endedAt", "endedById", "updatedAt") ON "OperatorAccess" TO driveflow_auth;
CREATE POLICY sign_in ON "OperatorAccess" FOR SELECT TO driveflow_auth USING (true);
CREATE POLICY sign_in_update ON "OperatorAccess" FOR UPDATE TO driveflow_auth USING (true);
CREATE POLICY sign_in_insert ON "OperatorAccess" FOR INSERT TO driveflow_auth WITH CHECK (
  "endedAt" IS NULL AND EXISTS (SELECT FROM "User" u WHERE u.id = "operatorId" AND u."platformRole" <> 'none' AND u."disabledAt" IS NULL));

CREATE FUNCTION operator_access_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM refuse('operator_access_over', 'This access is over already.', 'OperatorAccess', 'endedAt');
  RETURN NEW;
END $$;
CREATE TRIGGER operator_access_guard BEFORE UPDATE ON "OperatorAccess" FOR EACH ROW WHEN (OLD."endedAt" IS NOT NULL)
  EXECUTE FUNCTION operator_access_guard();
REVOKE ALL ON FUNCTION operator_access_guard() FROM PUBLIC;

-- Every request of somebody of the platform reads whether the access that their session names still runs.
DROP FUNCTION auth.read_session(text, timestamptz);
CREATE FUNCTION auth.read_session(wanted text, at timestamptz)
RETURNS TABLE (sess json, expire timestamptz, email text, "fullName" text, memberships json, platform json)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT s.sess, s.expire, u.email, u."fullName", (SELECT m.memberships FROM auth.membership m WHERE m."userId" = u.id),
    CASE WHEN u."platformRole" <> 'none' THEN json_build_object('role', u."platformRole", 'inside',
      (SELECT json_build_object('id', a.id, 'reason', a.reason, 'endsAt', a."endsAt", 'orgId', o.id, 'name', o.name,
                'timeZone', o."timeZone", 'currency', o.currency)
         FROM "OperatorAccess" a JOIN "Org" o ON o.id = a."orgId"
        WHERE a.id = (s.sess ->> 'accessId')::uuid AND a."operatorId" = u.id AND a."endedAt" IS NULL AND a."endsAt" > at
          AND o.status <> 'closed')) END
    FROM auth.session s LEFT JOIN "User" u ON u.id = s."userId" AND u."disabledAt" IS NULL
   WHERE s.sid = wanted AND s.expire > at;
END $$;
COMMENT ON FUNCTION auth.read_session(text, timestamptz) IS
  'A session that has not ended, whose it is, which schools they may enter, and for people of the platform where they look in';
REVOKE ALL ON FUNCTION auth.read_session(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.read_session(text, timestamptz) TO driveflow_auth;
