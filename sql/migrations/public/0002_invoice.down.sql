-- Takes back 0002: what was remembered of invoices is gone.
DROP FUNCTION public.invoice_history_purge(integer);
DROP TABLE public.invoice_history;
