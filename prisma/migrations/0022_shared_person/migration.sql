-- The rule also guards people who work for the platform: its sentence said only half of it.
CREATE OR REPLACE FUNCTION user_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  school CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
BEGIN
  IF school IS NOT NULL AND (OLD."platformRole" <> 'none' OR user_is_shared(OLD.id, school)) THEN
    PERFORM refuse('user_shared', 'This person also works for another school or the platform, so only they can change their details.',
      'User', 'fullName');
  END IF;
  RETURN NEW;
END $$;
