-- "scheduled" is an old word for confirmed: hardly a row has it, and without an index of its own the list looked through all others for them.
CREATE INDEX bookings_scheduled ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'scheduled';
