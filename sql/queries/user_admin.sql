-- Users as operators see them: of every tenant, without what is sealed.

-- name: list
-- Which users are there, newest first? $1: behind this id; then, where not
-- NULL: a part of the e-mail address, tenant, role, active; $6: at most.
SELECT u.id::text AS page_key, u.id, u.tenant_id, t.name AS tenant_name,
       u.username, u.email, u.full_name, u.role, u.language, u.is_active,
       u.is_verified, u.prediction_count,
       u.last_login AT TIME ZONE 'UTC' AS last_login, u.last_source,
       u.created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.users AS u
  JOIN public.tenants AS t ON t.id = u.tenant_id
 WHERE ($1::text IS NULL OR u.id < $1::bigint)
   AND ($2::text IS NULL OR position(lower($2) IN lower(u.email)) > 0)
   AND ($3::text IS NULL OR u.tenant_id = $3::bigint)
   AND ($4::text IS NULL OR u.role = $4)
   AND ($5::text IS NULL OR u.is_active = $5::boolean)
 ORDER BY u.id DESC
 LIMIT $6::integer;

-- name: show
-- Who is this user, and what does the user hold?
SELECT u.id, u.tenant_id, t.name AS tenant_name, u.username, u.email,
       u.full_name, u.role, u.business_name, u.account_type, u.business_type,
       u.country, u.language, u.is_active, u.is_verified, u.prediction_count,
       u.last_login AT TIME ZONE 'UTC' AS last_login, u.last_source,
       u.created_at AT TIME ZONE 'UTC' AS created_at,
       (SELECT count(*)
          FROM public.user_sessions AS s
         WHERE s.user_id = u.id
           AND s.revoked_at IS NULL
           AND s.expires_at > now()) AS live_sessions,
       (SELECT count(*)
          FROM public.api_keys AS k
         WHERE k.user_id = u.id
           AND k.is_active
           AND k.revoked_at IS NULL) AS active_keys,
       (SELECT count(*)
          FROM public.login_attempts AS l
         WHERE l.user_id = u.id
           AND NOT l.success
           AND l.created_at > now() - interval '24 hours') AS failed_logins_24h
  FROM public.users AS u
  JOIN public.tenants AS t ON t.id = u.tenant_id
 WHERE u.id = $1::bigint;

-- name: change
-- Active or not, and the role: $2 is what operator_change_user takes.
SELECT public.operator_change_user($1::bigint, $2::jsonb, $3) AS changed;

-- name: find
-- The number of a user who is named by number, e-mail address or username.
SELECT public.operator_find_user($1) AS id;

-- name: grant
-- Make an operator of a user.
SELECT public.operator_grant($1::bigint, $2) AS changed;

-- name: revoke
-- Make a user or admin ($2) of an operator.
SELECT public.operator_revoke($1::bigint, $2, $3) AS changed;

-- name: reset
-- Keep the hash of a one-time token for a new password, for $3 minutes.
SELECT to_char(public.operator_reset_password($1::bigint, $2, $3::integer, $4) AT TIME ZONE 'UTC',
               'YYYY-MM-DD HH24:MI "UTC"') AS ends;

-- name: end_session
-- End one session.
SELECT public.operator_end_session($1::bigint, $2) AS changed;

-- name: end_sessions
-- End every session of a user.
SELECT public.operator_end_sessions($1::bigint, $2) AS ended;

-- name: revoke_key
-- A user's API key is void.
SELECT public.operator_revoke_key($1::bigint, $2) AS changed;

-- name: brief
-- The newest users for people, by a part of the e-mail address ($1) or not.
SELECT u.id, u.email, u.full_name, u.role, u.tenant_id AS tenant,
       CASE WHEN u.is_active THEN 'yes' ELSE 'no' END AS active,
       to_char(u.last_login AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS last_login
  FROM public.users AS u
 WHERE ($1::text IS NULL OR position(lower($1) IN lower(u.email)) > 0)
 ORDER BY u.id DESC
 LIMIT 100;
