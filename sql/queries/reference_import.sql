-- Replacing reference tables: statements of comptoirctl reference.

-- name: patience
-- Waits up to a minute for another import or migration to finish.
SELECT set_config('lock_timeout', '60s', true),
       set_config('statement_timeout', '10min', true),
       pg_advisory_xact_lock(hashtextextended('comptoir migrate', 0));

-- name: last
-- How was this table last filled?
SELECT origin, checksum, row_count, imported_by,
       to_char(imported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS imported_at
  FROM public.reference_import
 WHERE table_name = $1
   AND origin <> 'test'
 ORDER BY id DESC
 LIMIT 1;

-- name: note
-- Remembers an import: table, origin, checksum, rows, who, the file.
INSERT INTO public.reference_import
       (table_name, origin, checksum, row_count, imported_by, content)
VALUES ($1, $2, $3, $4::integer, $5, $6);

-- name: history
-- Who replaced what, newest first?
SELECT id, to_char(imported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS imported_at,
       table_name, origin, row_count, left(checksum, 12) AS checksum, imported_by
  FROM public.reference_import
 ORDER BY id DESC
 LIMIT 200;

-- name: content
-- The file of one import, to bring an old version back.
SELECT table_name, content, origin
  FROM public.reference_import
 WHERE id = $1::bigint;

-- name: current
-- The file that a table was last filled from, fictional rows aside.
SELECT content
  FROM public.reference_import
 WHERE table_name = $1
   AND origin <> 'test'
 ORDER BY id DESC
 LIMIT 1;

-- name: clear_test
-- Takes the fictional suppliers out again.
DELETE FROM public.reference_supplier WHERE kind = 'test';

-- name: clear_trve
-- Makes room for a new trve_bleu_residentiel.tsv.
DELETE FROM public.reference_trve;

-- name: import_trve
-- Takes the rows of trve_bleu_residentiel.tsv as one JSON array.
INSERT INTO public.reference_trve
       (position, valid_from, valid_to, option, kva, abo_eur_mois_ttc,
        abo_eur_an_ttc, kwh_base, kwh_hp, kwh_hc, bleu_hc, bleu_hp, blanc_hc,
        blanc_hp, rouge_hc, rouge_hp, verified, source, note)
SELECT t.position, t.valid_from, t.valid_to, t.option, t.kva,
       t.abo_eur_mois_ttc, t.abo_eur_an_ttc, t.kwh_base, t.kwh_hp, t.kwh_hc,
       t.bleu_hc, t.bleu_hp, t.blanc_hc, t.blanc_hp, t.rouge_hc, t.rouge_hp,
       t.verified, t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, valid_from date, valid_to date, option text,
       kva integer, abo_eur_mois_ttc numeric, abo_eur_an_ttc numeric,
       kwh_base numeric, kwh_hp numeric, kwh_hc numeric, bleu_hc numeric,
       bleu_hp numeric, blanc_hc numeric, blanc_hp numeric, rouge_hc numeric,
       rouge_hp numeric, verified text, source text, note text);

-- name: clear_prvg
-- Makes room for a new prvg_gaz_cre.tsv.
DELETE FROM public.reference_prvg;

-- name: import_prvg
-- Takes the rows of prvg_gaz_cre.tsv as one JSON array.
INSERT INTO public.reference_prvg
       (position, month, usage, abo_eur_an_ttc, kwh_eur_ttc, kwh_eur_ht,
        precision_digits, verified, source, note)
SELECT t.position, t.month, t.usage, t.abo_eur_an_ttc, t.kwh_eur_ttc,
       t.kwh_eur_ht, t.precision_digits, t.verified, t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, month text, usage text, abo_eur_an_ttc numeric,
       kwh_eur_ttc numeric, kwh_eur_ht numeric, precision_digits integer,
       verified text, source text, note text);

-- name: clear_excise
-- Makes room for a new accises.tsv.
DELETE FROM public.reference_excise;

-- name: import_excise
-- Takes the rows of accises.tsv as one JSON array.
INSERT INTO public.reference_excise
       (position, energy, category, valid_from, valid_to, rate_eur_mwh,
        label_on_invoice, verified, source, note)
