ALTER TABLE "LedgerEntry" ADD CONSTRAINT ledger_entry_amount CHECK ("amountCents" <> 0);

-- Looked at when the database transaction commits, so that the entries can be written one after the other.
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  -- entries that cannot be seen here (the school was switched meanwhile) would add up to nothing
  IF NOT EXISTS (SELECT FROM "LedgerEntry" WHERE id = NEW.id)
    OR EXISTS (SELECT FROM "LedgerEntry" WHERE "transactionId" = NEW."transactionId" GROUP BY currency HAVING sum("amountCents") <> 0)
  THEN
    PERFORM refuse('ledger_balanced', 'The entries of a ledger transaction must add up to zero in each currency.',
      'LedgerEntry', 'amountCents');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON "LedgerEntry" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
