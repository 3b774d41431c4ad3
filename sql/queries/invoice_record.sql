-- Invoices and reports that are kept with INVOICE_STORE=all (migration 0016).

-- name: insert_invoice
-- An invoice of owner $1 and tenant $2 (NULL: none): user, invoice and
-- reference as the caller gave them, source and type.
INSERT INTO public.invoices (owner, tenant_id, user_id, invoice_id, external_ref, source_kind, type)
VALUES ($1, $2::bigint, $3::bigint, $4::bigint, $5, $6::public.source_kind, $7::public.type_kind)
RETURNING id;

-- name: insert_report
-- Its two reports, sealed for its number: invoice, tenant, kid, both bytes, both sizes
-- and both hashes of the clear bytes.
INSERT INTO public.reports (invoice_id, tenant_id, kid, non_anonymous_pdf, anonymous_pdf,
       non_anonymous_size, anonymous_size, non_anonymous_sha256, anonymous_sha256)
VALUES ($1::bigint, $2::bigint, $3, $4::bytea, $5::bytea, $6::integer, $7::integer, $8, $9);

-- name: same
-- Which invoice of this owner has reports of these hashes?
SELECT i.id
  FROM public.invoices AS i
  JOIN public.reports AS r ON r.invoice_id = i.id
 WHERE i.owner = $1
   AND r.non_anonymous_sha256 = $2
   AND r.anonymous_sha256 = $3
 LIMIT 1;

-- name: report
-- The reports of an invoice.
SELECT invoice_id, kid, non_anonymous_pdf, anonymous_pdf
  FROM public.reports
 WHERE invoice_id = $1::bigint
 ORDER BY id
 LIMIT 1;

-- name: insert_job
-- An invoice is ordered: task, owner, tenant, user, invoice, reference, source.
INSERT INTO public.invoice_jobs (task_id, owner, tenant_id, status, user_id, invoice_id,
       external_ref, source_kind)
VALUES ($1, $2, $3::bigint, 'queued', $4::bigint, $5::bigint, $6, $7::public.source_kind);

-- name: complete_job
-- And its reports are there, sealed for its task.
UPDATE public.invoice_jobs
   SET status = 'succeeded', completed_at = now(), kid = $2, non_anonymous_pdf = $3::bytea,
       anonymous_pdf = $4::bytea, non_anonymous_size = $5::integer, anonymous_size = $6::integer,
       non_anonymous_sha256 = $7, anonymous_sha256 = $8
 WHERE task_id = $1
   AND status = 'queued';

-- name: purge
-- Forgets what is older than $1 days; how many invoices and jobs?
SELECT public.invoice_record_purge($1::integer) AS gone;
