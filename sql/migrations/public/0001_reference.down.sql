-- Takes back 0001. The roles stay: other databases of the cluster may use
-- them; their rights here go with the tables.
DROP TABLE public.reference_check;
DROP TABLE public.reference_pattern;
DROP TABLE public.reference_supplier;
DROP TABLE public.reference_atrd;
DROP TABLE public.reference_turpe;
DROP TABLE public.reference_cta_computed;
DROP TABLE public.reference_cta;
DROP TABLE public.reference_vat;
DROP TABLE public.reference_excise;
DROP TABLE public.reference_prvg;
DROP TABLE public.reference_trve;
DROP TABLE public.reference_import;
DROP TABLE public.schema_migrations;
REVOKE USAGE ON SCHEMA public FROM comptoir_api, comptoir_readonly;
