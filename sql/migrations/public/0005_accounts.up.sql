-- Who is at the desk: tenants, their users, sessions, keys, and the trail of
-- what was done. Passwords stand apart: only the program that checks them may
-- read them. A row of another tenant is behind two walls: the WHERE of every
-- statement, and a policy that compares with app.tenant_id (docs/ACCOUNTS.md).

-- One role a program; comptoir_gate owns the views by which the gate of every
-- program finds out who calls, and can do nothing else.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['comptoir_auth', 'comptoir_account',
        'comptoir_license', 'comptoir_admin', 'comptoir_gate'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
        END IF;
        IF NOT pg_has_role(session_user, role_name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', role_name, session_user);
        END IF;
    END LOOP;
END
$$;
GRANT USAGE ON SCHEMA public TO comptoir_auth, comptoir_account,
      comptoir_license, comptoir_admin, comptoir_gate;

-- ---- tenants ---------------------------------------------------------------

CREATE TABLE public.subscription_quotas (
    tier               text    PRIMARY KEY CHECK (tier ~ '^[a-z][a-z0-9_]{0,39}$'),
    max_users          integer NOT NULL CHECK (max_users >= 1),
    max_api_keys       integer NOT NULL CHECK (max_api_keys >= 0),
    max_products       integer NOT NULL CHECK (max_products >= 0),
    max_platforms      integer NOT NULL CHECK (max_platforms >= 0),
    ai_credits_monthly integer NOT NULL CHECK (ai_credits_monthly >= 0),
    invoices_monthly   integer NOT NULL CHECK (invoices_monthly >= 0)
);
COMMENT ON TABLE public.subscription_quotas IS
    'What a tenant may use by its subscription tier; a quota that is reached answers 403 quota_exceeded.';
INSERT INTO public.subscription_quotas
       (tier, max_users, max_api_keys, max_products, max_platforms, ai_credits_monthly, invoices_monthly)
VALUES ('free',         3,   5,     50,  1,    20,    100),
       ('starter',     10,  20,    500,  2,   200,   1000),
       ('pro',         50, 100,   5000,  3,  2000,  10000),
       ('enterprise', 500, 500, 100000, 10, 20000, 200000);

CREATE TABLE public.tenants (
    id                  bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                text    NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    email               text    NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    subscription_tier   text    NOT NULL DEFAULT 'free' REFERENCES public.subscription_quotas (tier),
    subscription_status text    NOT NULL DEFAULT 'active'
                        CHECK (subscription_status IN ('active', 'trial', 'past_due', 'cancelled')),
    max_products        integer CHECK (max_products >= 0),
    max_platforms       integer CHECK (max_platforms >= 0),
    ai_credits_monthly  integer CHECK (ai_credits_monthly >= 0),
    is_active           boolean NOT NULL DEFAULT true,
    has_schema          boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN public.tenants.max_products IS
    'Agreed with this tenant in place of its tier''s; NULL: as the tier says. So are the next two.';
COMMENT ON COLUMN public.tenants.has_schema IS
    'False at the cap of tenant schemas: the account works, listings answer 503 tenant_capacity.';

-- ---- users -----------------------------------------------------------------

CREATE TABLE public.users (
    id                 bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id          bigint  NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
    username           text    NOT NULL CHECK (length(username) BETWEEN 3 AND 254),
    email              text    NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    full_name          text    NOT NULL DEFAULT '' CHECK (length(full_name) <= 200),
    role               text    NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'operator')),
    business_name      text    CHECK (length(business_name) <= 200),
    account_type       text    CHECK (account_type IN ('individual', 'professional')),
    business_type      text    CHECK (length(business_type) <= 100),
    estimated_products integer CHECK (estimated_products BETWEEN 0 AND 100000000),
    siret              text    CHECK (length(siret) <= 200),
    vat_number         text    CHECK (length(vat_number) <= 200),
    phone              text    CHECK (length(phone) <= 200),
    country            text    CHECK (country ~ '^[A-Z]{2}$'),
    language           text    NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    is_active          boolean NOT NULL DEFAULT true,
    is_verified        boolean NOT NULL DEFAULT false,
    prediction_count   bigint  NOT NULL DEFAULT 0 CHECK (prediction_count >= 0),
    token_version      bigint  NOT NULL DEFAULT 1 CHECK (token_version >= 1),
    tenant_is_active   boolean NOT NULL DEFAULT true,
    ended_sessions     bigint[] NOT NULL DEFAULT '{}',
    last_login         timestamptz,
    last_source        text    CHECK (last_source IN ('web', 'plugin', 'mobile')),
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN public.users.siret IS
    'Sealed under DATA_KEYS where they are set, as are vat_number and phone.';
COMMENT ON COLUMN public.users.token_version IS
    'Grows when all access tokens of the user must end at once.';
COMMENT ON COLUMN public.users.ended_sessions IS
    'Kept by a trigger, as tenant_is_active: whether a token still counts is then one row to read. Sessions that ended longer ago than a token can live are left out.';
CREATE UNIQUE INDEX users_by_email ON public.users (lower(email));
CREATE UNIQUE INDEX users_by_username ON public.users (lower(username));
CREATE INDEX users_by_tenant ON public.users (tenant_id, id);

CREATE TABLE public.user_passwords (
    user_id    bigint PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
    hash       text   NOT NULL CHECK (length(hash) BETWEEN 20 AND 200),
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- A login; its refresh tokens are one family.
CREATE TABLE public.user_sessions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id      bigint NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    source       text   NOT NULL CHECK (source IN ('web', 'plugin', 'mobile')),
    ip           inet,
    user_agent   text   CHECK (length(user_agent) <= 300),
    created_at   timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    revoked_why  text   CHECK (revoked_why IN ('logout', 'reuse', 'password', 'disabled', 'operator'))
);
CREATE INDEX user_sessions_by_user ON public.user_sessions (user_id) WHERE revoked_at IS NULL;

-- What ends a session or a tenant is copied onto the rows of users, where the
-- gate looks at every request.
CREATE FUNCTION public.user_session_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.users AS u
       SET ended_sessions = ARRAY(
               SELECT s.id
                 FROM public.user_sessions AS s
                WHERE s.user_id = NEW.user_id
                  AND s.revoked_at > now() - interval '25 hours'
                ORDER BY s.id)
     WHERE u.id = NEW.user_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_sessions_ended AFTER INSERT OR UPDATE OF revoked_at ON public.user_sessions
    FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION public.user_session_ended();

CREATE FUNCTION public.tenant_activity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.users SET tenant_is_active = NEW.is_active WHERE tenant_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER tenants_activity AFTER UPDATE OF is_active ON public.tenants
    FOR EACH ROW WHEN (NEW.is_active IS DISTINCT FROM OLD.is_active)
    EXECUTE FUNCTION public.tenant_activity();

CREATE FUNCTION public.user_tenant_activity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.tenant_is_active := (SELECT t.is_active FROM public.tenants AS t
                              WHERE t.id = NEW.tenant_id FOR SHARE);
    RETURN NEW;
END
$$;
CREATE TRIGGER users_tenant_activity BEFORE INSERT ON public.users
    FOR EACH ROW EXECUTE FUNCTION public.user_tenant_activity();

CREATE TABLE public.refresh_tokens (
    hash       text   PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    session_id bigint NOT NULL REFERENCES public.user_sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    successor  text   CHECK (length(successor) <= 400)
);
COMMENT ON COLUMN public.refresh_tokens.successor IS
    'The token that replaced this one, sealed under a key that only its owner can derive; for an answer lost on the way.';
CREATE INDEX refresh_tokens_by_session ON public.refresh_tokens (session_id);

-- One-time tokens of mails.
CREATE TABLE public.user_tokens (
    hash       text   PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    user_id    bigint NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    purpose    text   NOT NULL CHECK (purpose IN ('verify', 'reset')),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX user_tokens_by_user ON public.user_tokens (user_id);

CREATE TABLE public.login_attempts (
    id         bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username   text    NOT NULL CHECK (length(username) <= 254),
    user_id    bigint  REFERENCES public.users (id) ON DELETE SET NULL,
    ip         inet    NOT NULL,
    success    boolean NOT NULL,
    source     text    NOT NULL,
    user_agent text    CHECK (length(user_agent) <= 300),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_attempts_by_username ON public.login_attempts (lower(username), created_at);
CREATE INDEX login_attempts_by_ip ON public.login_attempts (ip, created_at);
CREATE INDEX login_attempts_by_age ON public.login_attempts (created_at);

CREATE TABLE public.invitations (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   bigint NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
    email       text   NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    role        text   NOT NULL CHECK (role IN ('user', 'admin')),
    hash        text   NOT NULL UNIQUE CHECK (hash ~ '^[0-9a-f]{64}$'),
    invited_by  bigint REFERENCES public.users (id) ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    accepted_at timestamptz
);
CREATE INDEX invitations_by_tenant ON public.invitations (tenant_id, id);

CREATE TABLE public.api_keys (
    id           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id    bigint  NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
    user_id      bigint  NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    name         text    NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    prefix       text    NOT NULL CHECK (length(prefix) BETWEEN 4 AND 20),
    last4        text    NOT NULL CHECK (length(last4) = 4),
    hash         text    NOT NULL UNIQUE CHECK (hash ~ '^[0-9a-f]{64}$'),
    scopes       text[]  NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 20),
    is_active    boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_keys_by_user ON public.api_keys (tenant_id, user_id, id);

-- ---- the second wall -------------------------------------------------------

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['users', 'invitations', 'api_keys'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY tenant_wall ON public.%I TO comptoir_api, comptoir_account, comptoir_license
             USING (tenant_id = current_setting(''app.tenant_id'')::bigint)
             WITH CHECK (tenant_id = current_setting(''app.tenant_id'')::bigint)', t);
        EXECUTE format(
            'CREATE POLICY all_tenants ON public.%I TO comptoir_auth, comptoir_admin
             USING (true) WITH CHECK (true)', t);
        EXECUTE format(
            'CREATE POLICY gate ON public.%I FOR SELECT TO comptoir_gate USING (true)', t);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE ON public.tenants, public.users, public.invitations TO comptoir_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.user_passwords, public.user_sessions,
      public.refresh_tokens, public.user_tokens, public.login_attempts TO comptoir_auth;
GRANT SELECT ON public.subscription_quotas TO comptoir_auth, comptoir_account, comptoir_admin, comptoir_api;
GRANT SELECT, UPDATE ON public.tenants TO comptoir_account, comptoir_admin;
GRANT SELECT ON public.tenants TO comptoir_api;
GRANT SELECT, UPDATE, DELETE ON public.users TO comptoir_account;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.invitations, public.api_keys TO comptoir_account;
GRANT SELECT, INSERT, UPDATE ON public.user_sessions, public.refresh_tokens, public.user_tokens TO comptoir_account;
GRANT SELECT, UPDATE ON public.users, public.user_sessions, public.api_keys TO comptoir_admin;
GRANT SELECT ON public.login_attempts TO comptoir_admin;
GRANT SELECT ON public.users, public.api_keys TO comptoir_gate;

-- ---- who calls -------------------------------------------------------------

-- One row answers who the bearer of an access token is, and the profile that
-- GET /api/auth/me shows.
CREATE VIEW public.principal_user AS
SELECT id, tenant_id, role, token_version, ended_sessions, username, email,
       full_name, business_name, account_type, business_type,
       estimated_products, siret, vat_number, phone, country, language,
       is_active, is_verified, prediction_count, last_login, created_at
  FROM public.users
 WHERE is_active AND tenant_is_active;

CREATE VIEW public.principal_key AS
SELECT k.hash, k.id AS key_id, k.user_id, k.tenant_id, u.role, k.scopes,
       k.is_active AND k.revoked_at IS NULL AND u.is_active AND u.tenant_is_active AS is_active,
       k.expires_at IS NOT NULL AND k.expires_at <= now() AS is_expired,
       k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS is_stale
  FROM public.api_keys AS k
  JOIN public.users AS u ON u.id = k.user_id;

GRANT CREATE ON SCHEMA public TO comptoir_gate;
ALTER VIEW public.principal_user OWNER TO comptoir_gate;
ALTER VIEW public.principal_key OWNER TO comptoir_gate;
REVOKE CREATE ON SCHEMA public FROM comptoir_gate;
GRANT SELECT ON public.principal_user, public.principal_key
      TO comptoir_api, comptoir_readonly, comptoir_auth, comptoir_account,
         comptoir_license, comptoir_admin;

-- A key's last use, at most once a minute.
CREATE FUNCTION public.api_key_used(key_id bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.api_keys
       SET last_used_at = now()
     WHERE id = key_id
       AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
$$;
REVOKE ALL ON FUNCTION public.api_key_used(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.api_key_used(bigint)
      TO comptoir_api, comptoir_readonly, comptoir_account, comptoir_license, comptoir_admin;

-- ---- what was done ---------------------------------------------------------

CREATE TABLE public.audit_log (
    chain     bigint NOT NULL CHECK (chain >= 0),
    seq       bigint NOT NULL CHECK (seq >= 1),
    at        timestamptz NOT NULL,
    actor     text   NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
    event     text   NOT NULL CHECK (event ~ '^[a-z][a-z0-9_]{0,59}$'),
    subject   text   NOT NULL CHECK (length(subject) <= 300),
    facts     jsonb  NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    prev_hash bytea  NOT NULL CHECK (length(prev_hash) = 32),
    hash      bytea  NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (chain, seq)
);
COMMENT ON TABLE public.audit_log IS
    'What was done by whom, one hash chain a tenant (chain 0: the platform); appended by audit_append alone.';
CREATE INDEX audit_log_by_time ON public.audit_log (at);

CREATE FUNCTION public.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION public.audit_refuse();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON public.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse();

-- What is hashed of an entry; the verifier uses the same function.
CREATE FUNCTION public.audit_hash(prev bytea, chain bigint, seq bigint, at timestamptz,
                                  actor text, event text, subject text, facts jsonb)
    RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(prev || convert_to(jsonb_build_array(chain, seq,
        (extract(epoch FROM at) * 1000000)::bigint, actor, event, subject, facts)::text, 'UTF8'))
$$;

CREATE FUNCTION public.audit_append(tenant bigint, actor text, event text,
                                    subject text, facts jsonb)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    my_chain bigint := coalesce(tenant, 0);
    last_seq bigint;
    last_hash bytea;
    moment timestamptz := clock_timestamp();
BEGIN
    -- one writer a chain, until its transaction ends
    PERFORM pg_advisory_xact_lock(hashtextextended('comptoir audit', my_chain));
    SELECT l.seq, l.hash INTO last_seq, last_hash
      FROM public.audit_log AS l
     WHERE l.chain = my_chain
     ORDER BY l.seq DESC
     LIMIT 1;
    last_seq := coalesce(last_seq, 0) + 1;
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    INSERT INTO public.audit_log (chain, seq, at, actor, event, subject, facts, prev_hash, hash)
    VALUES (my_chain, last_seq, moment, actor, event, subject, facts, last_hash,
            public.audit_hash(last_hash, my_chain, last_seq, moment, actor, event, subject, facts));
    RETURN last_seq;
END
$$;
REVOKE ALL ON FUNCTION public.audit_append(bigint, text, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.audit_append(bigint, text, text, text, jsonb)
      TO comptoir_api, comptoir_auth, comptoir_account, comptoir_license, comptoir_admin;
GRANT SELECT ON public.audit_log TO comptoir_admin;
