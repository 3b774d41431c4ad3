-- What /health tells an operator about the database's content.

-- name: facts
-- Which migration and which reference data are in force, and until when? An
-- open electricity grid counts until the next 1 February or 1 August, as the
-- engine counts it (reference_load_finish).
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
           AND p.kwh_eur_ttc IS NOT NULL) AS prvg_month,
       u.electricity_until, u.gas_until,
       CASE WHEN u.electricity_until <> '' AND u.gas_until <> ''
            THEN least(u.electricity_until, u.gas_until) END AS data_until
  FROM (SELECT (SELECT to_char(max(coalesce(t.valid_to,
                       (CASE WHEN extract(month FROM t.valid_from) < 2
                             THEN date_trunc('year', t.valid_from) + interval '1 month'
                             WHEN extract(month FROM t.valid_from) < 8
                             THEN date_trunc('year', t.valid_from) + interval '7 months'
                             ELSE date_trunc('year', t.valid_from) + interval '13 months'
                        END)::date - 1)), 'YYYY-MM-DD')
                  FROM public.reference_trve AS t
                 WHERE t.option = 'BASE'
                   AND t.abo_eur_mois_ttc IS NOT NULL
                   AND t.kwh_base IS NOT NULL) AS electricity_until,
               (SELECT to_char((to_date(max(p.month), 'YYYY-MM') + interval '1 month')::date - 1,
                               'YYYY-MM-DD')
                  FROM public.reference_prvg AS p
                 WHERE p.abo_eur_an_ttc IS NOT NULL
                   AND p.kwh_eur_ttc IS NOT NULL) AS gas_until) AS u;
