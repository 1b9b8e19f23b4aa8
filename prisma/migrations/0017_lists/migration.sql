-- Under a policy PostgreSQL uses a condition to walk an index only when its operator is leakproof: those of uuid, text, numbers
-- and times are (=, <, >); those of enums, ILIKE and trigrams are not. So the index of a list begins with orgId and goes on with
-- the list's order, and names are looked through inside one school. A status has an index of its own each: the planner may
-- choose a partial index whatever the operator. Each row is in one of them.
CREATE INDEX bookings_draft ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'draft';
CREATE INDEX bookings_pending_payment ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'pending_payment';
CREATE INDEX bookings_requested ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'requested';
CREATE INDEX bookings_confirmed ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'confirmed';
CREATE INDEX bookings_in_progress ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'in_progress';
CREATE INDEX bookings_completed ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'completed';
CREATE INDEX bookings_cancelled ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'cancelled';
CREATE INDEX bookings_no_show ON "Booking" ("orgId", "startAt" DESC, id DESC) WHERE status = 'no_show';

-- Of these only the rows that want attention are looked for by status.
CREATE INDEX payment_unusual ON "Payment" ("orgId", "createdAt" DESC, id DESC) WHERE status <> 'succeeded';
CREATE INDEX payout_unpaid ON "Payout" ("orgId", "createdAt" DESC, id DESC) WHERE status <> 'paid';
CREATE INDEX message_unsent ON "Message" ("orgId", "createdAt" DESC, id DESC) WHERE status IN ('queued', 'failed', 'suppressed');
CREATE INDEX delivery_open ON "OutboxDelivery" ("orgId", status) WHERE status IN ('waiting', 'queued', 'dead');
CREATE INDEX webhook_open ON "WebhookEvent" ("orgId", "receivedAt" DESC, id DESC) WHERE status IN ('received', 'failed');
