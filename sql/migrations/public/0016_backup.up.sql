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
CREATE INDEX backup_run_by_end ON public.backup_run (created_at);
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

-- Forgets runs that began so many days ago, but for those whose job still lives;
-- what is in the store stays. How many?
CREATE FUNCTION public.backup_run_purge(days integer) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM public.backup_run AS b
         WHERE b.created_at < now() - make_interval(days => days)
           AND NOT EXISTS (SELECT FROM public.job AS j WHERE j.task_id = b.task_id)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION public.backup_run_purge(integer) IS
    'Forgets runs in the S3 store that are older than so many days; tells how many.';

-- ---- dumps -------------------------------------------------------------------
-- How the rows of a table belong to a tenant ($1): by its column tenant_id when
-- it has one; the others are named here, those of the platform without a
-- condition. tests/sql/58-dump finds a table that is missing.

CREATE TABLE public.tenant_part (
    name      text PRIMARY KEY,
    condition text,
    note      text NOT NULL
);
COMMENT ON TABLE public.tenant_part IS
    'Which rows of tables without tenant_id go with a tenant''s dump; no condition: none.';
INSERT INTO public.tenant_part (name, condition, note)
SELECT v.name, replace(replace(v.condition,
           '{users}', '(SELECT u.id FROM public.users AS u WHERE u.tenant_id = $1)'),
           '{licenses}', '(SELECT l.id FROM public.license AS l WHERE l.tenant_id = $1)'), v.note
  FROM (VALUES
    ('tenants', 'id = $1', 'itself'),
    ('user_passwords', 'user_id IN {users}', 'of its users'),
    ('user_sessions', 'user_id IN {users}', 'of its users'),
    ('user_tokens', 'user_id IN {users}', 'of its users'),
    ('login_attempts', 'user_id IN {users}', 'of its users'),
    ('refresh_tokens', 'session_id IN (SELECT s.id FROM public.user_sessions AS s WHERE s.user_id IN {users})', 'of its users'),
    ('invoice_history', 'replace(owner, ''user:'', '''') IN (SELECT u::text FROM unnest(ARRAY{users}) AS u)', 'of its users'),
    ('blob_part', 'blob_id IN (SELECT b.id FROM public.blob AS b WHERE b.tenant_id = $1)', 'of its documents'),
    ('job_charge', 'task_id IN (SELECT j.task_id FROM public.job AS j WHERE j.tenant_id = $1)', 'of its jobs'),
    ('audit_log', 'chain = $1', 'its chain'),
    ('license_access', 'license_id IN {licenses}', 'of its licences'),
    ('license_lease', 'license_id IN {licenses}', 'of its licences'),
    ('license_usage', 'license_id IN {licenses}', 'of its licences'),
    ('ledger', 'subject_kind = ''tenant'' AND subject_id = $1 OR subject_kind = ''license'' AND subject_id IN {licenses}', 'its own, of its licences'),
    ('meter', 'subject_kind = ''tenant'' AND subject_id = $1 OR subject_kind = ''license'' AND subject_id IN {licenses}', 'its own, of its licences'),
    ('reservation', 'subject_kind = ''tenant'' AND subject_id = $1 OR subject_kind = ''license'' AND subject_id IN {licenses}', 'its own, of its licences'),
    ('limit_override', 'client = ''tenant:'' || $1 OR client IN (SELECT ''user:'' || u FROM unnest(ARRAY{users}) AS u)', 'its own, of its users'),
    ('idempotency', NULL, 'answers of a day'),
    ('job_period', NULL, 'of the desk'),
    ('license_list', NULL, 'of the desk'),
    ('license_plan', NULL, 'of the operator'),
    ('license_price', NULL, 'of the operator'),
    ('llm_spend', NULL, 'of the desk'),
    ('schema_migrations', NULL, 'of the desk'),
    ('subscription_quotas', NULL, 'of the operator'),
    ('tenant_schema_script', NULL, 'of the desk'),
    ('tenant_schema_settings', NULL, 'of the desk'),
    ('tenant_part', NULL, 'of the desk')) AS v (name, condition, note);
INSERT INTO public.tenant_part (name, condition, note)
SELECT c.relname, NULL, 'of the operator'
  FROM pg_catalog.pg_class AS c
 WHERE c.relnamespace = 'public'::regnamespace
   AND c.relkind = 'r'
   AND starts_with(c.relname, 'reference_');

-- The tables that hold rows of a tenant, "public.users" or "tenant.setting"
-- (of its own schema), and which rows.
CREATE FUNCTION public.tenant_parts(tenant bigint)
    RETURNS TABLE (part text, rel regclass, condition text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'public.' || c.relname, c.oid::regclass, coalesce(p.condition, 'tenant_id = $1')
      FROM pg_class AS c
      LEFT JOIN public.tenant_part AS p ON p.name = c.relname
     WHERE c.relnamespace = 'public'::regnamespace
       AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition
       AND (p.condition IS NOT NULL
            OR EXISTS (SELECT FROM pg_attribute AS a
                        WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
     UNION ALL
    SELECT 'tenant.' || c.relname, c.oid::regclass, '$1 IS NOT NULL'
      FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = public.tenant_schema_name(tenant)
       AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition
     ORDER BY 1
$$;

-- How many rows each part of a tenant has, and a sum of their hashes; of the
-- whole database when tenant is NULL.
CREATE FUNCTION public.dump_sums(tenant bigint)
    RETURNS TABLE (part text, n bigint, checksum text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT p.part, p.rel, p.condition
               FROM public.tenant_parts(tenant) AS p
              WHERE tenant IS NOT NULL
              UNION ALL
             SELECT s.nspname || '.' || c.relname, c.oid::regclass, '$1 IS NULL'
               FROM pg_class AS c
               JOIN pg_namespace AS s ON s.oid = c.relnamespace
              WHERE tenant IS NULL
                AND c.relkind = 'r'
                AND s.nspname <> 'information_schema'
                AND NOT starts_with(s.nspname, 'pg_')
              ORDER BY 1 LOOP
        part := t.part;
        EXECUTE format('SELECT count(*), coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0)::text
                          FROM %s AS t WHERE %s', t.rel, t.condition)
           INTO n, checksum USING tenant;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Opens the cursor "part" over the rows of one part, each as JSON.
CREATE FUNCTION public.tenant_part_open(tenant bigint, of_part text) RETURNS refcursor
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rows_of refcursor := 'part';
    t record;
BEGIN
    SELECT p.rel, p.condition INTO STRICT t
      FROM public.tenant_parts(tenant) AS p WHERE p.part = of_part;
    OPEN rows_of FOR EXECUTE
        format('SELECT to_jsonb(t)::text AS row FROM %s AS t WHERE %s', t.rel, t.condition) USING tenant;
    RETURN rows_of;
END
$$;

-- Puts one row back, as it was; no trigger of ours sees it (tenant_part_hold).
CREATE FUNCTION public.tenant_part_put(tenant bigint, of_part text, of_row jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t regclass;
    names text;
BEGIN
    SELECT p.rel INTO STRICT t FROM public.tenant_parts(tenant) AS p WHERE p.part = of_part;
    SELECT string_agg(quote_ident(a.attname), ', ') INTO names
      FROM pg_attribute AS a
     WHERE a.attrelid = t AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
    EXECUTE format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE
                    SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1)', t, names) USING of_row;
END
$$;

-- Around putting rows back: held = true before (triggers of ours sleep, foreign
-- keys are looked at afterwards, so that the order does not matter), false
-- after (they are looked at now, numbers go on behind the highest).
CREATE FUNCTION public.tenant_part_hold(tenant bigint, held boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t record;
    k record;
BEGIN
    IF NOT held THEN
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    FOR t IN SELECT p.rel FROM public.tenant_parts(tenant) AS p LOOP
        FOR k IN SELECT c.conname FROM pg_constraint AS c
                  WHERE c.conrelid = t.rel AND c.contype = 'f' AND c.conparentid = 0 LOOP
            EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I %s', t.rel, k.conname,
                CASE WHEN held THEN 'DEFERRABLE INITIALLY DEFERRED' ELSE 'NOT DEFERRABLE' END);
        END LOOP;
        EXECUTE format('ALTER TABLE %s %s TRIGGER USER', t.rel, CASE WHEN held THEN 'DISABLE' ELSE 'ENABLE' END);
        CONTINUE WHEN held;
        FOR k IN SELECT a.attname, pg_get_serial_sequence(t.rel::text, a.attname) AS seq
                   FROM pg_attribute AS a
                  WHERE a.attrelid = t.rel AND a.attidentity <> '' LOOP
            EXECUTE format('SELECT setval(%L, greatest(coalesce(max(%I), 1), (SELECT last_value FROM %s))) FROM %s',
                k.seq, k.attname, k.seq, t.rel);
        END LOOP;
    END LOOP;
END
$$;
DO $$
DECLARE
    f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['tenant_parts(bigint)', 'dump_sums(bigint)', 'tenant_part_open(bigint, text)',
        'tenant_part_put(bigint, text, jsonb)', 'tenant_part_hold(bigint, boolean)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
    END LOOP;
END
$$;

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
REVOKE ALL ON FUNCTION public.invoice_record_purge(integer), public.backup_run_purge(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.invoice_record_purge(integer), public.backup_run_purge(integer) TO comptoir_worker;
