-- The dispatcher looks for work in all schools. What it finds is then done by the app role inside the school it belongs to.
GRANT SELECT ON "Org", "Outbox", "OutboxDelivery", "ScheduledStateTransition", "WebhookEvent" TO driveflow_worker;
GRANT UPDATE (attempts, "lastError", "availableAt", "relayedAt", "processedAt", "deadAt") ON "Outbox" TO driveflow_worker;
GRANT INSERT, UPDATE ON "OutboxDelivery" TO driveflow_worker;
GRANT UPDATE (attempts, "lastError", "processedAt", "updatedAt") ON "ScheduledStateTransition" TO driveflow_worker;
-- an incoming event has no school until its object is found, and never loses it again
GRANT INSERT, UPDATE ("orgId", status, attempts, "lastError", "processedAt") ON "WebhookEvent" TO driveflow_worker;

CREATE POLICY dispatcher ON "Org" FOR SELECT TO driveflow_worker USING (true);
CREATE POLICY dispatcher ON "Outbox" TO driveflow_worker USING (true) WITH CHECK (true);
CREATE POLICY dispatcher ON "OutboxDelivery" TO driveflow_worker USING (true) WITH CHECK (true);
CREATE POLICY dispatcher ON "ScheduledStateTransition" TO driveflow_worker USING (true) WITH CHECK (true);
CREATE POLICY dispatcher ON "WebhookEvent" TO driveflow_worker USING (true) WITH CHECK (true);

CREATE INDEX outbox_pending ON "Outbox" (seq) WHERE "relayedAt" IS NULL;
CREATE INDEX transition_ready ON "ScheduledStateTransition" ("executeAt") WHERE "processedAt" IS NULL;
