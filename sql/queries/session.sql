-- Sessions: a login and the refresh tokens that follow one another in it.

-- name: open
-- A new session of user $1 from source $2, address $3 and agent $4, with its
-- first refresh token (hash $5), for $6 days.
WITH opened AS (
    INSERT INTO public.user_sessions (user_id, source, ip, user_agent, expires_at)
    VALUES ($1::bigint, $2, nullif($3, '')::inet, $4, now() + make_interval(days => $6::integer))
    RETURNING id, expires_at)
INSERT INTO public.refresh_tokens (hash, session_id, expires_at)
SELECT $5, opened.id, opened.expires_at
  FROM opened
RETURNING session_id;

-- name: rotate
-- Token $1, if good, becomes spent and token $2 takes its place for $4 days;
-- $3 is the new one, sealed for who holds the old one. Two at once: one row.
WITH spent AS (
    UPDATE public.refresh_tokens AS t
       SET used_at = now(), successor = $3
      FROM public.user_sessions AS s
     WHERE t.hash = $1
       AND t.used_at IS NULL
       AND t.expires_at > now()
       AND s.id = t.session_id
       AND s.revoked_at IS NULL
    RETURNING t.session_id),
kept AS (
    UPDATE public.user_sessions AS s
       SET refreshed_at = now(), expires_at = now() + make_interval(days => $4::integer)
      FROM spent
     WHERE s.id = spent.session_id)
INSERT INTO public.refresh_tokens (hash, session_id, expires_at)
SELECT $2, spent.session_id, now() + make_interval(days => $4::integer)
  FROM spent
RETURNING session_id;

-- name: spent
-- What became of token $1, which is not good any more? An answer that was
-- lost is asked for again within ten seconds.
SELECT t.session_id,
       t.used_at IS NOT NULL AND s.revoked_at IS NULL AS is_reused,
       t.used_at > now() - interval '10 seconds' AND s.revoked_at IS NULL AS is_fresh,
       coalesce(t.successor, '') AS successor
  FROM public.refresh_tokens AS t
  JOIN public.user_sessions AS s ON s.id = t.session_id
 WHERE t.hash = $1;

-- name: bearer
-- For whom is session $1, as long as user and tenant are active?
SELECT p.id AS user_id, p.tenant_id, p.role, p.token_version
  FROM public.user_sessions AS s
  JOIN public.principal_user AS p ON p.id = s.user_id
 WHERE s.id = $1::bigint
   AND s.revoked_at IS NULL;

-- name: end
-- Session $1 is over, for the reason $2.
UPDATE public.user_sessions
   SET revoked_at = now(), revoked_why = $2
 WHERE id = $1::bigint
   AND revoked_at IS NULL
RETURNING id;

-- name: end_by_token
-- The session of refresh token $1 is over, for the reason $2.
UPDATE public.user_sessions AS s
   SET revoked_at = now(), revoked_why = $2
  FROM public.refresh_tokens AS t
 WHERE t.hash = $1
   AND s.id = t.session_id
   AND s.revoked_at IS NULL
RETURNING s.id;

-- name: end_all
-- All sessions of user $1 are over but session $2, for the reason $3.
UPDATE public.user_sessions
   SET revoked_at = now(), revoked_why = $3
 WHERE user_id = $1::bigint
   AND id <> $2::bigint
   AND revoked_at IS NULL;
