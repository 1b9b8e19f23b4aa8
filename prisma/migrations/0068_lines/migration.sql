-- What ends deliveries and what begins the next ones of their lines are functions: planned once for each connection, and one
-- round trip instead of five. In a volatile function each statement sees what was committed before it began; what is said
-- below of statements of their own needs that.

-- Who comes second waits for the event, and counts in a statement of its own, which sees what the first has committed.
CREATE FUNCTION outbox_sum_up(events uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM "Outbox" WHERE id = ANY (events) ORDER BY id FOR NO KEY UPDATE;
  UPDATE "Outbox" o SET "processedAt" = CASE WHEN NOT n.open THEN coalesce(o."processedAt", clock_timestamp()) END,
         "deadAt" = CASE WHEN n.dead THEN coalesce(o."deadAt", clock_timestamp()) END, attempts = n.attempts, "lastError" = n.error
    FROM (SELECT "outboxId", bool_or(status NOT IN ('done', 'skipped')) AS open, bool_or(status = 'dead') AS dead,
            max(attempts) AS attempts, max("lastError") FILTER (WHERE status = 'dead') AS error
            FROM "OutboxDelivery" WHERE "outboxId" = ANY (events) GROUP BY "outboxId") n
   WHERE o.id = n."outboxId" AND ((o."processedAt" IS NULL, o."deadAt" IS NOT NULL, o.attempts, o."lastError")
     IS DISTINCT FROM (n.open, n.dead, n.attempts, n.error));
END $$;
COMMENT ON FUNCTION outbox_sum_up(uuid[]) IS 'Writes on events what their deliveries come to';

-- Puts the first of each line in hand, unless another of that line is or the school is suspended. Who ends a delivery and
-- who adds one meet at the line's lock, taken in a statement of its own; everybody takes several in the same order.
CREATE FUNCTION outbox_promote(handlers text[], schools uuid[], aggregates text[], blocking text[])
RETURNS TABLE (handler text, "deliveryId" uuid, "orgId" uuid, generation integer, "jobId" uuid) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(l.handler || ' ' || l.school || ' ' || l.aggregate, 0) AS key
      FROM unnest(handlers, schools, aggregates) AS l (handler, school, aggregate) ORDER BY key) locks;
  RETURN QUERY
  UPDATE "OutboxDelivery" d SET status = 'queued', "updatedAt" = clock_timestamp()
    FROM (SELECT DISTINCT * FROM unnest(handlers, schools, aggregates)) AS l (handler, school, aggregate)
    CROSS JOIN LATERAL (
      SELECT o.id, o.status FROM "OutboxDelivery" o
       WHERE o.handler = l.handler AND o."orgId" = l.school AND o."aggregateId" = l.aggregate
         AND o.status IN ('waiting', 'dead') AND (o.status = 'waiting' OR l.handler = ANY (blocking))
       ORDER BY o."aggregateVersion" LIMIT 1) first
   WHERE d.id = first.id AND first.status = 'waiting'
     AND EXISTS (SELECT FROM "Org" s WHERE s.id = l.school AND s.status IN ('trial', 'active'))
     AND NOT EXISTS (SELECT FROM "OutboxDelivery" q
       WHERE q.handler = l.handler AND q."orgId" = l.school AND q."aggregateId" = l.aggregate AND q.status = 'queued')
   RETURNING d.handler, d.id, d."orgId", d.generation, outbox_job(d);
END $$;
COMMENT ON FUNCTION outbox_promote(text[], uuid[], text[], text[]) IS 'The next deliveries of these lines, to be put in the queue';

-- The same delivery is the same job, however often it is put in the queue; a person's retry is another one.
CREATE FUNCTION outbox_job(d "OutboxDelivery") RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(d."outboxId"::text || ' ' || d.handler || ' ' || d.generation)::uuid
$$;

