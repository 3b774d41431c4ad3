-- What operators do with jobs, and what becomes of a webhook whose job is
-- cancelled or put back in line (docs/ops/jobs.md).

-- Who forgets a job looks for its webhooks here, not through all that its owner
-- ever ordered.
CREATE INDEX job_history_by_key ON public.job_history (owner, unique_key) WHERE unique_key IS NOT NULL;

-- A webhook whose job was cancelled, by whomever, will not be tried any more:
-- it says so, and is forgotten in its time as the others are. One that its own
-- worker ended has said why before.
CREATE FUNCTION public.webhook_job_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.webhook_delivery AS d
       SET state = 'failed', last_error = 'cancelled', last_status = NULL, finished_at = now()
     WHERE d.id = substr(NEW.unique_key, length('webhook:') + 1)
       AND d.state = 'pending';
    RETURN NULL;
END
$$;
CREATE TRIGGER webhook_job_ended AFTER INSERT ON public.job_history
    FOR EACH ROW WHEN (NEW.kind = 'webhook' AND NEW.state = 'cancelled')
    EXECUTE FUNCTION public.webhook_job_ended();

-- ---- verbs of operators ----------------------------------------------------

-- The newest jobs; where not NULL: of a state, of a kind. Of each state as many
-- as are wanted, by its index, so that what is rare is found as fast. The plan
-- knows what is asked for: the table that cannot have it is not looked at.
CREATE FUNCTION public.operator_list_jobs(of_state text, of_kind text, most integer)
    RETURNS SETOF public.job_seen LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
    SELECT x.*
      FROM ((SELECT s.*
               FROM public.job_seen AS s
              WHERE s.state IN ('ready', 'running')
                AND (of_state IS NULL OR s.state = of_state)
                AND (of_kind IS NULL OR s.kind = of_kind)
              ORDER BY s.id DESC
              LIMIT most)
             UNION ALL
            SELECT h.*
              FROM unnest(ARRAY['done', 'dead', 'cancelled']) AS w (state)
             CROSS JOIN LATERAL (
                   SELECT s.*
                     FROM public.job_seen AS s
                    WHERE s.state IN ('done', 'dead', 'cancelled')
                      AND s.state = w.state
                      AND (of_kind IS NULL OR s.kind = of_kind)
                    ORDER BY s.id DESC
                    LIMIT most) AS h
             WHERE of_state IS NULL OR w.state = of_state) AS x
     ORDER BY x.id DESC
     LIMIT most;
END
$$;

-- Puts a dead letter back in line with all its attempts before it; the delivery
-- of a webhook waits again with its job. One whose unique key a living job has
-- is refused.
CREATE FUNCTION public.operator_requeue_job(task uuid, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    h public.job_history;
BEGIN
    DELETE FROM public.job_history AS x
     WHERE x.task_id = task AND x.state = 'dead'
    RETURNING x.* INTO h;
    IF h.id IS NULL THEN
        IF EXISTS (SELECT FROM public.job_seen AS s WHERE s.task_id = task) THEN
            RAISE EXCEPTION 'job % is no dead letter', task
                  USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        RAISE EXCEPTION 'there is no job %', task USING ERRCODE = 'no_data_found';
    END IF;
    IF EXISTS (SELECT FROM public.job AS j
                WHERE j.owner = h.owner AND j.unique_key = h.unique_key) THEN
        RAISE EXCEPTION 'another job has taken the place of job %', task
              USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO public.job (id, task_id, lane, kind, owner, tenant_id, priority, attempts_max,
           unique_key, payload, last_error, webhook_url, created_at)
    OVERRIDING SYSTEM VALUE
    VALUES (h.id, h.task_id, h.lane, h.kind, h.owner, h.tenant_id, h.priority, h.attempts_max,
           h.unique_key, h.payload, h.last_error, h.webhook_url, h.created_at);
    IF h.kind = 'webhook' THEN
        UPDATE public.webhook_delivery AS d
           SET state = 'pending', finished_at = NULL
         WHERE d.id = h.payload ->> 'delivery';
    END IF;
    PERFORM public.audit_append(h.tenant_id, actor, 'job_requeue', 'job:' || task,
        jsonb_build_object('kind', h.kind, 'owner', h.owner));
    RETURN true;
END
$$;

-- The same for every dead letter of a kind (NULL: any), at most so many, the
-- oldest first; those that another waiting job has replaced stay, and of several
-- with one unique key the last one goes. How many.
CREATE FUNCTION public.operator_requeue_jobs(of_kind text, most integer, actor text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    task uuid;
    n bigint := 0;
BEGIN
    FOR task IN
        SELECT h.task_id
          FROM public.job_history AS h
         WHERE h.state = 'dead'
           AND (of_kind IS NULL OR h.kind = of_kind)
           AND NOT EXISTS (SELECT FROM public.job AS j
                            WHERE j.owner = h.owner AND j.unique_key = h.unique_key)
           AND NOT EXISTS (SELECT FROM public.job_history AS k
                            WHERE k.owner = h.owner AND k.unique_key = h.unique_key
                              AND k.state = 'dead' AND k.id > h.id)
         ORDER BY h.finished_at, h.id
         LIMIT most
    LOOP
        PERFORM public.operator_requeue_job(task, actor);
        n := n + 1;
    END LOOP;
    RETURN n;
END
$$;

CREATE FUNCTION public.operator_cancel_job(task uuid, actor text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    j record;
    became text;
BEGIN
    SELECT s.tenant_id, s.kind, s.owner, s.state INTO j
      FROM public.job_seen AS s WHERE s.task_id = task;
    IF j.kind IS NULL THEN
        RAISE EXCEPTION 'there is no job %', task USING ERRCODE = 'no_data_found';
    END IF;
    became := public.job_cancel(task, NULL, 86400);
    IF became IS NULL THEN
        RAISE EXCEPTION 'job % has ended', task USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM public.audit_append(j.tenant_id, actor, 'job_cancel', 'job:' || task,
        jsonb_build_object('kind', j.kind, 'owner', j.owner, 'was', j.state));
    RETURN became;
END
$$;

-- Forgets dead letters that ended so many days ago (0: all); how many.
CREATE FUNCTION public.operator_purge_jobs(days integer, actor text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n bigint;
BEGIN
    DELETE FROM public.job_history AS h
     WHERE h.state = 'dead' AND h.finished_at <= now() - make_interval(days => days);
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n > 0 THEN
        PERFORM public.audit_append(NULL, actor, 'job_purge', 'jobs',
            jsonb_build_object('jobs', n, 'days', days));
    END IF;
    RETURN n;
END
$$;

DO $$
DECLARE
    f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['operator_list_jobs(text, text, integer)', 'operator_requeue_job(uuid, text)', 'operator_requeue_jobs(text, integer, text)',
        'operator_cancel_job(uuid, text)', 'operator_purge_jobs(integer, text)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO comptoir_admin', f);
    END LOOP;
END
$$;
