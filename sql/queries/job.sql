-- The queue; what the functions do is in the migration (0013).

-- name: enter
-- From here to the end of the transaction: the jobs of this tenant (0: of those
-- who have none).
SELECT set_config('app.tenant_id', $1::bigint::text, true);

-- name: enqueue
-- One more job: kind, lane, owner, tenant (NULL: none), priority, delay in ms,
-- payload, unique key, webhook, attempts, task (NULL: a new one). No row: the
-- owner has a job of that unique key. Who has no tenant says so.
WITH wall AS MATERIALIZED (
    SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),
                    CASE WHEN $4::bigint IS NULL THEN set_config('app.tenant_id', '0', true) END))
INSERT INTO public.job (kind, lane, owner, tenant_id, priority, run_at, is_delayed, payload,
       unique_key, webhook_url, attempts_max, task_id)
SELECT $1, $2, $3, $4::bigint, $5::smallint, now() + $6::bigint * interval '1 millisecond',
       $6::bigint > 0, $7::jsonb, $8, $9, $10::integer, coalesce($11::uuid, gen_random_uuid())
  FROM wall
    ON CONFLICT (owner, unique_key) WHERE unique_key IS NOT NULL DO NOTHING
RETURNING task_id;

-- name: twin
-- Which job of this owner has this unique key and is not at its end?
SELECT j.task_id
  FROM public.job AS j
 WHERE j.owner = $1
   AND j.unique_key = $2;

-- name: claim
-- Up to $3 jobs of lane $1 and kinds $2 (NULL: all), in turn behind owner $4,
-- for worker $5, leased for $6 seconds.
SELECT c.id, c.task_id, c.lane, c.kind, c.owner, c.lease_token, c.webhook_url,
       coalesce(c.tenant_id, 0) AS tenant_id, c.attempt, c.attempts_max, c.payload
  FROM public.job_claim($1, $2::text[], $3::integer, $4, $5, $6::integer) AS c;

-- name: exhausted
-- Up to $2 jobs of lane $1 whose last attempt never came back, for worker $3 to
-- end, leased for $4 seconds.
SELECT c.id, c.task_id, c.lane, c.kind, c.owner, c.lease_token, c.webhook_url,
       coalesce(c.tenant_id, 0) AS tenant_id, c.attempt, c.attempts_max, c.payload
  FROM public.job_exhausted($1, $2::integer, $3, $4::integer) AS c;

-- name: heartbeat
-- Which of these are still ours, for $3 seconds more, and is one unwanted?
-- Committed without waiting for the disk, as claims are.
UPDATE public.job AS j
   SET lease_until = now() + make_interval(secs => $3::integer)
  FROM unnest($1::bigint[], $2::uuid[]) AS x (id, token)
 WHERE j.id = x.id
   AND j.lease_token = x.token
   AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING j.id, j.cancel_at IS NOT NULL AS is_unwanted;

-- name: progress
-- How far is it, in percent? Never backwards, never waiting for the disk.
UPDATE public.job AS j
   SET progress = greatest(j.progress, $3::smallint)
 WHERE j.id = $1::bigint
   AND j.lease_token = $2::uuid
   AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING j.cancel_at IS NOT NULL AS is_unwanted;

-- name: end
-- One claim ends: id, token, how, why, delay in ms, seconds for its results.
SELECT public.job_end($1::bigint, $2::uuid, $3, $4, $5::bigint, $6::integer) AS became;

-- name: done
-- Claims that are done, all at once; which of them were still ours?
SELECT b.id
  FROM public.job_bury($1::bigint[], $2::uuid[], 'done', NULL, $3::integer) AS b (id);

-- name: put_off
-- Claims that cannot be begun now: in line again in so many ms each, and no
-- attempt is counted. Committed without waiting for the disk, as claims are.
SELECT count(public.job_end(x.id, x.token, 'snooze', NULL, x.delay_ms, 0)) AS put_off
  FROM (SELECT set_config('synchronous_commit', 'off', true)) AS c,
       unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS x (id, token, delay_ms);

