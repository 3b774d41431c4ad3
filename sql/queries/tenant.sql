-- Tenants: lib/domain/tenant.c.

-- name: create
-- A new tenant; without a tier it is a free one.
INSERT INTO public.tenants (name, email, subscription_tier)
VALUES ($1, $2, coalesce($3, 'free'))
RETURNING id;

-- name: create_schema
-- Its schema, cloned from the template; false at the cap.
SELECT public.tenant_schema_create($1::bigint) AS made;

-- name: by_id
-- Who is this tenant?
SELECT id, name, email, subscription_tier, subscription_status, is_active, has_schema
  FROM public.tenants
 WHERE id = $1::bigint;

-- name: quota
-- What may this tenant use: by its own agreement, else by its tier?
SELECT q.max_users, q.max_api_keys,
       coalesce(t.max_products, q.max_products) AS max_products,
       coalesce(t.max_platforms, q.max_platforms) AS max_platforms,
       coalesce(t.ai_credits_monthly, q.ai_credits_monthly) AS ai_credits_monthly,
       q.invoices_monthly
  FROM public.tenants AS t
  JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
 WHERE t.id = $1::bigint;
