-- What accounts and charges lacked: headers of kept answers.

ALTER TABLE public.idempotency ADD COLUMN headers text;
COMMENT ON COLUMN public.idempotency.headers IS
    'Headers of the answer itself (Location, Content-Disposition), sealed as the answer is; NULL: none.';
