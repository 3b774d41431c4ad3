-- Takes back 0009; not while tenants have schemas, which hold their data.
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.tenant_schema_version) THEN
        RAISE EXCEPTION 'tenants still have schemas: drop them first (tenant_schema_drop)';
    END IF;
END
$$;
DROP FUNCTION public.tenant_schema_drop(bigint);
DROP FUNCTION public.tenant_schema_create(bigint);
DROP FUNCTION public.tenant_schema_clone(text);
DROP FUNCTION public.tenant_schema_draft();
DROP TABLE public.tenant_schema_script;
DROP FUNCTION public.schema_renamed(text, text, text);
DROP VIEW public.schema_object;
DROP VIEW public.schema_other;
DROP VIEW public.schema_column;
DROP VIEW public.schema_relation;
DROP FUNCTION public.tenant_schema_name(bigint);
DROP SCHEMA template_tenant CASCADE;
DELETE FROM public.schema_migrations WHERE track = 'tenant';
DROP TABLE public.tenant_schema_version;
DROP TABLE public.tenant_schema_settings;
