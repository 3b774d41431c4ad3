-- Undoes 0014_blob; stored documents are gone.

DROP FUNCTION public.blob_expire(integer);
DROP TABLE public.blob_part;
DROP TABLE public.blob;
