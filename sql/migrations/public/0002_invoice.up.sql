-- What is remembered of analysed invoices, so that the next one of the same
-- point can be compared (CHK-22, 23, 24 and 35). Only with INVOICE_STORE and
-- RETENTION. Point, number and file are keyed hashes: without the operator's
-- HISTORY_KEY nobody can tell whose figures these are. The tables of jobs
-- (invoices, reports, invoice_jobs) may refer to id.

CREATE TABLE public.invoice_history (
    id           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner        text    NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
    energy       text    NOT NULL CHECK (energy IN ('electricite', 'gaz')),
    point_hash   text    NOT NULL CHECK (point_hash ~ '^[0-9a-f]{64}$'),
    file_hash    text    NOT NULL CHECK (file_hash ~ '^[0-9a-f]{64}$'),
    number_hash  text    CHECK (number_hash ~ '^[0-9a-f]{64}$'),
    paper        text    NOT NULL CHECK (paper IN ('', 'facture', 'regularisation', 'avoir')),
    replaces     boolean NOT NULL,
    issued       date,
    period_start date    NOT NULL,
    period_end   date    NOT NULL,
    kwh          bigint  CHECK (kwh BETWEEN 0 AND 1000000000),
    amount_cents bigint,
    prices       jsonb   NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(prices) = 'object'),
    offer_type   text    CHECK (offer_type IN ('fixe', 'indexe', 'reglemente')),
    offer_end    date,
    kept_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner, point_hash, energy, file_hash),
    CHECK (period_end >= period_start)
);
COMMENT ON TABLE public.invoice_history IS
    'Key figures of analysed invoices by owner and point; no name, number or point in clear.';
COMMENT ON COLUMN public.invoice_history.prices IS
    'Unit price of energy before VAT by register, millionths of a euro per kWh.';
CREATE INDEX invoice_history_by_age ON public.invoice_history (kept_at);

CREATE FUNCTION public.invoice_history_purge(days integer) RETURNS bigint
    LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM public.invoice_history
         WHERE kept_at <= now() - make_interval(days => days)
     RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION public.invoice_history_purge(integer) IS
    'Deletes what was kept for longer than so many days (0: all); tells how many rows.';

GRANT SELECT, INSERT, UPDATE, DELETE ON public.invoice_history TO comptoir_api;