SELECT t.position, t.energy, t.category, t.valid_from, t.valid_to,
       t.rate_eur_mwh, t.label_on_invoice, t.verified, t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, energy text, category text, valid_from date,
       valid_to date, rate_eur_mwh numeric, label_on_invoice text,
       verified text, source text, note text);

-- name: clear_vat
-- Makes room for a new tva.tsv.
DELETE FROM public.reference_vat;

-- name: import_vat
-- Takes the rows of tva.tsv as one JSON array.
INSERT INTO public.reference_vat
       (position, component, valid_from, valid_to, rate_pct, condition,
        verified, source, note)
SELECT t.position, t.component, t.valid_from, t.valid_to, t.rate_pct,
       t.condition, t.verified, t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, component text, valid_from date, valid_to date,
       rate_pct numeric, condition text, verified text, source text,
       note text);

-- name: clear_cta
-- Makes room for a new cta.tsv.
DELETE FROM public.reference_cta;

-- name: import_cta
-- Takes the rows of cta.tsv as one JSON array.
INSERT INTO public.reference_cta
       (position, energy, segment, valid_from, valid_to, rate_pct, base,
        verified, source, note)
SELECT t.position, t.energy, t.segment, t.valid_from, t.valid_to, t.rate_pct,
       t.base, t.verified, t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, energy text, segment text, valid_from date,
       valid_to date, rate_pct numeric, base text, verified text,
       source text, note text);

-- name: clear_cta_computed
-- Makes room for a new cta_elec_computed.tsv.
DELETE FROM public.reference_cta_computed;

-- name: import_cta_computed
-- Takes the rows of cta_elec_computed.tsv as one JSON array.
INSERT INTO public.reference_cta_computed
       (position, valid_from, valid_to, fta, kva, turpe_fixe_eur_an_ht,
        cta_rate_pct, cta_eur_an_ht, cta_eur_mois_ht, verified, note)
SELECT t.position, t.valid_from, t.valid_to, t.fta, t.kva,
       t.turpe_fixe_eur_an_ht, t.cta_rate_pct, t.cta_eur_an_ht,
       t.cta_eur_mois_ht, t.verified, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, valid_from date, valid_to date, fta text,
       kva integer, turpe_fixe_eur_an_ht numeric, cta_rate_pct numeric,
       cta_eur_an_ht numeric, cta_eur_mois_ht numeric, verified text,
       note text);

-- name: clear_turpe
-- Makes room for a new turpe.tsv.
DELETE FROM public.reference_turpe;

-- name: import_turpe
-- Takes the rows of turpe.tsv as one JSON array.
INSERT INTO public.reference_turpe
       (position, valid_from, valid_to, fta, segment, cg_eur_an, cc_eur_an,
        b_eur_kva_an, b_hph, b_hch, b_hpb, b_hcb, c_hph_cts, c_hch_cts,
        c_hpb_cts, c_hcb_cts, c_hp_cts, c_hc_cts, c_base_cts, cmdps_eur_h,
        verified, source, note)
SELECT t.position, t.valid_from, t.valid_to, t.fta, t.segment, t.cg_eur_an,
       t.cc_eur_an, t.b_eur_kva_an, t.b_hph, t.b_hch, t.b_hpb, t.b_hcb,
       t.c_hph_cts, t.c_hch_cts, t.c_hpb_cts, t.c_hcb_cts, t.c_hp_cts,
       t.c_hc_cts, t.c_base_cts, t.cmdps_eur_h, t.verified, t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, valid_from date, valid_to date, fta text,
       segment text, cg_eur_an numeric, cc_eur_an numeric,
       b_eur_kva_an numeric, b_hph numeric, b_hch numeric, b_hpb numeric,
       b_hcb numeric, c_hph_cts numeric, c_hch_cts numeric,
       c_hpb_cts numeric, c_hcb_cts numeric, c_hp_cts numeric,
       c_hc_cts numeric, c_base_cts numeric, cmdps_eur_h numeric,
       verified text, source text, note text);

