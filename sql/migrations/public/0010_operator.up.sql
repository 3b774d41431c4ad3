-- What an operator does: each verb is one function that also writes the trail,
-- so that comptoirctl, sql/admin and /admin cannot but do the same thing. The
-- program behind /admin has no other way to change a row
-- (docs/decisions/0014-operators.md).
-- SQLSTATE P0002: there is no such row; 55000: its state does not allow it.

REVOKE UPDATE ON public.tenants, public.users, public.user_sessions, public.api_keys FROM comptoir_admin;

-- Whatever changes a user's role or disables one also ends the access tokens
-- that say otherwise; and no program of the desk can make an operator.
CREATE FUNCTION public.users_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.role = 'operator' AND (TG_OP = 'INSERT' OR OLD.role <> 'operator')
       AND NOT pg_has_role(current_user,
               (SELECT c.relowner FROM pg_catalog.pg_class AS c WHERE c.oid = TG_RELID), 'MEMBER') THEN
        RAISE EXCEPTION 'operators are made by comptoirctl or psql alone'
              USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.token_version <= OLD.token_version
       AND (NEW.role <> OLD.role OR (OLD.is_active AND NOT NEW.is_active)) THEN
        NEW.token_version := OLD.token_version + 1;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER users_guard BEFORE INSERT OR UPDATE OF role, is_active ON public.users
    FOR EACH ROW EXECUTE FUNCTION public.users_guard();

-- ---- users -----------------------------------------------------------------

-- A user by number, e-mail address or username.
CREATE FUNCTION public.operator_find_user(who text) RETURNS bigint
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_id bigint;
BEGIN
    SELECT u.id INTO found_id
      FROM public.users AS u
     WHERE CASE WHEN who ~ '^[0-9]{1,18}$' THEN u.id = who::bigint
                ELSE lower(u.email) = lower(who) OR lower(u.username) = lower(who) END
     ORDER BY lower(u.email) = lower(who) DESC
     LIMIT 1;
    IF found_id IS NULL THEN
        RAISE EXCEPTION 'there is no user %', who USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found_id;
END
$$;

-- The user's row, kept from others until the transaction ends.
CREATE FUNCTION public.operator_lock_user(user_id bigint) RETURNS public.users
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.users;
BEGIN
    SELECT * INTO u FROM public.users AS x WHERE x.id = operator_lock_user.user_id FOR UPDATE;
    IF u.id IS NULL THEN
        RAISE EXCEPTION 'there is no user %', user_id USING ERRCODE = 'no_data_found';
    END IF;
    RETURN u;
END
$$;

-- Sessions of a user that live; how many were ended.
CREATE FUNCTION public.operator_close_sessions(user_id bigint, why text) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE public.user_sessions AS s
           SET revoked_at = now(), revoked_why = why
         WHERE s.user_id = operator_close_sessions.user_id
           AND s.revoked_at IS NULL
        RETURNING 1)
    SELECT count(*) FROM ended
$$;

-- wanted: {"is_active": bool, "role": "user"|"admin"}, either or both. An
-- operator is first made a user again (operator_revoke). False: as it was.
CREATE FUNCTION public.operator_change_user(user_id bigint, wanted jsonb, actor text)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.users := public.operator_lock_user(user_id);
    active boolean := coalesce((wanted ->> 'is_active')::boolean, u.is_active);
    new_role text := coalesce(wanted ->> 'role', u.role);
    subject text := 'user:' || u.id;
    ended bigint := 0;
