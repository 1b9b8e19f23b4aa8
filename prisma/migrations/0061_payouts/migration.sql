-- What Stripe sends from an instructor's account on to the bank: the last leg of several payouts.
CREATE TABLE "BankPayout" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "instructorId" UUID NOT NULL,
  "stripePayoutId" TEXT NOT NULL,
  "amountCents" INTEGER NOT NULL,
  "currency" TEXT NOT NULL DEFAULT 'AUD',
  "status" "BankPayoutStatus" NOT NULL,
  "arrivesOn" DATE,
  "failureCode" TEXT,
  "failureReason" TEXT,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "BankPayout_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "BankPayout_stripePayoutId_key" ON "BankPayout"("stripePayoutId");
CREATE UNIQUE INDEX "BankPayout_id_orgId_key" ON "BankPayout"("id", "orgId");
CREATE INDEX "BankPayout_orgId_createdAt_id_idx" ON "BankPayout"("orgId", "createdAt" DESC, "id" DESC);
CREATE INDEX "BankPayout_instructorId_idx" ON "BankPayout"("instructorId");
CREATE INDEX bank_payout_not_paid ON "BankPayout" ("orgId", "createdAt" DESC, id DESC) WHERE status <> 'paid';
ALTER TABLE "BankPayout" ADD CONSTRAINT "BankPayout_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "BankPayout" ADD CONSTRAINT "BankPayout_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
SELECT secure_table('"BankPayout"', 'SELECT, INSERT, UPDATE');

ALTER TABLE "Payout"
  ADD COLUMN "nettedCents" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "holdKind" "PayoutHold",
  ADD COLUMN "failureReason" TEXT,
  ADD COLUMN "reason" TEXT,
  ADD COLUMN "bankPayoutId" UUID,
  DROP CONSTRAINT payout_money,
  DROP CONSTRAINT payout_paid;
ALTER TABLE "Payout"
  ADD CONSTRAINT payout_money CHECK (("amountCents" > 0) = (status <> 'deducted') AND "amountCents" <> 0
    AND "nettedCents" BETWEEN 0 AND greatest("amountCents", 0)
    AND "reversedCents" BETWEEN 0 AND greatest("amountCents" - "nettedCents", 0)
    AND "gstCents" BETWEEN 0 AND greatest("amountCents", 0)),
  ADD CONSTRAINT payout_deducted CHECK (status <> 'deducted' OR kind = 'adjustment'),
  -- what is netted whole is paid without a transfer
  ADD CONSTRAINT payout_paid CHECK (status NOT IN ('paid', 'partially_reversed', 'reversed')
    OR ("batchId" IS NOT NULL AND "paidAt" IS NOT NULL AND ("stripeTransferId" IS NOT NULL OR "nettedCents" = "amountCents"))),
  ADD CONSTRAINT payout_adjusted CHECK (kind <> 'adjustment' OR length(btrim(coalesce(reason, ''))) > 0) NOT VALID,
  ADD CONSTRAINT "Payout_bankPayoutId_orgId_fkey" FOREIGN KEY ("bankPayoutId", "orgId") REFERENCES "BankPayout"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX "Payout_bankPayoutId_idx" ON "Payout"("bankPayoutId");
CREATE INDEX payout_in_review ON "Payout" ("orgId", "availableAt") WHERE "holdKind" = 'review';

ALTER TABLE "TransferReversal"
  ADD COLUMN "reason" TEXT,
  ADD COLUMN "requestedById" UUID,
  ADD COLUMN "approvedById" UUID,
  ADD COLUMN "approvedAt" TIMESTAMPTZ(3),
  ADD COLUMN "isImported" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "failureReason" TEXT,
  DROP CONSTRAINT reversal_cause;
ALTER TABLE "TransferReversal"
  ADD CONSTRAINT reversal_cause CHECK (("refundId" IS NULL OR "disputeId" IS NULL)
    AND ("refundId" IS NOT NULL OR "disputeId" IS NOT NULL OR length(btrim(coalesce(reason, ''))) > 0)),
  ADD CONSTRAINT reversal_two_people CHECK ("approvedById" IS NULL OR "requestedById" IS NULL OR "approvedById" <> "requestedById"),
  -- what follows from a refund was agreed with it
  ADD CONSTRAINT reversal_approved CHECK ("refundId" IS NOT NULL OR "disputeId" IS NOT NULL OR "isImported"
    OR "approvedById" IS NOT NULL OR status IN ('pending_approval', 'rejected', 'canceled')),
  ADD CONSTRAINT "TransferReversal_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  ADD CONSTRAINT "TransferReversal_approvedById_fkey" FOREIGN KEY ("approvedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX reversal_to_approve ON "TransferReversal" ("orgId", "createdAt" DESC, id DESC) WHERE status = 'pending_approval';

