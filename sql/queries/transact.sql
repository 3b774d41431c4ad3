-- Statements around a request's own.

-- name: tenant
-- For whom is this transaction? Row-level security compares with it.
SELECT set_config('app.tenant_id', $1, true);
