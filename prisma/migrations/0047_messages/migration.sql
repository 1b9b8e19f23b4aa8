-- Messages to people: whom each is about, when it may go, what became of every attempt, and who wants no more of them.
CREATE TYPE "MessageOutcome" AS ENUM ('accepted', 'deferred', 'refused', 'in_doubt', 'not_sent', 'delivered', 'bounced', 'complained');
CREATE TYPE "OptOutReason" AS ENUM ('asked', 'bounced', 'complained');

ALTER TABLE "Message"
  ADD COLUMN "recipientName" TEXT,
  ADD COLUMN "bookingId" UUID,
  ADD COLUMN "studentId" UUID,
  ADD COLUMN "instructorId" UUID,
  ADD COLUMN "invite" JSONB,
  ADD COLUMN "sendAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "expiresAt" TIMESTAMPTZ(3),
  ADD COLUMN "sentAt" TIMESTAMPTZ(3),
  ADD COLUMN "copies" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Message" ADD CONSTRAINT "Message_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "Message" ADD CONSTRAINT "Message_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "Message" ADD CONSTRAINT "Message_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE UNIQUE INDEX "Message_id_orgId_key" ON "Message"("id", "orgId");
CREATE INDEX "Message_bookingId_idx" ON "Message"("bookingId");
CREATE INDEX "Message_studentId_idx" ON "Message"("studentId");
CREATE INDEX "Message_instructorId_idx" ON "Message"("instructorId");
-- what has to go, soonest first
CREATE INDEX message_due ON "Message" ("orgId", "sendAt") WHERE status = 'queued';
COMMENT ON COLUMN "Message"."sendAt" IS 'Not before this: quiet hours, the wait after a refusal, or an attempt that is under way';
COMMENT ON COLUMN "Message"."copies" IS 'How often somebody wanted it again after it had gone; a part of its Message-ID';

CREATE TABLE "MessageDelivery" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "messageId" UUID NOT NULL,
  "number" INTEGER,
  "claim" UUID,
  "handedOverAt" TIMESTAMPTZ(3),
  "finishedAt" TIMESTAMPTZ(3),
  "outcome" "MessageOutcome",
  "detail" TEXT,
  "providerId" TEXT,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "MessageDelivery_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "MessageDelivery_messageId_number_key" ON "MessageDelivery"("messageId", "number");
CREATE INDEX "MessageDelivery_orgId_createdAt_id_idx" ON "MessageDelivery"("orgId", "createdAt" DESC, "id" DESC);
ALTER TABLE "MessageDelivery" ADD CONSTRAINT "MessageDelivery_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "MessageDelivery" ADD CONSTRAINT "MessageDelivery_messageId_orgId_fkey" FOREIGN KEY ("messageId", "orgId") REFERENCES "Message"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
COMMENT ON COLUMN "MessageDelivery"."claim" IS 'Whose attempt it is now: a worker that was thought dead finds another here and hands nothing over';
-- each is its own record; the message that it belongs to is audited
SELECT secure_table('"MessageDelivery"', 'SELECT, INSERT, UPDATE', audited => false);

-- An address as it is compared and dialled: small letters; +61491570156 for '0491 570 156'. What is no address stays as it is.
CREATE FUNCTION contact_address(channel "MessageChannel", address text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN channel = 'email' AND address LIKE '%@%' THEN lower(btrim(address))
  WHEN channel <> 'email' AND length(regexp_replace(address, '[^0-9]', '', 'g')) >= 6 THEN
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(address, '[^0-9+]', '', 'g'), '^00', '+'), '^0', '+61'), '^61(?=\d{9}$)', '+61')
  ELSE address END;

ALTER TABLE "ContactOptOut"
  ADD COLUMN "templateKey" TEXT,
  ADD COLUMN "reason" "OptOutReason" NOT NULL DEFAULT 'asked',
  ADD COLUMN "detail" TEXT;
