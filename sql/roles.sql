-- Roles for a PostgreSQL server of your own: run once by a superuser,
--   psql -v ON_ERROR_STOP=1 -f sql/roles.sql
-- before the first migration (docs/ops/postgres.md). Running it again changes
-- nothing. comptoir_owner logs in; give it a password with
--   \password comptoir_owner
-- (stored as SCRAM-SHA-256) or let pg_hba.conf know it by peer. It may take
-- the role of every program; those own nothing and log in nowhere.

SET password_encryption = 'scram-sha-256';
DO $$
DECLARE
    name text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'comptoir_owner') THEN
        CREATE ROLE comptoir_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    FOREACH name IN ARRAY ARRAY['comptoir_api', 'comptoir_readonly', 'comptoir_auth',
        'comptoir_account', 'comptoir_license', 'comptoir_admin', 'comptoir_gate',
        'comptoir_worker', 'comptoir_jobs', 'comptoir_events'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
        END IF;
        EXECUTE format('GRANT %I TO comptoir_owner', name);
        -- for the day one of them logs in by itself
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''10s''', name);
        EXECUTE format('ALTER ROLE %I SET lock_timeout = ''2s''', name);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''15s''', name);
    END LOOP;
END
$$;
