-- Takes back 0015; what was told to receivers, and how they did, is lost.
DROP FUNCTION public.webhook_enable(bigint, text, text);
DROP FUNCTION public.webhook_redeliver(text, text, text);
DROP FUNCTION public.webhook_purge(integer, integer);
DROP FUNCTION public.webhook_drop(text, text);
DROP FUNCTION public.webhook_settle(text, text, integer, text, bigint, bigint, text, integer, integer, integer, integer);
DROP FUNCTION public.webhook_job_of(text);
DROP FUNCTION public.webhook_hold(text);
DROP FUNCTION public.webhook_endpoint_of(text, bigint, text);
DROP TABLE public.webhook_try;
DROP TABLE public.webhook_delivery;
DROP TABLE public.webhook_endpoint;
