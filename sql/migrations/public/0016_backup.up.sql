-- Invoices that are kept (INVOICE_STORE=all), and the backup of every run to
-- an S3 store (docs/ops/backup.md).

CREATE TYPE public.type_kind AS ENUM ('auto', 'electricite', 'gaz', 'dual');
CREATE TYPE public.source_kind AS ENUM ('pdf', 'images');

-- ---- what is kept of invoices ----------------------------------------------
-- user_id, invoice_id and external_ref are the caller's own, as given; owner
-- and tenant_id are ours. Reports are sealed under the key kid of DATA_KEYS
-- (NULL: in clear); sizes and hashes are of the clear bytes.

CREATE TABLE public.invoices (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner        text   NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
    tenant_id    bigint REFERENCES public.tenants (id) ON DELETE CASCADE,
    user_id      bigint,
    invoice_id   bigint,
    external_ref text   CHECK (length(external_ref) <= 255),
    source_kind  public.source_kind NOT NULL,
    type         public.type_kind   NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invoices_by_owner ON public.invoices (owner, id);
CREATE INDEX invoices_by_tenant ON public.invoices (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE INDEX invoices_by_end ON public.invoices (created_at);

CREATE TABLE public.reports (
    id                   bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id           bigint  NOT NULL UNIQUE REFERENCES public.invoices (id) ON DELETE CASCADE,
    tenant_id            bigint  REFERENCES public.tenants (id) ON DELETE CASCADE,
    kid                  text    CHECK (length(kid) BETWEEN 1 AND 64),
    non_anonymous_pdf    bytea   NOT NULL,
    anonymous_pdf        bytea   NOT NULL,
    non_anonymous_size   integer NOT NULL CHECK (non_anonymous_size >= 0),
    anonymous_size       integer NOT NULL CHECK (anonymous_size >= 0),
    non_anonymous_sha256 char(64) NOT NULL CHECK (non_anonymous_sha256 ~ '^[0-9a-f]{64}$'),
    anonymous_sha256     char(64) NOT NULL CHECK (anonymous_sha256 ~ '^[0-9a-f]{64}$'),
    created_at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reports_nonanon_sha_idx ON public.reports (non_anonymous_sha256);
CREATE INDEX reports_anon_sha_idx ON public.reports (anonymous_sha256);
CREATE INDEX reports_by_tenant ON public.reports (tenant_id) WHERE tenant_id IS NOT NULL;

CREATE TABLE public.invoice_jobs (
    task_id              text    PRIMARY KEY CHECK (length(task_id) <= 64),
    owner                text    NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
    tenant_id            bigint  REFERENCES public.tenants (id) ON DELETE CASCADE,
    status               text    NOT NULL CHECK (status IN ('queued', 'succeeded', 'failed', 'cancelled')),
    user_id              bigint,
    invoice_id           bigint,
    external_ref         text    CHECK (length(external_ref) <= 255),
    source_kind          public.source_kind NOT NULL,
    kid                  text    CHECK (length(kid) BETWEEN 1 AND 64),
    non_anonymous_pdf    bytea,
    anonymous_pdf        bytea,
    non_anonymous_size   integer CHECK (non_anonymous_size >= 0),
    anonymous_size       integer CHECK (anonymous_size >= 0),
    non_anonymous_sha256 char(64) CHECK (non_anonymous_sha256 ~ '^[0-9a-f]{64}$'),
    anonymous_sha256     char(64) CHECK (anonymous_sha256 ~ '^[0-9a-f]{64}$'),
    created_at           timestamptz NOT NULL DEFAULT now(),
    completed_at         timestamptz,
    CHECK ((status = 'queued') = (completed_at IS NULL)),
    -- all of the reports when it succeeded, else nothing of them
    CHECK (num_nonnulls(non_anonymous_pdf, anonymous_pdf, non_anonymous_size, anonymous_size,
                        non_anonymous_sha256, anonymous_sha256)
           = CASE WHEN status = 'succeeded' THEN 6 ELSE 0 END)
);
CREATE INDEX invoice_jobs_status_idx ON public.invoice_jobs (status);
CREATE INDEX invoice_jobs_created_idx ON public.invoice_jobs (created_at);
CREATE INDEX invoice_jobs_by_tenant ON public.invoice_jobs (tenant_id) WHERE tenant_id IS NOT NULL;

-- However a job ends, its order here has ended, too (success is written by who
-- has the reports).
CREATE FUNCTION public.invoice_record_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.invoice_jobs AS j
       SET status = CASE NEW.state WHEN 'cancelled' THEN 'cancelled' ELSE 'failed' END,
           completed_at = now()
     WHERE j.task_id = NEW.task_id::text
       AND j.status = 'queued';
    RETURN NULL;
END
$$;
CREATE TRIGGER invoice_record_ended AFTER INSERT ON public.job_history
    FOR EACH ROW WHEN (NEW.kind IN ('invoice_pdf', 'invoice_images'))
    EXECUTE FUNCTION public.invoice_record_ended();

-- sealed bytes do not get smaller
ALTER TABLE public.reports ALTER COLUMN non_anonymous_pdf SET STORAGE EXTERNAL,
    ALTER COLUMN anonymous_pdf SET STORAGE EXTERNAL;
ALTER TABLE public.invoice_jobs ALTER COLUMN non_anonymous_pdf SET STORAGE EXTERNAL,
    ALTER COLUMN anonymous_pdf SET STORAGE EXTERNAL;

-- Forgets what is older than so many days; how many invoices and jobs?
CREATE FUNCTION public.invoice_record_purge(days integer) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH jobs AS (
        DELETE FROM public.invoice_jobs AS j
         WHERE j.created_at < now() - make_interval(days => days)
        RETURNING 1),
    kept AS (
        DELETE FROM public.invoices AS i
         WHERE i.created_at < now() - make_interval(days => days)
        RETURNING 1)
    SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM kept)
$$;
COMMENT ON FUNCTION public.invoice_record_purge(integer) IS
    'Forgets invoices, reports and jobs kept by INVOICE_STORE=all that are older than so many days; tells how many.';

-- ---- backups of runs ---------------------------------------------------------

CREATE TABLE public.backup_run (
    id           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id      uuid    NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    owner        text    NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
    tenant_id    bigint  REFERENCES public.tenants (id) ON DELETE CASCADE,
    user_id      bigint,
    invoice_id   bigint,
    external_ref text    CHECK (length(external_ref) <= 255),
    ref_id       text    NOT NULL CHECK (length(ref_id) BETWEEN 1 AND 80),
    folder       text    NOT NULL,
    folder_hash  text    NOT NULL CHECK (folder_hash ~ '^[0-9a-f]{64}$'),
    full_sha256  text    NOT NULL CHECK (full_sha256 ~ '^[0-9a-f]{64}$'),
    anonymous_sha256 text NOT NULL CHECK (anonymous_sha256 ~ '^[0-9a-f]{64}$'),
    run_at       timestamptz NOT NULL CHECK (run_at = date_trunc('second', run_at)),
    files        integer CHECK (files >= 0),
    bytes        bigint  CHECK (bytes >= 0),
    uploaded_at  timestamptz,
    error        text    CHECK (length(error) <= 500),
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (folder_hash, run_at)
);
COMMENT ON TABLE public.backup_run IS
    'Each invoice run that goes to the S3 store: where, and whether it is there. run_at is the run_id, reserved: no other run of the folder has it.';
COMMENT ON COLUMN public.backup_run.full_sha256 IS
    'Of the report as it was delivered: what a restored one is compared with.';
COMMENT ON COLUMN public.backup_run.folder IS
    'ENV/user-…/invoice-…/, sealed under DATA_KEYS when there are some: it holds a customer''s name.';
CREATE INDEX backup_run_by_user ON public.backup_run (user_id, id);
CREATE INDEX backup_run_by_invoice ON public.backup_run (invoice_id, id);
CREATE INDEX backup_run_by_ref ON public.backup_run (external_ref, id);
CREATE INDEX backup_run_by_ref_id ON public.backup_run (ref_id);
CREATE INDEX backup_run_by_tenant ON public.backup_run (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE INDEX backup_run_missing ON public.backup_run (id) WHERE uploaded_at IS NULL;

CREATE VIEW public.invoice_logs WITH (security_invoker = true) AS
SELECT b.created_at, b.user_id, b.uploaded_at IS NOT NULL AS spaces_upload_ok, b.error
  FROM public.backup_run AS b;
COMMENT ON VIEW public.invoice_logs IS
    'One row a run: did its backup succeed? A run that still waits has no error yet.';

-- The next free second of a folder, from now (or from the one given) on. Two
-- at once take turns: the second waits for the first to commit.
CREATE FUNCTION public.backup_second(folder_of text, since timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- whoever asks: two tenants may have named the same folder
    PERFORM pg_advisory_xact_lock(hashtextextended(folder_of, 16));
    RETURN (SELECT greatest(date_trunc('second', coalesce(since, now()), 'UTC'),
                            max(b.run_at) + interval '1 second')
              FROM public.backup_run AS b
             WHERE b.folder_hash = folder_of);
END
$$;
COMMENT ON FUNCTION public.backup_second(text, timestamptz) IS
    'A second that no run of this folder has, reserved until the transaction ends.';

-- ---- who may what ------------------------------------------------------------
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['invoices', 'reports', 'invoice_jobs', 'backup_run'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY tenant_wall ON public.%I TO comptoir_api, comptoir_jobs
             USING (coalesce(tenant_id, 0) = current_setting(''app.tenant_id'')::bigint)
             WITH CHECK (coalesce(tenant_id, 0) = current_setting(''app.tenant_id'')::bigint)', t);
        EXECUTE format('CREATE POLICY all_tenants ON public.%I TO comptoir_worker, comptoir_admin
                        USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON public.%I TO comptoir_api, comptoir_jobs', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO comptoir_worker', t);
    END LOOP;
END
$$;
GRANT DELETE ON public.invoice_jobs TO comptoir_jobs;
GRANT SELECT ON public.backup_run, public.invoice_logs TO comptoir_admin;
-- what the synchronous routes put in line with their answer
GRANT SELECT, INSERT ON public.blob, public.blob_part TO comptoir_api;
REVOKE ALL ON FUNCTION public.backup_second(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.backup_second(text, timestamptz)
      TO comptoir_api, comptoir_jobs, comptoir_worker;
REVOKE ALL ON FUNCTION public.invoice_record_purge(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.invoice_record_purge(integer) TO comptoir_worker;