-- name: clear_atrd
-- Makes room for a new atrd_grdf.tsv.
DELETE FROM public.reference_atrd;

-- name: import_atrd
-- Takes the rows of atrd_grdf.tsv as one JSON array.
INSERT INTO public.reference_atrd
       (position, valid_from, valid_to, option, car_min_kwh, car_max_kwh,
        abo_eur_an_ht, var_eur_mwh_ht, verified, source, note)
SELECT t.position, t.valid_from, t.valid_to, t.option, t.car_min_kwh,
       t.car_max_kwh, t.abo_eur_an_ht, t.var_eur_mwh_ht, t.verified,
       t.source, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, valid_from date, valid_to date, option text,
       car_min_kwh bigint, car_max_kwh bigint, abo_eur_an_ht numeric,
       var_eur_mwh_ht numeric, verified text, source text, note text);

-- name: clear_offer
-- Makes room for a new offers.tsv.
DELETE FROM public.reference_offer;

-- name: import_offer
-- Takes the rows of offers.tsv as one JSON array.
INSERT INTO public.reference_offer
       (position, id, label, energy, option, kva, abo_mois_ttc, kwh_base,
        kwh_hp, kwh_hc, valid_from, valid_to, source)
SELECT t.position, t.id, t.label, t.energy, t.option, t.kva, t.abo_mois_ttc,
       t.kwh_base, t.kwh_hp, t.kwh_hc, t.valid_from, t.valid_to, t.source
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, id text, label text, energy text, option text,
       kva integer, abo_mois_ttc numeric, kwh_base numeric, kwh_hp numeric,
       kwh_hc numeric, valid_from date, valid_to date, source text);

-- name: clear_supplier
-- Makes room for a new suppliers.tsv (test suppliers stay).
DELETE FROM public.reference_supplier WHERE kind <> 'test';

-- name: import_supplier
-- Takes the rows of suppliers.tsv as one JSON array.
INSERT INTO public.reference_supplier
       (position, id, name, legal_names, aliases, siren, rcs_city, domains,
        phones, elec, gas, kind, status, labels_hint, verified_fields,
        sources, note)
SELECT t.position, t.id, t.name,
       coalesce(string_to_array(t.legal_names, '|'), '{}'),
       coalesce(string_to_array(t.aliases, '|'), '{}'), t.siren, t.rcs_city,
       coalesce(string_to_array(t.domains, '|'), '{}'),
       coalesce(string_to_array(t.phones, '|'), '{}'), t.elec = 'y',
       t.gas = 'y', t.kind, t.status,
       coalesce(string_to_array(t.labels_hint, '|'), '{}'),
       t.verified_fields, t.sources, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, id text, name text, legal_names text, aliases text,
       siren text, rcs_city text, domains text, phones text, elec text,
       gas text, kind text, status text, labels_hint text,
       verified_fields text, sources text, note text);

-- name: clear_pattern
-- Makes room for a new patterns.tsv.
DELETE FROM public.reference_pattern;

-- name: import_pattern
-- Takes the rows of patterns.tsv as one JSON array.
INSERT INTO public.reference_pattern
       (position, id, regex, groups, note)
SELECT t.position, t.id, t.regex, t.groups, t.note
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, id text, regex text, groups text, note text);

-- name: clear_check
-- Makes room for a new checks.tsv.
DELETE FROM public.reference_check;

-- name: import_check
-- Takes the rows of checks.tsv as one JSON array.
INSERT INTO public.reference_check
       (position, id, "group", severity, energy, audience, formula, data,
        wording_fr, short_fr, source, source_read, caveat)
SELECT t.position, t.id, t."group", t.severity, t.energy, t.audience,
       t.formula, t.data, t.wording_fr, t.short_fr, t.source, t.source_read,
       t.caveat
  FROM jsonb_to_recordset($1::jsonb) AS t(
       position integer, id text, "group" text, severity text, energy text,
       audience text, formula text, data text, wording_fr text,
       short_fr text, source text, source_read text, caveat text);
