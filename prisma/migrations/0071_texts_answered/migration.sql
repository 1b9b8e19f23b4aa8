-- Somebody answers a text: which schools have written to that number is asked before it is known whose answer it is. All
-- schools write from one number, so STOP closes it for each of them.
CREATE INDEX message_by_number ON "Message" ("toAddress") WHERE channel IN ('sms', 'whatsapp');
CREATE POLICY dispatcher ON "Message" FOR SELECT TO driveflow_worker USING (channel IN ('sms', 'whatsapp'));
GRANT SELECT ("orgId", channel, "toAddress") ON "Message" TO driveflow_worker;
