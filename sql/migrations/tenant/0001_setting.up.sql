-- Preferences that hold for the whole tenant. Like all of this track: names
-- without a schema, for this runs in template_tenant and in each tenant's.
CREATE TABLE setting (
    key        text   PRIMARY KEY CHECK (key ~ '^[a-z][a-z0-9_.]{0,63}$'),
    value      jsonb  NOT NULL CHECK (length(value::text) <= 10000),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by bigint
);
COMMENT ON TABLE setting IS 'Preferences of the tenant, read and written by /api/tenant/settings.';
COMMENT ON COLUMN setting.updated_by IS 'public.users.id; kept when the user is gone.';
GRANT SELECT, INSERT, UPDATE, DELETE ON setting TO comptoir_account;
GRANT SELECT ON setting TO comptoir_api, comptoir_admin;
