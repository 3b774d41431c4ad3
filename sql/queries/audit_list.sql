-- Reading the audit trail.

-- name: list
-- What was done, newest first? $1: behind this key (microseconds, chain, seq);
-- then, where not NULL: chain, event, actor, subject, since; $7: at most.
SELECT concat_ws(',', (extract(epoch FROM l.at) * 1000000)::bigint, l.chain, l.seq) AS page_key,
       l.chain, l.seq, l.at AT TIME ZONE 'UTC' AS at, l.actor, l.event,
       l.subject, l.facts, encode(l.hash, 'hex') AS hash
  FROM public.audit_log AS l
 WHERE ($1::text IS NULL
        OR (l.at, l.chain, l.seq)
           < (timestamptz 'epoch' + split_part($1, ',', 1)::bigint * interval '1 microsecond',
              split_part($1, ',', 2)::bigint, split_part($1, ',', 3)::bigint))
   AND ($2::text IS NULL OR l.chain = $2::bigint)
   AND ($3::text IS NULL OR l.event = $3)
   AND ($4::text IS NULL OR l.actor = $4)
   AND ($5::text IS NULL OR l.subject = $5)
   AND ($6::text IS NULL OR l.at >= $6::timestamptz)
 ORDER BY l.at DESC, l.chain DESC, l.seq DESC
 LIMIT $7::integer;

-- name: verify
-- Does each chain hold, by the database's own reckoning? $1: one chain, or NULL.
SELECT v.chain, v.entries, v.head_seq, v.head_hash, v.bad_seq, v.problem
  FROM public.audit_verify($1::bigint) AS v
 ORDER BY v.chain;

-- name: export
-- The entries as they are kept, in order, behind chain $1 and seq $2: for a
-- reckoning outside of the database.
SELECT l.chain, l.seq, (extract(epoch FROM l.at) * 1000000)::bigint AS micros,
       l.actor, l.event, l.subject, l.facts::text AS facts,
       encode(l.prev_hash, 'hex') AS prev_hash, encode(l.hash, 'hex') AS hash
  FROM public.audit_log AS l
 WHERE (l.chain, l.seq) > ($1::bigint, $2::bigint)
 ORDER BY l.chain, l.seq
 LIMIT 5000;

-- name: heads
-- The last entry of each chain, and what time it is.
SELECT DISTINCT ON (l.chain) l.chain, l.seq, encode(l.hash, 'hex') AS hash,
       to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS made_at
  FROM public.audit_log AS l
 ORDER BY l.chain, l.seq DESC;

-- name: tail
-- The newest entries, oldest of them first, for people.
SELECT t.at, t.chain, t.seq, t.actor, t.event, t.subject, t.facts
  FROM (SELECT to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS at,
               l.at AS moment, l.chain, l.seq, l.actor, l.event, l.subject,
               l.facts::text AS facts
          FROM public.audit_log AS l
         WHERE ($1::text IS NULL OR l.chain = $1::bigint)
         ORDER BY l.at DESC
         LIMIT $2::integer) AS t
 ORDER BY t.moment, t.chain, t.seq;
