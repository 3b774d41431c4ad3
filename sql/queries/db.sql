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
