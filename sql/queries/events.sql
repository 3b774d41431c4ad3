-- Waiting for jobs (fcgi/events). Locks and hints are the connection's.

-- name: listen
-- Hints that a job ended; the payload is its task.
LISTEN job_ended;

-- name: unlisten
UNLISTEN *;

-- name: take
-- Does this caller wait for nothing else, on any instance?
SELECT pg_try_advisory_lock(hashtextextended('job events ' || $1, 0)) AS mine;

-- name: leave
SELECT pg_advisory_unlock(hashtextextended('job events ' || $1, 0));
