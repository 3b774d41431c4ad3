-- Rate limits of single customers.

-- name: in_force
-- Which overrides hold now? Sorted as strcmp does, one a client and limit: the
-- last that was made. A bound keeps what every process reads small.
SELECT DISTINCT ON (o.client COLLATE "C", o.limit_name COLLATE "C")
       o.client, o.limit_name, o.count, o.window_s
  FROM public.limit_override AS o
 WHERE o.starts_at <= now()
   AND o.ends_at > now()
 ORDER BY o.client COLLATE "C", o.limit_name COLLATE "C", o.id DESC
 LIMIT 4096;

-- name: set
-- Grant a client ($1) count ($3) requests of a limit ($2) in so many seconds
-- ($4) until a moment ($5): not beyond the number that is read. Which row?
INSERT INTO public.limit_override
       (client, limit_name, count, window_s, ends_at, note, created_by)
SELECT $1, $2, $3::bigint, $4::integer, $5::timestamptz, $6, $7
 WHERE (SELECT count(*)
          FROM public.limit_override AS o
         WHERE o.ends_at > now()) < 4096
RETURNING id, to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS until;

-- name: list
-- What was granted to whom, and does it hold now? Those that ended are told
-- when $1 is true.
SELECT o.id, o.client, o.limit_name, o.count, o.window_s,
       CASE WHEN o.ends_at <= now() THEN 'ended'
            WHEN o.starts_at > now() THEN 'later'
            ELSE 'now' END AS holds,
       to_char(o.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS starts,
       to_char(o.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS ends,
       o.created_by, o.note
  FROM public.limit_override AS o
 WHERE o.ends_at > now()
    OR $1::boolean
 ORDER BY o.client, o.limit_name, o.id;

-- name: clear
-- Take back what a client ($1) was granted of a limit ($2; empty: of all)
-- and has not ended. How many rows were that?
WITH gone AS (
    DELETE FROM public.limit_override AS o
     WHERE o.client = $1
       AND ($2 = '' OR o.limit_name = $2)
       AND o.ends_at > now()
 RETURNING o.id)
SELECT count(*) AS gone
  FROM gone;
