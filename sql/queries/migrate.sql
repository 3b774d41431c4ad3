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
