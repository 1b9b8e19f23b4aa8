-- A device sends a batch again when it has heard no answer: each position of a trip is kept once, whoever is first.
DROP INDEX "TripPoint_tripId_ts_idx";
CREATE UNIQUE INDEX "TripPoint_tripId_ts_key" ON "TripPoint" ("tripId", ts);
