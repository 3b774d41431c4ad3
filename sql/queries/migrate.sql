-- Statements of comptoirctl migrate.

-- name: lock
-- One host at a time; the others wait up to a minute, then look again.
SELECT set_config('lock_timeout', '60s', true),
       set_config('statement_timeout', '10min', true),
       pg_advisory_xact_lock(hashtextextended('comptoir migrate', 0));

-- name: impatience
-- A migration must not wait long behind a reader while others queue up.
SELECT set_config('lock_timeout', '5s', true);

-- name: exists
-- Has anything been applied to this database?
SELECT to_regclass('public.schema_migrations') IS NOT NULL AS found;

-- name: applied
-- What has been applied to a track, oldest first?
SELECT version, name, checksum, applied_by,
       to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS applied_at
  FROM public.schema_migrations
 WHERE track = $1
 ORDER BY version;

-- name: note
-- Remembers an applied migration: track, version, name, checksum.
INSERT INTO public.schema_migrations (track, version, name, checksum)
VALUES ($1, $2::integer, $3, $4);

-- name: forget
-- Before a migration is taken back.
DELETE FROM public.schema_migrations
 WHERE track = $1
   AND version = $2::integer;

-- ---- tenant schemas ----------------------------------------------------------

-- name: engine
-- Is the database far enough for the tenant track (0009)?
SELECT to_regclass('public.tenant_schema_version') IS NOT NULL AS found;

-- name: settings
-- Takes over prefix and cap; no row when the prefix differs while tenants
-- have schemas under the old one.
UPDATE public.tenant_schema_settings AS s
   SET prefix = $1,
       max_schemas = $2::integer
 WHERE s.prefix = $1
    OR NOT EXISTS (SELECT FROM public.tenant_schema_version)
RETURNING s.prefix;

-- name: template_lock
-- No schema is cloned while the template changes.
SELECT pg_advisory_xact_lock(hashtextextended('comptoir template', 0));

-- name: tenant_impatience
-- A busy tenant is tried again later rather than waited for.
SELECT set_config('lock_timeout', '2s', true);

-- name: enter
-- The names of the tenant track carry no schema: this one is meant.
SELECT set_config('search_path', quote_ident($1), true);

-- name: savepoint
SAVEPOINT tenant;

-- name: release
RELEASE SAVEPOINT tenant;

-- name: undo
ROLLBACK TO SAVEPOINT tenant;

-- name: template_renew
-- New tenants get what the template holds now.
UPDATE public.tenant_schema_script
   SET script = public.tenant_schema_draft();

-- name: template_try
-- A copy of the template, to see that it can be copied (and rolled back).
SELECT public.tenant_schema_clone('template_tenant_trial');

-- name: canary
-- Who goes first: the one asked for, else the oldest that never failed.
SELECT v.tenant_id, public.tenant_schema_name(v.tenant_id) AS schema_name, v.version
  FROM public.tenant_schema_version AS v
 WHERE CASE WHEN $2::boolean THEN v.version > $1::integer ELSE v.version < $1::integer END
   AND coalesce(v.tenant_id = nullif($3::bigint, 0), true)
 ORDER BY v.error IS NOT NULL, v.tenant_id
 LIMIT 1;

-- name: behind
-- Whose schema is not at version $1 yet, from tenant $3 on: above it when a
-- migration is taken back ($2), else below.
SELECT v.tenant_id, public.tenant_schema_name(v.tenant_id) AS schema_name, v.version
  FROM public.tenant_schema_version AS v
 WHERE CASE WHEN $2::boolean THEN v.version > $1::integer ELSE v.version < $1::integer END
   AND v.tenant_id > $3::bigint
 ORDER BY v.tenant_id
 LIMIT $4::integer;

-- name: tenant_exists
-- Has this tenant a schema?
SELECT v.version
  FROM public.tenant_schema_version AS v
 WHERE v.tenant_id = $1::bigint;

