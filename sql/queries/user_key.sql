-- API keys that users make for their programs.

-- name: room
-- How many keys may this tenant have? Whoever else makes one there waits.
SELECT q.max_api_keys
  FROM public.tenants AS t
  JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
 WHERE t.id = $1::bigint
   FOR UPDATE OF t;

-- name: used
-- How many does it have? A key that another replaced is on its way out.
SELECT count(*)
  FROM public.api_keys
 WHERE tenant_id = $1::bigint
   AND revoked_at IS NULL
   AND replaced_by IS NULL
   AND (expires_at IS NULL OR expires_at > now());

-- name: expiry
-- When would such a key end, and is that to come? A time, else days from now.
SELECT coalesce($1::timestamptz, now() + make_interval(days => $2::integer)) AS at,
       coalesce($1::timestamptz, now() + make_interval(days => $2::integer)) > now() AS is_ahead,
       coalesce($1::timestamptz, now()) < now() + interval '10 years' AS is_near;

-- name: insert
-- A new key: tenant, user, name, prefix, last characters, hash, scopes, end.
INSERT INTO public.api_keys (tenant_id, user_id, name, prefix, last4, hash, scopes, expires_at)
VALUES ($1::bigint, $2::bigint, $3, $4, $5, $6,
        ARRAY(SELECT DISTINCT s FROM unnest(string_to_array($7, ' ')) AS s ORDER BY s),
        $8::timestamptz)
RETURNING id;

-- name: list
-- A user's keys, the newest first, behind one of them.
SELECT id::text AS page_key, id, name, prefix, last4, scopes, is_active, status, created_at,
       expires_at, last_used, revoked_at, replaced_by
  FROM public.api_key_shown
 WHERE tenant_id = $1::bigint
   AND user_id = $2::bigint
   AND ($3::bigint IS NULL OR id < $3::bigint)
 ORDER BY id DESC
 LIMIT $4::integer;

-- name: get
-- One key of a user; nobody changes it meanwhile.
SELECT id, name, prefix, last4, scopes, is_active, status, created_at,
       expires_at, last_used, revoked_at, replaced_by
  FROM public.api_key_shown
 WHERE tenant_id = $1::bigint
   AND user_id = $2::bigint
   AND id = $3::bigint
   FOR NO KEY UPDATE;

-- name: change
-- What its owner may change of a key; members that are not in the object stay.
UPDATE public.api_keys AS k
   SET (name, is_active, expires_at, scopes) =
       (SELECT p.name, p.is_active, p.expires_at,
               ARRAY(SELECT DISTINCT s FROM unnest(p.scopes) AS s ORDER BY s)
          FROM jsonb_populate_record(k, $4::jsonb) AS p)
 WHERE tenant_id = $1::bigint
   AND user_id = $2::bigint
   AND id = $3::bigint;

-- name: revoke
-- The key ends now and for good.
UPDATE public.api_keys
   SET revoked_at = now()
 WHERE tenant_id = $1::bigint
   AND user_id = $2::bigint
   AND id = $3::bigint
   AND revoked_at IS NULL;

-- name: replace
-- Another key takes over; this one ends after an overlap of seconds, and what
-- it had itself replaced ends now.
UPDATE public.api_keys
   SET expires_at = CASE WHEN id = $3::bigint
                         THEN least(expires_at, now() + make_interval(secs => $5::integer))
                         ELSE least(expires_at, now()) END,
       replaced_by = $4::bigint
 WHERE tenant_id = $1::bigint
   AND user_id = $2::bigint
   AND (id = $3::bigint OR replaced_by = $3::bigint);

-- name: end_of
-- When does the key end, as it is kept?
SELECT expires_at
  FROM public.api_keys
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint;
