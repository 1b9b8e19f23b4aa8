-- An event that is no school's is in no school's audit log: who decided about it, when and why stays with the event.
ALTER TABLE "WebhookEvent" ADD COLUMN "decisions" JSONB NOT NULL DEFAULT '[]'
  CONSTRAINT webhook_decisions CHECK (jsonb_typeof("decisions") = 'array');
COMMENT ON COLUMN "WebhookEvent"."decisions" IS 'What people of the platform decided about it: at, by, what, reason; only ever added to';
GRANT UPDATE ("decisions") ON "WebhookEvent" TO driveflow_worker;

CREATE FUNCTION webhook_decisions_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF jsonb_array_length(NEW.decisions) < jsonb_array_length(OLD.decisions)
    OR EXISTS (SELECT FROM jsonb_array_elements(OLD.decisions) WITH ORDINALITY was (entry, place)
                WHERE NEW.decisions -> (place::int - 1) IS DISTINCT FROM entry)
  THEN
    PERFORM refuse('webhook_decisions_kept', 'What was decided about an event is not taken back.', 'WebhookEvent', 'status');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER webhook_decisions_guard BEFORE UPDATE OF "decisions" ON "WebhookEvent" FOR EACH ROW
  EXECUTE FUNCTION webhook_decisions_guard();
REVOKE ALL ON FUNCTION webhook_decisions_guard() FROM PUBLIC;
CREATE INDEX webhook_homeless ON "WebhookEvent" (status, "receivedAt") WHERE "orgId" IS NULL;
