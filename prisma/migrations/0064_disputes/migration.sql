-- An inquiry that ended, or a dispute that was prevented, before the bank took any money.
ALTER TYPE "DisputeStatus" ADD VALUE 'closed';

-- What the school answers: evidence, or that it accepts. Written down before Stripe is asked.
CREATE TYPE "DisputeAnswer" AS ENUM ('evidence', 'accept');
ALTER TABLE "Dispute"
  ADD COLUMN "answer" "DisputeAnswer",
  ADD COLUMN "answeredAt" TIMESTAMPTZ(3),
  ADD COLUMN "failureCode" TEXT,
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0,
  ADD CONSTRAINT dispute_answered CHECK ("answeredAt" IS NULL OR "answer" IS NOT NULL);
COMMENT ON COLUMN "Dispute"."answeredAt" IS 'When Stripe had the answer; until then it is on its way and does not change';

-- What has been sent, or may have been, stays what it is; and the bank decides once, but for a question that becomes a dispute.
CREATE OR REPLACE FUNCTION dispute_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW."paymentId", NEW.currency, NEW."stripeDisputeId") IS DISTINCT FROM (OLD."paymentId", OLD.currency, OLD."stripeDisputeId")
    OR (OLD."closedAt" IS NOT NULL AND OLD.status::text <> 'closed'
      AND (NEW."amountCents", NEW."feeCents") IS DISTINCT FROM (OLD."amountCents", OLD."feeCents"))
  THEN
    PERFORM refuse('dispute_frozen', 'What a dispute is about cannot change, nor its amount once it is decided.',
      'Dispute', 'amountCents');
  END IF;
  IF OLD.status IN ('won', 'lost') AND NEW.status <> OLD.status THEN
    PERFORM refuse('dispute_decided', 'The bank has decided this dispute already.', 'Dispute', 'status');
  END IF;
  -- once it is decided, what the evidence says of people can be taken out of it
  IF OLD.answer IS NOT NULL AND NEW.answer IS NOT NULL
    AND (NEW.answer <> OLD.answer OR (OLD."closedAt" IS NULL AND NEW.evidence IS DISTINCT FROM OLD.evidence)) THEN
    PERFORM refuse('dispute_answer_sent', 'This dispute has been answered. The answer cannot be changed any more.', 'Dispute', 'evidence');
  END IF;
  RETURN NEW;
END $$;

CREATE INDEX "Dispute_orgId_evidenceDueBy_id_idx" ON "Dispute" ("orgId", "evidenceDueBy", "id");
