-- Undoes 0018_blob_s3, unless a document is in the S3 store: it would be lost.

DO $$
BEGIN
    IF EXISTS (SELECT FROM public.blob AS b WHERE b.object IS NOT NULL) THEN
        RAISE EXCEPTION 'Documents are in the S3 store: set BLOB_STORE=postgres and wait for their end.';
    END IF;
END
$$;
DELETE FROM public.tenant_part WHERE name = 'blob_gone';
DROP TRIGGER blob_object_gone ON public.blob;
DROP FUNCTION public.blob_object_gone();
DROP TABLE public.blob_gone;
ALTER TABLE public.blob DROP COLUMN kid, DROP COLUMN object;
