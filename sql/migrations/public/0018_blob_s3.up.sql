-- Documents whose bytes are an object in the S3 store (BLOB_STORE=s3,
-- docs/ops/scale.md); both kinds stand beside each other.

ALTER TABLE public.blob
    ADD COLUMN object text CHECK (object ~ '^blobs/[^/,]+/[0-9a-f]{2}/[0-9a-f-]{36}$'),
    ADD COLUMN kid    text CHECK (length(kid) BETWEEN 1 AND 64),
    ADD CHECK (kid IS NULL OR object IS NOT NULL);
COMMENT ON COLUMN public.blob.object IS
    'Key of its bytes in the S3 store, sealed part by part as in blob_part; NULL: they are in blob_part.';
CREATE UNIQUE INDEX blob_by_object ON public.blob (object) WHERE object IS NOT NULL;

CREATE TABLE public.blob_gone (
    object text        PRIMARY KEY,
    due_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.blob_gone IS
    'Objects that no document needs: to be deleted from the S3 store from due_at on.';
CREATE INDEX blob_gone_by_due ON public.blob_gone (due_at);

-- However a document is deleted, its object is in the same transaction.
CREATE FUNCTION public.blob_object_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.blob_gone AS g (object) VALUES (OLD.object)
        ON CONFLICT (object) DO UPDATE SET due_at = least(g.due_at, now());
    RETURN NULL;
END
$$;
CREATE TRIGGER blob_object_gone AFTER DELETE ON public.blob
    FOR EACH ROW WHEN (OLD.object IS NOT NULL)
    EXECUTE FUNCTION public.blob_object_gone();

INSERT INTO public.tenant_part (name, condition, note)
VALUES ('blob_gone', NULL, 'of the desk');

COMMENT ON COLUMN public.blob.kid IS
    'Key of DATA_KEYS that its object is sealed under; NULL: in clear, or it has none.';
GRANT SELECT, INSERT, DELETE, UPDATE (due_at) ON public.blob_gone TO comptoir_worker;
-- sealing anew
GRANT UPDATE (object, kid) ON public.blob TO comptoir_worker;
