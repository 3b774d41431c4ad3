-- Undoes 0021_reseal; what is sealed stays as it is.

REVOKE SELECT (id, siret, vat_number, phone), UPDATE (siret, vat_number, phone)
       ON public.users FROM comptoir_worker;
DROP POLICY reseal ON public.users;
DROP FUNCTION public.sealed_kid(text);
