-- Stripe may want something of the learner before a refund can be made.
ALTER TYPE "RefundStatus" ADD VALUE 'requires_action' BEFORE 'succeeded';

ALTER TABLE "Refund"
  ADD COLUMN "rejectedById" UUID,
  ADD COLUMN "rejectedReason" TEXT,
  ADD COLUMN "rejectedAt" TIMESTAMPTZ(3),
  ADD COLUMN "givenBackById" UUID,
  ADD COLUMN "settledAt" TIMESTAMPTZ(3),
  ADD COLUMN "isImported" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "note" TEXT,
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0,
  -- rows of before say nothing of it
  ADD CONSTRAINT refund_rejected CHECK (status <> 'rejected' OR length(btrim(coalesce("rejectedReason", ''))) > 0) NOT VALID,
  ADD CONSTRAINT refund_rejected_by CHECK ("rejectedById" IS NULL OR "requestedById" IS NULL OR "rejectedById" <> "requestedById");
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_rejectedById_fkey" FOREIGN KEY ("rejectedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_givenBackById_fkey" FOREIGN KEY ("givenBackById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX refund_imported ON "Refund" ("orgId", "createdAt" DESC, id DESC) WHERE "isImported";
