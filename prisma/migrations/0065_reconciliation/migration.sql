-- Every night what Stripe's balance says is laid beside what the books say of it. What differs is written down here; nothing
-- is put right by itself.
CREATE TYPE "ReconciliationKind" AS ENUM ('missing_in_ledger', 'missing_at_stripe', 'amount_differs', 'fee_differs');
CREATE TYPE "ReconciliationStatus" AS ENUM ('open', 'explained', 'gone');

CREATE TABLE "ReconciliationRun" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "startedById" UUID,
  "coversFrom" TIMESTAMPTZ(3) NOT NULL,
  "coversUntil" TIMESTAMPTZ(3) NOT NULL,
  "movements" INTEGER NOT NULL,
  "exceptions" INTEGER NOT NULL,
  "stripeCents" INTEGER NOT NULL,
  "ledgerCents" INTEGER NOT NULL,
  "days" JSONB NOT NULL,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "ReconciliationRun_pkey" PRIMARY KEY ("id"),
  CONSTRAINT reconciliation_run_period CHECK ("coversUntil" >= "coversFrom"),
  CONSTRAINT reconciliation_run_counts CHECK (movements >= 0 AND exceptions >= 0),
  CONSTRAINT reconciliation_run_sums CHECK ("stripeCents" IS NOT NULL AND "ledgerCents" IS NOT NULL)
);
CREATE UNIQUE INDEX "ReconciliationRun_id_orgId_key" ON "ReconciliationRun"("id", "orgId");
CREATE INDEX "ReconciliationRun_orgId_createdAt_id_idx" ON "ReconciliationRun"("orgId", "createdAt" DESC, "id" DESC);
ALTER TABLE "ReconciliationRun" ADD CONSTRAINT "ReconciliationRun_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "ReconciliationRun" ADD CONSTRAINT "ReconciliationRun_startedById_fkey" FOREIGN KEY ("startedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
SELECT secure_table('"ReconciliationRun"', 'SELECT, INSERT');

-- orgId is null for money at Stripe that no school's row knows: the platform's operator looks after it.
CREATE TABLE "ReconciliationException" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID,
  "kind" "ReconciliationKind" NOT NULL,
  "status" "ReconciliationStatus" NOT NULL DEFAULT 'open',
  "subject" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "description" TEXT NOT NULL,
  "refType" TEXT,
  "refId" UUID,
  "currency" TEXT NOT NULL DEFAULT 'AUD',
  "stripeCents" INTEGER,
  "ledgerCents" INTEGER,
  "stripeFeeCents" INTEGER,
  "ledgerFeeCents" INTEGER,
  "differenceCents" INTEGER NOT NULL,
  "explanation" TEXT,
  "explainedById" UUID,
  "explainedAt" TIMESTAMPTZ(3),
  "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "ReconciliationException_pkey" PRIMARY KEY ("id"),
  CONSTRAINT reconciliation_explained CHECK ((status = 'explained') = ("explainedAt" IS NOT NULL)
    AND (status <> 'explained' OR ("explainedById" IS NOT NULL AND length(btrim(coalesce("explanation", ''))) >= 5))),
  CONSTRAINT reconciliation_figures CHECK (coalesce("stripeCents", "ledgerCents") IS NOT NULL
    AND ("stripeCents" IS NULL) = ("stripeFeeCents" IS NULL) AND ("ledgerCents" IS NULL) = ("ledgerFeeCents" IS NULL)
    AND "differenceCents" = coalesce("stripeCents", 0) - coalesce("stripeFeeCents", 0) - coalesce("ledgerCents", 0) + coalesce("ledgerFeeCents", 0))
);
CREATE UNIQUE INDEX "ReconciliationException_id_orgId_key" ON "ReconciliationException"("id", "orgId");
-- One gap is one exception, however many nights see it; the same object with other figures is another gap.
CREATE UNIQUE INDEX reconciliation_exception_once ON "ReconciliationException"
  ("orgId", subject, kind, "stripeCents", "ledgerCents", "stripeFeeCents", "ledgerFeeCents") NULLS NOT DISTINCT;
