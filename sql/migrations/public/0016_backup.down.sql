-- Takes back 0016; invoices that were kept are lost, and the list of runs. What
-- is in the S3 store stays there.
REVOKE SELECT, INSERT ON public.blob, public.blob_part FROM comptoir_api;
DROP FUNCTION public.tenant_part_hold(bigint, boolean);
DROP FUNCTION public.tenant_part_put(bigint, text, jsonb);
DROP FUNCTION public.tenant_part_open(bigint, text);
DROP FUNCTION public.dump_sums(bigint);
DROP FUNCTION public.tenant_parts(bigint);
DROP TABLE public.tenant_part;
DROP FUNCTION public.backup_second(text, timestamptz);
DROP VIEW public.invoice_logs;
DROP FUNCTION public.backup_run_purge(integer);
DROP TABLE public.backup_run;
DROP FUNCTION public.invoice_record_purge(integer);
DROP TRIGGER invoice_record_ended ON public.job_history;
DROP FUNCTION public.invoice_record_ended();
DROP TABLE public.invoice_jobs;
DROP TABLE public.reports;
DROP TABLE public.invoices;
DROP TYPE public.source_kind;
DROP TYPE public.type_kind;
