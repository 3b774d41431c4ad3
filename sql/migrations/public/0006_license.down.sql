-- Takes back 0006: every licence and its history.
DROP VIEW public.principal_license;
DROP FUNCTION public.license_note(bigint, text, inet, integer);
DROP FUNCTION public.license_expire(text);
DROP FUNCTION public.license_set_plan(bigint, text, bigint, text, text);
DROP FUNCTION public.license_renew(bigint, integer, text);
DROP FUNCTION public.license_set_status(bigint, text, text, text);
DROP FUNCTION public.license_lock(bigint);
DROP TABLE public.license_list;
DROP TABLE public.license_access;
DROP TABLE public.license_usage;
DROP TABLE public.license_lease;
DROP TABLE public.license;
DROP FUNCTION public.license_status_changed();
DROP TABLE public.license_price;
DROP TABLE public.license_plan;
DROP FUNCTION public.license_refuse();
