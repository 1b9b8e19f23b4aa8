-- Ids are time-ordered UUIDs (version 7, RFC 9562). PostgreSQL has the function from 18 on; older servers get it here.
DO $$
BEGIN
  IF to_regprocedure('pg_catalog.uuidv7()') IS NULL THEN
    -- a random version 4 id, its first 48 bits replaced by the milliseconds since 1970 and its version by 7
    CREATE FUNCTION public.uuidv7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = pg_catalog AS $body$
      SELECT encode(
        set_bit(set_bit(
          overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6),
          52, 1), 53, 1),
        'hex')::uuid
    $body$;
    COMMENT ON FUNCTION public.uuidv7() IS 'A time-ordered id; stands in for the function of PostgreSQL 18';
  END IF;
END $$;
