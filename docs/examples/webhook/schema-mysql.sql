-- What comptoir's webhooks tell, one row a task, for a MySQL 8 or MariaDB 10.6
-- of your own: mysql mydb < schema-mysql.sql. invoice_ready.php writes it.
-- max_allowed_packet must hold both reports: 16 MiB or more.
CREATE TABLE invoice_ready (
    task_id              CHAR(36)     CHARACTER SET ascii PRIMARY KEY,
    status               VARCHAR(16)  NOT NULL CHECK (status IN ('success', 'failure', 'cancelled')),
    user_id              BIGINT       NULL, -- as you gave them with the order
    invoice_id           BIGINT       NULL,
    external_ref         VARCHAR(255) NULL,
    energy_type          VARCHAR(32)  NULL,
    non_anonymous_pdf    LONGBLOB     NULL, -- NULL: told by address, or no success
    non_anonymous_sha256 CHAR(64)     CHARACTER SET ascii NULL,
    anonymous_pdf        LONGBLOB     NULL,
    anonymous_sha256     CHAR(64)     CHARACTER SET ascii NULL,
    told                 JSON         NOT NULL, -- all of it but the reports
    received_at          TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    INDEX invoice_ready_by_ref (external_ref),
    INDEX invoice_ready_by_invoice (invoice_id)
) CHARACTER SET utf8mb4;
