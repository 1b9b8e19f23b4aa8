-- The events of one record wait for each handler in a line; a delivery knows its place in it without asking its event.
ALTER TABLE "OutboxDelivery" ADD COLUMN "aggregateId" TEXT, ADD COLUMN "aggregateVersion" INTEGER;

-- for once the owner sees the rows of all schools
ALTER TABLE "OutboxDelivery" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Outbox" NO FORCE ROW LEVEL SECURITY;
UPDATE "OutboxDelivery" d SET "aggregateId" = e."aggregateId", "aggregateVersion" = e."aggregateVersion"
  FROM "Outbox" e WHERE e.id = d."outboxId";
ALTER TABLE "OutboxDelivery" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Outbox" FORCE ROW LEVEL SECURITY;

ALTER TABLE "OutboxDelivery" ALTER COLUMN "aggregateId" SET NOT NULL, ALTER COLUMN "aggregateVersion" SET NOT NULL;
COMMENT ON COLUMN "OutboxDelivery"."aggregateVersion" IS 'Place in the line of the deliveries of one record to one handler';

-- the first of a line that waits, or that holds the others up
CREATE INDEX delivery_line ON "OutboxDelivery" (handler, "orgId", "aggregateId", "aggregateVersion") WHERE status IN ('waiting', 'dead');
-- one at a time: the database itself refuses a second of the same line
CREATE UNIQUE INDEX delivery_in_hand ON "OutboxDelivery" (handler, "orgId", "aggregateId") WHERE status = 'queued';
-- the oldest that is not done, for each handler
CREATE INDEX delivery_backlog ON "OutboxDelivery" (handler, "createdAt") WHERE status IN ('waiting', 'queued');

-- What people do to a delivery is recorded, as everything else that they do: a retry or replay has a higher generation.
CREATE TRIGGER audit_by_hand AFTER UPDATE ON "OutboxDelivery" FOR EACH ROW
  WHEN (NEW.generation > OLD.generation OR (NEW.status = 'skipped' AND OLD.status <> 'skipped'))
  EXECUTE FUNCTION audit_capture('/');
CREATE TRIGGER audit_by_hand_new AFTER INSERT ON "OutboxDelivery" FOR EACH ROW
  WHEN (NEW.generation > 0) EXECUTE FUNCTION audit_capture('/');

-- The relay hears of events when they commit, once for each transaction.
CREATE FUNCTION outbox_tell() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_notify('driveflow_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER outbox_tell AFTER INSERT ON "Outbox" FOR EACH STATEMENT EXECUTE FUNCTION outbox_tell();
REVOKE ALL ON FUNCTION outbox_tell() FROM PUBLIC;