ALTER TABLE "Instructor" ADD COLUMN "accountVersion" INTEGER NOT NULL DEFAULT 0;

-- What is submitted is kept as it was, and its fingerprint: what the approver saw is what was paid.
ALTER TABLE "PayoutBatch"
  ADD COLUMN "lines" JSONB,
  ADD COLUMN "linesHash" TEXT;

CREATE FUNCTION payout_batch_lines(batch uuid) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('payout', p.id, 'instructor', p."instructorId", 'account', i."stripeAccountId",
      'booking', p."bookingId", 'kind', p.kind, 'currency', p.currency, 'amountCents', p."amountCents",
      'nettedCents', p."nettedCents", 'transferCents', p."amountCents" - p."nettedCents", 'gstCents', p."gstCents") ORDER BY p.id), '[]')
    FROM "Payout" p JOIN "Instructor" i ON i.id = p."instructorId" AND i."orgId" = p."orgId" WHERE p."batchId" = batch
$$;

CREATE OR REPLACE FUNCTION payout_batch_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  now_lines jsonb;
BEGIN
  IF NEW."createdById" <> OLD."createdById"
    OR (OLD.status <> 'draft' AND
        (NEW.number, NEW."periodStart", NEW."periodEnd", NEW.currency, NEW."payoutCount", NEW."totalCents") IS DISTINCT FROM
        (OLD.number, OLD."periodStart", OLD."periodEnd", OLD.currency, OLD."payoutCount", OLD."totalCents"))
    OR (OLD."approvedById" IS NOT NULL AND NEW.status <> 'draft' AND NEW."approvedById" IS DISTINCT FROM OLD."approvedById")
  THEN
    PERFORM refuse('batch_frozen', 'This batch was submitted and cannot be edited. Take it back to draft first.',
      'PayoutBatch', 'totalCents');
  END IF;
  IF NEW.status <> OLD.status AND NOT (
       (OLD.status = 'draft'            AND NEW.status IN ('submitted', 'canceled'))
    OR (OLD.status = 'submitted'        AND NEW.status IN ('approved', 'rejected', 'draft', 'canceled'))
    OR (OLD.status = 'approved'         AND NEW.status IN ('processing', 'draft', 'canceled'))
    OR (OLD.status = 'rejected'         AND NEW.status IN ('draft', 'canceled'))
    OR (OLD.status = 'processing'       AND NEW.status IN ('paid', 'partially_failed'))
    OR (OLD.status = 'partially_failed' AND NEW.status IN ('processing', 'paid')))
  THEN
    PERFORM refuse('batch_transition', format('A batch that is %s cannot become %s.',
      replace(OLD.status::text, '_', ' '), replace(NEW.status::text, '_', ' ')), 'PayoutBatch', 'status');
  END IF;
  NEW.lines := OLD.lines;
  IF NEW.status = 'draft' THEN NEW.lines := NULL; END IF;
  IF NEW.status IN ('submitted', 'approved') AND NEW.status <> OLD.status THEN
    now_lines := payout_batch_lines(NEW.id);
    IF (SELECT (count(*), coalesce(sum((line ->> 'transferCents')::int), 0),
                count(*) FILTER (WHERE line ->> 'currency' <> NEW.currency)) IS DISTINCT FROM
               (NEW."payoutCount"::bigint, NEW."totalCents"::bigint, 0::bigint) FROM jsonb_array_elements(now_lines) line)
    THEN
      PERFORM refuse('batch_total', 'Number and total of the batch are not those of its payouts. Build it again.',
        'PayoutBatch', 'totalCents');
    END IF;
    IF NEW.status = 'approved' AND OLD.lines IS DISTINCT FROM now_lines AND OLD.lines IS NOT NULL THEN
      PERFORM refuse('batch_lines', 'What was submitted is not what would be paid any more. Take it back to draft and look again.',
        'PayoutBatch', 'totalCents');
    END IF;
    NEW.lines := now_lines;
  END IF;
  NEW."linesHash" := encode(sha256(convert_to(NEW.lines::text, 'UTF8')), 'hex');
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION payout_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD."batchId" IS NOT NULL AND (TG_OP = 'DELETE' OR
       (NEW."batchId", NEW."instructorId", NEW."bookingId", NEW."paymentId", NEW.kind, NEW.currency, NEW."amountCents", NEW."nettedCents", NEW."gstCents")
      IS DISTINCT FROM
       (OLD."batchId", OLD."instructorId", OLD."bookingId", OLD."paymentId", OLD.kind, OLD.currency, OLD."amountCents", OLD."nettedCents", OLD."gstCents"))
    AND coalesce(payout_batch_status(OLD."batchId") NOT IN ('draft', 'rejected', 'canceled'), true)
  THEN
    PERFORM refuse('payout_line_frozen', 'This payout is part of a submitted batch and cannot change.', 'Payout', 'amountCents');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW."batchId" IS NULL THEN RETURN NEW; END IF;
  IF (TG_OP = 'INSERT' OR NEW."batchId" IS DISTINCT FROM OLD."batchId")
    AND coalesce(payout_batch_status(NEW."batchId") <> 'draft', true)
  THEN
    PERFORM refuse('payout_line_frozen', 'Payouts can only be added to a batch that is a draft.', 'Payout', 'batchId');
  END IF;
  IF NEW.status IN ('submitting', 'unknown', 'paid') AND (TG_OP = 'INSERT' OR NEW.status <> OLD.status)
    AND coalesce(payout_batch_status(NEW."batchId") NOT IN ('approved', 'processing', 'paid', 'partially_failed'), true)
  THEN
    PERFORM refuse('payout_batch_approved', 'A payout is paid only when its batch was approved.', 'Payout', 'status');
  END IF;
  RETURN NEW;
