-- Signing in: who, by which password, how often it failed.

-- name: find
-- Who is meant by $1? An address comes before a name that looks like it.
SELECT u.id, u.tenant_id, p.hash, u.is_active AND t.is_active AS is_active
  FROM public.users AS u
  JOIN public.tenants AS t ON t.id = u.tenant_id
  LEFT JOIN public.user_passwords AS p ON p.user_id = u.id
 WHERE u.id = (SELECT f.id
                 FROM (SELECT e.id, 1 AS place FROM public.users AS e WHERE lower(e.email) = lower($1)
                       UNION ALL
                       SELECT n.id, 2 FROM public.users AS n WHERE lower(n.username) = lower($1)) AS f
                ORDER BY f.place
                LIMIT 1);

-- name: wait
-- How many seconds has this caller to wait: user $1 (or nobody, by the name
-- $2) and address $3 (a network of one subscriber for IPv6)? Failures of a day
-- count, for the user since the last success, for the address those that no
-- success of the same user followed. An address from which the user came in
-- before is not shut out by what others try.
WITH asked AS (
    SELECT $1::bigint AS user_id, lower($2) AS name, $3::inet AS ip),
failed AS (
    SELECT a.user_id, a.created_at, lower(a.username) AS name, a.ip
      FROM public.login_attempts AS a, asked
     WHERE NOT a.success
       AND a.created_at > now() - interval '1 day'
       AND (a.ip <<= asked.ip
            OR a.user_id = asked.user_id
            OR (asked.user_id IS NULL AND a.user_id IS NULL AND lower(a.username) = asked.name))),
came AS (
    SELECT a.user_id, max(a.created_at) AS at, max(a.created_at) FILTER (WHERE a.ip <<= asked.ip) AS here_at
      FROM public.login_attempts AS a, asked
     WHERE a.success
       AND a.user_id IN (SELECT failed.user_id FROM failed UNION SELECT asked.user_id)
       AND a.created_at > now() - interval '30 days'
     GROUP BY a.user_id),
of_user AS (
    SELECT public.login_wait_s(count(*), max(f.created_at)) AS wait_s
      FROM asked
      JOIN failed AS f ON f.user_id = asked.user_id OR (asked.user_id IS NULL AND f.user_id IS NULL AND f.name = asked.name)
      LEFT JOIN came AS c ON c.user_id = asked.user_id
     WHERE f.created_at > coalesce(c.at, '-infinity')
       AND c.here_at IS NULL),
of_address AS (
    SELECT public.login_wait_s(count(*), max(f.created_at)) AS wait_s
      FROM asked
      JOIN failed AS f ON f.ip <<= asked.ip
      LEFT JOIN came AS c ON c.user_id = f.user_id
     WHERE f.created_at > coalesce(c.here_at, '-infinity'))
SELECT greatest(u.wait_s, a.wait_s) AS wait_s
  FROM of_user AS u, of_address AS a;

-- name: note
-- An attempt by name $1 (user $2 or nobody) from address $3: did it succeed
-- ($4), by which door ($5), with which agent ($6)?
INSERT INTO public.login_attempts (username, user_id, ip, success, source, user_agent)
VALUES (left($1, 254), $2::bigint, $3::inet, $4::boolean, $5, $6);

-- name: welcome
-- User $1 came in by source $2; the profile, for the answer.
UPDATE public.users
   SET last_login = now(), last_source = $2
 WHERE id = $1::bigint
RETURNING id, tenant_id, username, email, full_name, role, business_name,
          account_type, business_type, estimated_products, siret, vat_number,
          phone, country, language, is_active, is_verified, prediction_count,
          last_login AT TIME ZONE 'UTC' AS last_login,
          created_at AT TIME ZONE 'UTC' AS created_at, token_version;

-- name: password
-- By which password does user $1 come in?
SELECT p.hash, u.email, u.username, u.language
  FROM public.users AS u
  LEFT JOIN public.user_passwords AS p ON p.user_id = u.id
 WHERE u.id = $1::bigint;

-- name: password_set
-- User $1 has a password with the hash $2.
INSERT INTO public.user_passwords (user_id, hash)
VALUES ($1::bigint, $2)
ON CONFLICT (user_id) DO UPDATE
   SET hash = excluded.hash, changed_at = now();

-- name: password_renew
-- The same password, hashed in today's way ($3), unless it was changed since.
UPDATE public.user_passwords
   SET hash = $3
 WHERE user_id = $1::bigint
   AND hash = $2;

-- name: outdate
-- All access tokens of user $1 end now.
UPDATE public.users
   SET token_version = token_version + 1, updated_at = now()
 WHERE id = $1::bigint
RETURNING id, tenant_id, role, token_version, email, username, language;

-- name: purge
-- What nobody needs any more: attempts of 90 days ago, tokens and sessions
-- that ended a month ago. Their refresh tokens go with the sessions.
WITH attempts AS (
    DELETE FROM public.login_attempts WHERE created_at < now() - interval '90 days'),
tokens AS (
    DELETE FROM public.user_tokens WHERE expires_at < now() - interval '30 days')
DELETE FROM public.user_sessions
 WHERE expires_at < now() - interval '30 days';
