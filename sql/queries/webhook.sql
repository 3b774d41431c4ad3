-- Webhooks; what the functions do is in the migration (0015).

-- name: endpoint
-- The receiver of owner $1, tenant $2 (NULL: none) at origin $3, made when new:
-- is it switched off?
SELECT e.id, e.disabled_at IS NOT NULL AS is_disabled
  FROM public.webhook_endpoint_of($1, $2::bigint, $3) AS e;

-- name: insert
-- One more to deliver: id, receiver, owner, tenant, task, event, address. No
-- row: it is there already.
INSERT INTO public.webhook_delivery (id, endpoint_id, owner, tenant_id, task_id, event, url)
VALUES ($1, $2::bigint, $3, $4::bigint, $5::uuid, $6, $7)
    ON CONFLICT (id) DO NOTHING
RETURNING seq;

-- name: set_body
-- The body of delivery $1, and its bytes.
UPDATE public.webhook_delivery
   SET blob_id = $2::uuid, size = $3::bigint
 WHERE id = $1;

-- name: load
-- What does a try of delivery $1 need?
SELECT d.url, d.blob_id, d.endpoint_id, e.origin, d.state, e.failures,
       e.last_success_at IS NOT NULL AS has_succeeded,
       e.disabled_at IS NOT NULL AS is_disabled,
       greatest(0, coalesce(extract(epoch FROM e.paused_until - now()) * 1000, 0))::bigint AS paused_ms,
       extract(epoch FROM clock_timestamp())::bigint AS now_s
  FROM public.webhook_delivery AS d
  JOIN public.webhook_endpoint AS e ON e.id = d.endpoint_id
 WHERE d.id = $1;

-- name: settle
-- A try is over: delivery, verdict, status, error, ms, bytes sent, answer, slow
-- seconds, and the breaker's three numbers. For how long is its receiver
-- paused?
SELECT s.paused_ms, s.is_disabled
  FROM public.webhook_settle($1, $2, $3::integer, $4, $5::bigint, $6::bigint, $7, $8::integer,
                             $9::integer, $10::integer, $11::integer) AS s;

-- name: drop
-- Delivery $1 will not be tried (again), because of $2.
SELECT public.webhook_drop($1, $2);

-- name: purge
-- Forgets what ended $1 days ago, $2 at most; how many?
SELECT public.webhook_purge($1::integer, $2::integer) AS n;

-- name: list
-- Deliveries of owner $1, newest first, behind page key $2, $5 rows; in state
-- $3, of task $4 (NULL: any).
SELECT d.seq::text AS page_key, d.id, d.task_id, d.event, d.url, d.endpoint_id, d.state, d.tries,
       d.last_status, d.last_error, d.size,
       d.created_at AT TIME ZONE 'UTC' AS created_at,
       d.finished_at AT TIME ZONE 'UTC' AS finished_at
  FROM public.webhook_delivery AS d
 WHERE d.owner = $1
   AND ($2::bigint IS NULL OR d.seq < $2::bigint)
   AND ($3::text IS NULL OR d.state = $3)
   AND ($4::uuid IS NULL OR d.task_id = $4::uuid)
 ORDER BY d.seq DESC
 LIMIT $5::integer;

-- name: find
-- Delivery $2 of owner $1, and when it is tried next.
SELECT d.id, d.task_id, d.event, d.url, d.endpoint_id, d.state, d.tries,
       d.last_status, d.last_error, d.size,
       d.created_at AT TIME ZONE 'UTC' AS created_at,
       d.finished_at AT TIME ZONE 'UTC' AS finished_at,
       j.run_at AT TIME ZONE 'UTC' AS next_try_at
  FROM public.webhook_delivery AS d
  LEFT JOIN public.job AS j ON j.owner = d.owner AND j.unique_key = 'webhook:' || d.id
 WHERE d.owner = $1
   AND d.id = $2;

-- name: tries
-- Every try of delivery $1, newest first.
SELECT t.n, t.started_at AT TIME ZONE 'UTC' AS started_at, t.duration_ms, t.status, t.error,
       t.sent_bytes, t.answer
  FROM public.webhook_try AS t
 WHERE t.delivery_id = $1
 ORDER BY t.n DESC
 LIMIT 100;

-- name: redeliver
-- Delivery $1 of owner $2 (NULL: anybody's) goes out again, by $3.
SELECT public.webhook_redeliver($1, $2, $3) AS done;

-- name: endpoints
-- Receivers of owner $1, newest first, behind $2, $3 rows.
SELECT e.id::text AS page_key, e.id, e.origin,
       CASE WHEN e.disabled_at IS NOT NULL THEN 'disabled'
            WHEN e.paused_until > now() THEN 'paused'
            WHEN e.failures > 0 THEN 'failing' ELSE 'ok' END AS state,
       e.failures, e.disabled_why,
       e.failing_since AT TIME ZONE 'UTC' AS failing_since,
       e.paused_until AT TIME ZONE 'UTC' AS paused_until,
       e.disabled_at AT TIME ZONE 'UTC' AS disabled_at,
       e.last_success_at AT TIME ZONE 'UTC' AS last_success_at,
       e.last_failure_at AT TIME ZONE 'UTC' AS last_failure_at,
       e.created_at AT TIME ZONE 'UTC' AS created_at
  FROM public.webhook_endpoint AS e
 WHERE e.owner = $1
   AND ($2::bigint IS NULL OR e.id < $2::bigint)
   AND ($4::bigint IS NULL OR e.id = $4::bigint)
 ORDER BY e.id DESC
 LIMIT $3::integer;

-- name: enable
-- Receiver $1 of owner $2 (NULL: anybody's) is on again, by $3.
SELECT public.webhook_enable($1::bigint, $2, $3) AS done;

-- name: brief
-- For an operator: the newest deliveries in state $1 (NULL: any).
SELECT d.id, d.owner, e.id AS endpoint, e.origin, d.state, d.tries,
       coalesce(d.last_error, d.last_status::text, '') AS last,
       to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS created
  FROM public.webhook_delivery AS d
  JOIN public.webhook_endpoint AS e ON e.id = d.endpoint_id
 WHERE ($1::text IS NULL OR d.state = $1)
 ORDER BY d.seq DESC
 LIMIT 50;

-- name: failing
-- For an operator: receivers that fail, are paused or switched off.
SELECT e.id AS endpoint, e.owner, e.origin, e.failures,
       coalesce(e.disabled_why, CASE WHEN e.paused_until > now() THEN 'paused' END, 'failing') AS state
  FROM public.webhook_endpoint AS e
 WHERE e.failures > 0
    OR e.disabled_at IS NOT NULL
 ORDER BY e.failures DESC, e.id
 LIMIT 50;
