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
