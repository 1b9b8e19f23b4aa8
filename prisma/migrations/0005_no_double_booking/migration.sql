-- Nobody is in two places at once: neither the instructor (with the way to the next lesson), nor the student, nor the car.
-- Drafts and cancelled bookings hold no slot. blockedUntil is stored because timestamptz + interval is not immutable.
ALTER TABLE "Booking"
  ADD CONSTRAINT booking_time CHECK ("endAt" > "startAt" AND "blockedUntil" >= "endAt"),
  ADD CONSTRAINT booking_instructor_free EXCLUDE USING gist
    ("orgId" WITH =, "instructorId" WITH =, tstzrange("startAt", "blockedUntil", '[)') WITH &&)
    WHERE (status NOT IN ('draft', 'cancelled')),
  ADD CONSTRAINT booking_student_free EXCLUDE USING gist
    ("orgId" WITH =, "studentId" WITH =, tstzrange("startAt", "endAt", '[)') WITH &&)
    WHERE (status NOT IN ('draft', 'cancelled')),
  ADD CONSTRAINT booking_vehicle_free EXCLUDE USING gist
    ("orgId" WITH =, "vehicleId" WITH =, tstzrange("startAt", "endAt", '[)') WITH &&)
    WHERE ("vehicleId" IS NOT NULL AND status NOT IN ('draft', 'cancelled'));
