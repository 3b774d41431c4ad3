-- Reference data of the invoice engine: tariffs, taxes, suppliers, patterns
-- and wordings. Responders only read it; comptoirctl and sql/admin change it.
-- Each table mirrors one TSV file of sql/seeds/energy; "position" keeps the
-- order of the file, because the first matching row counts.

CREATE TABLE public.schema_migrations (
    track      text        NOT NULL,
    version    integer     NOT NULL CHECK (version > 0),
    name       text        NOT NULL,
    checksum   text        NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text        NOT NULL DEFAULT session_user,
    PRIMARY KEY (track, version)
);
COMMENT ON TABLE public.schema_migrations IS
    'Applied migrations; the checksum is that of the .up.sql file.';

CREATE TABLE public.reference_import (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name  text        NOT NULL,
    origin      text        NOT NULL CHECK (origin IN ('seed', 'admin', 'test')),
    checksum    text        NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    row_count   integer     NOT NULL CHECK (row_count >= 0),
    imported_at timestamptz NOT NULL DEFAULT now(),
    imported_by text        NOT NULL,
    content     text        NOT NULL
);
COMMENT ON TABLE public.reference_import IS
    'Who replaced which reference table when, with the file itself; max(id) is the version of the reference data.';
CREATE INDEX reference_import_by_table ON public.reference_import (table_name, id);

