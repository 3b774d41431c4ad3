-- What signed-in people manage: keys that replace one another.

ALTER TABLE public.api_keys
    ADD COLUMN replaced_by bigint REFERENCES public.api_keys (id) ON DELETE SET NULL;
COMMENT ON COLUMN public.api_keys.replaced_by IS
    'The key that this one was rotated to; it lives on until expires_at and no longer counts against the quota.';
CREATE INDEX api_keys_by_successor ON public.api_keys (replaced_by) WHERE replaced_by IS NOT NULL;

-- A key as its owner sees it.
CREATE VIEW public.api_key_shown WITH (security_invoker = true) AS
SELECT k.id, k.tenant_id, k.user_id, k.name, k.prefix, k.last4,
       to_jsonb(k.scopes) AS scopes, k.is_active,
       CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
            WHEN k.expires_at <= now() THEN 'expired'
            WHEN k.replaced_by IS NOT NULL THEN 'replaced'
            WHEN NOT k.is_active THEN 'disabled'
            ELSE 'active' END AS status,
       k.created_at AT TIME ZONE 'UTC' AS created_at,
       k.expires_at AT TIME ZONE 'UTC' AS expires_at,
       k.last_used_at AT TIME ZONE 'UTC' AS last_used,
       k.revoked_at AT TIME ZONE 'UTC' AS revoked_at, k.replaced_by
  FROM public.api_keys AS k;
GRANT SELECT, UPDATE ON public.api_key_shown TO comptoir_account;

-- The profile behind an API key, as principal_user has it behind a token.
CREATE VIEW public.principal_profile AS
SELECT u.id, u.tenant_id, u.role, u.username, u.email, u.full_name,
       u.business_name, u.account_type, u.business_type, u.estimated_products,
       u.siret, u.vat_number, u.phone, u.country, u.language, u.is_active,
       u.is_verified, u.prediction_count, u.last_login, u.created_at
  FROM public.users AS u;
GRANT CREATE ON SCHEMA public TO comptoir_gate;
ALTER VIEW public.principal_profile OWNER TO comptoir_gate;
REVOKE CREATE ON SCHEMA public FROM comptoir_gate;
GRANT SELECT ON public.principal_profile TO comptoir_account;
