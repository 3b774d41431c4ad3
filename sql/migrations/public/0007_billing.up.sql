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

-- ---- quotas and charges ----------------------------------------------------
-- A charge is reserved before the work, and either committed with the answer
-- or given back. The functions below are the only way to change these tables;
-- they take locks in one order: reservation, meter, licence, ledger.

-- Credit that is set aside for charges not yet committed.
ALTER TABLE public.license
      ADD COLUMN credit_held_micro_euros bigint NOT NULL DEFAULT 0,
      ADD CONSTRAINT license_credit_held
          CHECK (credit_held_micro_euros BETWEEN 0 AND credit_micro_euros);

CREATE SEQUENCE public.charge_number;

-- Updated again and again in place: room on the page spares the index.
CREATE TABLE public.meter (
    subject_kind text   NOT NULL CHECK (subject_kind IN ('tenant', 'license')),
    subject_id   bigint NOT NULL,
    counter      text   NOT NULL CHECK (counter ~ '^[a-z][a-z_]{0,39}$'),
    month        date   NOT NULL CHECK (extract(day FROM month) = 1),
    used         bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
    reserved     bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    PRIMARY KEY (subject_kind, subject_id, counter, month)
) WITH (fillfactor = 50);
COMMENT ON TABLE public.meter IS
    'What was used in a calendar month of Paris: a tenant''s counters by what is metered, a licence''s one counter "uses".';

