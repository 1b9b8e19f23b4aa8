-- Default deny: nothing is open to everybody, and every right below is given by name.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO driveflow_app, driveflow_auth, driveflow_worker, driveflow_audit;

-- A row never moves to another school.
CREATE FUNCTION org_immutable() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM refuse('org_immutable', 'A record cannot be moved to another school.', TG_TABLE_NAME, 'orgId');
  RETURN NULL;
END $$;

CREATE FUNCTION audit_table(target regclass, secrets text[] DEFAULT '{}', noise text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit_capture(%s)',
    target, (SELECT string_agg(quote_literal(argument), ', ') FROM unnest(secrets || '/'::text || noise) argument));
END $$;

CREATE FUNCTION secure_table(target regclass, rights text DEFAULT 'SELECT, INSERT, UPDATE, DELETE', secrets text[] DEFAULT '{}',
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
  IF audited THEN PERFORM audit_table(target, secrets); END IF;
END $$;
COMMENT ON FUNCTION secure_table(regclass, text, text[], boolean) IS
  'Binds a table to the school of the transaction and records its changes; every migration that adds a table with orgId calls it';

-- The rule: a school's staff may do anything with their school's rows.
SELECT secure_table(t) FROM unnest(ARRAY['"OrgSettings"', '"UserOrg"', '"SavedView"', '"Instructor"', '"Student"', '"Guardian"',
  '"StudentGuardian"', '"InstructorCredential"', '"Service"', '"RateCard"', '"RateCardItem"', '"Package"', '"CreditGrant"',
  '"Vehicle"', '"Location"', '"InstructorAvailability"', '"AvailabilityException"', '"InstructorWorkingHours"',
  '"LicenseCompatibilityMatrix"', '"Booking"', '"ScheduledStateTransition"', '"StateTransitionRule"', '"CancellationPolicy"',
  '"Lesson"', '"LogbookEntry"', '"Incident"', '"Trip"', '"Message"', '"MessageTemplate"', '"ContactOptOut"',
  '"ActionRun"']::regclass[]) t;

-- The exceptions. Money is canceled or reversed, never deleted.
SELECT secure_table(t, 'SELECT, INSERT, UPDATE') FROM unnest(ARRAY['"Payment"', '"Refund"', '"Dispute"', '"PayoutBatch"', '"Payout"',
  '"TransferReversal"']::regclass[]) t;
-- What happened is only ever added to.
SELECT secure_table(t, 'SELECT, INSERT') FROM unnest(ARRAY['"LedgerTransaction"', '"LedgerEntry"', '"LessonStateHistory"',
  '"CreditEntry"', '"Consent"']::regclass[]) t;
-- An audit record is written by the triggers and audit_event alone, a seal by the sealer; both are their own record.
SELECT secure_table('"AuditLog"', 'SELECT', audited => false);
SELECT secure_table('"AuditSeal"', 'SELECT', audited => false);
-- Thousands of positions a day and a cache are no business of the audit.
SELECT secure_table('"TripPoint"', 'SELECT, INSERT, DELETE', audited => false);
SELECT secure_table('"TravelTimeCache"', audited => false);
-- An event is its own record and never changes; only its delivery does.
SELECT secure_table('"Outbox"', 'SELECT, INSERT, UPDATE (attempts, "lastError", "availableAt", "relayedAt", "processedAt", "deadAt")',
  audited => false);
SELECT secure_table('"OutboxDelivery"', 'SELECT, INSERT, UPDATE', audited => false);
SELECT secure_table('"WebhookEvent"', 'SELECT, UPDATE (status, attempts, "lastError", "processedAt")', secrets => '{payload}');

-- The school itself.
ALTER TABLE "Org" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON "Org" TO driveflow_app;
CREATE POLICY tenant ON "Org" TO driveflow_app
  USING (id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid))
  WITH CHECK (id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
SELECT audit_table('"Org"');

-- People belong to no school; a school sees those who are its members, and nothing that signs them in.
ALTER TABLE "User" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT (id, email, "fullName", phone, "externalId", "platformRole", "disabledAt", "lastLoginAt", "createdAt", "updatedAt"),
  INSERT (id, email, "fullName", phone, "createdAt", "updatedAt"),
  UPDATE (email, "fullName", phone, "disabledAt", "updatedAt") ON "User" TO driveflow_app;
CREATE POLICY tenant ON "User" FOR SELECT TO driveflow_app USING (id IN (SELECT "userId" FROM "UserOrg"));
CREATE POLICY tenant_update ON "User" FOR UPDATE TO driveflow_app USING (id IN (SELECT "userId" FROM "UserOrg"));
-- The new person is seen once the membership is there, so the insert cannot return the row.
CREATE POLICY tenant_insert ON "User" FOR INSERT TO driveflow_app WITH CHECK ("platformRole" = 'none');
SELECT audit_table('"User"', secrets => '{password}', noise => '{failedLogins,lastLoginAt}');

-- One e-mail address is one person, however it is written.
CREATE UNIQUE INDEX user_email_any_case ON "User" (lower(email));

-- Whoever belongs to two schools, or works for the platform, is not one school's to rename, redirect or lock out.
CREATE FUNCTION user_is_shared(person uuid, school uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM "UserOrg" WHERE "userId" = person AND "orgId" <> school)
$$;
CREATE FUNCTION user_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  school CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
BEGIN
  IF school IS NOT NULL AND (OLD."platformRole" <> 'none' OR user_is_shared(OLD.id, school)) THEN
    PERFORM refuse('user_shared', 'This person also belongs to another school, so only they can change their details.',
      'User', 'email');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER user_guard BEFORE UPDATE OF email, "fullName", phone, "disabledAt" ON "User"
  FOR EACH ROW EXECUTE FUNCTION user_guard();
GRANT CREATE ON SCHEMA public TO driveflow_audit;
ALTER FUNCTION user_is_shared(uuid, uuid) OWNER TO driveflow_audit;
REVOKE CREATE ON SCHEMA public FROM driveflow_audit;

-- Tokens are for the platform's other apps: no role of this program reads or writes them.
ALTER TABLE "RefreshToken" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT audit_table('"RefreshToken"', secrets => '{tokenHash}');
