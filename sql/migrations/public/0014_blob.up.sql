-- Stored documents: what jobs take in and give out, readable by every
-- instance (docs/JOBS.md).

CREATE TABLE public.blob (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    owner      text        NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
    tenant_id  bigint      REFERENCES public.tenants (id) ON DELETE CASCADE,
    task_id    uuid,
    name       text        NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._/-]{0,99}$'),
    media      text        NOT NULL CHECK (length(media) BETWEEN 1 AND 200),
    size       bigint      NOT NULL CHECK (size >= 0),
    sha256     text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    UNIQUE (task_id, name)
);
COMMENT ON TABLE public.blob IS
    'A stored document; its bytes are in blob_part.';
COMMENT ON COLUMN public.blob.name IS
    'What it is to its job: input/1, full.pdf, result.json; never a client''s file name.';
CREATE INDEX blob_by_end ON public.blob (expires_at);
CREATE INDEX blob_by_tenant ON public.blob (tenant_id) WHERE tenant_id IS NOT NULL;

CREATE TABLE public.blob_part (
    blob_id uuid    NOT NULL REFERENCES public.blob (id) ON DELETE CASCADE,
    n       integer NOT NULL CHECK (n >= 0),
    bytes   bytea   NOT NULL,
    kid     text    CHECK (length(kid) BETWEEN 1 AND 64),
    PRIMARY KEY (blob_id, n)
);
COMMENT ON TABLE public.blob_part IS
    'The n-th part of a document, each sealed by itself for its place, under the key kid of DATA_KEYS (NULL: in clear, no key was set up).';
-- sealed bytes do not get smaller
ALTER TABLE public.blob_part ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Deletes what is past its time, so many at most; how many?
CREATE FUNCTION public.blob_expire(most integer) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
        SELECT b.id
          FROM public.blob AS b
         WHERE b.expires_at <= now()
         ORDER BY b.expires_at
         LIMIT most
           FOR UPDATE SKIP LOCKED),
    gone AS (
        DELETE FROM public.blob AS b USING old WHERE b.id = old.id RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION public.blob_expire(integer) IS
    'Deletes documents that are past their time, so many at most; tells how many.';

-- ---- who may what ------------------------------------------------------------
-- Behind the wall that jobs are behind (0013): those of static keys and of the
-- desk itself have no tenant, and app.tenant_id = 0. A part is where its
-- document is.
ALTER TABLE public.blob ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.blob_part ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON public.blob TO comptoir_api, comptoir_jobs
    USING (coalesce(tenant_id, 0) = current_setting('app.tenant_id')::bigint)
    WITH CHECK (coalesce(tenant_id, 0) = current_setting('app.tenant_id')::bigint);
CREATE POLICY tenant_wall ON public.blob_part TO comptoir_api, comptoir_jobs
    USING (EXISTS (SELECT FROM public.blob AS b WHERE b.id = blob_id))
    WITH CHECK (EXISTS (SELECT FROM public.blob AS b WHERE b.id = blob_id));
CREATE POLICY all_tenants ON public.blob TO comptoir_worker USING (true) WITH CHECK (true);
CREATE POLICY all_tenants ON public.blob_part TO comptoir_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON public.blob, public.blob_part
      TO comptoir_jobs, comptoir_worker;
-- FOR UPDATE of what expires
GRANT UPDATE (expires_at) ON public.blob TO comptoir_jobs, comptoir_worker;
-- sealing anew
GRANT UPDATE (bytes, kid) ON public.blob_part TO comptoir_worker;
