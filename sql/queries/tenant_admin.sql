-- Tenants as operators see them.

-- name: list
-- Which tenants are there, newest first? $1: behind this id; then, where not
-- NULL: a part of the name, tier, active; $5: at most.
SELECT t.id::text AS page_key, t.id, t.name, t.email, t.subscription_tier,
       t.subscription_status, t.is_active, t.has_schema,
       (SELECT count(*) FROM public.users AS u WHERE u.tenant_id = t.id) AS users,
       t.created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.tenants AS t
 WHERE ($1::text IS NULL OR t.id < $1::bigint)
   AND ($2::text IS NULL OR position(lower($2) IN lower(t.name)) > 0)
   AND ($3::text IS NULL OR t.subscription_tier = $3)
   AND ($4::text IS NULL OR t.is_active = $4::boolean)
 ORDER BY t.id DESC
 LIMIT $5::integer;

-- name: show
-- What is this tenant, what was agreed with it, and what does it use?
SELECT t.id, t.name, t.email, t.subscription_tier, t.subscription_status,
       t.max_products, t.max_platforms, t.ai_credits_monthly,
       coalesce(t.max_products, q.max_products) AS products_allowed,
       coalesce(t.max_platforms, q.max_platforms) AS platforms_allowed,
       coalesce(t.ai_credits_monthly, q.ai_credits_monthly) AS ai_credits_allowed,
       t.is_active, t.has_schema,
       (SELECT count(*) FROM public.users AS u WHERE u.tenant_id = t.id) AS users,
       (SELECT count(*)
          FROM public.api_keys AS k
         WHERE k.tenant_id = t.id
           AND k.is_active
           AND k.revoked_at IS NULL) AS active_keys,
       t.created_at AT TIME ZONE 'UTC' AS created_at,
       t.updated_at AT TIME ZONE 'UTC' AS updated_at
  FROM public.tenants AS t
  JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
 WHERE t.id = $1::bigint;

-- name: change
-- $2 is what operator_change_tenant takes.
SELECT public.operator_change_tenant($1::bigint, $2::jsonb, $3) AS changed;

-- name: brief
-- The newest tenants for people, by a part of the name ($1) or not.
SELECT t.id, t.name, t.email, t.subscription_tier AS tier,
       t.subscription_status AS status,
       CASE WHEN t.is_active THEN 'yes' ELSE 'no' END AS active,
       (SELECT count(*) FROM public.users AS u WHERE u.tenant_id = t.id) AS users
  FROM public.tenants AS t
 WHERE ($1::text IS NULL OR position(lower($1) IN lower(t.name)) > 0)
 ORDER BY t.id DESC
 LIMIT 100;
