-- Sealing anew what DATA_KEYS seal when their first changes (lib/domain/reseal.c,
-- docs/ops/keys.md): what the worker needs for it beyond its own tables.

-- The name of the key that a text is sealed under; '' when it is in clear.
CREATE FUNCTION public.sealed_kid(stored text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN stored IS NOT NULL
                THEN coalesce(substring(stored FROM '^s1\.([A-Za-z0-9_-]+)\.'), '') END;

-- The sealed columns of users, and nothing else of them.
CREATE POLICY reseal ON public.users TO comptoir_worker USING (true) WITH CHECK (true);
GRANT SELECT (id, siret, vat_number, phone), UPDATE (siret, vat_number, phone)
      ON public.users TO comptoir_worker;
