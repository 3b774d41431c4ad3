-- A tenant as its own users see it.

-- name: show
-- Name, plan, and what of the plan is used.
SELECT t.id, t.name, t.email, t.subscription_tier, t.subscription_status,
       t.has_schema, t.created_at AT TIME ZONE 'UTC' AS created_at,
       jsonb_build_object(
           'max_users', jsonb_build_object('limit', q.max_users, 'used',
               (SELECT count(*) FROM public.users AS u WHERE u.tenant_id = t.id)),
           'max_api_keys', jsonb_build_object('limit', q.max_api_keys, 'used',
               (SELECT count(*)
                  FROM public.api_keys AS k
                 WHERE k.tenant_id = t.id
                   AND k.revoked_at IS NULL
                   AND k.replaced_by IS NULL
                   AND (k.expires_at IS NULL OR k.expires_at > now()))),
           'max_products', jsonb_build_object('limit', coalesce(t.max_products, q.max_products)),
           'max_platforms', jsonb_build_object('limit', coalesce(t.max_platforms, q.max_platforms)),
           'ai_credits_monthly', jsonb_build_object('limit', coalesce(t.ai_credits_monthly, q.ai_credits_monthly),
               'resets_at', m.ends),
           'invoices_monthly', jsonb_build_object('limit', q.invoices_monthly, 'resets_at', m.ends)) AS quotas
  FROM public.tenants AS t
  JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
 CROSS JOIN (SELECT to_char((date_trunc('month', now() AT TIME ZONE 'Europe/Paris') + interval '1 month')
                            AT TIME ZONE 'Europe/Paris' AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ends) AS m
 WHERE t.id = $1::bigint;

-- name: change
-- Another name $2 or address $3 (NULL: as it is).
UPDATE public.tenants
   SET name = coalesce($2, name),
       email = coalesce($3, email),
       updated_at = now()
 WHERE id = $1::bigint;
