-- What comptoir's webhooks tell, one row a task, for a PostgreSQL of your own:
-- psql -d mydb -f schema-postgresql.sql. invoice_ready.php writes it.
CREATE TABLE invoice_ready (
    task_id              uuid        PRIMARY KEY,
    status               text        NOT NULL CHECK (status IN ('success', 'failure', 'cancelled')),
    user_id              bigint,     -- as you gave them with the order
    invoice_id           bigint,
    external_ref         text,
    energy_type          text,
    non_anonymous_pdf    bytea,      -- NULL: told by address, or no success
    non_anonymous_sha256 char(64),
    anonymous_pdf        bytea,
    anonymous_sha256     char(64),
    told                 jsonb       NOT NULL, -- all of it but the reports
    received_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invoice_ready_by_ref ON invoice_ready (external_ref);
CREATE INDEX invoice_ready_by_invoice ON invoice_ready (invoice_id);
