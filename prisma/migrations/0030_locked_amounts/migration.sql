-- Amounts that the screens lock are locked here too: whatever writes them, a form, an import, an action or a console.

-- Prices that have applied to somebody stay as they were; new prices are a new rate card.
CREATE FUNCTION rate_card_in_use(card "RateCard", service uuid DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT coalesce(card."validFrom" <= now(), false)
    OR EXISTS (SELECT FROM "Booking" b WHERE b."orgId" = card."orgId" AND b."rateCardId" = card.id
      AND (service IS NULL OR b."serviceId" = service))
$$;

CREATE FUNCTION rate_card_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.currency, NEW."validFrom") IS DISTINCT FROM (OLD.currency, OLD."validFrom") AND rate_card_in_use(OLD) THEN
    PERFORM refuse('rate_card_in_use', 'This rate card already applies: its start and currency cannot change. Make a new rate card.',
      'RateCard', CASE WHEN NEW.currency = OLD.currency THEN 'validFrom' ELSE 'currency' END);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rate_card_guard BEFORE UPDATE ON "RateCard" FOR EACH ROW EXECUTE FUNCTION rate_card_guard();

CREATE FUNCTION rate_card_item_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW."rateCardId", NEW."serviceId", NEW."priceCents") IS DISTINCT FROM (OLD."rateCardId", OLD."serviceId", OLD."priceCents")
    AND (SELECT rate_card_in_use(card, OLD."serviceId") FROM "RateCard" card WHERE card.id = OLD."rateCardId")
  THEN
    PERFORM refuse('rate_card_item_in_use', 'This price already applies and cannot change. Make a new rate card that begins later.',
      'RateCardItem', 'priceCents');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rate_card_item_guard BEFORE UPDATE ON "RateCardItem" FOR EACH ROW EXECUTE FUNCTION rate_card_item_guard();

-- What was granted stays; what is left of it goes down as it is used.
CREATE FUNCTION credit_grant_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW."studentId", NEW."packageId", NEW."paymentId", NEW.source, NEW.minutes, NEW."valueCents")
    IS DISTINCT FROM (OLD."studentId", OLD."packageId", OLD."paymentId", OLD.source, OLD.minutes, OLD."valueCents")
  THEN
    PERFORM refuse('credit_grant_frozen', 'What was granted, and to whom, cannot change.', 'CreditGrant', 'minutes');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_grant_guard BEFORE UPDATE ON "CreditGrant" FOR EACH ROW EXECUTE FUNCTION credit_grant_guard();

-- The bank may correct the amount of a dispute until it is decided, but not what it is about.
CREATE FUNCTION dispute_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW."paymentId", NEW.currency, NEW."stripeDisputeId") IS DISTINCT FROM (OLD."paymentId", OLD.currency, OLD."stripeDisputeId")
    OR (OLD."closedAt" IS NOT NULL AND (NEW."amountCents", NEW."feeCents") IS DISTINCT FROM (OLD."amountCents", OLD."feeCents"))
  THEN
    PERFORM refuse('dispute_frozen', 'What a dispute is about cannot change, nor its amount once it is decided.',
      'Dispute', 'amountCents');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dispute_guard BEFORE UPDATE ON "Dispute" FOR EACH ROW EXECUTE FUNCTION dispute_guard();

CREATE FUNCTION transfer_reversal_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW."payoutId", NEW."refundId", NEW."disputeId", NEW."amountCents")
    IS DISTINCT FROM (OLD."payoutId", OLD."refundId", OLD."disputeId", OLD."amountCents")
  THEN
    PERFORM refuse('reversal_frozen', 'A reversal cannot be changed once it was made.', 'TransferReversal', 'amountCents');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER transfer_reversal_guard BEFORE UPDATE ON "TransferReversal"
  FOR EACH ROW EXECUTE FUNCTION transfer_reversal_guard();

REVOKE ALL ON FUNCTION rate_card_in_use("RateCard", uuid), rate_card_guard(), rate_card_item_guard(), credit_grant_guard(),
  dispute_guard(), transfer_reversal_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rate_card_in_use("RateCard", uuid) TO driveflow_app;