BEGIN
    IF u.role = 'operator' THEN
        RAISE EXCEPTION 'user % is an operator: take that role away first', u.id
              USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF new_role NOT IN ('user', 'admin') THEN
        RAISE EXCEPTION 'a role is user or admin' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF active = u.is_active AND new_role = u.role THEN
        RETURN false;
    END IF;
    UPDATE public.users AS x
       SET is_active = active, role = new_role, updated_at = now()
     WHERE x.id = u.id;
    IF new_role <> u.role THEN
        PERFORM public.audit_append(u.tenant_id, actor, 'role_change', subject,
            jsonb_build_object('from', u.role, 'to', new_role));
    END IF;
    IF u.is_active AND NOT active THEN
        ended := public.operator_close_sessions(u.id, 'disabled');
        PERFORM public.audit_append(u.tenant_id, actor, 'user_disable', subject,
            jsonb_build_object('sessions', ended));
    ELSIF active AND NOT u.is_active THEN
        PERFORM public.audit_append(u.tenant_id, actor, 'user_enable', subject, '{}');
    END IF;
    RETURN true;
END
$$;

-- Operators are of the platform: their chain is 0.
CREATE FUNCTION public.operator_grant(user_id bigint, actor text) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.users := public.operator_lock_user(user_id);
BEGIN
    IF NOT u.is_active THEN
        RAISE EXCEPTION 'user % is disabled', u.id USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF u.role = 'operator' THEN
        RETURN false;
    END IF;
    UPDATE public.users AS x SET role = 'operator', updated_at = now() WHERE x.id = u.id;
    PERFORM public.audit_append(NULL, actor, 'operator_grant', 'user:' || u.id,
        jsonb_build_object('from', u.role, 'tenant_id', u.tenant_id));
    RETURN true;
END
$$;

CREATE FUNCTION public.operator_revoke(user_id bigint, new_role text, actor text) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.users := public.operator_lock_user(user_id);
BEGIN
    IF new_role NOT IN ('user', 'admin') THEN
        RAISE EXCEPTION 'a role is user or admin' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF u.role <> 'operator' THEN
        RETURN false;
    END IF;
    UPDATE public.users AS x SET role = new_role, updated_at = now() WHERE x.id = u.id;
    PERFORM public.audit_append(NULL, actor, 'operator_revoke', 'user:' || u.id,
        jsonb_build_object('to', new_role, 'tenant_id', u.tenant_id));
    RETURN true;
END
$$;

-- ---- sessions, keys, passwords ---------------------------------------------

