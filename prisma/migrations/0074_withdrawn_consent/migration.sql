-- Who withdraws the consent to be tracked has nothing recorded any more (who sends it is told why), and what was recorded goes at once, in whatever way
-- the withdrawal was written down. That there was a drive stays, with its distance and duration on the lesson.
CREATE FUNCTION consent_withdrawn() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  -- positions that are being written this moment are waited for, and deleted with the others
  PERFORM FROM "Booking" WHERE "orgId" = NEW."orgId" AND "studentId" = NEW."studentId" AND status = 'in_progress' FOR UPDATE;
  DELETE FROM "TripPoint" p USING "Trip" t, "Lesson" l
   WHERE p."tripId" = t.id AND t."lessonId" = l.id AND l."studentId" = NEW."studentId" AND l."orgId" = NEW."orgId";
  UPDATE "Trip" t SET "purgedAt" = now() FROM "Lesson" l
   WHERE t."lessonId" = l.id AND l."studentId" = NEW."studentId" AND l."orgId" = NEW."orgId" AND t."purgedAt" IS NULL;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION consent_withdrawn() FROM PUBLIC;
CREATE TRIGGER consent_withdrawn AFTER INSERT ON "Consent" FOR EACH ROW
  WHEN (NEW.kind = 'gps_tracking' AND NOT NEW.granted AND NEW."effectiveAt" <= now() + interval '1 minute')
  EXECUTE FUNCTION consent_withdrawn();
