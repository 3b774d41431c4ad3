-- Takes back 0012.
DROP FUNCTION public.user_verify_email(text);
DROP FUNCTION public.login_wait_s(bigint, timestamptz);
DROP INDEX public.login_attempts_by_user;
