ALTER TABLE "Org" ADD CONSTRAINT org_currency CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE "OrgSettings"
  ADD CONSTRAINT settings_platform_fee CHECK ("platformFeeBps" BETWEEN 0 AND 5000),
  ADD CONSTRAINT settings_payment_hold CHECK ("paymentHoldMin" BETWEEN 5 AND 1440),
  ADD CONSTRAINT settings_draft_ttl CHECK ("draftTtlMin" BETWEEN 5 AND 10080),
  ADD CONSTRAINT settings_no_show_grace CHECK ("noShowGraceMin" BETWEEN 0 AND 1440),
  ADD CONSTRAINT settings_reschedule_cutoff CHECK ("rescheduleCutoffMin" BETWEEN 0 AND 43200),
  ADD CONSTRAINT settings_reschedule_fee CHECK ("rescheduleFeeCents" >= 0),
  ADD CONSTRAINT settings_min_notice CHECK ("minNoticeMin" BETWEEN 0 AND 43200),
  ADD CONSTRAINT settings_max_advance CHECK ("maxAdvanceDays" BETWEEN 1 AND 730),
  ADD CONSTRAINT settings_payout_hold CHECK ("payoutHoldHours" BETWEEN 0 AND 720),
  ADD CONSTRAINT settings_refund_approval CHECK ("refundApprovalOverCents" >= 0),
  ADD CONSTRAINT settings_gps_retention CHECK ("gpsRetentionDays" BETWEEN 1 AND 1825),
  ADD CONSTRAINT settings_record_retention CHECK ("lessonRecordRetentionYrs" BETWEEN 1 AND 50);

ALTER TABLE "InstructorCredential" ADD CONSTRAINT credential_period CHECK ("issuedOn" IS NULL OR "expiresOn" >= "issuedOn");
ALTER TABLE "Consent" ADD CONSTRAINT consent_period CHECK ("expiresAt" IS NULL OR "expiresAt" > "effectiveAt");

ALTER TABLE "Service" ADD CONSTRAINT service_duration CHECK ("durationMin" BETWEEN 1 AND 1440);
ALTER TABLE "RateCard"
  ADD CONSTRAINT rate_card_period CHECK ("validTo" IS NULL OR "validFrom" IS NULL OR "validTo" > "validFrom"),
  ADD CONSTRAINT rate_card_one_default EXCLUDE USING gist
    ("orgId" WITH =, currency WITH =, tstzrange("validFrom", "validTo", '[)') WITH &&) WHERE ("isDefault");
ALTER TABLE "RateCardItem" ADD CONSTRAINT rate_card_item_price CHECK ("priceCents" >= 0);
ALTER TABLE "Package"
  ADD CONSTRAINT package_minutes CHECK (minutes > 0),
  ADD CONSTRAINT package_price CHECK ("priceCents" >= 0),
  ADD CONSTRAINT package_validity CHECK ("validityDays" IS NULL OR "validityDays" > 0);
ALTER TABLE "CreditGrant"
  ADD CONSTRAINT credit_grant_minutes CHECK (minutes > 0 AND "minutesLeft" BETWEEN 0 AND minutes),
  ADD CONSTRAINT credit_grant_value CHECK ("valueCents" >= 0 AND "valueLeft" BETWEEN 0 AND "valueCents");
ALTER TABLE "CancellationPolicy"
  ADD CONSTRAINT policy_notice CHECK ("hoursBeforeStart" >= 0),
  ADD CONSTRAINT policy_percentage CHECK ("refundPercentage" BETWEEN 0 AND 100),
  ADD CONSTRAINT policy_fee CHECK ("feeCents" >= 0);
ALTER TABLE "Vehicle" ADD CONSTRAINT vehicle_year CHECK (year IS NULL OR year BETWEEN 1950 AND 2100);
ALTER TABLE "Location" ADD CONSTRAINT location_place CHECK ((lat IS NULL) = (lng IS NULL)
  AND (lat IS NULL OR (lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180)));

ALTER TABLE "Lesson"
  ADD CONSTRAINT lesson_time CHECK ("endedAt" IS NULL OR ("startedAt" IS NOT NULL AND "endedAt" >= "startedAt")),
  ADD CONSTRAINT lesson_rating CHECK (rating IS NULL OR rating BETWEEN 1 AND 5),
  ADD CONSTRAINT lesson_measures CHECK (coalesce("distanceMeters", 0) >= 0 AND coalesce("durationSec", 0) >= 0);
ALTER TABLE "LogbookEntry" ADD CONSTRAINT logbook_minutes CHECK ("dayMinutes" >= 0 AND "nightMinutes" >= 0
  AND "creditedDayMinutes" >= 0 AND "creditedNightMinutes" >= 0);
ALTER TABLE "Trip" ADD CONSTRAINT trip_time CHECK ("endedAt" IS NULL OR "endedAt" >= "startedAt");
ALTER TABLE "TripPoint" ADD CONSTRAINT trip_point_place CHECK (lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180);
ALTER TABLE "Incident" ADD CONSTRAINT incident_closed CHECK ("closedAt" IS NULL OR "closedAt" >= "occurredAt");
