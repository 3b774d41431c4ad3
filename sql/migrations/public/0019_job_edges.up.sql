-- What happens at the edges of jobs: webhooks whose job is cancelled or put
-- back in line, dead letters that share a unique key (docs/ops/jobs.md).

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

-- As before, and the delivery of a webhook waits again with its job. A dead
-- letter whose unique key a living job has is refused in a sentence.
CREATE OR REPLACE FUNCTION public.operator_requeue_job(task uuid, actor text) RETURNS boolean
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

-- As before; of several dead letters with one unique key the last one goes.
CREATE OR REPLACE FUNCTION public.operator_requeue_jobs(of_kind text, most integer, actor text) RETURNS bigint
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
