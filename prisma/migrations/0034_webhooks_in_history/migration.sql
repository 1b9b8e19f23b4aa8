-- What a webhook caused carries the id of the request that brought it: with it the event stands in the history of the records.
ALTER TABLE "WebhookEvent" ADD COLUMN "requestId" TEXT;
CREATE INDEX "WebhookEvent_orgId_requestId_idx" ON "WebhookEvent"("orgId", "requestId");
-- it is the job's: what arrives is of no school and no request of ours yet
GRANT UPDATE ("requestId") ON "WebhookEvent" TO driveflow_worker;
