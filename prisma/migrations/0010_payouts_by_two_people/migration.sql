ALTER TABLE "Payout"
  ADD CONSTRAINT payout_money CHECK ("amountCents" > 0 AND "reversedCents" BETWEEN 0 AND "amountCents"
    AND "gstCents" BETWEEN 0 AND "amountCents"),
  ADD CONSTRAINT payout_paid CHECK (status NOT IN ('paid', 'partially_reversed', 'reversed')
    OR ("stripeTransferId" IS NOT NULL AND "batchId" IS NOT NULL AND "paidAt" IS NOT NULL)),
  ADD CONSTRAINT payout_booking CHECK (kind = 'adjustment' OR "bookingId" IS NOT NULL);
CREATE UNIQUE INDEX payout_once_per_booking ON "Payout" ("bookingId") WHERE kind <> 'adjustment' AND status <> 'canceled';

ALTER TABLE "TransferReversal"
  ADD CONSTRAINT reversal_money CHECK ("amountCents" > 0),
  ADD CONSTRAINT reversal_cause CHECK (("refundId" IS NULL) <> ("disputeId" IS NULL));

ALTER TABLE "PayoutBatch"
  ADD CONSTRAINT batch_period CHECK ("periodEnd" >= "periodStart"),
  ADD CONSTRAINT batch_money CHECK ("payoutCount" >= 0 AND "totalCents" >= 0),
  ADD CONSTRAINT batch_two_people CHECK ("approvedById" IS NULL OR "approvedById" <> "createdById"),
  ADD CONSTRAINT batch_approved
    CHECK (status NOT IN ('approved', 'processing', 'paid', 'partially_failed') OR "approvedById" IS NOT NULL),
  -- going back to draft voids the approval
  ADD CONSTRAINT batch_not_yet_approved CHECK (status NOT IN ('draft', 'submitted') OR "approvedById" IS NULL);

-- What is approved is exactly what was submitted: only a draft can be edited, and only what was submitted can be approved.
CREATE FUNCTION payout_batch_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  lines bigint;
  cents bigint;
  strange bigint;
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
  IF NEW.status = 'submitted' AND OLD.status <> 'submitted' THEN
    SELECT count(*), coalesce(sum("amountCents"), 0), count(*) FILTER (WHERE currency <> NEW.currency)
      INTO lines, cents, strange FROM "Payout" WHERE "batchId" = NEW.id;
    IF (lines, cents, strange) <> (NEW."payoutCount", NEW."totalCents", 0) THEN
      PERFORM refuse('batch_total', 'Number and total of the batch are not those of its payouts. Build it again.',
        'PayoutBatch', 'totalCents');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payout_batch_guard BEFORE UPDATE ON "PayoutBatch" FOR EACH ROW EXECUTE FUNCTION payout_batch_guard();

-- The batch is locked against a change of its status while a line of it changes.
CREATE FUNCTION payout_batch_status(batch uuid) RETURNS "PayoutBatchStatus"
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public AS $$ SELECT status FROM "PayoutBatch" WHERE id = batch FOR SHARE $$;

CREATE FUNCTION payout_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD."batchId" IS NOT NULL AND (TG_OP = 'DELETE' OR
       (NEW."batchId", NEW."instructorId", NEW."bookingId", NEW."paymentId", NEW.kind, NEW.currency, NEW."amountCents", NEW."gstCents")
      IS DISTINCT FROM
       (OLD."batchId", OLD."instructorId", OLD."bookingId", OLD."paymentId", OLD.kind, OLD.currency, OLD."amountCents", OLD."gstCents"))
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
CREATE TRIGGER payout_guard BEFORE INSERT OR UPDATE OR DELETE ON "Payout" FOR EACH ROW EXECUTE FUNCTION payout_guard();
