-- Signing in: what the programs of accounts need beyond the tables of 0005.

CREATE INDEX login_attempts_by_user ON public.login_attempts (user_id, created_at);

-- How long a series of failures shuts the door: from the tenth on 1, 2, 4, 8
-- and at most 15 minutes after the last of them, never for good.
CREATE FUNCTION public.login_wait_s(failures bigint, last_failure timestamptz) RETURNS integer
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN coalesce(failures, 0) < 10 THEN 0
           ELSE greatest(0, ceil(extract(epoch FROM last_failure
                + make_interval(mins => least(15, 2 ^ least(failures - 10, 4))::integer) - now())))::integer
           END
$$;

-- The address behind a mail's token is its reader's: true for one that is
-- known, unused and not too old; all others of the user are used up with it.
-- The program that asks has no right to look
-- at users without their tenant.
CREATE FUNCTION public.user_verify_email(token_hash text)
    RETURNS TABLE (user_id bigint, tenant_id bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH used AS (
        UPDATE public.user_tokens AS t
           SET used_at = now()
          FROM public.user_tokens AS mine
         WHERE mine.hash = token_hash
           AND mine.purpose = 'verify'
           AND mine.used_at IS NULL
           AND mine.expires_at > now()
           AND t.user_id = mine.user_id
           AND t.purpose = mine.purpose
           AND t.used_at IS NULL
        RETURNING t.user_id)
    UPDATE public.users AS u
       SET is_verified = true, updated_at = now()
      FROM used
     WHERE u.id = used.user_id
    RETURNING u.id, u.tenant_id
$$;
REVOKE ALL ON FUNCTION public.user_verify_email(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.user_verify_email(text) TO comptoir_account;
