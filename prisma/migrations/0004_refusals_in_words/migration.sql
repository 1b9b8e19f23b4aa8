-- Rules that no CHECK can say are triggers. They refuse like a CHECK does: SQLSTATE 23514 with the rule's name, the table
-- and the column, so that one place in the program turns both into a message beside the right field.
CREATE FUNCTION refuse(rule text, sentence text, at_table text, at_column text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  -- the name is in the text too: some drivers hand on nothing else
  RAISE EXCEPTION '% (constraint "%")', sentence, rule
    USING ERRCODE = 'check_violation', CONSTRAINT = rule, SCHEMA = 'public', TABLE = at_table, COLUMN = at_column;
END $$;
COMMENT ON FUNCTION refuse(text, text, text, text) IS 'Raises a check violation under the name of a rule';