CREATE TABLE public.reservation (
    charge_id        bigint PRIMARY KEY DEFAULT nextval('public.charge_number'),
    subject_kind     text   NOT NULL CHECK (subject_kind IN ('tenant', 'license')),
    subject_id       bigint NOT NULL,
    meter            text   NOT NULL CHECK (meter ~ '^[a-z][a-z_]{0,39}$'),
    counter          text   NOT NULL,
    month            date   NOT NULL,
    units            bigint NOT NULL CHECK (units >= 0),
    unit_micro_euros bigint NOT NULL CHECK (unit_micro_euros >= 0),
    micro_euros      bigint NOT NULL CHECK (micro_euros = units * unit_micro_euros),
    lease_until      timestamptz NOT NULL,
    request_id       text   NOT NULL DEFAULT '' CHECK (length(request_id) <= 80),
    created_at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.reservation IS
    'Charges whose work is not done yet; one that outlives its lease is given back.';
CREATE INDEX reservation_by_subject ON public.reservation (subject_kind, subject_id, lease_until);
CREATE INDEX reservation_by_end ON public.reservation (lease_until);

CREATE TABLE public.ledger (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    charge_id         bigint NOT NULL DEFAULT nextval('public.charge_number'),
    subject_kind      text   NOT NULL CHECK (subject_kind IN ('tenant', 'license')),
    subject_id        bigint NOT NULL,
    month             date   NOT NULL CHECK (extract(day FROM month) = 1),
    meter             text   NOT NULL CHECK (length(meter) <= 40),
    counter           text   NOT NULL CHECK (length(counter) <= 40),
    kind              text   NOT NULL,
    units             bigint NOT NULL,
    micro_euros       bigint NOT NULL,
    price_micro_euros bigint NOT NULL DEFAULT 0,
    balance_micro_euros bigint,
    at                timestamptz NOT NULL DEFAULT now(),
    request_id        text   NOT NULL DEFAULT '' CHECK (length(request_id) <= 80),
    idempotency_hash  text   CHECK (idempotency_hash ~ '^[0-9a-f]{64}$'),
    note              text   NOT NULL DEFAULT '' CHECK (length(note) <= 300),
    UNIQUE (charge_id, kind),
    CONSTRAINT ledger_kind CHECK (CASE kind
        WHEN 'use'    THEN units >= 0 AND micro_euros <= 0 AND price_micro_euros = 0
        WHEN 'refund' THEN units <= 0 AND micro_euros >= 0 AND price_micro_euros = 0
        WHEN 'credit' THEN units = 0 AND price_micro_euros = 0
        WHEN 'plan'   THEN units = 0 AND micro_euros = 0 AND price_micro_euros >= 0
        ELSE false END)
);
COMMENT ON COLUMN public.ledger.micro_euros IS
    'By how much the prepaid credit changed, in millionths of a euro.';
COMMENT ON COLUMN public.ledger.price_micro_euros IS
    'Of a plan line: the plan''s price of the month, without VAT.';
COMMENT ON COLUMN public.ledger.balance_micro_euros IS
    'A licence''s credit after this line.';
CREATE INDEX ledger_by_subject ON public.ledger (subject_kind, subject_id, month, id);
CREATE UNIQUE INDEX ledger_plan_once ON public.ledger (subject_kind, subject_id, month)
    WHERE kind = 'plan';

CREATE FUNCTION public.ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON public.ledger
    FOR EACH ROW EXECUTE FUNCTION public.ledger_refuse();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON public.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();

-- The first day of the month in Paris.
CREATE FUNCTION public.charge_month(at timestamptz DEFAULT now()) RETURNS date
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT date_trunc('month', at AT TIME ZONE 'Europe/Paris')::date
$$;
CREATE FUNCTION public.charge_month_end(month date) RETURNS timestamptz
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (month + interval '1 month') AT TIME ZONE 'Europe/Paris'
$$;

-- Which counter a use goes on, how much of it a month may have (NULL: no end),
-- how it is billed and what a unit takes from the credit. No row: no such
-- subject, or nothing that is metered.
CREATE FUNCTION public.charge_terms(subject_kind text, subject_id bigint, meter text)
    RETURNS TABLE (counter text, most bigint, mode text, unit_micro_euros bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT charge_terms.meter, x.most::bigint, 'quota', 0::bigint
      FROM public.tenants AS t
      JOIN public.subscription_quotas AS q ON q.tier = t.subscription_tier
     CROSS JOIN LATERAL (VALUES
           ('invoices', q.invoices_monthly),
           ('ai_credits', coalesce(t.ai_credits_monthly, q.ai_credits_monthly)))
           AS x (name, most)
     WHERE charge_terms.subject_kind = 'tenant'
       AND t.id = charge_terms.subject_id
       AND x.name = charge_terms.meter
     UNION ALL
    SELECT 'uses', CASE l.billing_mode WHEN 'quota' THEN l.quota_monthly END,
           l.billing_mode,
           (SELECT p.unit_micro_euros
              FROM public.license_price AS p
             WHERE p.billing_mode = l.billing_mode
             ORDER BY p.version DESC
             LIMIT 1)
      FROM public.license AS l
     WHERE charge_terms.subject_kind = 'license'
       AND l.id = charge_terms.subject_id
$$;

-- Gives a reservation back; false when there is none (any more).
CREATE FUNCTION public.charge_refund(charge bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.reservation;
BEGIN
    DELETE FROM public.reservation AS x WHERE x.charge_id = charge RETURNING x.* INTO r;
    IF r.charge_id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE public.meter AS m
       SET reserved = m.reserved - r.units
     WHERE m.subject_kind = r.subject_kind AND m.subject_id = r.subject_id
       AND m.counter = r.counter AND m.month = r.month;
    IF r.micro_euros > 0 THEN
        UPDATE public.license AS l
           SET credit_held_micro_euros = l.credit_held_micro_euros - r.micro_euros
         WHERE l.id = r.subject_id;
    END IF;
    RETURN true;
END
$$;

-- Gives back what has outlived its lease, of one subject or (NULL) of all; how
-- many. What another is just committing is left to it.
CREATE FUNCTION public.charge_expire(of_kind text, of_id bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one bigint;
    n bigint := 0;
BEGIN
    FOR one IN
        SELECT x.charge_id
          FROM public.reservation AS x
         WHERE x.lease_until <= now()
           AND (of_kind IS NULL OR (x.subject_kind = of_kind AND x.subject_id = of_id))
         ORDER BY x.charge_id
           FOR UPDATE SKIP LOCKED
    LOOP
        IF public.charge_refund(one) THEN
            n := n + 1;
        END IF;
    END LOOP;
    RETURN n;
END
$$;

-- The month's plan of a licence that pays by plan, once.
CREATE FUNCTION public.charge_plan(license bigint, of_month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ledger (subject_kind, subject_id, month, meter, counter, kind,
                               units, micro_euros, price_micro_euros, balance_micro_euros, note)
    SELECT 'license', l.id, of_month, 'plan', '', 'plan', 0, 0, p.price_cents * 10000,
           l.credit_micro_euros, l.plan
      FROM public.license AS l
      JOIN public.license_plan AS p ON p.name = l.plan AND p.version = l.plan_version
     WHERE l.id = license
       AND l.billing_mode = 'quota'
       AND p.price_cents > 0
        ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- The same for every licence in force, for the beginning of a month; how many.
CREATE FUNCTION public.charge_plans() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE public.charge_plan(l.id, public.charge_month()))
      FROM public.license AS l
     WHERE l.status = 'active'
       AND l.expires_at > now()
$$;

-- Sets n units and their price aside for lease_s seconds. outcome: ok; quota or
-- credit (too little: nothing is set aside); none (no such subject).
-- results counts where results are paid, units elsewhere.
CREATE FUNCTION public.charge_reserve(of_kind text, of_id bigint, of_meter text,
                                      units bigint, results bigint,
                                      lease_s integer, request text)
    RETURNS TABLE (outcome text, charge_id bigint, charged bigint, micro_euros bigint,
                   counter text, most bigint, used bigint, period_end timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    t record;
    this_month date := public.charge_month();
    n bigint := units;
    cost bigint;
    total bigint;
    number bigint;
BEGIN
    IF units NOT BETWEEN 0 AND 1000000 OR results NOT BETWEEN 0 AND 1000000 THEN
        RAISE EXCEPTION 'a charge is of 0 to 1000000 units' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT x.* INTO t FROM public.charge_terms(of_kind, of_id, of_meter) AS x;
    IF t.counter IS NULL THEN
        RETURN QUERY SELECT 'none', 0::bigint, 0::bigint, 0::bigint, of_meter, 0::bigint, 0::bigint, now();
        RETURN;
    END IF;
    IF t.mode = 'result' THEN
        n := greatest(units, results);
    END IF;
    cost := n * t.unit_micro_euros;
    IF EXISTS (SELECT FROM public.reservation AS x
                WHERE x.subject_kind = of_kind AND x.subject_id = of_id
                  AND x.lease_until <= now()) THEN
        PERFORM public.charge_expire(of_kind, of_id);
    END IF;
    -- twice: the second time the month's row is there, whoever made it
    FOR attempt IN 1..2 LOOP
        UPDATE public.meter AS m
           SET reserved = m.reserved + n
         WHERE m.subject_kind = of_kind AND m.subject_id = of_id
           AND m.counter = t.counter AND m.month = this_month
           AND (t.most IS NULL OR m.used + m.reserved + n <= t.most)
        RETURNING m.used + m.reserved INTO total;
        EXIT WHEN FOUND OR attempt = 2;
        INSERT INTO public.meter (subject_kind, subject_id, counter, month)
        VALUES (of_kind, of_id, t.counter, this_month)
            ON CONFLICT DO NOTHING;
        IF FOUND AND of_kind = 'license' THEN
            PERFORM public.charge_plan(of_id, this_month);
        END IF;
    END LOOP;
    IF total IS NULL THEN
        SELECT m.used + m.reserved INTO total
          FROM public.meter AS m
         WHERE m.subject_kind = of_kind AND m.subject_id = of_id
           AND m.counter = t.counter AND m.month = this_month;
        RETURN QUERY SELECT 'quota', 0::bigint, n, cost, t.counter, t.most, total,
                            public.charge_month_end(this_month);
        RETURN;
    END IF;
    IF cost > 0 THEN
        UPDATE public.license AS l
           SET credit_held_micro_euros = l.credit_held_micro_euros + cost
         WHERE l.id = of_id
           AND l.credit_micro_euros - l.credit_held_micro_euros >= cost;
        IF NOT FOUND THEN
            UPDATE public.meter AS m
               SET reserved = m.reserved - n
             WHERE m.subject_kind = of_kind AND m.subject_id = of_id
               AND m.counter = t.counter AND m.month = this_month;
            RETURN QUERY SELECT 'credit', 0::bigint, n, cost, t.counter, t.most, total - n,
                                public.charge_month_end(this_month);
            RETURN;
        END IF;
    END IF;
    INSERT INTO public.reservation AS x
           (subject_kind, subject_id, meter, counter, month, units, unit_micro_euros,
            micro_euros, lease_until, request_id)
    VALUES (of_kind, of_id, of_meter, t.counter, this_month, n, t.unit_micro_euros,
            cost, now() + make_interval(secs => lease_s), request)
    RETURNING x.charge_id INTO number;
    RETURN QUERY SELECT 'ok', number, n, cost, t.counter, t.most, total,
                        public.charge_month_end(this_month);
END
$$;

-- The work is done: units of the reservation (NULL: all) are used, the rest is
-- given back, the credit pays. Returns the credit left (NULL: a tenant's), no
-- row when the reservation is gone.
CREATE FUNCTION public.charge_commit(charge bigint, units bigint, key_hash text)
    RETURNS TABLE (charged bigint, micro_euros bigint, balance bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    r public.reservation;
    n bigint;
    paid bigint;
    remaining bigint;
BEGIN
    DELETE FROM public.reservation AS x WHERE x.charge_id = charge RETURNING x.* INTO r;
    IF r.charge_id IS NULL THEN
        RETURN;
    END IF;
    n := greatest(0, least(coalesce(charge_commit.units, r.units), r.units));
    paid := n * r.unit_micro_euros;
    UPDATE public.meter AS m
       SET reserved = m.reserved - r.units, used = m.used + n
     WHERE m.subject_kind = r.subject_kind AND m.subject_id = r.subject_id
       AND m.counter = r.counter AND m.month = r.month;
    IF r.micro_euros > 0 THEN
        UPDATE public.license AS l
           SET credit_held_micro_euros = l.credit_held_micro_euros - r.micro_euros,
               credit_micro_euros = l.credit_micro_euros - paid
         WHERE l.id = r.subject_id
        RETURNING l.credit_micro_euros INTO remaining;
    ELSIF r.subject_kind = 'license' THEN
        SELECT l.credit_micro_euros INTO remaining
          FROM public.license AS l WHERE l.id = r.subject_id;
    END IF;
    INSERT INTO public.ledger
           (charge_id, subject_kind, subject_id, month, meter, counter, kind, units,
            micro_euros, balance_micro_euros, request_id, idempotency_hash)
    VALUES (charge, r.subject_kind, r.subject_id, r.month, r.meter, r.counter, 'use', n,
            -paid, remaining, r.request_id, key_hash);
    RETURN QUERY SELECT n, paid, remaining;
END
$$;

-- Both in one, for work that is itself one transaction.
CREATE FUNCTION public.charge_now(of_kind text, of_id bigint, of_meter text,
                                  units bigint, results bigint, request text, key_hash text)
    RETURNS TABLE (outcome text, charge_id bigint, charged bigint, micro_euros bigint,
                   counter text, most bigint, used bigint, period_end timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c record;
BEGIN
    SELECT x.* INTO c
      FROM public.charge_reserve(of_kind, of_id, of_meter, charge_now.units, results, 60, request) AS x;
    IF c.outcome = 'ok' THEN
        PERFORM public.charge_commit(c.charge_id, NULL, key_hash);
    END IF;
    RETURN QUERY SELECT c.outcome, c.charge_id, c.charged, c.micro_euros, c.counter, c.most,
                        c.used, c.period_end;
END
$$;

-- ---- what operators do -----------------------------------------------------

-- Adds prepaid credit (or, negative, takes what is not set aside); the credit
-- after it. P0002: no such licence; 22003: more than there is.
CREATE FUNCTION public.charge_credit(license bigint, amount_micro_euros bigint, actor text, note text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    l public.license;
BEGIN
    SELECT x.* INTO l FROM public.license AS x WHERE x.id = license FOR UPDATE;
    IF l.id IS NULL THEN
        RAISE EXCEPTION 'there is no licence %', license USING ERRCODE = 'no_data_found';
    END IF;
    IF amount_micro_euros = 0 OR abs(amount_micro_euros) > 1000000000000
       OR l.credit_micro_euros - l.credit_held_micro_euros + amount_micro_euros < 0 THEN
        RAISE EXCEPTION 'licence % has % micro-euros to take from', license,
              l.credit_micro_euros - l.credit_held_micro_euros
              USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    UPDATE public.license AS x
       SET credit_micro_euros = x.credit_micro_euros + amount_micro_euros, updated_at = now()
     WHERE x.id = license
    RETURNING x.* INTO l;
    INSERT INTO public.ledger (subject_kind, subject_id, month, meter, counter, kind, units,
                               micro_euros, balance_micro_euros, note)
    VALUES ('license', license, public.charge_month(), 'credit', '', 'credit', 0,
            amount_micro_euros, l.credit_micro_euros, note);
    PERFORM public.audit_append(l.tenant_id, actor, 'credit_changed', 'license:' || license,
        jsonb_build_object('micro_euros', amount_micro_euros,
                           'balance', l.credit_micro_euros, 'note', note));
    RETURN l.credit_micro_euros;
END
$$;

-- Takes a committed charge back, once: its units and what was paid return.
-- False when there is no such charge or it was taken back before.
CREATE FUNCTION public.charge_give_back(charge bigint, actor text, note text)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.ledger;
    remaining bigint;
BEGIN
    SELECT x.* INTO u FROM public.ledger AS x WHERE x.charge_id = charge AND x.kind = 'use';
    IF u.id IS NULL THEN
        RETURN false;
    END IF;
    -- the meter's row is what two of these wait at
    UPDATE public.meter AS m
       SET used = m.used - u.units
     WHERE m.subject_kind = u.subject_kind AND m.subject_id = u.subject_id
       AND m.counter = u.counter AND m.month = u.month
       AND NOT EXISTS (SELECT FROM public.ledger AS x
                        WHERE x.charge_id = charge AND x.kind = 'refund');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF u.subject_kind = 'license' THEN
        UPDATE public.license AS l
           SET credit_micro_euros = l.credit_micro_euros - u.micro_euros
         WHERE l.id = u.subject_id
        RETURNING l.credit_micro_euros INTO remaining;
    END IF;
    INSERT INTO public.ledger (charge_id, subject_kind, subject_id, month, meter, counter, kind,
                               units, micro_euros, balance_micro_euros, request_id, note)
    VALUES (charge, u.subject_kind, u.subject_id, u.month, u.meter, u.counter, 'refund',
            -u.units, -u.micro_euros, remaining, u.request_id, note);
    PERFORM public.audit_append(NULL, actor, 'charge_given_back', 'charge:' || charge,
        jsonb_build_object('units', u.units, 'micro_euros', -u.micro_euros, 'note', note));
    RETURN true;
END
$$;

-- Where meters and credits are not what the ledger and the reservations say.
CREATE FUNCTION public.charge_verify()
    RETURNS TABLE (subject text, what text, expected bigint, found bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH sums AS (
        SELECT subject_kind, subject_id, counter, month, sum(used)::bigint AS used,
               sum(reserved)::bigint AS reserved
          FROM (SELECT subject_kind, subject_id, counter, month, units AS used, 0 AS reserved
                  FROM public.ledger
                 WHERE kind IN ('use', 'refund')
                 UNION ALL
                SELECT subject_kind, subject_id, counter, month, 0, units
                  FROM public.reservation) AS x
         GROUP BY 1, 2, 3, 4),
    meters AS (
        SELECT coalesce(m.subject_kind, s.subject_kind) || ':' || coalesce(m.subject_id, s.subject_id)
               || ' ' || coalesce(m.counter, s.counter) || ' '
               || to_char(coalesce(m.month, s.month), 'YYYY-MM') AS subject,
               coalesce(s.used, 0) AS used, coalesce(m.used, 0) AS m_used,
               coalesce(s.reserved, 0) AS reserved, coalesce(m.reserved, 0) AS m_reserved
          FROM public.meter AS m
          FULL JOIN sums AS s USING (subject_kind, subject_id, counter, month)),
    credits AS (
        SELECT 'license:' || l.id AS subject, l.credit_micro_euros AS credit,
               l.credit_held_micro_euros AS held,
               coalesce((SELECT sum(x.micro_euros) FROM public.ledger AS x
                          WHERE x.subject_kind = 'license' AND x.subject_id = l.id), 0)::bigint AS paid,
               coalesce((SELECT sum(x.micro_euros) FROM public.reservation AS x
                          WHERE x.subject_kind = 'license' AND x.subject_id = l.id), 0)::bigint AS set_aside
          FROM public.license AS l),
    chain AS (
        SELECT 'ledger:' || id AS subject, balance_micro_euros AS balance, micro_euros,
               sum(micro_euros) OVER (PARTITION BY subject_id ORDER BY id)::bigint AS running
          FROM public.ledger
         WHERE subject_kind = 'license')
    SELECT subject, 'used', used, m_used FROM meters WHERE used <> m_used
     UNION ALL
    SELECT subject, 'reserved', reserved, m_reserved FROM meters WHERE reserved <> m_reserved
     UNION ALL
    SELECT subject, 'credit', paid, credit FROM credits WHERE paid <> credit
     UNION ALL
    SELECT subject, 'credit set aside', set_aside, held FROM credits WHERE set_aside <> held
     UNION ALL
    SELECT subject, 'balance of the line', running, balance FROM chain WHERE micro_euros <> 0 AND running <> balance
$$;

-- ---- who may what ----------------------------------------------------------

DO $$
DECLARE
    t text;
    f text;
BEGIN
    FOREACH t IN ARRAY ARRAY['meter', 'reservation', 'ledger'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY tenant_wall ON public.%I FOR SELECT TO comptoir_api, comptoir_account
             USING (subject_kind = ''tenant'' AND subject_id = current_setting(''app.tenant_id'')::bigint)', t);
        EXECUTE format(
            'CREATE POLICY licenses ON public.%I FOR SELECT TO comptoir_license
             USING (subject_kind = ''license'')', t);
        EXECUTE format('CREATE POLICY operators ON public.%I FOR SELECT TO comptoir_admin USING (true)', t);
        EXECUTE format('GRANT SELECT ON public.%I TO comptoir_account, comptoir_license, comptoir_admin', t);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['charge_reserve(text, bigint, text, bigint, bigint, integer, text)',
        'charge_commit(bigint, bigint, text)', 'charge_refund(bigint)',
        'charge_now(text, bigint, text, bigint, bigint, text, text)',
        'charge_expire(text, bigint)', 'charge_terms(text, bigint, text)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s
                        TO comptoir_api, comptoir_account, comptoir_license, comptoir_admin', f);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['charge_plan(bigint, date)', 'charge_plans()',
        'charge_credit(bigint, bigint, text, text)', 'charge_give_back(bigint, text, text)',
        'charge_verify()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO comptoir_admin', f);
    END LOOP;
END
$$;
