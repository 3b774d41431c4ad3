-- Webhooks: what is told to whom, every try of it, and how each receiver does
-- (docs/WEBHOOKS.md). Each delivery is carried by a job of kind webhook (0013),
-- its body is a blob (0014): every try sends the same bytes.
-- SQLSTATE P0002: there is no such row; 55000: its state does not allow it.

-- A receiver: scheme, host and port of an owner's addresses. One that fails ten
-- times in a row is left alone for an hour, one that only failed for five days
-- or answered 410 for good (the worker tells the numbers).
CREATE TABLE public.webhook_endpoint (
    id              bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner           text    NOT NULL COLLATE "C" CHECK (length(owner) BETWEEN 1 AND 80),
    tenant_id       bigint  REFERENCES public.tenants (id) ON DELETE CASCADE,
    origin          text    NOT NULL CHECK (length(origin) BETWEEN 8 AND 300),
    failures        integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since   timestamptz,
    paused_until    timestamptz,
    disabled_at     timestamptz,
    disabled_why    text    CHECK (disabled_why IN ('gone', 'failing')),
    last_success_at timestamptz,
    last_failure_at timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner, origin),
    CHECK ((disabled_at IS NULL) = (disabled_why IS NULL)),
    CHECK ((failures = 0) = (failing_since IS NULL))
) WITH (fillfactor = 80);
COMMENT ON COLUMN public.webhook_endpoint.failures IS 'In a row; 0 after a success.';
COMMENT ON COLUMN public.webhook_endpoint.failing_since IS 'First of those failures.';
COMMENT ON COLUMN public.webhook_endpoint.disabled_why IS
    'gone: it answered 410; failing: nothing but failures for days.';
CREATE INDEX webhook_endpoint_by_tenant ON public.webhook_endpoint (tenant_id) WHERE tenant_id IS NOT NULL;

-- What one webhook says: its id is sent as webhook-id, the same at every try
-- and when it is sent again.
CREATE TABLE public.webhook_delivery (
    id          text    PRIMARY KEY CHECK (id ~ '^evt_[0-9a-f-]{36}_[a-z]{1,20}$'),
    seq         bigint  GENERATED ALWAYS AS IDENTITY UNIQUE,
    endpoint_id bigint  NOT NULL REFERENCES public.webhook_endpoint (id) ON DELETE CASCADE,
    owner       text    NOT NULL COLLATE "C",
    tenant_id   bigint  REFERENCES public.tenants (id) ON DELETE CASCADE,
    task_id     uuid    NOT NULL,
    event       text    NOT NULL CHECK (event IN ('success', 'failure', 'cancelled')),
    url         text    NOT NULL CHECK (length(url) <= 2000),
    blob_id     uuid,
    size        bigint  NOT NULL DEFAULT 0 CHECK (size >= 0),
    state       text    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    tries       integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    last_status integer,
    last_error  text    CHECK (length(last_error) <= 100),
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'pending') = (finished_at IS NULL))
) WITH (fillfactor = 80);
COMMENT ON COLUMN public.webhook_delivery.blob_id IS 'Its body, while it can be sent.';
COMMENT ON COLUMN public.webhook_delivery.last_error IS
    'A stable word: timeout, tls_failed, address_refused, endpoint_disabled, body_gone…; NULL: it answered.';
