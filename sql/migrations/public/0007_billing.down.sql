-- Takes back 0007.
DROP FUNCTION public.idempotency_purge(integer);
DROP TABLE public.idempotency;
