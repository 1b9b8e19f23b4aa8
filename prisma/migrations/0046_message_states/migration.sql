-- Kept here only: nothing that could send it was configured. A value of its own migration, because PostgreSQL lets nobody use a
-- new value in the transaction that adds it.
ALTER TYPE "MessageStatus" ADD VALUE 'not_sent';
