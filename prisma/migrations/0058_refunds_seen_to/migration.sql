-- A refund that failed waits for somebody until it was tried again or given back in another way.
ALTER TABLE "Refund" ADD COLUMN "isSeenTo" BOOLEAN NOT NULL DEFAULT false;
