-- Periodic work of the workers (tools/worker/scheduler.c): one row a task in
-- job_period, done by whoever locks it.

-- name: add
-- These tasks exist; new ones are due at once.
INSERT INTO public.job_period (name)
SELECT unnest($1::text[])
    ON CONFLICT DO NOTHING;

-- name: take
-- A task that is due and that nobody else is at.
SELECT p.name
  FROM public.job_period AS p
 WHERE p.next_at <= now()
   AND p.name = ANY ($1::text[])
 ORDER BY p.next_at
 LIMIT 1
   FOR UPDATE SKIP LOCKED;

-- name: patience
-- A task may take its time, and other transactions need not wait for it.
SELECT set_config('statement_timeout', '600s', true);

-- name: done
-- The task was done, in so many ms; next at the beginning of its next period of
-- $3 seconds, counted from 1970.
UPDATE public.job_period AS p
   SET next_at = to_timestamp((floor(extract(epoch FROM now()) / $3::integer) + 1) * $3::integer),
       last_at = now(), last_ms = $2::bigint, runs = p.runs + 1, failures = 0, last_error = NULL
 WHERE p.name = $1;

-- name: failed
-- The task failed: again in a minute at most, if nobody else did it meanwhile.
UPDATE public.job_period AS p
   SET next_at = now() + make_interval(secs => least($3::integer, 60)),
       failures = p.failures + 1, last_error = left($2, 500)
 WHERE p.name = $1
   AND p.next_at <= now();

-- name: purge_accounts
-- What nobody can use any more, older than so many days; how many rows?
SELECT coalesce(sum(p.gone), 0)
  FROM public.job_purge_accounts($1::integer) AS p (gone);

-- name: expire_licenses
-- Licences that came to their end; how many?
SELECT public.license_expire('worker');

-- name: reference_gaps
-- Which reference tables have nothing for today?
SELECT g.what
  FROM public.job_reference_gaps() AS g (what)
 ORDER BY g.what;
