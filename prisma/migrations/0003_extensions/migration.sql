-- Equality beside ranges in one exclusion constraint.
CREATE EXTENSION IF NOT EXISTS btree_gist;
-- Zoë is found by typing Zoe.
CREATE EXTENSION IF NOT EXISTS unaccent;
