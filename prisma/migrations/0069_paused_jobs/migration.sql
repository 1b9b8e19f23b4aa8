-- What is done for a school that is suspended waits, and goes on when the school is active again.
CREATE SCHEMA outbox;
COMMENT ON SCHEMA outbox IS 'What belongs to events and jobs and is no record of the panel: jobs that wait, events of long ago';
GRANT USAGE ON SCHEMA outbox TO driveflow_app, driveflow_worker;

CREATE TABLE outbox.paused_job (
  id uuid PRIMARY KEY,
  "orgId" uuid NOT NULL REFERENCES "Org" (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  queue text NOT NULL,
  message jsonb NOT NULL,
  "pausedAt" timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE outbox.paused_job IS 'Jobs of schools that are suspended or closed: taken out of the queue, put back when the school is active';
COMMENT ON COLUMN outbox.paused_job.message IS 'As it was in the queue: who wanted it, for which school, and what';
CREATE INDEX paused_of_school ON outbox.paused_job ("orgId");
ALTER TABLE outbox.paused_job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY dispatcher ON outbox.paused_job TO driveflow_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox.paused_job TO driveflow_worker;

-- Workers look after what waits as soon as a school is active again.
CREATE TRIGGER outbox_tell_active AFTER UPDATE OF status ON "Org" FOR EACH ROW
  WHEN (OLD.status NOT IN ('trial', 'active') AND NEW.status IN ('trial', 'active')) EXECUTE FUNCTION outbox_tell('look');
CREATE OR REPLACE FUNCTION outbox_tell() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_notify('driveflow_outbox', coalesce(TG_ARGV[0], ''));
  RETURN NULL;
END $$;
