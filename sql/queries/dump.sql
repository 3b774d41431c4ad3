-- Dumps of the database and of one tenant (migration 0016).

-- name: freeze
-- From here on the transaction sees one moment.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- name: snapshot
-- That moment's name, for pg_dump.
SELECT pg_export_snapshot() AS snapshot;

-- name: patience
-- A dump takes as long as it takes.
SELECT set_config('statement_timeout', '0', true), set_config('timezone', 'UTC', true);

-- name: about
-- What database is this, of which versions, and when?
SELECT (SELECT max(m.version) FROM public.schema_migrations AS m WHERE m.track = 'public') AS public_version,
       (SELECT coalesce(max(m.version), 0) FROM public.schema_migrations AS m WHERE m.track = 'tenant') AS tenant_version,
       current_setting('server_version') AS server,
       to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
       array_to_string(ARRAY(SELECT r.rolname FROM pg_roles AS r WHERE starts_with(r.rolname, 'comptoir_') ORDER BY 1), ',') AS roles;

-- name: sums
-- Rows and checksums of all tables, or of the parts of tenant $1.
SELECT s.part, s.n, s.checksum
  FROM public.dump_sums($1::bigint) AS s;

-- name: is_empty
-- Is there nothing in this database yet?
SELECT NOT EXISTS (SELECT
                     FROM pg_class AS c
                     JOIN pg_namespace AS n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'v')
                      AND n.nspname <> 'information_schema'
                      AND NOT starts_with(n.nspname, 'pg_')) AS is_empty;

-- name: want_roles
-- The roles that a dump grants rights to.
SELECT set_config('comptoir.roles', $1, true);

-- name: make_roles
-- Those that this server lacks.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY string_to_array(current_setting('comptoir.roles'), ',') LOOP
        IF name ~ '^comptoir_[a-z_]+$' AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
        END IF;
    END LOOP;
END
$$;

-- name: has_tenant
-- Is there such a tenant?
SELECT EXISTS (SELECT FROM public.tenants AS t WHERE t.id = $1::bigint) AS found;

-- name: open_part
-- The rows of one part of a tenant, to be fetched.
SELECT public.tenant_part_open($1::bigint, $2);

-- name: fetch_part
-- The next of them.
FETCH 64 FROM part;

-- name: close_part
-- No more of them.
CLOSE part;

-- name: make_schema
-- The tenant's own schema, empty.
SELECT public.tenant_schema_clone(public.tenant_schema_name($1::bigint));

-- name: hold
-- Before (true) and after (false) rows of a tenant are put back.
SELECT public.tenant_part_hold($1::bigint, $2::boolean);

-- name: put
-- One row of a part.
SELECT public.tenant_part_put($1::bigint, $2, $3::jsonb);
