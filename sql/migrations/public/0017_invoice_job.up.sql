-- Jobs that callers order: what is set aside for them, and what ends with
-- them, however they end (docs/JOBS.md).

-- ---- what a job has set aside ----------------------------------------------

CREATE TABLE public.job_charge (
    task_id   uuid   PRIMARY KEY,
    charge_id bigint NOT NULL,
    key_hash  text   CHECK (key_hash ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE public.job_charge IS
    'The reservation that waits for a job to end: committed with its result, else given back.';

-- However a job ends (its worker, its owner, an operator, nobody came back):
-- what is set aside for it and not committed by now goes back, and what it was
-- given is wiped; a dead letter keeps that until its results would expire, so
-- that it can be put back in line. Whoever cancels, in C or in SQL, has neither
-- the keys nor the words to tell its receiver: a job of the worker does, put in
-- line here, and wipes the fields that it tells.
CREATE FUNCTION public.invoice_job_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.charge_refund(c.charge_id)
       FROM public.job_charge AS c
      WHERE c.task_id = NEW.task_id;
    DELETE FROM public.job_charge AS c WHERE c.task_id = NEW.task_id;
    IF NEW.state <> 'dead' THEN
        DELETE FROM public.blob AS b
         WHERE b.task_id = NEW.task_id
           AND (starts_with(b.name, 'input/') OR b.name = 'request.json' AND NEW.state = 'done');
    END IF;
    IF NEW.state <> 'done' THEN
        UPDATE public.blob AS b
           SET expires_at = least(b.expires_at, NEW.expires_at)
         WHERE b.task_id = NEW.task_id;
    END IF;
    IF NEW.state = 'cancelled' THEN
        INSERT INTO public.job (lane, kind, owner, tenant_id, priority, payload, unique_key,
                                webhook_url, attempts_max)
        VALUES ('inline', 'tell_cancelled', NEW.owner, NEW.tenant_id, 1,
                jsonb_build_object('task', NEW.task_id), 'cancelled:' || NEW.task_id,
                NEW.webhook_url, 10);
    END IF;
    -- a hint for whoever waits for it (fcgi/events)
    PERFORM pg_notify('job_ended', NEW.task_id::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER invoice_job_ended AFTER INSERT ON public.job_history
    FOR EACH ROW WHEN (NEW.kind IN ('invoice_pdf', 'invoice_images'))
    EXECUTE FUNCTION public.invoice_job_ended();

-- A job that ended is deleted with all that is kept of it: its result, its
-- webhooks, what INVOICE_STORE=all keeps of the invoice (found by the report,
-- which no other run has). The jobs that tell of it go first, and nobody makes
-- another meanwhile (webhook_job_of): who is at one of them has done all of it or
-- nothing when the rest goes. False: the owner has no such job that ended.
CREATE FUNCTION public.invoice_job_forget(task uuid, of_owner text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.job_history AS h WHERE h.task_id = task AND h.owner = of_owner;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.job AS j WHERE j.owner = of_owner AND j.unique_key = 'cancelled:' || task;
    DELETE FROM public.job_history AS h
     WHERE h.owner = of_owner
       AND h.unique_key IN (SELECT 'cancelled:' || task
                             UNION ALL
                            SELECT 'webhook:' || d.id FROM public.webhook_delivery AS d WHERE d.task_id = task);
    PERFORM public.webhook_job_of(d.id)
       FROM public.webhook_delivery AS d
      WHERE d.task_id = task
      ORDER BY d.id;
    DELETE FROM public.job AS j
     USING public.webhook_delivery AS d
     WHERE d.task_id = task AND j.owner = of_owner AND j.unique_key = 'webhook:' || d.id;
    -- of those that ended while they were waited for
    DELETE FROM public.job_history AS h
     USING public.webhook_delivery AS d
     WHERE d.task_id = task AND h.owner = of_owner AND h.unique_key = 'webhook:' || d.id;
    DELETE FROM public.invoices AS i
     USING public.reports AS r, public.invoice_jobs AS j
     WHERE j.task_id = task::text
       AND j.owner = of_owner
       AND r.non_anonymous_sha256 = j.non_anonymous_sha256
       AND i.id = r.invoice_id
       AND i.owner = of_owner;
    DELETE FROM public.invoice_jobs AS j WHERE j.task_id = task::text AND j.owner = of_owner;
    DELETE FROM public.blob AS b
     WHERE b.task_id = task
        OR b.id IN (SELECT d.blob_id FROM public.webhook_delivery AS d WHERE d.task_id = task);
    DELETE FROM public.webhook_delivery AS d WHERE d.task_id = task;
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION public.invoice_job_forget(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.invoice_job_forget(uuid, text) TO comptoir_jobs;

-- ---- how a job stands, in the words of its owner ---------------------------

-- One expression for the view and for the index that finds what ended so, which
-- works only as long as the function can be put in place of its call.
CREATE FUNCTION public.job_status(state text, last_error text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN state = 'ready' THEN 'queued'
                WHEN state = 'running' THEN 'running'
                WHEN state = 'cancelled' THEN 'cancelled'
                WHEN state = 'done' AND last_error IS NULL THEN 'succeeded'
                ELSE 'failed' END;
CREATE INDEX job_history_told ON public.job_history (owner, public.job_status(state, last_error), id)
    WHERE kind IN ('invoice_pdf', 'invoice_images');

CREATE VIEW public.job_told WITH (security_invoker = true) AS
SELECT s.id, s.task_id, s.kind, s.owner, s.state, s.progress, s.attempt, s.attempts_max,
       public.job_status(s.state, s.last_error) AS status,
       CASE WHEN s.state IN ('ready', 'running', 'cancelled') THEN NULL
            WHEN s.last_error ~ '^[a-z][a-z_]*$' THEN s.last_error
            WHEN s.state = 'dead' THEN 'job_failed' END AS error_code,
       s.cancel_at IS NOT NULL AS is_cancelling,
       -- another number whenever something above is another
       s.attempt * 1000
       + CASE s.state WHEN 'running' THEN 1 + s.progress WHEN 'ready' THEN 500 ELSE 900 END
       + CASE WHEN s.cancel_at IS NULL THEN 0 ELSE 200 END AS version,
       s.created_at, s.started_at, s.finished_at, s.expires_at
  FROM public.job_seen AS s;
COMMENT ON VIEW public.job_told IS
    'Jobs as callers see them: status queued, running, succeeded, failed or cancelled.';

-- The invoice jobs of an owner behind an id (NULL: from the newest), where not
-- NULL of a status. The plan is the same for all values: statistics know nothing
-- of the wall of tenants, and would have many rows gathered and sorted. What is
-- compared before that wall must not leak: CASE does not, coalesce may.
CREATE FUNCTION public.job_told_list(of_owner text, behind bigint, of_status text, most integer)
    RETURNS SETOF public.job_told LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF of_status IS NULL THEN
        RETURN QUERY
        SELECT t.*
          FROM public.job_told AS t
         WHERE t.owner = of_owner
           AND t.kind IN ('invoice_pdf', 'invoice_images')
           AND t.id < CASE WHEN behind IS NULL THEN 9223372036854775807 ELSE behind END
         ORDER BY t.id DESC
         LIMIT most;
    ELSE
        RETURN QUERY
        SELECT t.*
          FROM public.job_told AS t
         WHERE t.owner = of_owner
           AND t.kind IN ('invoice_pdf', 'invoice_images')
           AND t.id < CASE WHEN behind IS NULL THEN 9223372036854775807 ELSE behind END
           AND t.status = of_status
           -- what has ended is not looked for among what waits or runs
           AND (t.finished_at IS NULL) = (of_status IN ('queued', 'running'))
         ORDER BY t.id DESC
         LIMIT most;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION public.job_told_list(text, bigint, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.job_told_list(text, bigint, text, integer) TO comptoir_jobs;

-- ---- who may what ----------------------------------------------------------

GRANT SELECT, INSERT ON public.job_charge TO comptoir_jobs;
GRANT SELECT ON public.job_charge TO comptoir_worker;
GRANT SELECT ON public.job_told TO comptoir_jobs, comptoir_events;

-- The gate of every program, and what a row with an Idempotency-Key needs.
GRANT SELECT ON public.principal_user, public.principal_key, public.principal_license,
      public.limit_override, public.tenant_schema_settings TO comptoir_jobs, comptoir_events;
GRANT EXECUTE ON FUNCTION public.api_key_used(bigint),
      public.license_note(bigint, text, inet, integer) TO comptoir_jobs, comptoir_events;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.idempotency TO comptoir_jobs;
GRANT EXECUTE ON FUNCTION public.charge_reserve(text, bigint, text, bigint, bigint, integer, text)
      TO comptoir_jobs;
GRANT EXECUTE ON FUNCTION public.charge_commit(bigint, bigint, text),
      public.charge_now(text, bigint, text, bigint, bigint, text, text) TO comptoir_worker;

-- Analysing: reference tables, the memory of earlier invoices, the day's budget
-- of the language model.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname
               FROM pg_catalog.pg_class AS c
              WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'v')
                AND starts_with(c.relname, 'reference_') LOOP
        EXECUTE format('GRANT SELECT ON public.%I TO comptoir_worker', t.relname);
    END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.invoice_history TO comptoir_worker;
GRANT SELECT, INSERT, UPDATE ON public.llm_spend TO comptoir_worker;
