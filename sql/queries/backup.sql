-- Runs that go to the S3 store, and their index (migration 0016).

-- name: reserve
-- A run of owner $1 and tenant $2 (NULL: none), with the caller's user, invoice
-- and reference, our own reference $6, hash $7 and text of its folder, hashes of
-- its reports: its task and its second, which no other run of the folder has.
INSERT INTO public.backup_run (owner, tenant_id, user_id, invoice_id, external_ref, ref_id,
       folder_hash, folder, full_sha256, anonymous_sha256, run_at)
VALUES ($1, $2::bigint, $3::bigint, $4::bigint, $5, $6, $7, $8, $9, $10,
       public.backup_second($7, NULL))
RETURNING task_id, to_char(run_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') AS run_id;

-- name: load
-- Where does the run of this task go, and is it there already?
SELECT folder, folder_hash, to_char(run_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') AS run_id,
       to_char(run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS run_at
  FROM public.backup_run
 WHERE task_id = $1::uuid;

-- name: move
-- Another second for the run of this task: in the store its own is taken.
UPDATE public.backup_run AS b
   SET run_at = public.backup_second(b.folder_hash, greatest(now(), b.run_at + interval '1 second'))
 WHERE b.task_id = $1::uuid;

-- name: uploaded
-- The run of this task is in the store: so many files and bytes.
UPDATE public.backup_run
   SET uploaded_at = now(), error = NULL, files = $2::integer, bytes = $3::bigint
 WHERE task_id = $1::uuid;

-- name: failed
-- Why the run of this task is not in the store (yet).
UPDATE public.backup_run
   SET error = left($2, 500)
 WHERE task_id = $1::uuid
   AND uploaded_at IS NULL;

-- name: find
-- Runs of a user $1, an invoice $2, a reference $3, a task or request $4 (each
-- NULL: whatever), the newest first, $5 at most.
SELECT task_id, folder, to_char(run_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') AS run_id,
       user_id, invoice_id, external_ref, files, bytes, uploaded_at IS NOT NULL AS is_uploaded, error, folder_hash
  FROM public.backup_run
 WHERE ($1::bigint IS NULL OR user_id = $1::bigint)
   AND ($2::bigint IS NULL OR invoice_id = $2::bigint)
   AND ($3::text IS NULL OR external_ref = $3)
   AND ($4::text IS NULL OR ref_id = $4)
 ORDER BY id DESC
 LIMIT $5::bigint;

-- name: purge
-- Forgets runs older than so many days; how many?
SELECT public.backup_run_purge($1::integer) AS gone;

-- name: delivered
-- Whose is the run $2 of a folder, and what are the hashes of the reports that
-- were delivered?
SELECT owner, coalesce(tenant_id, 0) AS tenant_id, full_sha256, anonymous_sha256
  FROM public.backup_run
 WHERE folder_hash = $1
   AND to_char(run_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') = $2;