-- name: tenant_note
-- A tenant's schema has come to a version.
UPDATE public.tenant_schema_version AS v
   SET version = $2::integer,
       checksum = $3,
       upgraded_at = now(),
       error = NULL,
       failed_at = NULL
 WHERE v.tenant_id = $1::bigint;

-- name: tenant_failed
-- Why a tenant's schema could not be brought there.
UPDATE public.tenant_schema_version AS v
   SET error = left($2, 500),
       failed_at = now()
 WHERE v.tenant_id = $1::bigint;

-- name: tenant_failures
-- Which tenants' schemas failed since they were last well?
SELECT v.tenant_id, v.version, v.error
  FROM public.tenant_schema_version AS v
 WHERE v.error IS NOT NULL
 ORDER BY v.tenant_id
 LIMIT 20;

-- name: tenant_waiting
-- Tenants without a schema get one, oldest first, as far as the cap allows.
SELECT count(*) FILTER (WHERE public.tenant_schema_create(t.id)) AS made
  FROM (SELECT w.id
          FROM public.tenants AS w
         WHERE NOT w.has_schema
           AND w.is_active
         ORDER BY w.id
         LIMIT $1::integer) AS t;

-- name: tenant_state
-- How many tenant schemas there are, and how many are where the template is.
SELECT t.version AS template, count(v.tenant_id) AS schemas,
       count(v.tenant_id) FILTER (WHERE v.version = t.version) AS there,
       count(v.error) AS failed,
       (SELECT count(*) FROM public.tenants AS w WHERE NOT w.has_schema) AS waiting
  FROM (SELECT coalesce(max(m.version), 0) AS version
          FROM public.schema_migrations AS m
         WHERE m.track = 'tenant') AS t
  LEFT JOIN public.tenant_schema_version AS v ON true
 GROUP BY t.version;

-- name: tenant_troubles
-- Which tenants' schemas are not as the template, by what is noted of them?
SELECT coalesce(v.tenant_id, t.id) AS tenant_id,
       CASE WHEN v.tenant_id IS NULL THEN 'is said to have a schema and has none'
            WHEN n.oid IS NULL THEN 'has lost its schema'
            WHEN NOT t.has_schema THEN 'has a schema that its row does not tell of'
            WHEN v.error IS NOT NULL THEN 'failed: ' || v.error
            WHEN v.version <> s.version THEN format('is at %s, the template at %s', v.version, s.version)
            ELSE 'was brought to its version by a file that was edited since' END AS trouble
  FROM public.tenants AS t
  FULL JOIN public.tenant_schema_version AS v ON v.tenant_id = t.id
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = public.tenant_schema_name(v.tenant_id)
  LEFT JOIN public.schema_migrations AS m ON m.track = 'tenant' AND m.version = v.version
 CROSS JOIN (SELECT coalesce(max(x.version), 0) AS version
               FROM public.schema_migrations AS x
              WHERE x.track = 'tenant') AS s
 WHERE (v.tenant_id IS NULL AND t.has_schema)
    OR (v.tenant_id IS NOT NULL
        AND (n.oid IS NULL OR NOT t.has_schema OR v.error IS NOT NULL OR v.version <> s.version
             OR v.checksum <> coalesce(m.checksum, '')))
 ORDER BY 1
 LIMIT 20;

-- name: plain_names
-- The catalogue writes every name with its schema when none is searched.
SELECT set_config('search_path', 'pg_catalog', true),
       set_config('statement_timeout', '10min', true);

-- name: script_is_fresh
-- Would a new tenant get what the template holds?
SELECT s.script = public.tenant_schema_draft() AS fresh
  FROM public.tenant_schema_script AS s;

