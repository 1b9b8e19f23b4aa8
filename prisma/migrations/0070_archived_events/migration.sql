-- Events of long ago leave the tables that workers and lists read, each with its deliveries, once nothing of it is open. A
-- table in monthly parts takes them: what was told in a month can be taken out of the database as one part.
CREATE TABLE outbox.archived_event (
  id uuid NOT NULL,
  "orgId" uuid NOT NULL REFERENCES "Org" (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  seq integer NOT NULL,
  topic text NOT NULL,
  "aggregateType" text NOT NULL,
  "aggregateId" text NOT NULL,
  "aggregateVersion" integer NOT NULL,
  "schemaVersion" integer NOT NULL,
  payload jsonb NOT NULL,
  actor jsonb,
  "createdAt" timestamptz(3) NOT NULL,
  "processedAt" timestamptz(3),
  deliveries jsonb NOT NULL,
  "archivedAt" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, "createdAt")
) PARTITION BY RANGE ("createdAt");
COMMENT ON TABLE outbox.archived_event IS 'Events of more than 90 days ago, in parts by the month (UTC) in which they happened';
COMMENT ON COLUMN outbox.archived_event.deliveries IS 'What its handlers did: handler, status, attempts, error, resultRef, generation, finishedAt';
CREATE INDEX archived_of_record ON outbox.archived_event ("orgId", "aggregateType", "aggregateId", "createdAt");
CREATE INDEX archived_of_school ON outbox.archived_event ("orgId", "createdAt");
SELECT secure_table('outbox.archived_event', 'SELECT', audited => false);
CREATE POLICY dispatcher ON outbox.archived_event TO driveflow_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON outbox.archived_event TO driveflow_worker;
GRANT DELETE ON "Outbox", "OutboxDelivery" TO driveflow_worker;

-- A part is only ever reached through the whole: nobody has a right on it.
CREATE FUNCTION outbox.prepare_part(month timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  begins CONSTANT timestamptz := date_trunc('month', month);
  part CONSTANT text := 'archived_event_' || to_char(begins, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('outbox.parts'));
  IF to_regclass('outbox.' || part) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE outbox.%I PARTITION OF outbox.archived_event FOR VALUES FROM (%L) TO (%L)',
    part, begins, begins + interval '1 month');
  EXECUTE format('REVOKE ALL ON outbox.%I FROM PUBLIC', part);
  EXECUTE format('ALTER TABLE outbox.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
END $$;
COMMENT ON FUNCTION outbox.prepare_part(timestamptz) IS 'Makes the part for archived events of that month, where it is missing';

-- Moves the oldest events that are over, never one that a handler still has to do something about or that was given up.
CREATE FUNCTION outbox.archive(before timestamptz, most integer) RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
  events uuid[];
  month timestamptz;
BEGIN
  SELECT array_agg(o.id) INTO events FROM (
    SELECT id FROM "Outbox" e
     -- an id begins with its time, so the oldest are found without reading the others
     WHERE e.id < (lpad(to_hex((extract(epoch FROM before) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
       AND e."createdAt" < before AND e."processedAt" IS NOT NULL AND e."deadAt" IS NULL
       AND NOT EXISTS (SELECT FROM "OutboxDelivery" d WHERE d."outboxId" = e.id AND d.status NOT IN ('done', 'skipped'))
     ORDER BY e.id LIMIT most FOR UPDATE SKIP LOCKED) o;
  IF events IS NULL THEN RETURN 0; END IF;
  -- a person may have wanted one of them again before its row was locked, or be about to
  WITH locked AS (
    SELECT "outboxId", status FROM "OutboxDelivery" WHERE "outboxId" = ANY (events) ORDER BY id FOR UPDATE SKIP LOCKED),
  over AS (SELECT "outboxId", count(*) AS n FROM locked WHERE status IN ('done', 'skipped') GROUP BY 1),
  there AS (SELECT "outboxId", count(*) AS n FROM "OutboxDelivery" WHERE "outboxId" = ANY (events) GROUP BY 1)
  SELECT array_agg(e.id) INTO events FROM unnest(events) AS e (id)
    LEFT JOIN over ON over."outboxId" = e.id LEFT JOIN there ON there."outboxId" = e.id
   WHERE coalesce(over.n, 0) = coalesce(there.n, 0);
  FOR month IN SELECT DISTINCT date_trunc('month', "createdAt", 'UTC') FROM "Outbox" WHERE id = ANY (events) LOOP
    PERFORM outbox.prepare_part(month);
  END LOOP;
  INSERT INTO outbox.archived_event (id, "orgId", seq, topic, "aggregateType", "aggregateId", "aggregateVersion", "schemaVersion",
      payload, actor, "createdAt", "processedAt", deliveries)
  SELECT e.id, e."orgId", e.seq, e.topic, e."aggregateType", e."aggregateId", e."aggregateVersion", e."schemaVersion",
      e.payload, e.actor, e."createdAt", e."processedAt",
      (SELECT coalesce(json_agg(json_build_object('handler', d.handler, 'status', d.status, 'attempts', d.attempts,
          'error', d."lastError", 'resultRef', d."resultRef", 'generation', d.generation, 'finishedAt', d."finishedAt")
          ORDER BY d."createdAt", d.handler), '[]') FROM "OutboxDelivery" d WHERE d."outboxId" = e.id)
    FROM "Outbox" e WHERE e.id = ANY (events);
  DELETE FROM "OutboxDelivery" WHERE "outboxId" = ANY (events);
  DELETE FROM "Outbox" WHERE id = ANY (events);
  RETURN coalesce(cardinality(events), 0);
END $$;
COMMENT ON FUNCTION outbox.archive(timestamptz, integer) IS 'Moves up to `most` events of before that time into the archive; how many';
REVOKE ALL ON FUNCTION outbox.prepare_part(timestamptz), outbox.archive(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox.prepare_part(timestamptz), outbox.archive(timestamptz, integer) TO driveflow_worker;

-- What was told of a record or in a request, whether it was long ago or not. Whoever reads it is bound by their policies.
CREATE VIEW outbox.told WITH (security_invoker = true) AS
  SELECT e.id, e."orgId", e.seq, e.topic, e."aggregateType", e."aggregateId", e.actor, e."createdAt", e."lastError", e."deadAt",
      e."processedAt", false AS archived, (SELECT json_agg(json_build_object('handler', d.handler, 'status', d.status,
        'error', d."lastError") ORDER BY d."createdAt", d.handler) FROM "OutboxDelivery" d WHERE d."outboxId" = e.id) AS work
    FROM "Outbox" e
  UNION ALL
  SELECT id, "orgId", seq, topic, "aggregateType", "aggregateId", actor, "createdAt", NULL, NULL, "processedAt", true, deliveries::json
    FROM outbox.archived_event;
COMMENT ON VIEW outbox.told IS 'Events with what their handlers did, those of the archive among them';
GRANT SELECT ON outbox.told TO driveflow_app;
