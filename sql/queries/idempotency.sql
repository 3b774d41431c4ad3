-- Answers kept by Idempotency-Key. Owner, route and the key's hash name a row.

-- name: lock
-- Is no other transaction at work with this key?
SELECT pg_try_advisory_xact_lock(hashtextextended('comptoir idempotency ' || $1, 0));

-- name: find
-- Was this asked before, within so many hours? (Its own statement: it must see
-- what was committed before the lock was given.)
SELECT fingerprint, status, content_type, headers, answer, locked_until > now() AS is_held
  FROM public.idempotency
 WHERE owner = $1
   AND route = $2
   AND key_hash = $3
   AND created_at > now() - make_interval(hours => $4::integer);

-- name: store
-- This was the answer.
INSERT INTO public.idempotency AS i
       (owner, route, key_hash, fingerprint, status, content_type, headers, answer)
VALUES ($1, $2, $3, $4, $5::integer, $6, $7, $8)
    ON CONFLICT (owner, route, key_hash) DO UPDATE
   SET fingerprint  = excluded.fingerprint,
       status       = excluded.status,
       content_type = excluded.content_type,
       headers      = excluded.headers,
       answer       = excluded.answer,
       holder       = NULL,
       locked_until = NULL,
       created_at   = now();

-- name: open
-- Long work begins, or is taken over from one whose lease has ended.
INSERT INTO public.idempotency AS i
       (owner, route, key_hash, fingerprint, holder, locked_until)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::integer))
    ON CONFLICT (owner, route, key_hash) DO UPDATE
   SET fingerprint  = excluded.fingerprint,
       status       = NULL,
       content_type = NULL,
       headers      = NULL,
       answer       = NULL,
       holder       = excluded.holder,
       locked_until = excluded.locked_until,
       created_at   = now();

-- name: close
-- Long work is done, unless somebody else has taken it over.
UPDATE public.idempotency
   SET status = $5::integer, content_type = $6, headers = $7, answer = $8,
       holder = NULL, locked_until = NULL
 WHERE owner = $1
   AND route = $2
   AND key_hash = $3
   AND fingerprint = $4
   AND holder = $9
   AND status IS NULL
RETURNING 1;

-- name: drop
-- Long work has failed.
DELETE FROM public.idempotency
 WHERE owner = $1
   AND route = $2
   AND key_hash = $3
   AND holder = $4
   AND status IS NULL;

-- name: purge
-- Forgets what is older than so many hours; how many rows?
SELECT public.idempotency_purge($1::integer);
