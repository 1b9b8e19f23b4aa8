ALTER TABLE "Payment"
  ADD CONSTRAINT payment_money CHECK ("amountCents" > 0 AND "platformFeeCents" >= 0 AND "instructorShareCents" >= 0
    AND "gstCents" BETWEEN 0 AND "amountCents" AND coalesce("processorFeeCents", 0) >= 0),
  ADD CONSTRAINT payment_split CHECK ("amountCents" = "platformFeeCents" + "instructorShareCents"),
  ADD CONSTRAINT payment_refunded CHECK ("refundedCents" BETWEEN 0 AND "amountCents"
    AND (status = 'refunded') = ("refundedCents" = "amountCents")
    AND (status = 'partially_refunded') = ("refundedCents" > 0 AND "refundedCents" < "amountCents")),
  ADD CONSTRAINT payment_target CHECK (("bookingId" IS NULL) = (purpose = 'package')),
  -- the row is there before Stripe is called, so a new, failed or canceled one may have no intent
  ADD CONSTRAINT payment_card CHECK (method <> 'card' OR status IN ('intent_created', 'failed', 'canceled')
    OR "stripePaymentIntentId" IS NOT NULL);
CREATE UNIQUE INDEX payment_one_live_per_booking ON "Payment" ("bookingId")
  WHERE purpose = 'lesson' AND status NOT IN ('failed', 'canceled');

-- What was paid stays as it was paid: refunds are counted against it.
CREATE FUNCTION payment_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.status IN ('succeeded', 'partially_refunded', 'refunded')
    AND ((NEW."amountCents", NEW."platformFeeCents", NEW."instructorShareCents", NEW.currency, NEW.method, NEW.purpose,
          NEW."studentId", NEW."bookingId")
      IS DISTINCT FROM
         (OLD."amountCents", OLD."platformFeeCents", OLD."instructorShareCents", OLD.currency, OLD.method, OLD.purpose,
          OLD."studentId", OLD."bookingId")
      OR NEW.status NOT IN ('succeeded', 'partially_refunded', 'refunded'))
  THEN
    PERFORM refuse('payment_frozen', 'This payment was received; what it was for and how much cannot change. Refund it instead.',
      'Payment', 'amountCents');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_guard BEFORE UPDATE ON "Payment" FOR EACH ROW EXECUTE FUNCTION payment_guard();

ALTER TABLE "Refund"
  ADD CONSTRAINT refund_money CHECK ("amountCents" > 0 AND "platformFeeCents" >= 0 AND "instructorShareCents" >= 0),
  ADD CONSTRAINT refund_split CHECK ("amountCents" = "platformFeeCents" + "instructorShareCents"),
  ADD CONSTRAINT refund_reason CHECK (length(btrim(reason)) > 0),
  ADD CONSTRAINT refund_approved CHECK (status <> 'approved' OR "approvedById" IS NOT NULL),
  ADD CONSTRAINT refund_two_people
    CHECK ("approvedById" IS NULL OR "requestedById" IS NULL OR "approvedById" <> "requestedById");

-- Refunds that did not fail never add up to more than was paid.
CREATE FUNCTION refund_cap() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  payment "Payment";
  taken bigint;
BEGIN
  IF NEW.status IN ('failed', 'rejected', 'canceled') THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.status NOT IN ('failed', 'rejected', 'canceled') THEN RETURN NEW; END IF;
  -- Two refunds of one payment wait for each other here. It is an update, not a lock alone, so that a transaction with an
  -- old snapshot fails to serialize instead of counting without the refund it cannot see.
  UPDATE "Payment" SET "refundedCents" = "refundedCents" WHERE id = NEW."paymentId" RETURNING * INTO payment;
  IF NOT FOUND OR payment.status NOT IN ('succeeded', 'partially_refunded', 'refunded') THEN
    PERFORM refuse('refund_cap', 'Nothing was paid that could be refunded.', 'Refund', 'paymentId');
  END IF;
  IF payment.currency <> NEW.currency THEN
    PERFORM refuse('refund_currency', format('This payment was made in %s.', payment.currency), 'Refund', 'currency');
  END IF;
  SELECT coalesce(sum("amountCents"), 0) INTO taken FROM "Refund"
   WHERE "paymentId" = NEW."paymentId" AND id <> NEW.id AND status NOT IN ('failed', 'rejected', 'canceled');
  IF taken + NEW."amountCents" > payment."amountCents" THEN
    PERFORM refuse('refund_cap', 'This is more than is left of the payment.', 'Refund', 'amountCents');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_cap BEFORE INSERT OR UPDATE ON "Refund" FOR EACH ROW EXECUTE FUNCTION refund_cap();

-- A request is decided on as it was made, and a large one by somebody else than who made it.
CREATE FUNCTION refund_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  waits CONSTANT "RefundStatus"[] := ARRAY['pending_approval', 'rejected', 'canceled', 'failed'];
  cents_without_approval int;
BEGIN
  IF TG_OP = 'UPDATE' AND (
       (NEW."paymentId", NEW."bookingId", NEW."amountCents", NEW."platformFeeCents", NEW."instructorShareCents",
        NEW.currency, NEW.method, NEW."isOverride", NEW."requestedById")
      IS DISTINCT FROM
       (OLD."paymentId", OLD."bookingId", OLD."amountCents", OLD."platformFeeCents", OLD."instructorShareCents",
        OLD.currency, OLD.method, OLD."isOverride", OLD."requestedById")
      OR (OLD."approvedById" IS NOT NULL AND NEW."approvedById" IS DISTINCT FROM OLD."approvedById"))
  THEN
    PERFORM refuse('refund_frozen', 'A refund cannot be changed once it was requested. Cancel it and request another.',
      'Refund', 'amountCents');
  END IF;
  IF NEW.status <> ALL (waits) AND NEW."approvedById" IS NULL AND NEW."requestedById" IS NOT NULL THEN
    IF TG_OP = 'UPDATE' AND OLD.status <> ALL (waits) THEN RETURN NEW; END IF;
    SELECT "refundApprovalOverCents" INTO cents_without_approval FROM "OrgSettings" WHERE "orgId" = NEW."orgId";
    IF NEW."isOverride" OR NEW."amountCents" > coalesce(cents_without_approval, 10000) THEN
      PERFORM refuse('refund_needs_approval', 'This refund needs the approval of another person.', 'Refund', 'approvedById');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_guard BEFORE INSERT OR UPDATE ON "Refund" FOR EACH ROW EXECUTE FUNCTION refund_guard();

ALTER TABLE "Dispute" ADD CONSTRAINT dispute_money CHECK ("amountCents" > 0 AND "feeCents" >= 0);
