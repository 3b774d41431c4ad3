-- Takes back 0010.
DROP FUNCTION public.audit_verify(bigint);
DROP FUNCTION public.operator_stats();
DROP FUNCTION public.operator_purge(integer, text);
DROP FUNCTION public.operator_purge_logins(integer, text);
DROP FUNCTION public.operator_change_tenant(bigint, jsonb, text);
DROP FUNCTION public.operator_reset_password(bigint, text, integer, text);
DROP FUNCTION public.operator_revoke_key(bigint, text);
DROP FUNCTION public.operator_end_sessions(bigint, text);
DROP FUNCTION public.operator_end_session(bigint, text);
DROP FUNCTION public.operator_revoke(bigint, text, text);
DROP FUNCTION public.operator_grant(bigint, text);
DROP FUNCTION public.operator_change_user(bigint, jsonb, text);
DROP FUNCTION public.operator_close_sessions(bigint, text);
DROP FUNCTION public.operator_lock_user(bigint);
DROP FUNCTION public.operator_find_user(text);
DROP TRIGGER users_guard ON public.users;
DROP FUNCTION public.users_guard();
GRANT UPDATE ON public.tenants, public.users, public.user_sessions, public.api_keys TO comptoir_admin;