CREATE TABLE public.reference_trve (
    position         integer PRIMARY KEY,
    valid_from       date NOT NULL,
    valid_to         date,
    option           text NOT NULL CHECK (option IN ('BASE', 'HPHC', 'TEMPO', 'EJP')),
    kva              integer NOT NULL CHECK (kva BETWEEN 1 AND 36),
    abo_eur_mois_ttc numeric CHECK (abo_eur_mois_ttc >= 0),
    abo_eur_an_ttc   numeric CHECK (abo_eur_an_ttc >= 0),
    kwh_base         numeric CHECK (kwh_base BETWEEN 0 AND 10),
    kwh_hp           numeric CHECK (kwh_hp BETWEEN 0 AND 10),
    kwh_hc           numeric CHECK (kwh_hc BETWEEN 0 AND 10),
    bleu_hc          numeric CHECK (bleu_hc BETWEEN 0 AND 10),
    bleu_hp          numeric CHECK (bleu_hp BETWEEN 0 AND 10),
    blanc_hc         numeric CHECK (blanc_hc BETWEEN 0 AND 10),
    blanc_hp         numeric CHECK (blanc_hp BETWEEN 0 AND 10),
    rouge_hc         numeric CHECK (rouge_hc BETWEEN 0 AND 10),
    rouge_hp         numeric CHECK (rouge_hp BETWEEN 0 AND 10),
    verified         text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source           text NOT NULL,
    note             text,
    UNIQUE (option, kva, valid_from),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE public.reference_trve IS
    'Regulated electricity tariff (TRVE), with VAT of the date.';

CREATE TABLE public.reference_prvg (
    position         integer PRIMARY KEY,
    month            text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    usage            text NOT NULL CHECK (usage IN ('chauffage', 'cuisson_ecs')),
    abo_eur_an_ttc   numeric CHECK (abo_eur_an_ttc >= 0),
    kwh_eur_ttc      numeric CHECK (kwh_eur_ttc BETWEEN 0 AND 10),
    kwh_eur_ht       numeric CHECK (kwh_eur_ht BETWEEN 0 AND 10),
    precision_digits integer,
    verified         text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source           text NOT NULL,
    note             text,
    UNIQUE (month, usage)
);
COMMENT ON TABLE public.reference_prvg IS
    'Gas price reference of a month (CRE, prix repère), with VAT.';

CREATE TABLE public.reference_excise (
    position         integer PRIMARY KEY,
    energy           text NOT NULL CHECK (energy IN ('elec', 'gaz')),
    category         text NOT NULL,
    valid_from       date NOT NULL,
    valid_to         date,
    rate_eur_mwh     numeric CHECK (rate_eur_mwh >= 0),
    label_on_invoice text,
    verified         text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source           text NOT NULL,
    note             text,
    UNIQUE (energy, category, valid_from),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE public.reference_excise IS
    'Excise on electricity and gas, euros per MWh.';

CREATE TABLE public.reference_vat (
    position   integer PRIMARY KEY,
    component  text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    rate_pct   numeric NOT NULL CHECK (rate_pct BETWEEN 0 AND 100),
    condition  text,
    verified   text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source     text NOT NULL,
    note       text,
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE public.reference_vat IS
    'VAT rates by component of the bill.';

CREATE TABLE public.reference_cta (
    position   integer PRIMARY KEY,
    energy     text NOT NULL CHECK (energy IN ('elec', 'gaz')),
    segment    text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    rate_pct   numeric CHECK (rate_pct BETWEEN 0 AND 100),
    base       text,
    verified   text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source     text NOT NULL,
    note       text,
    UNIQUE (energy, segment, valid_from),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE public.reference_cta IS
    'Contribution tarifaire d''acheminement, percent of the fixed part.';

CREATE TABLE public.reference_cta_computed (
    position             integer PRIMARY KEY,
    valid_from           date NOT NULL,
    valid_to             date,
    fta                  text NOT NULL,
    kva                  integer NOT NULL CHECK (kva > 0),
    turpe_fixe_eur_an_ht numeric CHECK (turpe_fixe_eur_an_ht >= 0),
    cta_rate_pct         numeric CHECK (cta_rate_pct >= 0),
    cta_eur_an_ht        numeric CHECK (cta_eur_an_ht >= 0),
    cta_eur_mois_ht      numeric CHECK (cta_eur_mois_ht >= 0),
    verified             text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    note                 text,
    UNIQUE (fta, kva, valid_from)
);
COMMENT ON TABLE public.reference_cta_computed IS
    'CTA of C5 sites computed from TURPE and rate.';

CREATE TABLE public.reference_turpe (
    position     integer PRIMARY KEY,
    valid_from   date NOT NULL,
    valid_to     date,
    fta          text NOT NULL,
    segment      text NOT NULL,
    cg_eur_an    numeric CHECK (cg_eur_an >= 0),
    cc_eur_an    numeric CHECK (cc_eur_an >= 0),
    b_eur_kva_an numeric CHECK (b_eur_kva_an >= 0),
    b_hph        numeric CHECK (b_hph >= 0),
    b_hch        numeric CHECK (b_hch >= 0),
    b_hpb        numeric CHECK (b_hpb >= 0),
    b_hcb        numeric CHECK (b_hcb >= 0),
    c_hph_cts    numeric CHECK (c_hph_cts >= 0),
    c_hch_cts    numeric CHECK (c_hch_cts >= 0),
    c_hpb_cts    numeric CHECK (c_hpb_cts >= 0),
    c_hcb_cts    numeric CHECK (c_hcb_cts >= 0),
    c_hp_cts     numeric CHECK (c_hp_cts >= 0),
    c_hc_cts     numeric CHECK (c_hc_cts >= 0),
    c_base_cts   numeric CHECK (c_base_cts >= 0),
    cmdps_eur_h  numeric CHECK (cmdps_eur_h >= 0),
    verified     text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source       text NOT NULL,
    note         text,
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE public.reference_turpe IS
    'Network tariff for electricity (TURPE).';

CREATE TABLE public.reference_atrd (
    position       integer PRIMARY KEY,
    valid_from     date NOT NULL,
    valid_to       date,
    option         text NOT NULL,
    car_min_kwh    bigint NOT NULL,
    car_max_kwh    bigint,
    abo_eur_an_ht  numeric CHECK (abo_eur_an_ht >= 0),
    var_eur_mwh_ht numeric CHECK (var_eur_mwh_ht >= 0),
    verified       text NOT NULL CHECK (verified IN ('yes', 'partial', 'no', 'derived')),
    source         text NOT NULL,
    note           text,
    UNIQUE (option, valid_from),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE public.reference_atrd IS
    'Network tariff for gas (ATRD of GRDF).';

CREATE TABLE public.reference_supplier (
    position        integer PRIMARY KEY,
    id              text NOT NULL UNIQUE,
    name            text NOT NULL,
    legal_names     text[] NOT NULL DEFAULT '{}',
    aliases         text[] NOT NULL DEFAULT '{}',
    siren           text CHECK (siren ~ '^[0-9]{9}$'),
    rcs_city        text,
    domains         text[] NOT NULL DEFAULT '{}',
    phones          text[] NOT NULL DEFAULT '{}',
    elec            boolean NOT NULL,
    gas             boolean NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('historique', 'alternatif', 'eld', 'pro', 'marque', 'grd', 'test')),
    status          text NOT NULL,
    labels_hint     text[] NOT NULL DEFAULT '{}',
    verified_fields text,
    sources         text,
    note            text
);
COMMENT ON TABLE public.reference_supplier IS
    'Suppliers and network operators (kind grd, never the supplier).';

CREATE TABLE public.reference_pattern (
    position integer PRIMARY KEY,
    id       text NOT NULL UNIQUE,
    regex    text NOT NULL,
    groups   text NOT NULL,
    note     text
);
COMMENT ON TABLE public.reference_pattern IS
    'PCRE2 patterns of the invoice reader.';

CREATE TABLE public.reference_check (
    position    integer PRIMARY KEY,
    id          text NOT NULL UNIQUE,
    "group"     text NOT NULL,
    severity    text NOT NULL CHECK (severity IN ('haute', 'moyenne', 'basse', 'info')),
    energy      text NOT NULL CHECK (energy IN ('all', 'elec', 'gaz')),
    audience    text NOT NULL CHECK (audience IN ('all', 'conso', 'pro')),
    formula     text,
    data        text,
    wording_fr  text NOT NULL,
    short_fr    text NOT NULL CHECK (length(short_fr) BETWEEN 1 AND 40),
    source      text NOT NULL,
    source_read text NOT NULL,
    caveat      text
);
COMMENT ON TABLE public.reference_check IS
    'Severity and wording of the checks; the rules are code.';

-- Who may do what. Roles belong to the whole cluster: another database may
-- have made them already. The login that migrates may take both.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['comptoir_api', 'comptoir_readonly'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
        END IF;
        IF NOT pg_has_role(session_user, role_name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', role_name, session_user);
        END IF;
    END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO comptoir_api, comptoir_readonly;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO comptoir_api, comptoir_readonly;
