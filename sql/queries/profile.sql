-- What users tell of themselves. Columns stand in the order of principal.sql's
-- user, by which GET /api/auth/me answers: its ETag is that of the same text.

-- name: by_id
-- The profile behind an API key.
SELECT id, tenant_id, role, username, email, full_name, business_name,
       account_type, business_type, estimated_products, siret, vat_number,
       phone, country, language, is_active, is_verified, prediction_count,
       last_login AT TIME ZONE 'UTC' AS last_login,
       created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.principal_profile
 WHERE id = $1::bigint;

-- name: lock
-- The same, which nobody changes until this transaction ends.
SELECT id, tenant_id, role, username, email, full_name, business_name,
       account_type, business_type, estimated_products, siret, vat_number,
       phone, country, language, is_active, is_verified, prediction_count,
       last_login AT TIME ZONE 'UTC' AS last_login,
       created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.users
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint
   FOR NO KEY UPDATE;

-- name: change
-- What a user may change; members that are not in the object stay.
UPDATE public.users AS u
   SET (username, full_name, business_name, account_type, business_type,
        estimated_products, siret, vat_number, phone, country, language) =
       (SELECT p.username, coalesce(p.full_name, ''), p.business_name,
               p.account_type, p.business_type, p.estimated_products, p.siret,
               p.vat_number, p.phone, p.country, p.language
          FROM jsonb_populate_record(u, $3::jsonb) AS p),
       updated_at = now()
 WHERE tenant_id = $1::bigint
   AND id = $2::bigint;