DROP INDEX "ContactOptOut_orgId_channel_address_key";
CREATE UNIQUE INDEX "ContactOptOut_orgId_channel_address_templateKey_key" ON "ContactOptOut"("orgId", "channel", "address", "templateKey") NULLS NOT DISTINCT;
CREATE FUNCTION contact_opt_out_address() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  NEW.address := contact_address(NEW.channel, NEW.address);
  RETURN NEW;
END $$;
CREATE TRIGGER contact_opt_out_address BEFORE INSERT OR UPDATE ON "ContactOptOut"
  FOR EACH ROW EXECUTE FUNCTION contact_opt_out_address();

-- What a template may name. src/domain/messages/kinds.ts supplies every one of them; a test compares the two.
CREATE FUNCTION message_placeholders(key text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['name', 'school', 'unsubscribe'] || CASE
  WHEN key IN ('booking_requested', 'booking_confirmed', 'booking_reminder', 'instructor_lesson_booked')
    THEN ARRAY['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price']
  WHEN key IN ('booking_rescheduled', 'instructor_lesson_moved')
    THEN ARRAY['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price', 'before']
  WHEN key IN ('booking_cancelled', 'instructor_lesson_cancelled')
    THEN ARRAY['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price', 'reason']
  WHEN key = 'payment_receipt' THEN ARRAY['student', 'what', 'when', 'amount', 'gst', 'method', 'reference']
  WHEN key = 'refund_issued' THEN ARRAY['student', 'what', 'when', 'amount', 'reason', 'reference']
  WHEN key = 'payout_paid' THEN ARRAY['student', 'what', 'when', 'amount', 'reference']
  WHEN key = 'account_action_needed' THEN ARRAY['needed']
  ELSE ARRAY[]::text[] END;

CREATE FUNCTION message_template_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  known CONSTANT text[] := message_placeholders(NEW.key);
  part record;
  named text;
BEGIN
  IF NEW.channel = 'email' AND btrim(coalesce(NEW.subject, '')) = '' THEN
    PERFORM refuse('template_subject', 'An e-mail needs a subject.', 'MessageTemplate', 'subject');
  END IF;
  FOR part IN SELECT * FROM (VALUES ('subject', NEW.subject), ('body', NEW.body)) AS parts (field, said) LOOP
    FOR named IN SELECT btrim(hit[1]) FROM regexp_matches(part.said, '\{\{([^{}]*)\}\}', 'g') AS hits (hit) LOOP
      IF named <> ALL (known) THEN
        PERFORM refuse('template_placeholder', format('There is no {{%s}} in this message. You can use: %s.', named,
          (SELECT string_agg(format('{{%s}}', one), ', ') FROM unnest(known) one)), 'MessageTemplate', part.field);
      END IF;
    END LOOP;
    IF regexp_replace(part.said, '\{\{[^{}]*\}\}', '', 'g') ~ '\{\{|\}\}' THEN
      PERFORM refuse('template_braces', 'Write what is filled in with two braces on each side, like {{name}}.',
        'MessageTemplate', part.field);
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER message_template_guard BEFORE INSERT OR UPDATE ON "MessageTemplate"
  FOR EACH ROW EXECUTE FUNCTION message_template_guard();

-- When nobody is to be woken, by the school's clocks, and what signs the links in its messages.
ALTER TABLE "OrgSettings"
  ADD COLUMN "quietStartTime" TEXT NOT NULL DEFAULT '21:00',
  ADD COLUMN "quietEndTime" TEXT NOT NULL DEFAULT '07:00',
  ADD COLUMN "linkKey" TEXT NOT NULL DEFAULT replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
  ADD CONSTRAINT settings_quiet_hours CHECK ("quietStartTime" ~ '^([01]\d|2[0-3]):[0-5]\d$' AND "quietEndTime" ~ '^([01]\d|2[0-3]):[0-5]\d$');
COMMENT ON COLUMN "OrgSettings"."linkKey" IS 'Signs the links in messages; never shown';
SELECT audit_table('"OrgSettings"', secrets => '{linkKey}');

REVOKE ALL ON FUNCTION contact_address("MessageChannel", text), contact_opt_out_address(), message_placeholders(text),
  message_template_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contact_address("MessageChannel", text), message_placeholders(text) TO driveflow_app;
