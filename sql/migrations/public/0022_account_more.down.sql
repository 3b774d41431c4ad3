-- Undoes 0022_account_more.

ALTER TABLE public.idempotency DROP COLUMN headers;
