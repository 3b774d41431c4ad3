-- Takes back 0013; jobs are lost. The roles stay: other databases of the
-- cluster may use them.
REVOKE SELECT, DELETE ON public.invoice_history, public.idempotency FROM comptoir_worker;
REVOKE EXECUTE ON FUNCTION public.charge_expire(text, bigint), public.charge_plans(),
       public.license_expire(text) FROM comptoir_worker;
DROP FUNCTION public.job_reference_gaps();
DROP FUNCTION public.job_purge_accounts(integer);
DROP TABLE public.job_period;
DROP FUNCTION public.job_partitions(integer);
DROP FUNCTION public.job_counts();
DROP FUNCTION public.job_position(uuid, integer);
DROP FUNCTION public.job_exhausted(text, integer, text, integer);
DROP FUNCTION public.job_reap(integer, integer);
DROP FUNCTION public.job_cancel(uuid, text, integer);
DROP FUNCTION public.job_end(bigint, uuid, text, text, bigint, integer);
DROP FUNCTION public.job_bury(bigint[], uuid[], text, text, integer);
DROP FUNCTION public.job_claim(text, text[], integer, text, text, integer);
DROP FUNCTION public.job_turns(text, integer, text, integer);
DROP FUNCTION public.job_wake(text, integer);
DROP VIEW public.job_seen;
DROP TABLE public.job_history;
DROP TABLE public.job;
DROP FUNCTION public.job_hint();
REVOKE USAGE ON SCHEMA public FROM comptoir_worker, comptoir_jobs, comptoir_events;
