-- Records of what happened. Corrections are new rows; not even the owner of the tables edits or empties them.
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'append_only', SCHEMA = 'public', TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION make_append_only(target regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION append_only()', target);
  EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION append_only()', target);
END $$;

SELECT make_append_only(t) FROM unnest(ARRAY['"AuditLog"', '"LedgerTransaction"', '"LedgerEntry"', '"LessonStateHistory"',
  '"CreditEntry"', '"Consent"']::regclass[]) t;
