-- Jobs that analyse invoices, as their owners see them (migration 0017).

-- name: charge
-- A reservation waits for job $1: charge, hash of the Idempotency-Key.
INSERT INTO public.job_charge (task_id, charge_id, key_hash)
VALUES ($1::uuid, $2::bigint, $3);

-- name: charge_of
-- Which reservation waits for job $1?
SELECT c.charge_id, c.key_hash
  FROM public.job_charge AS c
 WHERE c.task_id = $1::uuid;

-- name: times
-- When was job $1 ordered, and when did it end (if it has not: now)?
SELECT to_char(s.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at,
       to_char(coalesce(s.finished_at, now()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS completed_at
  FROM public.job_seen AS s
 WHERE s.task_id = $1::uuid;

-- name: forget
-- Job $1 of owner $2, which ended, leaves no trace.
SELECT public.invoice_job_forget($1::uuid, $2) AS was_there;

-- name: find
-- How does job $1 of owner $2 stand?
SELECT t.task_id, CASE t.kind WHEN 'invoice_pdf' THEN 'pdf' ELSE 'images' END AS source_kind,
       t.status, t.progress, t.is_cancelling, t.attempt, t.attempts_max,
       CASE WHEN t.state = 'ready' THEN public.job_position(t.task_id) END AS queue_position,
       t.version, t.error_code, t.created_at AT TIME ZONE 'UTC' AS created_at,
       t.started_at AT TIME ZONE 'UTC' AS started_at,
       t.finished_at AT TIME ZONE 'UTC' AS finished_at,
       t.expires_at AT TIME ZONE 'UTC' AS expires_at,
       coalesce(t.expires_at <= now(), false) AS is_expired
  FROM public.job_told AS t
 WHERE t.task_id = $1::uuid
   AND t.owner = $2
   AND t.kind IN ('invoice_pdf', 'invoice_images');

-- name: list
-- The jobs of owner $1, newest first, behind this key; where not NULL: of a
-- status; at most $4.
SELECT t.id AS page_key, t.task_id,
       CASE t.kind WHEN 'invoice_pdf' THEN 'pdf' ELSE 'images' END AS source_kind,
       t.status, t.progress, t.error_code, t.created_at AT TIME ZONE 'UTC' AS created_at,
       t.started_at AT TIME ZONE 'UTC' AS started_at,
       t.finished_at AT TIME ZONE 'UTC' AS finished_at,
       t.expires_at AT TIME ZONE 'UTC' AS expires_at
  FROM public.job_told_list($1, $2::bigint, $3, $4::integer) AS t
 ORDER BY t.id DESC;
