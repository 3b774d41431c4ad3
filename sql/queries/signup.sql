-- Signing up: a tenant with its first user, or one more user of a tenant.

-- name: taken
-- Is there an account by this e-mail address $1 or this name $2?
SELECT EXISTS (SELECT FROM public.users WHERE lower(email) = lower($1)
               UNION ALL
               SELECT FROM public.users WHERE lower(username) = lower($2)) AS is_taken;

-- name: invitation
-- The tenant and role to which the invitation $1 lets the address $2 in; it is
-- used up. Its tenant waits for nobody else meanwhile.
UPDATE public.invitations AS i
   SET accepted_at = now()
  FROM public.tenants AS t
 WHERE i.hash = $1
   AND lower(i.email) = lower($2)
   AND i.accepted_at IS NULL
   AND i.expires_at > now()
   AND t.id = i.tenant_id
   AND t.is_active
RETURNING i.tenant_id, i.role;

-- name: room
-- Is there room for one more user in tenant $1? Asked one after the other.
SELECT (SELECT count(*) FROM public.users AS u WHERE u.tenant_id = t.id) < q.max_users AS has_room,
       q.max_users
  FROM public.tenants AS t
  JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
 WHERE t.id = $1::bigint
   FOR NO KEY UPDATE OF t;

-- name: user
-- A new user; business numbers follow when the id is known (business).
INSERT INTO public.users (tenant_id, username, email, full_name, role, business_name,
       account_type, business_type, estimated_products, country, language, is_verified)
VALUES ($1::bigint, $2, $3, coalesce($4, ''), $5, $6, $7, $8, $9::integer, $10,
       coalesce($11, 'fr'), $12::boolean)
RETURNING id;

-- name: business
-- SIRET, VAT number and telephone of user $1, sealed or clear.
UPDATE public.users
   SET siret = $2, vat_number = $3, phone = $4
 WHERE id = $1::bigint;
