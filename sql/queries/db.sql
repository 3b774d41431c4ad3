-- Statements of lib/store/db.c itself.

-- name: ping
-- Does the database answer?
SELECT 1;

-- name: take_role
-- Work with the rights of comptoir_<role> where that role exists and the
-- login may take it; otherwise the login's own rights stay.
SELECT set_config('role', r.rolname, false)
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname = 'comptoir_' || $1
   AND pg_catalog.pg_has_role(r.oid, 'MEMBER');

-- name: begin
BEGIN;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: forget_plans
-- A migration changed tables under prepared statements.
DEALLOCATE ALL;

-- name: enter_tenant
-- From here to the end of the transaction: this tenant's rows alone; no row
-- when it has no schema of its own ($2: whether one is asked for).
SELECT set_config('app.tenant_id', $1::bigint::text, true),
       CASE WHEN $2::boolean
            THEN set_config('search_path', quote_ident(s.name) || ', public, pg_temp', true) END
  FROM (SELECT public.tenant_schema_name($1::bigint) AS name) AS s
 WHERE NOT $2::boolean
    OR to_regnamespace(quote_ident(s.name)) IS NOT NULL;
