-- Takes back 0023. What is due is put in place, what waits is forgotten; the
-- price of changes goes to the month's plan line, so that its sum stays.
SELECT public.license_turn(l.id, public.charge_month())
  FROM public.license AS l
 WHERE l.next_month <= public.charge_month();

CREATE OR REPLACE VIEW public.principal_license AS
SELECT k.key_hash, l.id AS license_id, l.tenant_id, l.client, l.plan,
       l.billing_mode, l.quota_monthly, l.credit_micro_euros, l.status,
       l.expires_at, l.expires_at <= now() OR l.status = 'expired' AS is_expired,
       coalesce(t.is_active, true) AS tenant_is_active, l.addresses, l.features
  FROM public.license AS l
 CROSS JOIN LATERAL (SELECT l.key_hash
                      UNION ALL
                     SELECT l.old_key_hash
                      WHERE l.old_key_until > now()) AS k
  LEFT JOIN public.tenants AS t ON t.id = l.tenant_id;

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

CREATE OR REPLACE FUNCTION public.license_set_plan(license bigint, wanted text, quota bigint,
                                        mode text, actor text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    l public.license := public.license_lock(license);
    p public.license_plan;
BEGIN
    SELECT * INTO p
      FROM public.license_plan AS x
     WHERE x.name = coalesce(wanted, l.plan)
     ORDER BY x.version DESC
     LIMIT 1;
    IF p.name IS NULL THEN
        RAISE EXCEPTION 'there is no plan %', wanted USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.license AS x
       SET plan = p.name, plan_version = p.version, updated_at = now(),
           quota_monthly = coalesce(quota, p.quota_monthly),
           billing_mode = coalesce(mode, x.billing_mode)
     WHERE x.id = license;
    PERFORM public.audit_append(l.tenant_id, actor, 'license_plan_changed', 'license:' || license,
        jsonb_build_object('was', l.plan, 'plan', p.name, 'version', p.version,
                           'quota', coalesce(quota, p.quota_monthly),
                           'billing', coalesce(mode, l.billing_mode)));
    RETURN coalesce(quota, p.quota_monthly);
END
$$;

CREATE OR REPLACE FUNCTION public.charge_plans() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE public.charge_plan(l.id, public.charge_month()))
      FROM public.license AS l
     WHERE l.status = 'active'
       AND l.expires_at > now()
$$;

CREATE OR REPLACE FUNCTION public.charge_plan(license bigint, of_month date) RETURNS boolean
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

DROP FUNCTION public.charge_verify();
ALTER FUNCTION public.charge_verify_sums() RENAME TO charge_verify;
GRANT EXECUTE ON FUNCTION public.charge_verify() TO comptoir_admin;
DROP FUNCTION public.license_change_plan(bigint, text, bigint, text, text, timestamptz);
DROP FUNCTION public.charge_plan_change(bigint, text, timestamptz);
DROP FUNCTION public.license_turn(bigint, date);
DROP FUNCTION public.charge_prorata(bigint, date);
DROP FUNCTION public.license_due(date);

ALTER TABLE public.ledger DISABLE TRIGGER ledger_append_only;
UPDATE public.ledger AS p
   SET price_micro_euros = p.price_micro_euros + c.price
  FROM (SELECT x.subject_kind, x.subject_id, x.month, sum(x.price_micro_euros)::bigint AS price
          FROM public.ledger AS x
         WHERE x.kind = 'plan_change'
         GROUP BY 1, 2, 3) AS c
 WHERE p.kind = 'plan'
   AND (p.subject_kind, p.subject_id, p.month) = (c.subject_kind, c.subject_id, c.month);
DELETE FROM public.ledger WHERE kind = 'plan_change';
ALTER TABLE public.ledger ENABLE TRIGGER ledger_append_only;
ALTER TABLE public.ledger
      DROP CONSTRAINT ledger_plan_change,
      DROP CONSTRAINT ledger_kind,
      ADD CONSTRAINT ledger_kind CHECK (CASE kind
        WHEN 'use'    THEN units >= 0 AND micro_euros <= 0 AND price_micro_euros = 0
        WHEN 'refund' THEN units <= 0 AND micro_euros >= 0 AND price_micro_euros = 0
        WHEN 'credit' THEN units = 0 AND price_micro_euros = 0
        WHEN 'plan'   THEN units = 0 AND micro_euros = 0 AND price_micro_euros >= 0
        ELSE false END),
      DROP COLUMN plan_micro_euros;
COMMENT ON COLUMN public.ledger.price_micro_euros IS
    'Of a plan line: the plan''s price of the month, without VAT.';
ALTER TABLE public.license
      DROP COLUMN next_month,
      DROP COLUMN next_quota,
      DROP COLUMN next_version,
      DROP COLUMN next_plan;