CREATE INDEX webhook_delivery_by_owner ON public.webhook_delivery (owner, seq);
CREATE INDEX webhook_delivery_by_task ON public.webhook_delivery (task_id);
CREATE INDEX webhook_delivery_by_endpoint ON public.webhook_delivery (endpoint_id);
CREATE INDEX webhook_delivery_by_end ON public.webhook_delivery (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX webhook_delivery_by_tenant ON public.webhook_delivery (tenant_id) WHERE tenant_id IS NOT NULL;

CREATE TABLE public.webhook_try (
    delivery_id text    NOT NULL REFERENCES public.webhook_delivery (id) ON DELETE CASCADE,
    n           integer NOT NULL CHECK (n > 0),
    tenant_id   bigint  REFERENCES public.tenants (id) ON DELETE CASCADE,
    started_at  timestamptz NOT NULL,
    duration_ms bigint  NOT NULL CHECK (duration_ms >= 0),
    status      integer,
    error       text    CHECK (length(error) <= 100),
    sent_bytes  bigint  NOT NULL CHECK (sent_bytes >= 0),
    answer      text    CHECK (length(answer) <= 500),
    PRIMARY KEY (delivery_id, n)
);
COMMENT ON TABLE public.webhook_try IS 'One row a try of a delivery.';
COMMENT ON COLUMN public.webhook_try.answer IS 'The beginning of what the receiver said, as plain text.';
CREATE INDEX webhook_try_by_tenant ON public.webhook_try (tenant_id) WHERE tenant_id IS NOT NULL;

-- ---- what the worker does --------------------------------------------------

-- The receiver of an address; made when it is new.
CREATE FUNCTION public.webhook_endpoint_of(of_owner text, of_tenant bigint, of_origin text)
    RETURNS public.webhook_endpoint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    e public.webhook_endpoint;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT * INTO e
          FROM public.webhook_endpoint AS x
         WHERE x.owner = of_owner AND x.origin = of_origin;
        EXIT WHEN e.id IS NOT NULL;
        INSERT INTO public.webhook_endpoint (owner, tenant_id, origin)
        VALUES (of_owner, of_tenant, of_origin)
            ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN e;
END
$$;

-- Whoever changes a delivery holds, in this order: the job that carries it, if
-- one lives, the delivery, its receiver. Ending and deleting begin with the job
-- as well, so nobody waits for one who waits for him.
CREATE FUNCTION public.webhook_hold(of_delivery text) RETURNS public.webhook_delivery
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d public.webhook_delivery;
BEGIN
    PERFORM
       FROM public.webhook_delivery AS x
       JOIN public.job AS j ON j.owner = x.owner AND j.unique_key = 'webhook:' || x.id
      WHERE x.id = of_delivery
        FOR UPDATE OF j;
    SELECT * INTO d FROM public.webhook_delivery AS x WHERE x.id = of_delivery FOR UPDATE;
    RETURN d;
END
$$;

-- The job that carries a delivery, locked; a new one, due now, when none lives:
-- whoever holds it knows that nobody else makes one meanwhile.
CREATE FUNCTION public.webhook_job_of(of_delivery text) RETURNS public.job
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d public.webhook_delivery;
    j public.job;
BEGIN
    SELECT * INTO d FROM public.webhook_delivery AS x WHERE x.id = of_delivery;
    WHILE d.id IS NOT NULL AND j.id IS NULL LOOP
        INSERT INTO public.job AS x (lane, kind, owner, tenant_id, priority, payload, unique_key, attempts_max)
        VALUES ('net', 'webhook', d.owner, d.tenant_id, 1, jsonb_build_object('delivery', d.id, 'endpoint', d.endpoint_id),
                'webhook:' || d.id, 10)
            ON CONFLICT (owner, unique_key) WHERE unique_key IS NOT NULL DO NOTHING
        RETURNING x.* INTO j;
        IF j.id IS NULL THEN
            SELECT * INTO j
              FROM public.job AS x
             WHERE x.owner = d.owner AND x.unique_key = 'webhook:' || d.id
               FOR UPDATE;
        END IF;
    END LOOP;
    RETURN j;
END
$$;

-- One try is over: it is noted, and so is how the receiver does. verdict:
-- delivered, failed (there will be another try), given_up, gone (410: the
-- receiver is switched off as well). slow_s: it asked to be left alone for so
-- long. The rest are the breaker's numbers. Returns for how long it is paused.
-- The transaction does not wait for the disk: a try that the server forgot is
-- made again, under the same id.
CREATE FUNCTION public.webhook_settle(of_delivery text, verdict text, with_status integer,
        with_error text, took_ms bigint, sent bigint, said text, slow_s integer,
        failures_most integer, pause_s integer, dead_s integer)
    RETURNS TABLE (paused_ms bigint, is_disabled boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d public.webhook_delivery;
    e public.webhook_endpoint;
    why text;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    d := public.webhook_hold(of_delivery);
    UPDATE public.webhook_delivery AS x
       SET tries = x.tries + 1, last_status = with_status, last_error = with_error,
           state = CASE verdict WHEN 'delivered' THEN 'delivered'
                                WHEN 'failed' THEN 'pending' ELSE 'failed' END,
           finished_at = CASE verdict WHEN 'failed' THEN NULL ELSE now() END
     WHERE x.id = of_delivery
    RETURNING x.* INTO d;
    IF d.id IS NULL THEN
        RAISE EXCEPTION 'there is no webhook %', of_delivery USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO public.webhook_try (delivery_id, n, tenant_id, started_at, duration_ms, status,
                                    error, sent_bytes, answer)
    VALUES (d.id, d.tries, d.tenant_id, clock_timestamp() - took_ms * interval '1 millisecond',
            took_ms, with_status, with_error, sent, said);
    IF verdict = 'delivered' THEN
        UPDATE public.webhook_endpoint AS x
           SET failures = 0, failing_since = NULL, paused_until = NULL, last_success_at = now()
         WHERE x.id = d.endpoint_id
        RETURNING x.* INTO e;
    ELSE
        UPDATE public.webhook_endpoint AS x
           SET failures = x.failures + 1,
               failing_since = coalesce(x.failing_since, now()),
               last_failure_at = now(),
               paused_until = greatest(x.paused_until,
                   CASE WHEN slow_s > 0 THEN now() + make_interval(secs => slow_s) END,
                   CASE WHEN x.failures + 1 >= failures_most
                        THEN now() + make_interval(secs => pause_s) END)
         WHERE x.id = d.endpoint_id
        RETURNING x.* INTO e;
        why := CASE WHEN e.disabled_at IS NOT NULL THEN NULL
                    WHEN verdict = 'gone' THEN 'gone'
                    WHEN e.failing_since <= now() - make_interval(secs => dead_s) THEN 'failing' END;
    END IF;
    IF why IS NOT NULL THEN
        PERFORM set_config('synchronous_commit', 'on', true);
        UPDATE public.webhook_endpoint AS x
           SET disabled_at = now(), disabled_why = why
         WHERE x.id = e.id
        RETURNING x.* INTO e;
        PERFORM public.audit_append(e.tenant_id, 'system', 'webhook_disable', 'webhook_endpoint:' || e.id,
            jsonb_build_object('owner', e.owner, 'origin', e.origin, 'why', why, 'failures', e.failures));
    END IF;
    RETURN QUERY SELECT greatest(0, coalesce(extract(epoch FROM e.paused_until - now()) * 1000, 0))::bigint,
                        e.disabled_at IS NOT NULL;
END
$$;

-- It will not be tried (again), because of why.
CREATE FUNCTION public.webhook_drop(of_delivery text, why text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d public.webhook_delivery := public.webhook_hold(of_delivery);
BEGIN
    UPDATE public.webhook_delivery AS x
       SET state = 'failed', last_error = why, last_status = NULL, finished_at = now()
     WHERE x.id = d.id
       AND x.state = 'pending';
END
$$;

-- Forgets deliveries that ended so many days ago, with their tries, so many at
-- most; and receivers nobody was told of since. How many deliveries.
CREATE FUNCTION public.webhook_purge(days integer, most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n bigint;
BEGIN
    WITH old AS (
        SELECT d.id
          FROM public.webhook_delivery AS d
         WHERE d.finished_at <= now() - make_interval(days => days)
         ORDER BY d.finished_at
         LIMIT most
           FOR UPDATE SKIP LOCKED)
    DELETE FROM public.webhook_delivery AS d USING old WHERE d.id = old.id;
    GET DIAGNOSTICS n = ROW_COUNT;
    DELETE FROM public.webhook_endpoint AS e
     WHERE e.disabled_at IS NULL
       AND e.created_at <= now() - make_interval(days => days)
       AND NOT EXISTS (SELECT FROM public.webhook_delivery AS d WHERE d.endpoint_id = e.id);
    RETURN n;
END
$$;

-- ---- what owners and operators do ------------------------------------------
-- of_owner NULL: an operator, whose name the trail gets.

-- Sends a delivery again, now, under the same id: the job that waits is put
-- forward, else there is a new one with all its tries before it. That job is
-- held before anything else (webhook_hold), so it is made before it is known
-- whether it may be.
CREATE FUNCTION public.webhook_redeliver(of_delivery text, of_owner text, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d public.webhook_delivery;
    living public.job;
BEGIN
    SELECT * INTO d
      FROM public.webhook_delivery AS x
     WHERE x.id = of_delivery AND (of_owner IS NULL OR x.owner = of_owner);
    living := public.webhook_job_of(d.id);
    d := public.webhook_hold(d.id);
    IF d.id IS NULL THEN
        RAISE EXCEPTION 'there is no webhook %', of_delivery USING ERRCODE = 'no_data_found';
    END IF;
    IF EXISTS (SELECT FROM public.webhook_endpoint AS e
                WHERE e.id = d.endpoint_id AND e.disabled_at IS NOT NULL) THEN
        RAISE EXCEPTION 'its receiver is switched off'
              USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF NOT EXISTS (SELECT FROM public.blob AS b WHERE b.id = d.blob_id AND b.expires_at > now()) THEN
        RAISE EXCEPTION 'its body is no longer kept'
              USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF living.state = 'ready' THEN
        UPDATE public.job AS j
           SET run_at = now(), is_delayed = false, priority = 1
         WHERE j.id = living.id;
        PERFORM pg_notify('job_net', '');
    END IF;
    UPDATE public.webhook_delivery AS x SET state = 'pending', finished_at = NULL WHERE x.id = d.id;
    UPDATE public.webhook_endpoint AS e SET paused_until = NULL WHERE e.id = d.endpoint_id;
    IF of_owner IS NULL THEN
        PERFORM public.audit_append(d.tenant_id, actor, 'webhook_redeliver', 'webhook:' || d.id,
            jsonb_build_object('owner', d.owner));
    END IF;
    RETURN true;
END
$$;

-- Switches a receiver on again, and forgets its failures. False: it was on,
-- without a pause.
CREATE FUNCTION public.webhook_enable(of_endpoint bigint, of_owner text, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    e public.webhook_endpoint;
BEGIN
    SELECT * INTO e
      FROM public.webhook_endpoint AS x
     WHERE x.id = of_endpoint AND (of_owner IS NULL OR x.owner = of_owner)
       FOR UPDATE;
    IF e.id IS NULL THEN
        RAISE EXCEPTION 'there is no receiver %', of_endpoint USING ERRCODE = 'no_data_found';
    END IF;
    IF e.disabled_at IS NULL AND e.paused_until IS NULL AND e.failures = 0 THEN
        RETURN false;
    END IF;
    UPDATE public.webhook_endpoint AS x
       SET disabled_at = NULL, disabled_why = NULL, paused_until = NULL, failures = 0, failing_since = NULL
     WHERE x.id = e.id;
    IF e.disabled_at IS NOT NULL THEN
        PERFORM public.audit_append(e.tenant_id, actor, 'webhook_enable', 'webhook_endpoint:' || e.id,
            jsonb_build_object('owner', e.owner, 'origin', e.origin, 'was', e.disabled_why));
    END IF;
    RETURN true;
END
$$;

-- ---- who may what ----------------------------------------------------------

DO $$
DECLARE
    t text;
    f text;
BEGIN
    FOREACH t IN ARRAY ARRAY['webhook_endpoint', 'webhook_delivery', 'webhook_try'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY tenant_wall ON public.%I TO comptoir_jobs
             USING (coalesce(tenant_id, 0) = current_setting(''app.tenant_id'')::bigint)', t);
        EXECUTE format('CREATE POLICY all_tenants ON public.%I TO comptoir_worker, comptoir_admin
                        USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON public.%I TO comptoir_jobs, comptoir_admin', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO comptoir_worker', t);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['webhook_redeliver(text, text, text)', 'webhook_enable(bigint, text, text)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO comptoir_jobs, comptoir_admin', f);
    END LOOP;
    FOREACH f IN ARRAY ARRAY[
        'webhook_settle(text, text, integer, text, bigint, bigint, text, integer, integer, integer, integer)',
        'webhook_hold(text)', 'webhook_job_of(text)', 'webhook_drop(text, text)', 'webhook_purge(integer, integer)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO comptoir_worker', f);
    END LOOP;
END
$$;
