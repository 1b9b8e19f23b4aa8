-- Which schools a person may enter now, and as what.
CREATE VIEW auth.membership WITH (security_invoker) AS
  SELECT m."userId", json_agg(json_build_object('orgId', o.id, 'name', o.name, 'timeZone', o."timeZone", 'currency', o.currency,
           'role', m.role) ORDER BY o.name, o.id) AS memberships
    FROM public."UserOrg" m JOIN public."Org" o ON o.id = m."orgId"
   WHERE m.status = 'active' AND o.status IN ('trial', 'active')
   GROUP BY m."userId";
COMMENT ON VIEW auth.membership IS 'Active memberships in open schools, one row per person';
GRANT SELECT ON auth.membership TO driveflow_auth;

-- Every request reads its session, its owner and their schools. Planning that takes four times as long as running it, so
-- the plan is kept: inside a function that also works behind a transaction-pooling PgBouncer. Every look-up is by a key,
-- so one plan is right for all.
CREATE FUNCTION auth.read_session(wanted text, at timestamptz)
RETURNS TABLE (sess json, expire timestamptz, email text, "fullName" text, memberships json)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT s.sess, s.expire, u.email, u."fullName", (SELECT m.memberships FROM auth.membership m WHERE m."userId" = u.id)
    FROM auth.session s LEFT JOIN "User" u ON u.id = s."userId" AND u."disabledAt" IS NULL
   WHERE s.sid = wanted AND s.expire > at;
END $$;
COMMENT ON FUNCTION auth.read_session(text, timestamptz) IS 'A session that has not ended, whose it is and which schools they may enter';
REVOKE ALL ON FUNCTION auth.read_session(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.read_session(text, timestamptz) TO driveflow_auth;