CREATE FUNCTION public.operator_end_session(session_id bigint, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s record;
BEGIN
    SELECT x.id, x.user_id, x.revoked_at, u.tenant_id INTO s
      FROM public.user_sessions AS x
      JOIN public.users AS u ON u.id = x.user_id
     WHERE x.id = session_id
       FOR UPDATE OF x;
    IF s.id IS NULL THEN
        RAISE EXCEPTION 'there is no session %', session_id USING ERRCODE = 'no_data_found';
    END IF;
    IF s.revoked_at IS NOT NULL THEN
        RETURN false;
    END IF;
    UPDATE public.user_sessions AS x
       SET revoked_at = now(), revoked_why = 'operator'
     WHERE x.id = s.id;
    PERFORM public.audit_append(s.tenant_id, actor, 'session_end', 'user:' || s.user_id,
        jsonb_build_object('session', s.id));
    RETURN true;
END
$$;

-- Every session of a user, and the access tokens that are out.
CREATE FUNCTION public.operator_end_sessions(user_id bigint, actor text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.users := public.operator_lock_user(user_id);
    ended bigint := public.operator_close_sessions(u.id, 'operator');
BEGIN
    UPDATE public.users AS x SET token_version = x.token_version + 1 WHERE x.id = u.id;
    PERFORM public.audit_append(u.tenant_id, actor, 'session_end', 'user:' || u.id,
        jsonb_build_object('sessions', ended));
    RETURN ended;
END
$$;

CREATE FUNCTION public.operator_revoke_key(key_id bigint, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k public.api_keys;
BEGIN
    SELECT * INTO k FROM public.api_keys AS x WHERE x.id = key_id FOR UPDATE;
    IF k.id IS NULL THEN
        RAISE EXCEPTION 'there is no API key %', key_id USING ERRCODE = 'no_data_found';
    END IF;
    IF k.revoked_at IS NOT NULL THEN
        RETURN false;
    END IF;
    UPDATE public.api_keys AS x SET revoked_at = now(), is_active = false WHERE x.id = k.id;
    PERFORM public.audit_append(k.tenant_id, actor, 'key_revoke', 'key:' || k.id,
        jsonb_build_object('user', k.user_id, 'last4', k.last4));
    RETURN true;
END
$$;

-- Keeps the hash of a one-time token that the operator hands over; earlier ones
-- are void. It sets a new password at POST /api/auth/password/reset.
CREATE FUNCTION public.operator_reset_password(user_id bigint, token_hash text, minutes integer, actor text)
    RETURNS timestamptz LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u public.users := public.operator_lock_user(user_id);
    ends timestamptz := now() + make_interval(mins => minutes);
BEGIN
    IF minutes IS NULL OR minutes NOT BETWEEN 1 AND 10080 THEN
        RAISE EXCEPTION 'a reset token is good for 1 to 10080 minutes' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT u.is_active THEN
        RAISE EXCEPTION 'user % is disabled', u.id USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE public.user_tokens AS t
       SET used_at = now()
     WHERE t.user_id = u.id
       AND t.purpose = 'reset'
       AND t.used_at IS NULL;
    INSERT INTO public.user_tokens (hash, user_id, purpose, expires_at)
    VALUES (token_hash, u.id, 'reset', ends);
    PERFORM public.audit_append(u.tenant_id, actor, 'password_reset_issue', 'user:' || u.id,
        jsonb_build_object('minutes', minutes));
    RETURN ends;
END
$$;

-- ---- tenants ---------------------------------------------------------------

-- wanted: any of is_active, subscription_tier, subscription_status and the
-- agreed maxima max_products, max_platforms, ai_credits_monthly (null: as the
-- tier says). Disabling a tenant ends the sessions of its users. False: as it
-- was.
CREATE FUNCTION public.operator_change_tenant(tenant_id bigint, wanted jsonb, actor text)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t public.tenants;
    n public.tenants;
    was jsonb;
    becomes jsonb;
BEGIN
    SELECT * INTO t FROM public.tenants AS x WHERE x.id = operator_change_tenant.tenant_id FOR UPDATE;
    IF t.id IS NULL THEN
        RAISE EXCEPTION 'there is no tenant %', tenant_id USING ERRCODE = 'no_data_found';
    END IF;
    IF NOT EXISTS (SELECT FROM public.subscription_quotas AS q
                    WHERE q.tier = coalesce(wanted ->> 'subscription_tier', t.subscription_tier)) THEN
        RAISE EXCEPTION 'there is no tier %', wanted ->> 'subscription_tier' USING ERRCODE = 'no_data_found';
    END IF;
    n := jsonb_populate_record(t, wanted - ARRAY['id', 'name', 'email', 'has_schema', 'created_at', 'updated_at']);
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, c.value)
      INTO was, becomes
      FROM jsonb_each(to_jsonb(t)) AS o
      JOIN jsonb_each(to_jsonb(n)) AS c ON c.key = o.key
     WHERE c.value <> o.value;
    IF was IS NULL THEN
        RETURN false;
    END IF;
    UPDATE public.tenants AS x
       SET is_active = n.is_active, subscription_tier = n.subscription_tier,
           subscription_status = n.subscription_status, max_products = n.max_products,
           max_platforms = n.max_platforms, ai_credits_monthly = n.ai_credits_monthly,
           updated_at = now()
     WHERE x.id = t.id;
    IF t.is_active AND NOT n.is_active THEN
        PERFORM public.operator_close_sessions(u.id, 'disabled')
           FROM public.users AS u WHERE u.tenant_id = t.id;
        UPDATE public.users AS u SET token_version = u.token_version + 1 WHERE u.tenant_id = t.id;
    END IF;
    PERFORM public.audit_append(t.id, actor,
        CASE WHEN n.is_active = t.is_active THEN 'tenant_change'
             WHEN n.is_active THEN 'tenant_enable' ELSE 'tenant_disable' END,
        'tenant:' || t.id, jsonb_build_object('from', was, 'to', becomes));
    RETURN true;
END
$$;

-- ---- forgetting ------------------------------------------------------------

-- Sign-ins older than so many days; how many are gone.
CREATE FUNCTION public.operator_purge_logins(days integer, actor text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    IF days IS NULL OR days < 1 THEN
        RAISE EXCEPTION 'at least the last day is kept: locks look at it' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM public.login_attempts WHERE created_at < now() - make_interval(days => days);
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM public.audit_append(NULL, actor, 'login_purge', '',
        jsonb_build_object('days', days, 'gone', gone));
    RETURN gone;
END
$$;

-- What nobody can use any more: tokens, invitations and sessions that ended
-- more than so many days ago, sign-ins as old; one row a table.
CREATE FUNCTION public.operator_purge(days integer, actor text)
    RETURNS TABLE (what text, gone bigint) LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before timestamptz := now() - make_interval(days => days);
    purge record;
    counts jsonb := '{}';
BEGIN
    IF days IS NULL OR days < 1 THEN
        RAISE EXCEPTION 'at least the last day is kept' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR purge IN
        SELECT *
          FROM (VALUES
            ('refresh_tokens', 'expires_at < $1'),
            ('user_sessions', 'expires_at < $1 OR revoked_at < $1'),
            ('user_tokens', 'expires_at < $1 OR used_at < $1'),
            ('invitations', 'expires_at < $1'),
            ('login_attempts', 'created_at < $1'),
            ('idempotency', 'created_at < $1')) AS x (name, old)
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE %s', purge.name, purge.old) USING before;
        GET DIAGNOSTICS gone = ROW_COUNT;
        what := purge.name;
        counts := counts || jsonb_build_object(what, gone);
        RETURN NEXT;
    END LOOP;
    PERFORM public.audit_append(NULL, actor, 'purge', '', counts || jsonb_build_object('days', days));
END
$$;

-- ---- figures ---------------------------------------------------------------

-- What GET /admin/stats answers, all of one moment.
CREATE FUNCTION public.operator_stats() RETURNS jsonb LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'generated_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'users', (SELECT jsonb_build_object('total', count(*),
                         'active', count(*) FILTER (WHERE u.is_active),
                         'verified', count(*) FILTER (WHERE u.is_verified),
                         'operators', count(*) FILTER (WHERE u.role = 'operator' AND u.is_active),
                         'signed_in_30d', count(*) FILTER (WHERE u.last_login > now() - interval '30 days'))
                    FROM public.users AS u),
        'tenants', (SELECT jsonb_build_object('total', count(*),
                           'active', count(*) FILTER (WHERE t.is_active),
                           'with_schema', count(*) FILTER (WHERE t.has_schema))
                      FROM public.tenants AS t),
        'api_keys', (SELECT jsonb_build_object('total', count(*),
                            'active', count(*) FILTER (WHERE k.is_active AND k.revoked_at IS NULL
                                      AND (k.expires_at IS NULL OR k.expires_at > now())))
                       FROM public.api_keys AS k),
        'sessions', (SELECT jsonb_build_object('live', count(*))
                       FROM public.user_sessions AS s
                      WHERE s.revoked_at IS NULL AND s.expires_at > now()),
        'logins_24h', (SELECT jsonb_build_object('ok', count(*) FILTER (WHERE l.success),
                              'failed', count(*) FILTER (WHERE NOT l.success))
                         FROM public.login_attempts AS l
                        WHERE l.created_at > now() - interval '24 hours'),
        'licenses', (SELECT jsonb_build_object('total', count(*),
                            'active', count(*) FILTER (WHERE l.status = 'active' AND l.expires_at > now()),
                            'suspended', count(*) FILTER (WHERE l.status = 'suspended' AND l.expires_at > now()),
                            'revoked', count(*) FILTER (WHERE l.status = 'revoked'),
                            'expired', count(*) FILTER (WHERE l.status = 'expired'
                                       OR (l.status IN ('active', 'suspended') AND l.expires_at <= now())))
                       FROM public.license AS l),
        'charged', (SELECT jsonb_build_object('month', to_char(x.month, 'YYYY-MM'),
                           'invoices', coalesce(sum(m.used) FILTER (WHERE m.subject_kind = 'tenant'
                                       AND m.counter = 'invoices'), 0),
                           'license_uses', coalesce(sum(m.used) FILTER (WHERE m.subject_kind = 'license'), 0))
                      FROM (SELECT date_trunc('month', now() AT TIME ZONE 'Europe/Paris')::date AS month) AS x
                      LEFT JOIN public.meter AS m ON m.month = x.month
                     GROUP BY x.month))
