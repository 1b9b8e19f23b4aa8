-- The device that drives along proves itself with a token of this one lesson; only its hash is kept, and not in the audit.
ALTER TABLE "Lesson" ADD COLUMN "tokenHash" TEXT;
SELECT audit_table('"Lesson"', secrets => '{tokenHash}');
