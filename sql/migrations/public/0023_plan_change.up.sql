-- A plan that changes within a month: a dearer one at once, for the difference
-- pro rata of the days left; a cheaper one from the next month (docs/BILLING.md).

ALTER TABLE public.license
      ADD COLUMN next_plan    text,
      ADD COLUMN next_version integer,
      ADD COLUMN next_quota   bigint CHECK (next_quota >= 0),
      ADD COLUMN next_month   date CHECK (extract(day FROM next_month) = 1),
      ADD FOREIGN KEY (next_plan, next_version) REFERENCES public.license_plan (name, version),
      ADD CONSTRAINT license_next_whole
          CHECK (num_nulls(next_plan, next_version, next_quota, next_month) IN (0, 4));
COMMENT ON COLUMN public.license.next_month IS
    'From this month on the plan is next_plan; whoever comes first then puts it in plan (license_turn).';
CREATE INDEX license_by_next_month ON public.license (next_month) WHERE next_month IS NOT NULL;

ALTER TABLE public.ledger
      ADD COLUMN plan_micro_euros bigint,
      DROP CONSTRAINT ledger_kind,
      ADD CONSTRAINT ledger_kind CHECK (CASE kind
        WHEN 'use'    THEN units >= 0 AND micro_euros <= 0 AND price_micro_euros = 0
        WHEN 'refund' THEN units <= 0 AND micro_euros >= 0 AND price_micro_euros = 0
        WHEN 'credit' THEN units = 0 AND price_micro_euros = 0
        WHEN 'plan'   THEN units = 0 AND micro_euros = 0 AND price_micro_euros >= 0
        WHEN 'plan_change' THEN units = 0 AND micro_euros = 0
                            AND price_micro_euros BETWEEN 0 AND plan_micro_euros
        ELSE false END),
      ADD CONSTRAINT ledger_plan_change CHECK ((kind = 'plan_change') = (plan_micro_euros IS NOT NULL));
COMMENT ON COLUMN public.ledger.price_micro_euros IS
    'Of a plan line: the plan''s price of the month; of a plan_change line: what the dearer plan costs more for the days left. Without VAT.';
COMMENT ON COLUMN public.ledger.plan_micro_euros IS
    'Of a plan_change line: the whole price a month of the plan that came.';

