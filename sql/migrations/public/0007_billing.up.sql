-- What was used and what it costs; answers kept for requests that are sent
-- again (docs/BILLING.md).

-- ---- Idempotency-Key -------------------------------------------------------

CREATE TABLE public.idempotency (
    owner        text    NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
    route        text    NOT NULL CHECK (length(route) BETWEEN 1 AND 200),
    key_hash     text    NOT NULL CHECK (key_hash ~ '^[0-9a-f]{64}$'),
    fingerprint  text    NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    status       integer CHECK (status BETWEEN 200 AND 399),
    content_type text    CHECK (length(content_type) <= 200),
    answer       text,
    holder       text    CHECK (length(holder) <= 80),
    locked_until timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, route, key_hash),
    CHECK ((status IS NULL) = (answer IS NULL)),
    CHECK ((status IS NULL) = (holder IS NOT NULL)),
    CHECK ((status IS NULL) = (locked_until IS NOT NULL))
);
COMMENT ON TABLE public.idempotency IS
    'Answers by Idempotency-Key, sealed under a key that comes from the client''s own; without status: still at work.';
-- sealed text does not get smaller
ALTER TABLE public.idempotency ALTER COLUMN answer SET STORAGE EXTERNAL;
CREATE INDEX idempotency_by_age ON public.idempotency (created_at);

CREATE FUNCTION public.idempotency_purge(hours integer) RETURNS bigint
    LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM public.idempotency
         WHERE created_at <= now() - make_interval(hours => hours)
     RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION public.idempotency_purge(integer) IS
    'Forgets answers older than so many hours (0: all); tells how many.';

GRANT SELECT, INSERT, UPDATE, DELETE ON public.idempotency
      TO comptoir_api, comptoir_auth, comptoir_account, comptoir_license, comptoir_admin;