-- name: drift
-- Where do tenants' schemas differ from the template at the same version?
-- Fingerprints find the few that do; only those are compared by object.
WITH tenant AS (
    SELECT v.tenant_id, public.tenant_schema_name(v.tenant_id) AS schema_name
      FROM public.tenant_schema_version AS v
     WHERE v.version = (SELECT coalesce(max(m.version), 0)
                          FROM public.schema_migrations AS m
                         WHERE m.track = 'tenant')),
object AS MATERIALIZED (
    SELECT o.schema_name,
           public.schema_renamed(concat_ws(' ', o.kind, nullif(o.parent, ''), o.name),
                                 o.schema_name, '@') AS object,
           md5(public.schema_renamed(o.definition, o.schema_name, '@')) AS digest
      FROM public.schema_object AS o
     WHERE o.schema_name = 'template_tenant'
        OR o.schema_name IN (SELECT t.schema_name FROM tenant AS t)),
print AS (
    SELECT o.schema_name, md5(string_agg(o.object || o.digest, ',' ORDER BY o.object)) AS print
      FROM object AS o
     GROUP BY o.schema_name),
drifted AS (
    SELECT t.tenant_id, t.schema_name
      FROM tenant AS t
      LEFT JOIN print AS p ON p.schema_name = t.schema_name
     WHERE p.print IS DISTINCT FROM (SELECT q.print FROM print AS q WHERE q.schema_name = 'template_tenant'))
SELECT d.tenant_id, x.object, x.what
  FROM drifted AS d
 CROSS JOIN LATERAL (
       SELECT coalesce(w.object, h.object) AS object,
              CASE WHEN h.object IS NULL THEN 'is missing'
                   WHEN w.object IS NULL THEN 'is not in the template'
                   ELSE 'differs' END AS what
         FROM (SELECT o.object, o.digest FROM object AS o WHERE o.schema_name = 'template_tenant') AS w
         FULL JOIN (SELECT o.object, o.digest FROM object AS o WHERE o.schema_name = d.schema_name) AS h
           ON h.object = w.object
        WHERE w.digest IS DISTINCT FROM h.digest) AS x
 ORDER BY d.tenant_id, x.object
 LIMIT 200;

-- ---- generate and reset ------------------------------------------------------

-- name: objects
-- What a schema holds, in the order in which it can be made; names of the
-- tenant track carry no schema.
SELECT o.kind, replace(o.parent, s.strip, '') AS parent, replace(o.name, s.strip, '') AS name,
       replace(o.definition, s.strip, '') AS definition,
       replace(o.create_sql, s.strip, '') AS create_sql,
       replace(o.drop_sql, s.strip, '') AS drop_sql,
       replace(o.alter_sql, s.strip, '') AS alter_sql
  FROM public.schema_object AS o
 CROSS JOIN (SELECT CASE $1 WHEN 'template_tenant' THEN 'template_tenant.' ELSE '' END AS strip) AS s
 WHERE o.schema_name = $1
   AND o.parent <> 'SCHEMA template_tenant'
 ORDER BY o.place, o.turn, o.parent, o.name;

-- name: later_bodies
-- In drafts: functions are made before the tables that they read.
SET LOCAL check_function_bodies = off;

-- name: database_name
-- Which database is this?
SELECT current_database() AS name;

-- name: scratch_drop
-- What an earlier draft left behind.
DROP DATABASE IF EXISTS comptoir_draft;

-- name: scratch_create
-- A database for the migrations alone, to compare with.
CREATE DATABASE comptoir_draft TEMPLATE template0 ENCODING 'UTF8';

-- name: reset_some
-- Drops up to fifty schemas of any name but the system's and public.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT n.nspname
                  FROM pg_catalog.pg_namespace AS n
                 WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
                 LIMIT 50 LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END
$$;

-- name: reset_left
-- How many schemas of ours are left?
SELECT count(*) AS n
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname !~ '^pg_'
   AND n.nspname NOT IN ('information_schema', 'public');

-- name: reset_public
-- An empty public schema, as in a new database.
DO $$
BEGIN
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
END
$$;
