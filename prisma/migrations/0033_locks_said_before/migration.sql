-- Whether a price has applied to somebody is asked when its form is opened, and by the guard that refuses the change.
CREATE FUNCTION rate_card_item_in_use(item "RateCardItem") RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT coalesce((SELECT rate_card_in_use(card, item."serviceId") FROM "RateCard" card
    WHERE card.id = item."rateCardId" AND card."orgId" = item."orgId"), false)
$$;

CREATE OR REPLACE FUNCTION rate_card_item_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW."rateCardId", NEW."serviceId", NEW."priceCents") IS DISTINCT FROM (OLD."rateCardId", OLD."serviceId", OLD."priceCents")
    AND rate_card_item_in_use(OLD)
  THEN
    PERFORM refuse('rate_card_item_in_use', 'This price already applies and cannot change. Make a new rate card that begins later.',
      'RateCardItem', 'priceCents');
  END IF;
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION rate_card_item_in_use("RateCardItem") FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rate_card_item_in_use("RateCardItem") TO driveflow_app;

-- who booked at the prices of a card
CREATE INDEX "Booking_rateCardId_serviceId_idx" ON "Booking"("rateCardId", "serviceId");
