DROP VIEW public.principal_profile;
DROP VIEW public.api_key_shown;
ALTER TABLE public.api_keys DROP COLUMN replaced_by;