END $$;

-- The one place that knows why an instructor is not paid yet; null when a payout can go into a batch.
CREATE FUNCTION payout_obstacle(payout "Payout", at timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN payout.status = 'held' THEN coalesce(payout."holdReason", 'It is held.')
    WHEN payout.status = 'failed' THEN coalesce(payout."failureReason", 'The transfer failed.')
    WHEN payout.status <> 'pending' THEN NULL
    WHEN EXISTS (SELECT FROM "Dispute" d WHERE d."orgId" = payout."orgId" AND d."paymentId" = payout."paymentId"
      AND d.status IN ('warning', 'needs_response', 'under_review')) THEN 'The learner''s bank disputes the payment.'
    WHEN EXISTS (SELECT FROM "Payment" m WHERE m."orgId" = payout."orgId" AND m.id = payout."paymentId" AND m.status = 'refunded')
      AND payout.kind <> 'adjustment' THEN 'The payment was refunded.'
    WHEN EXISTS (SELECT FROM "Refund" r WHERE r."orgId" = payout."orgId" AND r."paymentId" = payout."paymentId"
      AND r.status = 'pending_approval') THEN 'A refund of the payment waits for approval.'
    WHEN payout."availableAt" > at THEN format('Ready from %s: the hold after the lesson.',
      to_char(payout."availableAt" AT TIME ZONE o."timeZone", 'Dy FMDD Mon, HH24:MI'))
    WHEN i."stripeAccountId" IS NULL THEN format('%s has not signed up with Stripe yet.', i."displayName")
    WHEN i."stripeDisconnectedAt" IS NOT NULL THEN format('%s has ended the connection to Stripe.', i."displayName")
    WHEN i."stripeOnboardingStatus" <> 'complete' OR coalesce(i."stripeCapabilities" ->> 'transfers', 'active') <> 'active'
      THEN format('Stripe does not pay to %s at the moment: the account needs attention.', i."displayName")
  END
  FROM "Instructor" i JOIN "Org" o ON o.id = i."orgId" WHERE i."orgId" = payout."orgId" AND i.id = payout."instructorId"
$$;
COMMENT ON FUNCTION payout_obstacle("Payout", timestamptz) IS 'Why a payout cannot be paid at that moment, in a sentence; null when it can';

CREATE INDEX ledger_entry_of_instructor ON "LedgerEntry" ("instructorId", "createdAt") WHERE account = 'instructor_payable';

REVOKE ALL ON FUNCTION payout_batch_lines(uuid), payout_obstacle("Payout", timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payout_batch_lines(uuid), payout_obstacle("Payout", timestamptz) TO driveflow_app;
