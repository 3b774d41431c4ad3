-- Takes back 0005. The roles stay: other databases of the cluster may use
-- them.
DROP FUNCTION public.audit_append(bigint, text, text, text, jsonb);
DROP TABLE public.audit_log;
DROP FUNCTION public.audit_hash(bytea, bigint, bigint, timestamptz, text, text, text, jsonb);
DROP FUNCTION public.audit_refuse();
DROP FUNCTION public.api_key_used(bigint);
DROP VIEW public.principal_key;
DROP VIEW public.principal_user;
DROP TABLE public.api_keys;
DROP TABLE public.invitations;
DROP TABLE public.login_attempts;
DROP TABLE public.user_tokens;
DROP TABLE public.refresh_tokens;
DROP TABLE public.user_sessions;
DROP TABLE public.user_passwords;
DROP TABLE public.users;
DROP TABLE public.tenants;
DROP TABLE public.subscription_quotas;
DROP FUNCTION public.user_session_ended();
DROP FUNCTION public.tenant_activity();
DROP FUNCTION public.user_tenant_activity();
REVOKE USAGE ON SCHEMA public FROM comptoir_auth, comptoir_account,
       comptoir_license, comptoir_admin, comptoir_gate;
