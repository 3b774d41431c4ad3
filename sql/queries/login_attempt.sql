-- Sign-ins, for operators.

-- name: list
-- Who tried to sign in, newest first? $1: behind this id; then, where not NULL:
-- username, address or network, success, since; $6: at most.
SELECT l.id::text AS page_key, l.id, l.username, l.user_id,
       host(l.ip) AS ip, l.success, l.source, l.user_agent,
       l.created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.login_attempts AS l
 WHERE ($1::text IS NULL OR l.id < $1::bigint)
   AND ($2::text IS NULL OR lower(l.username) = lower($2))
   AND ($3::text IS NULL OR l.ip <<= $3::inet)
   AND ($4::text IS NULL OR l.success = $4::boolean)
   AND ($5::text IS NULL OR l.created_at >= $5::timestamptz)
 ORDER BY l.id DESC
 LIMIT $6::integer;

-- name: failed
-- Who failed to sign in most in the last $1 hours, by name and address?
SELECT l.username, host(l.ip) AS ip, count(*) AS failed,
       to_char(max(l.created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS last
  FROM public.login_attempts AS l
 WHERE NOT l.success
   AND l.created_at > now() - make_interval(hours => $1::integer)
 GROUP BY l.username, l.ip
 ORDER BY count(*) DESC, max(l.created_at) DESC
 LIMIT 100;

-- name: purge
-- Forget sign-ins older than so many days.
SELECT public.operator_purge_logins($1::integer, $2) AS gone;

-- name: purge_all
-- Forget what nobody can use any more for so many days.
SELECT p.what, p.gone
  FROM public.operator_purge($1::integer, $2) AS p
 ORDER BY p.what;
