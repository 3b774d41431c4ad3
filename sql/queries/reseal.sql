-- What DATA_KEYS seal (lib/wire/sealed.tbl), sealed anew under the first of
-- them. Keys are named by their kid; '' is what lies in clear.

-- name: counts
-- How many values of each place are under which key?
SELECT p.place, public.sealed_kid(CASE p.place WHEN 'users.siret' THEN u.siret
                                               WHEN 'users.vat_number' THEN u.vat_number
                                               ELSE u.phone END) AS kid, count(*) AS n
  FROM public.users AS u
 CROSS JOIN (VALUES ('users.siret'), ('users.vat_number'), ('users.phone')) AS p (place)
 WHERE CASE p.place WHEN 'users.siret' THEN u.siret
                    WHEN 'users.vat_number' THEN u.vat_number
                    ELSE u.phone END IS NOT NULL
 GROUP BY 1, 2
 UNION ALL
SELECT 'backup_run.folder', public.sealed_kid(b.folder), count(*)
  FROM public.backup_run AS b
 GROUP BY 2
 UNION ALL
SELECT p.place, coalesce(r.kid, ''), count(*)
  FROM public.reports AS r
 CROSS JOIN (VALUES ('reports.non_anonymous_pdf'), ('reports.anonymous_pdf')) AS p (place)
 GROUP BY 1, 2
 UNION ALL
SELECT p.place, coalesce(j.kid, ''), count(*)
  FROM public.invoice_jobs AS j
 CROSS JOIN (VALUES ('invoice_jobs.non_anonymous_pdf'), ('invoice_jobs.anonymous_pdf')) AS p (place)
 WHERE j.status = 'succeeded'
 GROUP BY 1, 2
 UNION ALL
SELECT 'blob_part.bytes', coalesce(p.kid, ''), count(*)
  FROM public.blob_part AS p
 GROUP BY 2
 UNION ALL
SELECT 'blob.object', coalesce(b.kid, ''), count(*)
  FROM public.blob AS b
 WHERE b.object IS NOT NULL
 GROUP BY 2
 ORDER BY 1, 2;

-- name: users
-- Behind $2, rows with a value under one of the keys $1, $3 at most: key of the
-- row, what its seals are bound to, the values. Nobody changes them until this
-- transaction ends; those that somebody is at are left for the next time.
SELECT u.id AS key, u.id AS place, u.siret, u.vat_number, u.phone
  FROM public.users AS u
 WHERE u.id > $2::bigint
   AND (public.sealed_kid(u.siret) = ANY ($1::text[])
        OR public.sealed_kid(u.vat_number) = ANY ($1::text[])
        OR public.sealed_kid(u.phone) = ANY ($1::text[]))
 ORDER BY u.id
 LIMIT $3::bigint
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: put_users
-- The values of one, sealed anew.
UPDATE public.users AS u
   SET siret = $2, vat_number = $3, phone = $4
 WHERE u.id = $1::bigint;

-- name: backup_run
-- The same of folders of runs.
SELECT b.id AS key, b.folder_hash AS place, b.folder
  FROM public.backup_run AS b
 WHERE b.id > $2::bigint
   AND public.sealed_kid(b.folder) = ANY ($1::text[])
 ORDER BY b.id
 LIMIT $3::bigint
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: put_backup_run
UPDATE public.backup_run AS b
   SET folder = $2
 WHERE b.id = $1::bigint;

-- name: reports
-- The same of reports: bytes, and their kid.
SELECT r.id AS key, r.invoice_id AS place, r.kid, r.non_anonymous_pdf, r.anonymous_pdf
  FROM public.reports AS r
 WHERE r.id > $2::bigint
   AND coalesce(r.kid, '') = ANY ($1::text[])
 ORDER BY r.id
 LIMIT $3::bigint
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: put_reports
UPDATE public.reports AS r
   SET non_anonymous_pdf = $2::bytea, anonymous_pdf = $3::bytea, kid = $4
 WHERE r.id = $1::bigint;

-- name: invoice_jobs
-- The same of orders that succeeded.
SELECT j.task_id AS key, j.task_id AS place, j.kid, j.non_anonymous_pdf, j.anonymous_pdf
  FROM public.invoice_jobs AS j
 WHERE j.task_id > $2
   AND j.status = 'succeeded'
   AND coalesce(j.kid, '') = ANY ($1::text[])
 ORDER BY j.task_id
 LIMIT $3::bigint
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: put_invoice_jobs
UPDATE public.invoice_jobs AS j
   SET non_anonymous_pdf = $2::bytea, anonymous_pdf = $3::bytea, kid = $4
 WHERE j.task_id = $1;

-- name: blob_part
-- The same of parts of documents.
SELECT p.blob_id || '/' || p.n AS key, p.blob_id || '/' || p.n AS place, p.kid, p.bytes
  FROM public.blob_part AS p
 WHERE (p.blob_id, p.n) > (split_part($2, '/', 1)::uuid, split_part($2, '/', 2)::integer)
   AND coalesce(p.kid, '') = ANY ($1::text[])
 ORDER BY p.blob_id, p.n
 LIMIT $3::bigint
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: put_blob_part
UPDATE public.blob_part AS p
   SET bytes = $2::bytea, kid = $3
 WHERE p.blob_id = split_part($1, '/', 1)::uuid
   AND p.n = split_part($1, '/', 2)::integer;