CREATE INDEX "ReconciliationException_orgId_status_day_idx" ON "ReconciliationException"("orgId", "status", "day");
CREATE INDEX "ReconciliationException_orgId_createdAt_id_idx" ON "ReconciliationException"("orgId", "createdAt" DESC, "id" DESC);
ALTER TABLE "ReconciliationException" ADD CONSTRAINT "ReconciliationException_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "ReconciliationException" ADD CONSTRAINT "ReconciliationException_explainedById_fkey" FOREIGN KEY ("explainedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
SELECT secure_table('"ReconciliationException"', 'SELECT, INSERT, UPDATE');
GRANT SELECT, INSERT, UPDATE (status, "lastSeenAt", explanation, "explainedById", "explainedAt", "updatedAt") ON "ReconciliationException" TO driveflow_worker;
CREATE POLICY dispatcher ON "ReconciliationException" TO driveflow_worker USING ("orgId" IS NULL) WITH CHECK ("orgId" IS NULL);

CREATE FUNCTION reconciliation_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.kind, NEW.subject, NEW.day, NEW."refType", NEW."refId", NEW.currency, NEW."stripeCents", NEW."ledgerCents", NEW."stripeFeeCents",
      NEW."ledgerFeeCents", NEW."differenceCents")
    IS DISTINCT FROM (OLD.kind, OLD.subject, OLD.day, OLD."refType", OLD."refId", OLD.currency, OLD."stripeCents", OLD."ledgerCents",
      OLD."stripeFeeCents", OLD."ledgerFeeCents", OLD."differenceCents")
    OR (OLD.status = 'explained' AND (NEW.status, NEW.explanation, NEW."explainedById", NEW."explainedAt")
      IS DISTINCT FROM (OLD.status, OLD.explanation, OLD."explainedById", OLD."explainedAt"))
  THEN
    PERFORM refuse('reconciliation_frozen', 'What was found, and how it was explained, cannot change.', 'ReconciliationException', 'status');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_guard BEFORE UPDATE ON "ReconciliationException" FOR EACH ROW EXECUTE FUNCTION reconciliation_guard();
REVOKE ALL ON FUNCTION reconciliation_guard() FROM PUBLIC;

-- Whose the objects of Stripe are, many at once: one account of Stripe serves all schools, and is listed once.
GRANT SELECT (id, "orgId", "stripeReversalId") ON "TransferReversal" TO driveflow_audit;
DROP POLICY IF EXISTS stripe_home ON "TransferReversal";
CREATE POLICY stripe_home ON "TransferReversal" FOR SELECT TO driveflow_audit USING (true);
CREATE FUNCTION stripe_homes(stripe_ids text[]) RETURNS TABLE (stripe_id text, school uuid, model text, row_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT "stripeChargeId", "orgId", 'Payment', id FROM "Payment" WHERE "stripeChargeId" = ANY (stripe_ids)
  UNION ALL SELECT "stripeRefundId", "orgId", 'Refund', id FROM "Refund" WHERE "stripeRefundId" = ANY (stripe_ids)
  UNION ALL SELECT "stripeDisputeId", "orgId", 'Dispute', id FROM "Dispute" WHERE "stripeDisputeId" = ANY (stripe_ids)
  UNION ALL SELECT "stripeTransferId", "orgId", 'Payout', id FROM "Payout" WHERE "stripeTransferId" = ANY (stripe_ids)
  UNION ALL SELECT "stripeReversalId", "orgId", 'TransferReversal', id FROM "TransferReversal" WHERE "stripeReversalId" = ANY (stripe_ids)
$$;
COMMENT ON FUNCTION stripe_homes(text[]) IS 'School and row of objects of Stripe: charges, refunds, disputes, transfers and their reversals';
GRANT CREATE ON SCHEMA public TO driveflow_audit;
ALTER FUNCTION stripe_homes(text[]) OWNER TO driveflow_audit;
REVOKE CREATE ON SCHEMA public FROM driveflow_audit;
REVOKE ALL ON FUNCTION stripe_homes(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stripe_homes(text[]) TO driveflow_worker;
