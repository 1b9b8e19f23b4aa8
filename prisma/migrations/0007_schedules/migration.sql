ALTER TABLE "InstructorWorkingHours"
  ADD CONSTRAINT hours_day CHECK ("dayOfWeek" BETWEEN 0 AND 6),
  ADD CONSTRAINT hours_time CHECK ("startTime" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
    AND "endTime" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' AND "endTime" > "startTime"),
  ADD CONSTRAINT hours_break CHECK (
    CASE WHEN "breakStartTime" IS NULL OR "breakEndTime" IS NULL
      THEN "breakStartTime" IS NULL AND "breakEndTime" IS NULL
      ELSE "breakStartTime" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' AND "breakEndTime" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
        AND "breakStartTime" >= "startTime" AND "breakEndTime" > "breakStartTime" AND "breakEndTime" <= "endTime" END),
  ADD CONSTRAINT hours_buffer CHECK ("travelBufferMin" BETWEEN 0 AND 60),
  ADD CONSTRAINT hours_lessons CHECK ("maxLessonsPerDay" IS NULL OR "maxLessonsPerDay" BETWEEN 1 AND 20),
  ADD CONSTRAINT hours_period CHECK ("effectiveTo" IS NULL OR "effectiveFrom" IS NULL OR "effectiveTo" > "effectiveFrom"),
  ADD CONSTRAINT hours_once EXCLUDE USING gist
    ("instructorId" WITH =, "dayOfWeek" WITH =, daterange("effectiveFrom", "effectiveTo", '[)') WITH &&)
    WHERE ("isActive");

ALTER TABLE "InstructorAvailability"
  ADD CONSTRAINT availability_day CHECK ("dayOfWeek" BETWEEN 0 AND 6),
  ADD CONSTRAINT availability_time CHECK ("startMinute" >= 0 AND "endMinute" > "startMinute" AND "endMinute" <= 1440),
  ADD CONSTRAINT availability_period
    CHECK ("effectiveTo" IS NULL OR "effectiveFrom" IS NULL OR "effectiveTo" > "effectiveFrom");

ALTER TABLE "AvailabilityException"
  ADD CONSTRAINT exception_time CHECK (
    CASE WHEN "startMinute" IS NULL OR "endMinute" IS NULL
      THEN "startMinute" IS NULL AND "endMinute" IS NULL
      ELSE "startMinute" >= 0 AND "endMinute" > "startMinute" AND "endMinute" <= 1440 END);

-- An empty column is a value here (a whole day, any status, any role), so two rows with it are duplicates.
DROP INDEX "AvailabilityException_instructorId_date_startMinute_key";
CREATE UNIQUE INDEX "AvailabilityException_instructorId_date_startMinute_key"
  ON "AvailabilityException" ("instructorId", date, "startMinute") NULLS NOT DISTINCT;
DROP INDEX "StateTransitionRule_orgId_fromStatus_toStatus_requiredRole_key";
CREATE UNIQUE INDEX "StateTransitionRule_orgId_fromStatus_toStatus_requiredRole_key"
  ON "StateTransitionRule" ("orgId", "fromStatus", "toStatus", "requiredRole") NULLS NOT DISTINCT;

ALTER TABLE "TravelTimeCache" ADD CONSTRAINT travel_time CHECK ("drivingTimeMin" >= 0 AND "distanceMeters" >= 0
  AND "trafficMultiplier" > 0 AND "peakHourMultiplier" > 0);
ALTER TABLE "LicenseCompatibilityMatrix" ADD CONSTRAINT licence_ages CHECK (coalesce("minStudentAge", 0) >= 0
    AND ("maxStudentAge" IS NULL OR "maxStudentAge" >= coalesce("minStudentAge", 0))),
  ADD CONSTRAINT licence_duration CHECK (coalesce("minLessonDuration", 0) >= 0
    AND ("maxLessonDuration" IS NULL OR "maxLessonDuration" >= coalesce("minLessonDuration", 0)));
