DROP FUNCTION public.operator_purge_jobs(integer, text);
DROP FUNCTION public.operator_cancel_job(uuid, text);
DROP FUNCTION public.operator_requeue_jobs(text, integer, text);
DROP FUNCTION public.operator_requeue_job(uuid, text);
DROP FUNCTION public.operator_list_jobs(text, text, integer);
DROP TRIGGER webhook_job_ended ON public.job_history;
DROP FUNCTION public.webhook_job_ended();
DROP INDEX public.job_history_by_key;
