-- Real offers that the operator may load; empty as shipped.
CREATE TABLE public.reference_offer (
    position     integer PRIMARY KEY,
    id           text NOT NULL UNIQUE,
    label        text NOT NULL,
    energy       text NOT NULL CHECK (energy IN ('elec', 'gaz')),
    option       text CHECK (option IN ('BASE', 'HPHC', 'T1', 'T2')),
    kva          integer CHECK (kva BETWEEN 1 AND 36),
    abo_mois_ttc numeric NOT NULL CHECK (abo_mois_ttc BETWEEN 0 AND 1000),
    kwh_base     numeric CHECK (kwh_base BETWEEN 0 AND 10),
    kwh_hp       numeric CHECK (kwh_hp BETWEEN 0 AND 10),
    kwh_hc       numeric CHECK (kwh_hc BETWEEN 0 AND 10),
    valid_from   date NOT NULL,
    valid_to     date,
    source       text,
    CHECK (valid_to >= valid_from),
    CHECK (energy = 'gaz' OR (option IN ('BASE', 'HPHC') AND kva IS NOT NULL)),
    CHECK (energy = 'elec' OR coalesce(option, 'T1') IN ('T1', 'T2'))
);
COMMENT ON TABLE public.reference_offer IS
    'Offers on the market, with VAT; when there are any, savings are computed against the cheapest valid one.';
GRANT SELECT ON public.reference_offer TO comptoir_api, comptoir_readonly;
