-- Reference data: what responders read, and what comptoirctl imports.
-- Column names are those of the TSV files, so that both feed the same code.

-- name: version
-- Which reference data is this? Changes with every import.
SELECT coalesce(max(id), 0) AS version
  FROM public.reference_import;

-- name: select_trve
-- Regulated electricity tariff (TRVE), with VAT of the date.
SELECT valid_from, valid_to, option, kva, abo_eur_mois_ttc, kwh_base,
       kwh_hp, kwh_hc, bleu_hc, bleu_hp, blanc_hc, blanc_hp, rouge_hc,
       rouge_hp, verified
  FROM public.reference_trve
 ORDER BY position;

-- name: select_prvg
-- Gas price reference of a month (CRE, prix repère), with VAT.
SELECT month, usage, abo_eur_an_ttc, kwh_eur_ttc, verified
  FROM public.reference_prvg
 ORDER BY position;

-- name: select_excise
-- Excise on electricity and gas, euros per MWh.
SELECT energy, category, valid_from, valid_to, rate_eur_mwh, verified
  FROM public.reference_excise
 ORDER BY position;

-- name: select_vat
-- VAT rates by component of the bill.
SELECT component, valid_from, valid_to, rate_pct, condition, verified
  FROM public.reference_vat
 ORDER BY position;

-- name: select_cta
-- Contribution on the fixed part of network tariffs, percent.
SELECT energy, segment, valid_from, valid_to, rate_pct, verified
  FROM public.reference_cta
 ORDER BY position;

-- name: select_turpe
-- Network tariff for electricity: fixed parts and prices a kWh.
SELECT valid_from, valid_to, fta, segment, cg_eur_an, cc_eur_an, b_eur_kva_an,
       b_hph, b_hch, b_hpb, b_hcb, c_hph_cts, c_hch_cts, c_hpb_cts, c_hcb_cts,
       c_hp_cts, c_hc_cts, c_base_cts, verified
  FROM public.reference_turpe
 ORDER BY position;

-- name: select_atrd
-- Network tariff for gas of GRDF: classes by annual consumption.
SELECT valid_from, valid_to, option, car_min_kwh, car_max_kwh, abo_eur_an_ht,
       verified
  FROM public.reference_atrd
 ORDER BY position;

-- name: select_offer
-- Offers that the operator has loaded, and on which day.
SELECT o.energy, o.option, o.kva, o.abo_mois_ttc, o.kwh_base, o.kwh_hp,
       o.kwh_hc, o.valid_from, o.valid_to,
       (SELECT to_char(max(i.imported_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD')
          FROM public.reference_import AS i
         WHERE i.table_name = 'offers') AS loaded
  FROM public.reference_offer AS o
 ORDER BY o.position;

-- name: select_supplier
-- Suppliers and network operators (kind grd, never the supplier).
SELECT id, name, array_to_string(legal_names, '|') AS legal_names,
       array_to_string(aliases, '|') AS aliases, siren,
       array_to_string(domains, '|') AS domains,
       array_to_string(phones, '|') AS phones,
       CASE WHEN elec THEN 'y' ELSE 'n' END AS elec,
       CASE WHEN gas THEN 'y' ELSE 'n' END AS gas, kind,
       array_to_string(labels_hint, '|') AS labels_hint
  FROM public.reference_supplier
 ORDER BY position;

-- name: select_pattern
-- PCRE2 patterns of the invoice reader.
SELECT id, regex, groups
  FROM public.reference_pattern
 ORDER BY position;

-- name: select_check
-- Severity and wording of the checks; the rules are code.
SELECT id, "group", severity, energy, audience, wording_fr, short_fr,
       source, source_read
  FROM public.reference_check
 ORDER BY position;
