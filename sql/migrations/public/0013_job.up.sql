-- Work that survives: jobs that wait or run, and those that ended
-- (docs/decisions/0018-jobs.md, docs/ops/jobs.md).

-- comptoir_worker runs jobs, comptoir_jobs takes orders and tells how they
-- stand, comptoir_events waits for them to end.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['comptoir_worker', 'comptoir_jobs', 'comptoir_events'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
        END IF;
        IF NOT pg_has_role(session_user, role_name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', role_name, session_user);
        END IF;
    END LOOP;
END
$$;
GRANT USAGE ON SCHEMA public TO comptoir_worker, comptoir_jobs, comptoir_events;

-- ---- tables ----------------------------------------------------------------

-- What waits or runs, and nothing else: the claim's index stays small. Rows
-- change several times in a short life, so pages keep room and the dust is
-- swept early (a claim would otherwise walk over dead entries at the head).
CREATE TABLE public.job (
    id           bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id      uuid     NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    lane         text     NOT NULL COLLATE "C" CHECK (lane IN ('inline', 'child', 'net')),
    kind         text     NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{0,39}$'),
    owner        text     NOT NULL COLLATE "C" CHECK (length(owner) BETWEEN 1 AND 80),
    tenant_id    bigint   REFERENCES public.tenants (id) ON DELETE CASCADE,
    priority     smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 0 AND 3),
    state        text     NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running')),
    is_delayed   boolean  NOT NULL DEFAULT false,
    run_at       timestamptz NOT NULL DEFAULT now(),
    attempt      integer  NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    attempts_max integer  NOT NULL DEFAULT 5 CHECK (attempts_max BETWEEN 1 AND 100),
    lease_until  timestamptz,
    lease_token  uuid,
    worker       text     CHECK (length(worker) <= 200),
    progress     smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    cancel_at    timestamptz,
    unique_key   text     CHECK (length(unique_key) BETWEEN 1 AND 200),
    payload      jsonb    NOT NULL DEFAULT '{}',
    last_error   text     CHECK (length(last_error) <= 500),
    webhook_url  text     CHECK (length(webhook_url) <= 2000),
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    CHECK ((state = 'running') = (lease_token IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK (state = 'ready' OR NOT is_delayed)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01,
        autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0);
COMMENT ON COLUMN public.job.is_delayed IS
    'Not due when it was last put back: the claim looks at run_at of these alone, so that whoever waits for later is not in the way of the others.';
COMMENT ON COLUMN public.job.lease_token IS
    'New at every claim; who does not name it can neither prolong nor end the job.';
COMMENT ON COLUMN public.job.cancel_at IS
    'The owner wants it to end; its worker sees that at the next heartbeat.';
CREATE INDEX job_waiting ON public.job (lane, priority, owner, run_at, id)
    WHERE state = 'ready' AND NOT is_delayed;
CREATE INDEX job_delayed ON public.job (lane, run_at) WHERE is_delayed;
-- without lease_until, which every heartbeat changes
CREATE INDEX job_running ON public.job (id) WHERE state = 'running';
CREATE INDEX job_by_owner ON public.job (owner, id);
CREATE INDEX job_by_tenant ON public.job (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE UNIQUE INDEX job_once ON public.job (owner, unique_key) WHERE unique_key IS NOT NULL;

-- What ended: done and cancelled ones without what they were given, dead
-- letters with it. Dropped by the month.
CREATE TABLE public.job_history (
    id           bigint   NOT NULL,
    task_id      uuid     NOT NULL,
    lane         text     NOT NULL COLLATE "C",
    kind         text     NOT NULL,
    owner        text     NOT NULL COLLATE "C",
    tenant_id    bigint,
    priority     smallint NOT NULL,
    state        text     NOT NULL CHECK (state IN ('done', 'dead', 'cancelled')),
    run_at       timestamptz NOT NULL,
    attempt      integer  NOT NULL,
    attempts_max integer  NOT NULL,
    worker       text,
    progress     smallint NOT NULL,
    unique_key   text,
    payload      jsonb,
    last_error   text,
    webhook_url  text,
    created_at   timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    CHECK ((state = 'dead') = (payload IS NOT NULL))
) PARTITION BY RANGE (finished_at);
COMMENT ON COLUMN public.job_history.expires_at IS 'Until when its results can be had.';
CREATE INDEX job_history_by_task ON public.job_history (task_id);
CREATE INDEX job_history_by_owner ON public.job_history (owner, id);
-- For operators (operator_list_jobs). One of id alone would tempt an owner's list
-- to walk through everybody's.
CREATE INDEX job_history_by_state ON public.job_history (state, id);
-- Nothing is lost when nobody made the month's partition in time.
CREATE TABLE public.job_history_rest PARTITION OF public.job_history DEFAULT;

CREATE VIEW public.job_seen WITH (security_invoker = true) AS
SELECT j.id, j.task_id, j.lane, j.kind, j.owner, j.tenant_id, j.priority, j.state,
       j.is_delayed, j.run_at, j.attempt, j.attempts_max, j.worker, j.progress, j.cancel_at,
       j.last_error, j.webhook_url, j.created_at, j.started_at,
       NULL::timestamptz AS finished_at, NULL::timestamptz AS expires_at
  FROM public.job AS j
 UNION ALL
SELECT h.id, h.task_id, h.lane, h.kind, h.owner, h.tenant_id, h.priority, h.state,
       false, h.run_at, h.attempt, h.attempts_max, h.worker, h.progress, NULL,
       h.last_error, h.webhook_url, h.created_at, h.started_at,
       h.finished_at, h.expires_at
  FROM public.job_history AS h;
COMMENT ON VIEW public.job_seen IS 'Every job, whether it waits, runs or ended.';

-- ---- putting in ------------------------------------------------------------

-- A hint that a lane has work, on the channel job_<lane>. Commits that notify
-- wait for one another, so only the first job of an idle lane does; and whoever
-- misses it looks once a second.
CREATE FUNCTION public.job_hint() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.job AS j
                    WHERE j.lane = NEW.lane AND j.state = 'ready' AND NOT j.is_delayed) THEN
        PERFORM pg_notify('job_' || NEW.lane, '');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER job_hint BEFORE INSERT ON public.job
    FOR EACH ROW WHEN (NOT NEW.is_delayed) EXECUTE FUNCTION public.job_hint();

-- ---- taking ----------------------------------------------------------------

-- Up to most jobs whose time has come stand in line with the others; how many.
-- (plpgsql keeps its plans from call to call, as SQL functions do not.)
CREATE FUNCTION public.job_wake(of_lane text, most integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n bigint;
BEGIN
    WITH due AS MATERIALIZED (
        SELECT j.id
          FROM public.job AS j
         WHERE j.lane = of_lane
           AND j.is_delayed
           AND j.run_at <= now()
         ORDER BY j.run_at
         LIMIT most
           FOR UPDATE SKIP LOCKED)
    UPDATE public.job AS j
       SET is_delayed = false
      FROM due
     WHERE j.id = due.id;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

-- Owners with waiting jobs of a lane and priority, at most so many, in turn
-- behind one of them: one look into the index each, however many jobs they have.
CREATE FUNCTION public.job_turns(of_lane text, of_priority integer, behind text, most integer)
    RETURNS text[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    turns text[] := '{}';
    next_one text := behind;
    wrapped boolean := false;
BEGIN
    LOOP
        SELECT j.owner INTO next_one
          FROM public.job AS j
         WHERE j.lane = of_lane
           AND j.priority = of_priority
           AND j.state = 'ready' AND NOT j.is_delayed
           AND j.owner > next_one COLLATE "C"
         ORDER BY j.owner
         LIMIT 1;
        IF next_one IS NULL AND NOT wrapped THEN
            wrapped := true;
            next_one := '';
            CONTINUE;
        END IF;
        EXIT WHEN next_one IS NULL OR (wrapped AND next_one > behind COLLATE "C");
        turns := turns || next_one;
        EXIT WHEN cardinality(turns) >= most;
    END LOOP;
    RETURN turns;
END
$$;

-- Up to most jobs of a lane (kinds: NULL, all) for a worker, leased for
-- lease_s seconds: the most urgent first, of each owner as many as of any
-- other, beginning behind the owner that was served last. Alone in its
-- transaction, which commits without waiting for the disk: a claim that is lost
-- is a job that is claimed again, under another token.
CREATE FUNCTION public.job_claim(of_lane text, kinds text[], most integer, behind text,
                                 who text, lease_s integer)
    RETURNS SETOF public.job LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    turns text[];
    got integer := 0;
    n integer;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM public.job_wake(of_lane, greatest(100, most * 2));
    FOR p IN 0..3 LOOP
        turns := public.job_turns(of_lane, p, behind, most - got);
        CONTINUE WHEN turns = '{}';
        RETURN QUERY
        WITH picked AS MATERIALIZED (
            SELECT x.id, t.turn
              FROM unnest(turns) WITH ORDINALITY AS t (owner, turn)
             CROSS JOIN LATERAL (
                   SELECT j.id
                     FROM public.job AS j
                    WHERE j.lane = of_lane
                      AND j.priority = p
                      AND j.owner = t.owner
                      AND j.state = 'ready' AND NOT j.is_delayed
                      AND (kinds IS NULL OR j.kind = ANY (kinds))
                    ORDER BY j.run_at, j.id
                    LIMIT (most - got) / cardinality(turns)
                      FOR UPDATE SKIP LOCKED) AS x),
        taken AS (
            UPDATE public.job AS j
               SET state = 'running', attempt = j.attempt + 1, worker = who,
                   lease_token = gen_random_uuid(),
                   lease_until = now() + make_interval(secs => lease_s),
                   started_at = now(), progress = 0
              FROM picked
             WHERE j.id = picked.id
            RETURNING j.*)
        SELECT k.*
          FROM taken AS k
          JOIN picked AS o USING (id)
         ORDER BY o.turn, k.run_at, k.id;
        GET DIAGNOSTICS n = ROW_COUNT;
        got := got + n;
        EXIT WHEN got >= most;
    END LOOP;
END
$$;

-- ---- ending ----------------------------------------------------------------

-- Moves rows of job to the history; how many there were. The caller has locked
-- them or names their token.
CREATE FUNCTION public.job_bury(ids bigint[], tokens uuid[], as_state text, why text, ttl_s integer)
    RETURNS SETOF bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH gone AS (
        DELETE FROM public.job AS j
         USING unnest(ids, tokens) AS x (id, token)
         WHERE j.id = x.id
           AND j.lease_token IS NOT DISTINCT FROM x.token
        RETURNING j.*)
    INSERT INTO public.job_history AS h (id, task_id, lane, kind, owner, tenant_id, priority,
           state, run_at, attempt, attempts_max, worker, progress, unique_key, payload,
           last_error, webhook_url, created_at, started_at, expires_at)
    SELECT g.id, g.task_id, g.lane, g.kind, g.owner, g.tenant_id, g.priority,
           as_state, g.run_at, g.attempt, g.attempts_max, g.worker,
           CASE as_state WHEN 'done' THEN 100 ELSE g.progress END, g.unique_key,
           CASE as_state WHEN 'dead' THEN g.payload END,
           coalesce(left(why, 500), CASE WHEN as_state <> 'done' THEN g.last_error END),
           g.webhook_url, g.created_at, g.started_at, now() + make_interval(secs => ttl_s)
      FROM gone AS g
    RETURNING h.id;
END
$$;

-- Ends one claim: done, dead, cancelled; retry (dead after the last attempt) or
-- snooze (counts as no attempt) in delay_ms. What became of the job, or NULL:
-- the token is no longer good.
CREATE FUNCTION public.job_end(of_id bigint, token uuid, how text, why text,
                               delay_ms bigint, ttl_s integer)
    RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    j public.job;
    becomes text := how;
BEGIN
    SELECT * INTO j FROM public.job AS x
     WHERE x.id = of_id AND x.lease_token = token
       FOR UPDATE;
    IF j.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF how = 'retry' AND j.attempt >= j.attempts_max THEN
        becomes := 'dead';
    END IF;
    IF how IN ('retry', 'snooze') AND j.cancel_at IS NOT NULL THEN
        becomes := 'cancelled';
    END IF;
    IF becomes NOT IN ('retry', 'snooze') THEN
        PERFORM public.job_bury(ARRAY[j.id], ARRAY[token], becomes, why, ttl_s);
        RETURN becomes;
    END IF;
    UPDATE public.job AS x
       SET state = 'ready', lease_token = NULL, lease_until = NULL,
           attempt = CASE how WHEN 'snooze' THEN x.attempt - 1 ELSE x.attempt END,
           run_at = now() + delay_ms * interval '1 millisecond',
           is_delayed = delay_ms > 0,
           last_error = coalesce(left(why, 500), x.last_error)
     WHERE x.id = j.id;
    RETURN 'ready';
END
$$;

-- Wants a job to end: one that waits is cancelled at once, one that runs when
-- its worker hears of it. 'cancelled', 'running', or NULL: there is no such
-- job, or it ended.
CREATE FUNCTION public.job_cancel(task uuid, of_owner text, ttl_s integer) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    j record;
BEGIN
    SELECT x.id, x.lane, x.state, x.cancel_at INTO j
      FROM public.job AS x
     WHERE x.task_id = task AND (of_owner IS NULL OR x.owner = of_owner)
       FOR UPDATE;
    IF j.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF j.state = 'ready' THEN
        PERFORM public.job_bury(ARRAY[j.id], ARRAY[NULL::uuid], 'cancelled', NULL, ttl_s);
        RETURN 'cancelled';
    END IF;
    IF j.cancel_at IS NULL THEN
        UPDATE public.job AS x SET cancel_at = now() WHERE x.id = j.id;
        PERFORM pg_notify('job_' || j.lane, 'cancel');
    END IF;
    RETURN 'running';
END
$$;

-- Leases that ran out: back in line after delay_s seconds or, wanted to end,
-- cancelled; how many. Those without an attempt left are for job_exhausted.
CREATE FUNCTION public.job_reap(delay_s integer, ttl_s integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    j record;
    n bigint := 0;
BEGIN
    FOR j IN
        SELECT x.id, x.lease_token, x.cancel_at
          FROM public.job AS x
         WHERE x.state = 'running'
           AND x.lease_until <= now()
           AND (x.attempt < x.attempts_max OR x.cancel_at IS NOT NULL)
         ORDER BY x.id
         LIMIT 1000
           FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM public.job_end(j.id, j.lease_token,
            CASE WHEN j.cancel_at IS NULL THEN 'retry' ELSE 'cancelled' END,
            'the worker did not come back', delay_s * 1000, ttl_s);
        n := n + 1;
    END LOOP;
    RETURN n;
END
$$;

-- Jobs whose last attempt never came back, claimed anew so that somebody can
-- end them with what belongs to it.
CREATE FUNCTION public.job_exhausted(of_lane text, most integer, who text, lease_s integer)
    RETURNS SETOF public.job LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH picked AS MATERIALIZED (
        SELECT x.id
          FROM public.job AS x
         WHERE x.state = 'running'
           AND x.lane = of_lane
           AND x.lease_until <= now()
           AND x.attempt >= x.attempts_max
           AND x.cancel_at IS NULL
         ORDER BY x.id
         LIMIT most
           FOR UPDATE SKIP LOCKED)
    UPDATE public.job AS j
       SET worker = who, lease_token = gen_random_uuid(),
           lease_until = now() + make_interval(secs => lease_s)
      FROM picked
     WHERE j.id = picked.id
    RETURNING j.*
$$;

-- ---- reading ---------------------------------------------------------------

-- How many jobs are begun before a waiting one if turns are kept and nobody
-- comes: all of higher priority, its owner's before it, and as many of each
-- other owner; counted to most. NULL: it does not wait.
CREATE FUNCTION public.job_position(of_task uuid, most integer DEFAULT 200) RETURNS integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me record;
    other text;
    mine integer;
    n integer;
    ahead integer;
BEGIN
    SELECT j.id, j.lane, j.priority, j.owner, j.run_at INTO me
      FROM public.job AS j
     WHERE j.task_id = of_task AND j.state = 'ready' AND NOT j.is_delayed;
    IF me.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO ahead
      FROM (SELECT FROM public.job AS j
             WHERE j.lane = me.lane AND j.priority < me.priority
               AND j.state = 'ready' AND NOT j.is_delayed
             LIMIT most) AS x;
    SELECT count(*) INTO mine
      FROM (SELECT FROM public.job AS j
             WHERE j.lane = me.lane AND j.priority = me.priority AND j.owner = me.owner
               AND j.state = 'ready' AND NOT j.is_delayed
               AND (j.run_at, j.id) < (me.run_at, me.id)
             LIMIT most) AS x;
    ahead := ahead + mine;
    FOREACH other IN ARRAY public.job_turns(me.lane, me.priority, me.owner, most) LOOP
        EXIT WHEN ahead >= most OR other = me.owner;
        SELECT count(*) INTO n
          FROM (SELECT FROM public.job AS j
                 WHERE j.lane = me.lane AND j.priority = me.priority AND j.owner = other
                   AND j.state = 'ready' AND NOT j.is_delayed
                 LIMIT least(mine + 1, most - ahead)) AS x;
        ahead := ahead + n;
    END LOOP;
    RETURN least(ahead, most);
END
$$;

-- How long each line is: by lane and state (ready, delayed, running), how many
-- and since when the oldest of them is due.
CREATE FUNCTION public.job_counts()
    RETURNS TABLE (lane text, state text, jobs bigint, oldest_s bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.lane, CASE WHEN j.is_delayed THEN 'delayed' ELSE j.state END, count(*),
           greatest(0, extract(epoch FROM now() - min(CASE j.state WHEN 'running' THEN j.started_at ELSE j.run_at END)))::bigint
      FROM public.job AS j
     GROUP BY 1, 2
$$;

-- ---- months ----------------------------------------------------------------

-- The history's partitions of this month and the next two; rows that came
-- before their partition move into it. Months that ended keep_months ago are
-- dropped. How many partitions came and went.
CREATE FUNCTION public.job_partitions(keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_day date := date_trunc('month', now() AT TIME ZONE 'UTC');
    month date;
    part text;
    n integer := 0;
BEGIN
    FOR month IN SELECT first_day + make_interval(months => i) FROM generate_series(0, 2) AS i LOOP
        part := 'job_history_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I (LIKE public.job_history INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
        EXECUTE format('WITH early AS (DELETE FROM public.job_history_rest
                         WHERE finished_at >= %1$L AND finished_at < %2$L RETURNING *)
                        INSERT INTO public.%3$I SELECT * FROM early',
                       month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00', part);
        EXECUTE format('ALTER TABLE public.job_history ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                       part, month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
        n := n + 1;
    END LOOP;
    FOR part IN
        SELECT c.relname
          FROM pg_inherits AS i
          JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'public.job_history'::regclass
           AND c.relname ~ '^job_history_[0-9]{4}_[0-9]{2}$'
           AND to_date(right(c.relname, 7), 'YYYY_MM') < first_day - make_interval(months => keep_months)
    LOOP
        EXECUTE format('DROP TABLE public.%I', part);
        n := n + 1;
    END LOOP;
    RETURN n;
END
$$;
SELECT public.job_partitions(1200);

-- ---- what is due now and then ----------------------------------------------

CREATE TABLE public.job_period (
    name       text        PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    next_at    timestamptz NOT NULL DEFAULT now(),
    last_at    timestamptz,
    last_ms    bigint      CHECK (last_ms >= 0),
    runs       bigint      NOT NULL DEFAULT 0,
    failures   integer     NOT NULL DEFAULT 0,
    last_error text        CHECK (length(last_error) <= 500)
);
COMMENT ON TABLE public.job_period IS
    'Periodic work of the workers: whoever locks a row that is due does it, and moves next_at in the same transaction.';
COMMENT ON COLUMN public.job_period.failures IS 'In a row; 0 after a success.';

-- ---- who may what ----------------------------------------------------------
-- Jobs of static keys and of the desk itself have no tenant; their callers say
-- so by app.tenant_id = 0 (job_enter).

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['job', 'job_history'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY tenant_wall ON public.%I TO comptoir_api, comptoir_jobs, comptoir_events
             USING (coalesce(tenant_id, 0) = current_setting(''app.tenant_id'')::bigint)
             WITH CHECK (coalesce(tenant_id, 0) = current_setting(''app.tenant_id'')::bigint)', t);
        EXECUTE format('CREATE POLICY all_tenants ON public.%I TO comptoir_worker, comptoir_admin
                        USING (true) WITH CHECK (true)', t);
    END LOOP;
    REVOKE ALL ON FUNCTION public.job_position(uuid, integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION public.job_position(uuid, integer)
          TO comptoir_worker, comptoir_jobs, comptoir_events, comptoir_admin;
    REVOKE ALL ON FUNCTION public.job_counts() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION public.job_counts() TO comptoir_readonly, comptoir_worker, comptoir_admin;
    REVOKE ALL ON FUNCTION public.job_partitions(integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION public.job_partitions(integer) TO comptoir_worker;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.job, public.job_history TO comptoir_worker;
GRANT SELECT, UPDATE, INSERT ON public.job_period TO comptoir_worker;
GRANT SELECT, INSERT, DELETE ON public.job, public.job_history TO comptoir_jobs;
GRANT UPDATE (cancel_at) ON public.job TO comptoir_jobs;
GRANT SELECT, INSERT ON public.job TO comptoir_api;
GRANT SELECT ON public.job, public.job_history TO comptoir_events, comptoir_admin;
GRANT SELECT ON public.job_seen TO comptoir_worker, comptoir_jobs, comptoir_events, comptoir_admin;
GRANT SELECT ON public.job_period TO comptoir_readonly, comptoir_admin;

-- ---- what workers do for others --------------------------------------------

-- operator_purge in the worker's name; how many rows of each table.
CREATE FUNCTION public.job_purge_accounts(days integer) RETURNS SETOF bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.gone FROM public.operator_purge(days, 'worker') AS p
$$;

-- Reference tables without a value for today, by name.
CREATE FUNCTION public.job_reference_gaps() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH today AS (SELECT (now() AT TIME ZONE 'Europe/Paris')::date AS d)
    SELECT 'reference_prvg' FROM today
     WHERE NOT EXISTS (SELECT FROM public.reference_prvg AS p
                        WHERE p.month = to_char(today.d, 'YYYY-MM') AND p.kwh_eur_ttc IS NOT NULL)
     UNION ALL
    SELECT 'reference_trve' FROM today
     WHERE NOT EXISTS (SELECT FROM public.reference_trve AS t
                        WHERE t.valid_from <= today.d AND coalesce(t.valid_to, today.d) >= today.d)
     UNION ALL
    SELECT 'reference_excise' FROM today
     WHERE NOT EXISTS (SELECT FROM public.reference_excise AS x
                        WHERE x.valid_from <= today.d AND coalesce(x.valid_to, today.d) >= today.d)
     UNION ALL
    SELECT 'reference_vat' FROM today
     WHERE NOT EXISTS (SELECT FROM public.reference_vat AS v
                        WHERE v.valid_from <= today.d AND coalesce(v.valid_to, today.d) >= today.d)
$$;

DO $$
DECLARE
    f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['job_purge_accounts(integer)', 'job_reference_gaps()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['job_purge_accounts(integer)', 'job_reference_gaps()',
        'charge_expire(text, bigint)', 'charge_plans()', 'license_expire(text)',
        'license_settle_overdue()'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO comptoir_worker', f);
    END LOOP;
END
$$;
GRANT SELECT, DELETE ON public.invoice_history, public.idempotency TO comptoir_worker;
