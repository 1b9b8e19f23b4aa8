ALTER TABLE "Booking"
  ADD CONSTRAINT booking_money CHECK ("priceCents" >= 0 AND "platformFeeCents" >= 0 AND "instructorShareCents" >= 0),
  ADD CONSTRAINT booking_split CHECK ("priceCents" = "platformFeeCents" + "instructorShareCents"),
  ADD CONSTRAINT booking_fee_rate CHECK ("platformFeeBps" BETWEEN 0 AND 10000),
  ADD CONSTRAINT booking_cancelled CHECK ((status = 'cancelled') = ("cancelledAt" IS NOT NULL)),
  ADD CONSTRAINT booking_cancel_reason
    CHECK (status <> 'cancelled' OR coalesce(length(btrim("cancellationReason")), 0) > 0),
  ADD CONSTRAINT booking_hold CHECK (status <> 'pending_payment' OR "holdExpiresAt" IS NOT NULL),
  ADD CONSTRAINT booking_reschedules CHECK ("rescheduleCount" >= 0);

-- The floor under the program's own rules. A transaction that gives a reason in app.override may pass; the audit trigger
-- writes that reason down.
CREATE FUNCTION booking_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF btrim(coalesce(current_setting('app.override', true), '')) <> '' THEN RETURN NEW; END IF;
  IF NEW.status <> OLD.status AND NOT (
       (OLD.status = 'draft'           AND NEW.status IN ('pending_payment', 'requested', 'confirmed', 'cancelled'))
    OR (OLD.status = 'pending_payment' AND NEW.status IN ('confirmed', 'cancelled'))
    OR (OLD.status = 'requested'       AND NEW.status IN ('pending_payment', 'confirmed', 'cancelled'))
    OR (OLD.status IN ('confirmed', 'scheduled') AND NEW.status IN ('in_progress', 'cancelled', 'no_show'))
    OR (OLD.status = 'in_progress'     AND NEW.status IN ('completed', 'cancelled'))
    -- a no-show can be taken back for a day
    OR (OLD.status = 'no_show'         AND NEW.status IN ('completed', 'cancelled')
        AND coalesce(OLD."statusChangedAt" > now() - interval '24 hours', false)))
  THEN
    PERFORM refuse('booking_transition', format('A booking that is %s cannot become %s.',
      replace(OLD.status::text, '_', ' '), replace(NEW.status::text, '_', ' ')), 'Booking', 'status');
  END IF;
  IF OLD.status NOT IN ('draft', 'requested')
    AND (NEW."priceCents", NEW."platformFeeBps", NEW."platformFeeCents", NEW."instructorShareCents", NEW.currency, NEW."studentId")
    IS DISTINCT FROM
        (OLD."priceCents", OLD."platformFeeBps", OLD."platformFeeCents", OLD."instructorShareCents", OLD.currency, OLD."studentId")
  THEN
    PERFORM refuse('booking_price_frozen', 'Price, fee, currency and student of this booking are agreed and cannot change.',
      'Booking', 'priceCents');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER booking_guard BEFORE UPDATE ON "Booking" FOR EACH ROW EXECUTE FUNCTION booking_guard();