-- Is a change due that nobody has put in plan yet? Readers ask it beside plan.
CREATE FUNCTION public.license_due(next_month date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT next_month IS NOT NULL AND next_month <= public.charge_month()
$$;

CREATE FUNCTION public.charge_prorata(micro_euros bigint, day date) RETURNS bigint
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (2 * micro_euros * left_days + days * 10000) / (2 * days * 10000) * 10000
      FROM (SELECT ends - day AS left_days, ends - starts AS days
              FROM (SELECT date_trunc('month', day::timestamp)::date AS starts,
                           (date_trunc('month', day::timestamp) + interval '1 month')::date AS ends) AS m) AS x
$$;
COMMENT ON FUNCTION public.charge_prorata(bigint, date) IS
    'Of a month''s price the part of the days left, that day included: price × days left / days of the month, half a cent rounded up to the whole cent.';

-- The plan that was kept for this month takes the other's place, once: the row
-- is what two of these wait at, and the second finds nothing due.
CREATE FUNCTION public.license_turn(license bigint, of_month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    l public.license;
BEGIN
    UPDATE public.license AS x
       SET plan = x.next_plan, plan_version = x.next_version, quota_monthly = x.next_quota,
           next_plan = NULL, next_version = NULL, next_quota = NULL, next_month = NULL,
           updated_at = now()
     WHERE x.id = license
       AND x.next_month <= of_month
    RETURNING x.* INTO l;
    IF l.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM public.audit_append(l.tenant_id, 'desk', 'license_plan_began', 'license:' || license,
        jsonb_build_object('plan', l.plan, 'version', l.plan_version, 'quota', l.quota_monthly,
                           'month', to_char(of_month, 'YYYY-MM')));
    RETURN true;
END
$$;

-- The month's plan of a licence that pays by plan, once. The licence is locked
-- before its plan is read: a change at the same time sees this line, or this
-- one the change.
CREATE OR REPLACE FUNCTION public.charge_plan(license bigint, of_month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.license AS x WHERE x.id = license FOR NO KEY UPDATE;
    PERFORM public.license_turn(license, of_month);
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

-- The same for every licence in force, and the plans kept for this month for
-- all; how many lines. What is locked is left to the next time: whoever has it
-- does the same, or is done by then.
CREATE OR REPLACE FUNCTION public.charge_plans() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    l record;
    this_month date := public.charge_month();
    n bigint := 0;
BEGIN
    FOR l IN
        SELECT x.id, x.status = 'active' AND x.expires_at > now() AS in_force
          FROM public.license AS x
         WHERE x.next_month <= this_month
            OR (x.status = 'active' AND x.expires_at > now() AND x.billing_mode = 'quota'
                AND NOT EXISTS (SELECT FROM public.ledger AS p
                                 WHERE p.subject_kind = 'license' AND p.subject_id = x.id
                                   AND p.month = this_month AND p.kind = 'plan'))
         ORDER BY x.id
           FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        IF NOT l.in_force THEN
            PERFORM public.license_turn(l.id, this_month);
        ELSIF public.charge_plan(l.id, this_month) THEN
            n := n + 1;
        END IF;
    END LOOP;
    RETURN n;
END
$$;

-- After a change at once: what the ledger lacks for the plan that the (locked)
-- licence has now. Before the month's line there was nothing to pay for: it is
-- the new plan's. After it the dearer plan costs the difference to the dearest
-- that this month has paid for, for the days left.
CREATE FUNCTION public.charge_plan_change(license bigint, was text, at timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    l public.license;
    this_month date := public.charge_month(at);
    day date := (at AT TIME ZONE 'Europe/Paris')::date;
    price bigint;
    paid bigint;
BEGIN
    SELECT x.* INTO l FROM public.license AS x WHERE x.id = license;
    SELECT p.price_cents * 10000 INTO price
      FROM public.license_plan AS p
     WHERE p.name = l.plan AND p.version = l.plan_version;
    SELECT max(coalesce(x.plan_micro_euros, x.price_micro_euros)) INTO paid
      FROM public.ledger AS x
     WHERE x.subject_kind = 'license' AND x.subject_id = license
       AND x.month = this_month AND x.kind IN ('plan', 'plan_change');
    IF l.billing_mode <> 'quota' OR l.status = 'revoked' OR price <= paid THEN
        RETURN false;
    END IF;
    IF paid IS NULL THEN
        RETURN l.status = 'active' AND l.expires_at > at AND public.charge_plan(license, this_month);
    END IF;
    INSERT INTO public.ledger (subject_kind, subject_id, month, meter, counter, kind, units,
                               micro_euros, price_micro_euros, plan_micro_euros,
                               balance_micro_euros, at, note)
    VALUES ('license', license, this_month, 'plan_change', '', 'plan_change', 0, 0,
            public.charge_prorata(price - paid, day), price, l.credit_micro_euros, at,
            format('%s > %s, %s/%s', was, l.plan, (this_month + interval '1 month')::date - day,
                   (this_month + interval '1 month')::date - this_month));
    RETURN true;
END
$$;

-- Another plan (its newest version, with its quota or another), quota or mode;
-- NULL: as it is. The quota of this month. A plan that is not dearer waits for
-- the next month, where the plan is what is paid; all else holds at once. To
-- name the present plan while another waits takes that one back.
CREATE FUNCTION public.license_change_plan(license bigint, wanted text, quota bigint,
                                           mode text, actor text, at timestamptz)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    l public.license;
    p public.license_plan;
    price bigint;
    units bigint;
    next_start date := (public.charge_month(at) + interval '1 month')::date;
    stays boolean;
    waits boolean;
BEGIN
    PERFORM public.license_lock(license);
    PERFORM public.license_turn(license, public.charge_month(at));
    l := public.license_lock(license);
    stays := wanted IS NULL OR (wanted = l.plan AND l.next_plan IS NOT NULL);
    SELECT x.* INTO p
      FROM public.license_plan AS x
     WHERE x.name = coalesce(wanted, l.plan) AND (NOT stays OR x.version = l.plan_version)
     ORDER BY x.version DESC
     LIMIT 1;
    IF p.name IS NULL THEN
        RAISE EXCEPTION 'there is no plan %', wanted USING ERRCODE = 'no_data_found';
    END IF;
    SELECT x.price_cents INTO price
      FROM public.license_plan AS x WHERE x.name = l.plan AND x.version = l.plan_version;
    units := coalesce(quota, CASE WHEN stays THEN l.quota_monthly ELSE p.quota_monthly END);
    waits := l.billing_mode = 'quota' AND coalesce(mode, 'quota') = 'quota'
             AND (p.name, p.version) <> (l.plan, l.plan_version) AND p.price_cents <= price;
    IF waits THEN
        UPDATE public.license AS x
           SET next_plan = p.name, next_version = p.version, next_quota = units,
               next_month = next_start, updated_at = now()
         WHERE x.id = license;
    ELSE
        UPDATE public.license AS x
           SET plan = p.name, plan_version = p.version, quota_monthly = units,
               billing_mode = coalesce(mode, x.billing_mode), updated_at = now()
         WHERE x.id = license;
        IF wanted IS NOT NULL THEN
            UPDATE public.license AS x
               SET next_plan = NULL, next_version = NULL, next_quota = NULL, next_month = NULL
             WHERE x.id = license;
        END IF;
        PERFORM public.charge_plan_change(license, l.plan, at);
    END IF;
    PERFORM public.audit_append(l.tenant_id, actor, 'license_plan_changed', 'license:' || license,
        jsonb_build_object('was', l.plan, 'plan', p.name, 'version', p.version, 'quota', units,
                           'billing', coalesce(mode, l.billing_mode))
        || CASE WHEN waits THEN jsonb_build_object('from', next_start) ELSE '{}' END);
    RETURN CASE WHEN waits THEN l.quota_monthly ELSE units END;
END
$$;

-- The same, now. The clock is read when the licence is locked: who waited past
-- midnight changes the month that has begun.
CREATE OR REPLACE FUNCTION public.license_set_plan(license bigint, wanted text, quota bigint,
                                                   mode text, actor text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.license_lock(license);
    RETURN public.license_change_plan(license, wanted, quota, mode, actor, clock_timestamp());
END
$$;

-- As before (0007); a change that is due counts before anybody has put it in place.
CREATE OR REPLACE FUNCTION public.charge_terms(subject_kind text, subject_id bigint, meter text)
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
    SELECT 'uses', CASE WHEN l.billing_mode <> 'quota' THEN NULL
                        WHEN public.license_due(l.next_month) THEN l.next_quota
                        ELSE l.quota_monthly END,
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

CREATE OR REPLACE VIEW public.principal_license AS
SELECT k.key_hash, l.id AS license_id, l.tenant_id, l.client,
       CASE WHEN public.license_due(l.next_month) THEN l.next_plan ELSE l.plan END AS plan,
       l.billing_mode,
       CASE WHEN public.license_due(l.next_month) THEN l.next_quota
            ELSE l.quota_monthly END AS quota_monthly,
       l.credit_micro_euros, l.status,
       l.expires_at, l.expires_at <= now() OR l.status = 'expired' AS is_expired,
       coalesce(t.is_active, true) AS tenant_is_active, l.addresses, l.features
  FROM public.license AS l
 CROSS JOIN LATERAL (SELECT l.key_hash
                      UNION ALL
                     SELECT l.old_key_hash
                      WHERE l.old_key_until > now()) AS k
  LEFT JOIN public.tenants AS t ON t.id = l.tenant_id;

-- As before, and each change of plan against the line before it and its day.
ALTER FUNCTION public.charge_verify() RENAME TO charge_verify_sums;
CREATE FUNCTION public.charge_verify()
    RETURNS TABLE (subject text, what text, expected bigint, found bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.subject, s.what, s.expected, s.found FROM public.charge_verify_sums() AS s
     UNION ALL
    SELECT 'ledger:' || c.id, 'price of the change of plan', c.expected, c.price_micro_euros
      FROM (SELECT x.id, x.kind, x.price_micro_euros,
                   CASE WHEN public.charge_month(x.at) = x.month THEN
                       public.charge_prorata(x.plan_micro_euros
                           - lag(coalesce(x.plan_micro_euros, x.price_micro_euros))
                             OVER (PARTITION BY x.subject_kind, x.subject_id, x.month ORDER BY x.id),
                           (x.at AT TIME ZONE 'Europe/Paris')::date)
                   END AS expected
              FROM public.ledger AS x
             WHERE x.kind IN ('plan', 'plan_change')) AS c
     WHERE c.kind = 'plan_change'
       AND c.expected IS DISTINCT FROM c.price_micro_euros
$$;

REVOKE ALL ON FUNCTION public.license_turn(bigint, date),
       public.charge_plan_change(bigint, text, timestamptz),
       public.license_change_plan(bigint, text, bigint, text, text, timestamptz),
       public.charge_verify_sums(), public.charge_verify() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.charge_verify_sums() FROM comptoir_admin;
GRANT EXECUTE ON FUNCTION public.charge_verify() TO comptoir_admin;