$$;

-- ---- is the trail whole? ---------------------------------------------------

-- One row a chain: how many entries, the last one, and the first place where
-- the chain does not hold (NULL: it holds). only_chain NULL: all chains. What
-- was cut off at the end only a head that was kept elsewhere tells
-- (comptoirctl audit verify --heads).
CREATE FUNCTION public.audit_verify(only_chain bigint DEFAULT NULL)
    RETURNS TABLE (chain bigint, entries bigint, head_seq bigint, head_hash text,
                   bad_seq bigint, problem text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH looked AS (
        SELECT l.chain, l.seq, l.hash,
               CASE WHEN l.seq <> row_number() OVER w THEN 'an entry is missing before this one'
                    WHEN l.prev_hash <> coalesce(lag(l.hash) OVER w, decode(repeat('00', 32), 'hex'))
                    THEN 'it does not follow the entry before'
                    WHEN l.hash <> public.audit_hash(l.prev_hash, l.chain, l.seq, l.at, l.actor,
                                                     l.event, l.subject, l.facts)
                    THEN 'it was altered' END AS problem
          FROM public.audit_log AS l
         WHERE only_chain IS NULL OR l.chain = only_chain
        WINDOW w AS (PARTITION BY l.chain ORDER BY l.seq))
    SELECT k.chain, count(*), max(k.seq),
           encode((array_agg(k.hash ORDER BY k.seq DESC))[1], 'hex'),
           min(k.seq) FILTER (WHERE k.problem IS NOT NULL),
           (array_agg(k.problem ORDER BY k.seq) FILTER (WHERE k.problem IS NOT NULL))[1]
      FROM looked AS k
     GROUP BY k.chain
     ORDER BY k.chain
$$;

-- ---- who may what ----------------------------------------------------------

REVOKE ALL ON FUNCTION public.users_guard(), public.operator_find_user(text),
       public.operator_lock_user(bigint), public.operator_close_sessions(bigint, text),
       public.operator_change_user(bigint, jsonb, text), public.operator_grant(bigint, text),
       public.operator_revoke(bigint, text, text), public.operator_end_session(bigint, text),
       public.operator_end_sessions(bigint, text), public.operator_revoke_key(bigint, text),
       public.operator_reset_password(bigint, text, integer, text),
       public.operator_change_tenant(bigint, jsonb, text),
       public.operator_purge_logins(integer, text), public.operator_purge(integer, text),
       public.operator_stats(), public.audit_verify(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.operator_change_user(bigint, jsonb, text),
      public.operator_end_session(bigint, text), public.operator_end_sessions(bigint, text),
      public.operator_revoke_key(bigint, text), public.operator_change_tenant(bigint, jsonb, text),
      public.operator_stats(), public.audit_verify(bigint) TO comptoir_admin;
