-- Stored documents (migrations 0014 and 0018).

-- name: insert
-- A document of owner $1: task, name, media type, size, SHA-256, kid, seconds
-- for which it is kept, what its key in the S3 store begins with (NULL: it is
-- kept here), tenant (NULL: none).
INSERT INTO public.blob (id, owner, task_id, name, media, size, sha256, kid, expires_at, object, tenant_id)
SELECT n.id, $1, $2::uuid, $3, $4, $5::bigint, $6, CASE WHEN $9::text IS NOT NULL THEN $7 END, now() + make_interval(secs => $8::bigint),
       $9::text || left(n.id::text, 2) || '/' || n.id, $10::bigint
  FROM (SELECT gen_random_uuid()) AS n (id)
RETURNING id, object;

-- name: insert_part
-- The n-th part of a document, under a key.
INSERT INTO public.blob_part (blob_id, n, bytes, kid)
VALUES ($1::uuid, $2::integer, $3::bytea, $4);

-- name: by_id
-- What is known of a document that is not past its time?
SELECT id, owner, name, media, size, sha256, kid, object
  FROM public.blob
 WHERE id = $1::uuid
   AND expires_at > now();

-- name: by_name
-- The same by its task and name.
SELECT id, owner, name, media, size, sha256, kid, object
  FROM public.blob
 WHERE task_id = $1::uuid
   AND name = $2
   AND expires_at > now();

-- name: list
-- The documents of a task whose names begin so, in the order of their names.
SELECT id, owner, name, media, size, sha256, kid, object
  FROM public.blob
 WHERE task_id = $1::uuid
   AND starts_with(name, $2)
   AND expires_at > now()
 ORDER BY length(name), name;

-- name: part
-- The bytes of the n-th part of a document, and the key that they are under.
SELECT bytes, kid
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

-- name: spare
-- Objects that were to be deleted and that a document has after all are not.
DELETE FROM public.blob_gone AS g
 USING public.blob AS b
 WHERE g.due_at <= now()
   AND b.object = g.object;

-- name: gone
-- Objects to be deleted now, $1 at most.
SELECT g.object
  FROM public.blob_gone AS g
 WHERE g.due_at <= now()
 ORDER BY g.due_at
 LIMIT $1::bigint
   FOR UPDATE SKIP LOCKED;

-- name: deleted
-- These were deleted from the store.
DELETE FROM public.blob_gone AS g
 WHERE g.object = ANY (string_to_array($1, ','));

-- name: orphans
-- Of these objects, those that no document has are to be deleted in a day: a
-- transaction that is still open may yet keep one. How many?
WITH noted AS (
    INSERT INTO public.blob_gone (object, due_at)
    SELECT k.object, now() + interval '1 day'
      FROM unnest(string_to_array($1, ',')) AS k (object)
     WHERE NOT EXISTS (SELECT FROM public.blob AS b WHERE b.object = k.object)
        ON CONFLICT DO NOTHING
    RETURNING 1)
SELECT count(*) AS n FROM noted;

-- name: stale
-- Behind $2, the next document of which the object is sealed under one of the
-- keys $1 ('': in clear), and the key of an object to take its place: until a
-- document has that, it is one too many, and deleted in a day.
WITH next AS MATERIALIZED (
    SELECT b.id, b.owner, b.name, b.media, b.size, b.sha256, b.kid, b.object,
           regexp_replace(b.object, '[0-9a-f]{2}/[0-9a-f-]{36}$', '')
           || left(n.id::text, 2) || '/' || n.id AS successor
      FROM public.blob AS b,
           (SELECT gen_random_uuid()) AS n (id)
     WHERE b.object IS NOT NULL
       AND b.id > $2::uuid
       AND coalesce(b.kid, '') = ANY ($1::text[])
       AND b.expires_at > now()
     ORDER BY b.id
     LIMIT 1),
noted AS (
    INSERT INTO public.blob_gone (object, due_at)
    SELECT successor, now() + interval '1 day' FROM next)
SELECT id, owner, name, media, size, sha256, kid, object, successor FROM next;

-- name: replace
-- Document $1, of which the object is still $2, has object $3 under key $4. The
-- old one stays for an hour: somebody may be about to read it. Was it so?
WITH replaced AS (
    UPDATE public.blob AS b
       SET object = $3, kid = $4
     WHERE b.id = $1::uuid
       AND b.object = $2
    RETURNING b.object),
needed AS (
    DELETE FROM public.blob_gone AS g USING replaced AS r WHERE g.object = r.object),
gone AS (
    INSERT INTO public.blob_gone (object, due_at)
    SELECT $2, now() + interval '1 hour' FROM replaced
        ON CONFLICT DO NOTHING)
SELECT count(*) AS n FROM replaced;
