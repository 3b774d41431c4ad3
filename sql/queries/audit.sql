-- The audit trail.

-- name: append
-- This was done: tenant (NULL: the platform), actor, event, subject, facts.
SELECT public.audit_append($1::bigint, $2, $3, $4, $5::jsonb);
