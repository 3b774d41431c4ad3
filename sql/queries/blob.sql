-- Stored documents (migration 0014).

-- name: insert
-- A document of owner $1: task, name, media type, size, SHA-256, kid, seconds
-- for which it is kept.
INSERT INTO public.blob (owner, task_id, name, media, size, sha256, kid, expires_at)
VALUES ($1, $2::uuid, $3, $4, $5::bigint, $6, $7, now() + make_interval(secs => $8::bigint))
RETURNING id;

-- name: insert_part
-- The n-th part of a document.
INSERT INTO public.blob_part (blob_id, n, bytes)
VALUES ($1::uuid, $2::integer, $3::bytea);

-- name: by_id
-- What is known of a document that is not past its time?
SELECT id, owner, name, media, size, sha256, kid
  FROM public.blob
 WHERE id = $1::uuid
   AND expires_at > now();

-- name: by_name
-- The same by its task and name.
SELECT id, owner, name, media, size, sha256, kid
  FROM public.blob
 WHERE task_id = $1::uuid
   AND name = $2
   AND expires_at > now();

-- name: list
-- The documents of a task whose names begin so, in the order of their names.
SELECT id, owner, name, media, size, sha256, kid
  FROM public.blob
 WHERE task_id = $1::uuid
   AND starts_with(name, $2)
   AND expires_at > now()
 ORDER BY length(name), name;

-- name: part
-- The bytes of the n-th part of a document.
SELECT bytes
  FROM public.blob_part
 WHERE blob_id = $1::uuid
   AND n = $2::integer;

-- name: delete
-- A document is deleted.
DELETE FROM public.blob
 WHERE id = $1::uuid;

-- name: delete_of
-- The documents of a task whose names begin so are deleted ('': all).
DELETE FROM public.blob
 WHERE task_id = $1::uuid
   AND starts_with(name, $2);

-- name: expire
-- Deletes what is past its time, $1 at most; how many?
SELECT public.blob_expire($1::integer) AS n;
