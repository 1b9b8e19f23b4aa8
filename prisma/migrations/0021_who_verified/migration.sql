-- Who verified a credential, and when, is what the transaction says, never what a form says.
CREATE FUNCTION credential_verified() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.status <> 'verified' THEN
    NEW."verifiedById" := NULL;
    NEW."verifiedAt" := NULL;
  ELSIF TG_OP = 'INSERT' OR OLD.status <> 'verified' THEN
    NEW."verifiedById" := coalesce(nullif(current_setting('app.user_id', true), '')::uuid, NEW."verifiedById");
    NEW."verifiedAt" := coalesce(NEW."verifiedAt", now());
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION credential_verified() FROM PUBLIC;
CREATE TRIGGER credential_verified BEFORE INSERT OR UPDATE ON "InstructorCredential"
  FOR EACH ROW EXECUTE FUNCTION credential_verified();
