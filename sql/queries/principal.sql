-- Who calls: asked by the gate at every request.

-- name: user
-- Whose is this token, while its session lives and it is not outdated? The
-- profile comes along, so that GET /api/auth/me needs no second statement.
SELECT id, tenant_id, role, username, email, full_name, business_name,
       account_type, business_type, estimated_products, siret, vat_number,
       phone, country, language, is_active, is_verified, prediction_count,
       last_login AT TIME ZONE 'UTC' AS last_login,
       created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.principal_user
 WHERE id = $1::bigint
   AND token_version = $3::bigint
   AND $2::bigint <> ALL (ended_sessions);

-- name: key
-- Whose is the API key with this hash, and what may it do?
SELECT key_id, user_id, tenant_id, role,
       ' ' || array_to_string(scopes, ' ') || ' ' AS scopes, is_stale
  FROM public.principal_key
 WHERE hash = $1
   AND is_active
   AND NOT is_expired;

-- name: key_used
-- The key was used just now.
SELECT public.api_key_used($1::bigint);