-- Deliveries with their events: each of `ids`, and behind it those that wait in its line, up to one that was given up where
-- that holds the others up.
CREATE FUNCTION outbox_read(ids uuid[], behind integer, blocks boolean)
RETURNS TABLE (first uuid, "isOpen" boolean, "deliveryId" uuid, status text, generation integer, id uuid, topic text, "aggregateType" text,
  "aggregateId" text, "aggregateVersion" integer, "schemaVersion" integer, payload jsonb, actor jsonb, "createdAt" timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT h.id, s.status IN ('trial', 'active'), d.id, d.status::text, d.generation, e.id, e.topic, e."aggregateType", e."aggregateId", e."aggregateVersion",
         e."schemaVersion", e.payload, e.actor, e."createdAt"
    FROM "OutboxDelivery" h JOIN "Org" s ON s.id = h."orgId"
    CROSS JOIN LATERAL (
      SELECT h.id, 0 AS place
      UNION ALL
      (SELECT o.id, 1 FROM "OutboxDelivery" o
        WHERE h.status = 'queued' AND o.handler = h.handler AND o."orgId" = h."orgId" AND o."aggregateId" = h."aggregateId"
          AND o.status IN ('waiting', 'dead') AND (o.status = 'waiting' OR blocks)
        ORDER BY o."aggregateVersion" LIMIT behind)) line
    JOIN "OutboxDelivery" d ON d.id = line.id
    JOIN "Outbox" e ON e.id = d."outboxId"
   WHERE h.id = ANY (ids)
   ORDER BY h.id, line.place, d."aggregateVersion";
END $$;
COMMENT ON FUNCTION outbox_read(uuid[], integer, boolean) IS 'Deliveries and their events, with what waits behind them';

-- How deliveries have ended that were in hand, or follow in the line of one that was.
CREATE FUNCTION outbox_end(ids uuid[], generations integer[], statuses text[], tries integer[], results text[], errors text[],
  blocking text[])
RETURNS TABLE (handler text, "deliveryId" uuid, "orgId" uuid, generation integer, "jobId" uuid) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  events uuid[];
  handlers text[];
  schools uuid[];
  aggregates text[];
BEGIN
  WITH ended AS (
    UPDATE "OutboxDelivery" d SET status = e.status::"DeliveryStatus", attempts = e.tries,
           "resultRef" = nullif(e.result, ''), "lastError" = nullif(e.error, ''),
           "finishedAt" = clock_timestamp(), "updatedAt" = clock_timestamp()
      FROM unnest(ids, generations, statuses, tries, results, errors) AS e (id, generation, status, tries, result, error)
     WHERE d.id = e.id AND d.generation = e.generation AND d.status IN ('waiting', 'queued')
    RETURNING d."outboxId", d.handler, d."orgId", d."aggregateId")
  SELECT array_agg(n."outboxId"), array_agg(n.handler), array_agg(n."orgId"), array_agg(n."aggregateId")
    INTO events, handlers, schools, aggregates FROM ended n;
  -- somebody else has ended one of them: nothing of ours may count
  IF coalesce(cardinality(events), 0) <> cardinality(ids) THEN
    RAISE EXCEPTION 'Somebody else has ended this delivery.';
  END IF;
  PERFORM outbox_sum_up(events);
  RETURN QUERY SELECT * FROM outbox_promote(handlers, schools, aggregates, blocking);
END $$;
COMMENT ON FUNCTION outbox_end(uuid[], integer[], text[], integer[], text[], text[], text[]) IS
  'Writes down how deliveries have ended; the next of their lines are put in hand. Refuses what somebody else has ended';

REVOKE ALL ON FUNCTION outbox_sum_up(uuid[]), outbox_job("OutboxDelivery"), outbox_promote(text[], uuid[], text[], text[]),
  outbox_end(uuid[], integer[], text[], integer[], text[], text[], text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION outbox_read(uuid[], integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_read(uuid[], integer, boolean) TO driveflow_app;
GRANT EXECUTE ON FUNCTION outbox_sum_up(uuid[]) TO driveflow_app, driveflow_worker;
GRANT EXECUTE ON FUNCTION outbox_job("OutboxDelivery"), outbox_promote(text[], uuid[], text[], text[]),
  outbox_end(uuid[], integer[], text[], integer[], text[], text[], text[]) TO driveflow_worker;

-- Every status that a delivery goes through writes into each index: two that nothing reads go, and what counts and pages
-- through a school's deliveries does not change with them.
DROP INDEX "OutboxDelivery_orgId_status_idx";
DROP INDEX "OutboxDelivery_handler_status_idx";
CREATE INDEX "OutboxDelivery_orgId_createdAt_idx" ON "OutboxDelivery" ("orgId", "createdAt");
