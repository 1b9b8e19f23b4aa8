-- What the lists offer to sort and filter by. As in 0017 an enum's values have an index of their own rows each, because a
-- condition on an enum walks no index under a policy; of most only the rare values need one.
CREATE INDEX "Booking_orgId_createdAt_id_idx" ON "Booking" ("orgId", "createdAt" DESC, id DESC);
CREATE INDEX booking_without_vehicle ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE "vehicleId" IS NULL;
CREATE INDEX booking_with_vehicle ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE "vehicleId" IS NOT NULL;

CREATE INDEX "Student_orgId_permitExpiresOn_idx" ON "Student" ("orgId", "permitExpiresOn");
CREATE INDEX "Student_orgId_archivedAt_idx" ON "Student" ("orgId", "archivedAt");
CREATE INDEX "Student_orgId_licenceType_idx" ON "Student" ("orgId", "licenceType");

CREATE INDEX "Payment_orgId_amountCents_idx" ON "Payment" ("orgId", "amountCents");
CREATE INDEX payment_not_by_card ON "Payment" ("orgId", "createdAt" DESC, id DESC) WHERE method <> 'card';
CREATE INDEX payment_for_other_than_lesson ON "Payment" ("orgId", "createdAt" DESC, id DESC) WHERE purpose <> 'lesson';

CREATE INDEX "Refund_orgId_createdAt_id_idx" ON "Refund" ("orgId", "createdAt" DESC, id DESC);
CREATE INDEX "Refund_orgId_amountCents_idx" ON "Refund" ("orgId", "amountCents");
CREATE INDEX refund_open ON "Refund" ("orgId", "createdAt" DESC, id DESC) WHERE status <> 'succeeded';
CREATE INDEX refund_beyond_policy ON "Refund" ("orgId", "createdAt" DESC, id DESC) WHERE "isOverride";

CREATE INDEX "Payout_orgId_availableAt_id_idx" ON "Payout" ("orgId", "availableAt" DESC, id DESC);
CREATE INDEX "Payout_orgId_paidAt_idx" ON "Payout" ("orgId", "paidAt");
CREATE INDEX "Payout_orgId_amountCents_idx" ON "Payout" ("orgId", "amountCents");
CREATE INDEX payout_for_other_than_lesson ON "Payout" ("orgId", "createdAt" DESC, id DESC) WHERE kind <> 'lesson';
CREATE INDEX payout_without_batch ON "Payout" ("orgId", "createdAt" DESC, id DESC) WHERE "batchId" IS NULL;

CREATE INDEX "Message_orgId_templateKey_createdAt_id_idx" ON "Message" ("orgId", "templateKey", "createdAt" DESC, id DESC);
CREATE INDEX message_by_email ON "Message" ("orgId", "createdAt" DESC, id DESC) WHERE channel = 'email';
CREATE INDEX message_by_sms ON "Message" ("orgId", "createdAt" DESC, id DESC) WHERE channel = 'sms';
CREATE INDEX message_by_whatsapp ON "Message" ("orgId", "createdAt" DESC, id DESC) WHERE channel = 'whatsapp';

CREATE INDEX "Lesson_orgId_rating_idx" ON "Lesson" ("orgId", "rating");
CREATE INDEX lesson_not_ended ON "Lesson" ("orgId", "startedAt") WHERE "endedAt" IS NULL;

CREATE INDEX outbox_unprocessed ON "Outbox" ("orgId", "createdAt") WHERE "processedAt" IS NULL;
CREATE INDEX outbox_given_up ON "Outbox" ("orgId", "createdAt") WHERE "deadAt" IS NOT NULL;
CREATE INDEX webhook_unprocessed ON "WebhookEvent" ("orgId", "receivedAt") WHERE "processedAt" IS NULL;

CREATE INDEX audit_with_reason ON "AuditLog" ("orgId", "createdAt" DESC, id DESC) WHERE reason IS NOT NULL;
CREATE INDEX audit_by_no_person ON "AuditLog" ("orgId", "createdAt" DESC, id DESC) WHERE "actorKind" <> 'user';