-- name: hand_back
-- Claims that nobody began, or that were stopped with the worker: in line
-- again at once, and no attempt is counted.
SELECT count(public.job_end(x.id, x.token, 'snooze', NULL, 0, $3::integer)) AS given_back
  FROM unnest($1::bigint[], $2::uuid[]) AS x (id, token);

-- name: cancel
-- The owner $2 wants job $1 to end.
SELECT public.job_cancel($1::uuid, $2, $3::integer) AS became;

-- name: reap
-- Leases that ran out: back in line after $1 seconds; how many?
SELECT public.job_reap($1::integer, $2::integer) AS reaped;

-- name: partitions
-- The history's months: ahead, and as many kept as $1.
SELECT public.job_partitions($1::integer);

-- name: counts
-- How long is each line, and since when does its oldest wait?
SELECT c.lane, c.state, c.jobs, c.oldest_s
  FROM public.job_counts() AS c
 ORDER BY c.lane, c.state;

-- name: requeue
-- A dead letter back in line; who did it.
SELECT public.operator_requeue_job($1::uuid, $2) AS requeued;

-- name: requeue_all
-- Dead letters of a kind (NULL: any), at most $2; who did it; how many?
SELECT public.operator_requeue_jobs($1, $2::integer, $3) AS requeued;

-- name: operator_cancel
-- An operator wants job $1 to end.
SELECT public.operator_cancel_job($1::uuid, $2) AS became;

-- name: purge
-- Dead letters older than so many days are forgotten; how many?
SELECT public.operator_purge_jobs($1::integer, $2) AS gone;

-- name: listen_inline
-- Hints that a lane has work, or that somebody wants a running job to end.
LISTEN job_inline;

-- name: listen_child
LISTEN job_child;

-- name: listen_net
LISTEN job_net;

-- name: operator_list
-- Jobs for an operator, newest first; where not NULL: of a state, of a kind; at
-- most $3.
SELECT s.task_id, s.kind, s.owner, CASE WHEN s.is_delayed THEN 'delayed' ELSE s.state END AS state,
       s.attempt || '/' || s.attempts_max AS attempt, s.progress,
       to_char(s.created_at, 'YYYY-MM-DD HH24:MI:SS') AS created,
       to_char(coalesce(s.finished_at, s.run_at), 'YYYY-MM-DD HH24:MI:SS') AS ended_or_due,
       coalesce(left(s.last_error, 60), '') AS error
  FROM public.operator_list_jobs($1, $2, $3::integer) AS s;

-- name: operator_show
-- All that is known of one job but what it was given.
SELECT s.task_id, s.lane, s.kind, s.owner, s.tenant_id, s.priority, s.state,
       public.job_position(s.task_id) AS queue_position, s.attempt, s.attempts_max,
       s.progress, s.worker, s.cancel_at, s.created_at, s.run_at, s.started_at,
       s.finished_at, s.expires_at, s.last_error
  FROM public.job_seen AS s
 WHERE s.task_id = $1::uuid;

-- name: periods
-- Periodic work: when it was done, and when it is due.
SELECT p.name, to_char(p.last_at, 'YYYY-MM-DD HH24:MI:SS') AS last, p.last_ms AS ms, p.runs,
       to_char(p.next_at, 'YYYY-MM-DD HH24:MI:SS') AS next, p.failures,
       coalesce(p.last_error, '') AS error
  FROM public.job_period AS p
 ORDER BY p.name;

-- name: probed
-- Has this job ended, and how many ms did it take from its order to its end?
SELECT s.state, (extract(epoch FROM s.finished_at - s.created_at) * 1000)::bigint AS ms,
       coalesce(s.worker, '') AS worker
  FROM public.job_seen AS s
 WHERE s.task_id = $1::uuid;
