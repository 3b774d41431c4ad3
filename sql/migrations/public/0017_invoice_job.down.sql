-- Undoes 0017_invoice_job; what is set aside for jobs goes back at the end of
-- its lease.

REVOKE SELECT, INSERT, UPDATE ON public.llm_spend FROM comptoir_worker;
REVOKE SELECT, INSERT, UPDATE, DELETE ON public.invoice_history FROM comptoir_worker;
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname
               FROM pg_catalog.pg_class AS c
              WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'v')
                AND starts_with(c.relname, 'reference_') LOOP
        EXECUTE format('REVOKE SELECT ON public.%I FROM comptoir_worker', t.relname);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION public.charge_commit(bigint, bigint, text),
       public.charge_now(text, bigint, text, bigint, bigint, text, text) FROM comptoir_worker;
REVOKE EXECUTE ON FUNCTION public.charge_reserve(text, bigint, text, bigint, bigint, integer, text)
       FROM comptoir_jobs;
REVOKE ALL ON public.idempotency FROM comptoir_jobs;
REVOKE EXECUTE ON FUNCTION public.api_key_used(bigint),
       public.license_note(bigint, text, inet, integer) FROM comptoir_jobs, comptoir_events;
REVOKE SELECT ON public.principal_user, public.principal_key, public.principal_license,
       public.limit_override, public.tenant_schema_settings FROM comptoir_jobs, comptoir_events;
DROP FUNCTION public.job_told_list(text, bigint, text, integer);
DROP VIEW public.job_told;
DROP INDEX public.job_history_told;
DROP FUNCTION public.job_status(text, text);
DROP FUNCTION public.invoice_job_forget(uuid, text);
DROP TRIGGER invoice_job_ended ON public.job_history;
DROP FUNCTION public.invoice_job_ended();
DROP TABLE public.job_charge;
