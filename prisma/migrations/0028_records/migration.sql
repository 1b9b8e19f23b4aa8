-- A record's history is read from its newest entry, page by page; all that one request changed is found by its id.
DROP INDEX "AuditLog_orgId_entityType_entityId_idx";
CREATE INDEX "AuditLog_orgId_entityType_entityId_createdAt_id_idx" ON "AuditLog"("orgId", "entityType", "entityId", "createdAt" DESC, "id" DESC);
CREATE INDEX "AuditLog_orgId_requestId_idx" ON "AuditLog"("orgId", "requestId");
CREATE INDEX "ActionRun_orgId_recordType_recordId_idx" ON "ActionRun"("orgId", "recordType", "recordId");

-- The money that belongs to a record, for its history and its lists.
CREATE INDEX "Refund_bookingId_idx" ON "Refund"("bookingId");
CREATE INDEX "Payout_paymentId_idx" ON "Payout"("paymentId");
CREATE INDEX "TransferReversal_refundId_idx" ON "TransferReversal"("refundId");
CREATE INDEX "TransferReversal_disputeId_idx" ON "TransferReversal"("disputeId");

-- Lists of the records that refer to one.
CREATE INDEX "StudentGuardian_guardianId_idx" ON "StudentGuardian"("guardianId");
CREATE INDEX "Incident_vehicleId_idx" ON "Incident"("vehicleId");
CREATE INDEX "Incident_lessonId_idx" ON "Incident"("lessonId");
CREATE INDEX "CreditGrant_packageId_idx" ON "CreditGrant"("packageId");
