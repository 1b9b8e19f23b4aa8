-- An event of an account or object that is not this school's is kept, but nothing is done with it.
ALTER TYPE "WebhookStatus" ADD VALUE 'quarantined';

CREATE TYPE "StripeCallStatus" AS ENUM ('pending', 'unknown', 'done', 'refused');

-- Written and committed before Stripe is called, so that whatever dies in between is asked again with the same key.
CREATE TABLE "StripeCall" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "operation" TEXT NOT NULL,
  "refType" TEXT NOT NULL,
  "refId" UUID NOT NULL,
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "idempotencyKey" TEXT NOT NULL,
  "status" "StripeCallStatus" NOT NULL DEFAULT 'pending',
  "tries" INTEGER NOT NULL DEFAULT 0,
  "stripeId" TEXT,
  "error" TEXT,
  "firstTriedAt" TIMESTAMPTZ(3),
  "finishedAt" TIMESTAMPTZ(3),
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "StripeCall_pkey" PRIMARY KEY ("id"),
  CONSTRAINT stripe_call_attempt CHECK ("attempt" >= 1 AND "tries" >= 0),
  CONSTRAINT stripe_call_finished CHECK ((status IN ('done', 'refused')) = ("finishedAt" IS NOT NULL))
);
CREATE UNIQUE INDEX "StripeCall_orgId_idempotencyKey_key" ON "StripeCall"("orgId", "idempotencyKey");
CREATE UNIQUE INDEX "StripeCall_orgId_refId_operation_attempt_key" ON "StripeCall"("orgId", "refId", "operation", "attempt");
CREATE INDEX "StripeCall_orgId_status_createdAt_idx" ON "StripeCall"("orgId", "status", "createdAt");
CREATE INDEX "StripeCall_orgId_createdAt_id_idx" ON "StripeCall"("orgId", "createdAt" DESC, "id" DESC);
CREATE INDEX stripe_call_not_done ON "StripeCall" ("orgId", "createdAt" DESC, id DESC) WHERE status <> 'done';
ALTER TABLE "StripeCall" ADD CONSTRAINT "StripeCall_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
SELECT secure_table('"StripeCall"', 'SELECT, INSERT, UPDATE');

-- A key is never used for anything else, and what was answered is not forgotten.
CREATE FUNCTION stripe_call_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.operation, NEW."refType", NEW."refId", NEW.attempt, NEW."idempotencyKey")
    IS DISTINCT FROM (OLD.operation, OLD."refType", OLD."refId", OLD.attempt, OLD."idempotencyKey")
    OR (OLD.status IN ('done', 'refused') AND NEW.status <> OLD.status)
  THEN
    PERFORM refuse('stripe_call_frozen', 'What was asked of Stripe, and how it ended, cannot change.', 'StripeCall', 'status');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stripe_call_guard BEFORE UPDATE ON "StripeCall" FOR EACH ROW EXECUTE FUNCTION stripe_call_guard();
REVOKE ALL ON FUNCTION stripe_call_guard() FROM PUBLIC;

-- Whoever has the token sees what is to be paid, and pays it: no more. It does not reach the audit log.
ALTER TABLE "Payment"
  ADD COLUMN "payToken" TEXT,
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX "Payment_payToken_key" ON "Payment"("payToken");
SELECT audit_table('"Payment"', secrets => '{payToken}');

-- Whose an object of Stripe is: asked before a school is known, and answered with nothing but the school and the row.
GRANT SELECT (id, "orgId", "stripePaymentIntentId", "stripeChargeId", "payToken") ON "Payment" TO driveflow_audit;
GRANT SELECT (id, "orgId", "stripeRefundId") ON "Refund" TO driveflow_audit;
GRANT SELECT (id, "orgId", "stripeDisputeId") ON "Dispute" TO driveflow_audit;
GRANT SELECT (id, "orgId", "stripeTransferId") ON "Payout" TO driveflow_audit;
GRANT SELECT (id, "orgId", "stripeAccountId") ON "Instructor" TO driveflow_audit;
CREATE POLICY stripe_home ON "Payment" FOR SELECT TO driveflow_audit USING (true);
CREATE POLICY stripe_home ON "Refund" FOR SELECT TO driveflow_audit USING (true);
CREATE POLICY stripe_home ON "Dispute" FOR SELECT TO driveflow_audit USING (true);
CREATE POLICY stripe_home ON "Payout" FOR SELECT TO driveflow_audit USING (true);
CREATE POLICY stripe_home ON "Instructor" FOR SELECT TO driveflow_audit USING (true);

CREATE FUNCTION stripe_home(what text, stripe_id text, OUT school uuid, OUT row_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT "orgId", id FROM "Payment" WHERE what = 'payment_intent' AND "stripePaymentIntentId" = stripe_id
  UNION ALL SELECT "orgId", id FROM "Payment" WHERE what = 'charge' AND "stripeChargeId" = stripe_id
  UNION ALL SELECT "orgId", id FROM "Refund" WHERE what = 'refund' AND "stripeRefundId" = stripe_id
  UNION ALL SELECT "orgId", id FROM "Dispute" WHERE what = 'dispute' AND "stripeDisputeId" = stripe_id
  UNION ALL SELECT "orgId", id FROM "Payout" WHERE what = 'transfer' AND "stripeTransferId" = stripe_id
  UNION ALL SELECT "orgId", id FROM "Instructor" WHERE what = 'account' AND "stripeAccountId" = stripe_id
  UNION ALL SELECT "orgId", id FROM "Payment" WHERE what = 'pay_token' AND "payToken" = stripe_id
  LIMIT 1
$$;
COMMENT ON FUNCTION stripe_home(text, text) IS
  'School and row of an object of Stripe, or of a pay page''s token; for those who do not know the school yet';
GRANT CREATE ON SCHEMA public TO driveflow_audit;
ALTER FUNCTION stripe_home(text, text) OWNER TO driveflow_audit;
REVOKE CREATE ON SCHEMA public FROM driveflow_audit;
REVOKE ALL ON FUNCTION stripe_home(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stripe_home(text, text) TO driveflow_worker, driveflow_auth;
