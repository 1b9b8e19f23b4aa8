-- Functions are open to everybody unless it is said otherwise. Triggers need no right; what they call does.
DO $$
DECLARE
  ours regprocedure;
BEGIN
  FOR ours IN
    SELECT p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', ours);
  END LOOP;
  IF to_regprocedure('public.uuidv7()') IS NOT NULL THEN
    GRANT EXECUTE ON FUNCTION public.uuidv7() TO driveflow_app, driveflow_auth, driveflow_worker, driveflow_audit;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION refuse(text, text, text, text) TO driveflow_app, driveflow_auth, driveflow_worker;
GRANT EXECUTE ON FUNCTION payout_batch_status(uuid), user_is_shared(uuid, uuid) TO driveflow_app;
GRANT EXECUTE ON FUNCTION audit_event(uuid, uuid, text, text, text, text, text, text, jsonb) TO driveflow_app, driveflow_auth;
