DROP TRIGGER webhook_job_ended ON public.job_history;
DROP FUNCTION public.webhook_job_ended();
DROP INDEX public.job_history_by_key;

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
    INSERT INTO public.job (id, task_id, lane, kind, owner, tenant_id, priority, attempts_max,
           unique_key, payload, last_error, webhook_url, created_at)
    OVERRIDING SYSTEM VALUE
    VALUES (h.id, h.task_id, h.lane, h.kind, h.owner, h.tenant_id, h.priority, h.attempts_max,
           h.unique_key, h.payload, h.last_error, h.webhook_url, h.created_at);
    PERFORM public.audit_append(h.tenant_id, actor, 'job_requeue', 'job:' || task,
        jsonb_build_object('kind', h.kind, 'owner', h.owner));
    RETURN true;
END
$$;

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
         ORDER BY h.finished_at, h.id
         LIMIT most
    LOOP
        PERFORM public.operator_requeue_job(task, actor);
        n := n + 1;
    END LOOP;
    RETURN n;
END
$$;
