-- What /health tells an operator about the database's content.

-- name: facts
-- Which migration and which reference data are in force?
SELECT (SELECT coalesce(max(m.version), 0)
          FROM public.schema_migrations AS m
         WHERE m.track = 'public') AS migration,
       (SELECT coalesce(max(i.id), 0)
          FROM public.reference_import AS i) AS version,
       (SELECT to_char(max(i.imported_at) AT TIME ZONE 'UTC',
                       'YYYY-MM-DD"T"HH24:MI:SS"Z"')
          FROM public.reference_import AS i) AS imported_at,
       (SELECT to_char(max(t.valid_from), 'YYYY-MM-DD')
          FROM public.reference_trve AS t) AS trve_from,
       (SELECT max(p.month)
          FROM public.reference_prvg AS p
         WHERE p.abo_eur_an_ttc IS NOT NULL
           AND p.kwh_eur_ttc IS NOT NULL) AS prvg_month;
