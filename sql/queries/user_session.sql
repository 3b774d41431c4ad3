-- Sessions as their user sees them.

-- name: list
-- Where is user $1 signed in, newest first? Behind session $2; $4 is the one
-- that asks.
SELECT id::text AS page_key, id, source, host(ip) AS ip, user_agent,
       created_at AT TIME ZONE 'UTC' AS created_at,
       refreshed_at AT TIME ZONE 'UTC' AS refreshed_at,
       expires_at AT TIME ZONE 'UTC' AS expires_at,
       id = $4::bigint AS is_current
  FROM public.user_sessions
 WHERE user_id = $1::bigint
   AND revoked_at IS NULL
   AND expires_at > now()
   AND ($2::bigint IS NULL OR id < $2::bigint)
 ORDER BY id DESC
 LIMIT $3::integer;

-- name: live
-- Is session $2 one of user $1 that goes on?
SELECT id
  FROM public.user_sessions
 WHERE user_id = $1::bigint
   AND id = $2::bigint
   AND revoked_at IS NULL;
