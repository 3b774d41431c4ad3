-- What one customer was granted in place of a row of limits.tsv, until a day.
-- Responders read the rows in force every few seconds (lib/web/limit_override.c).
CREATE TABLE public.limit_override (
    id         bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client     text    NOT NULL CHECK (length(client) <= 79 AND
               client ~ '^((user|tenant|lic):[1-9][0-9]{0,18}|key:[0-9a-f]{16}|ip:[0-9a-f.:]+(/64)?)$'),
    limit_name text    NOT NULL CHECK (limit_name ~ '^[a-z][a-z0-9_]{0,39}$'),
    count      bigint  NOT NULL CHECK (count BETWEEN 1 AND 1000000000),
    window_s   integer NOT NULL CHECK (window_s BETWEEN 1 AND 86400),
    starts_at  timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL,
    note       text    NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    created_by text    NOT NULL CHECK (length(created_by) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_at > starts_at)
);
COMMENT ON COLUMN public.limit_override.client IS
    'As limits and logs name it: user:12, key:<hex>, lic:3, ip:…; or tenant:7, every user of a tenant, each alone. The first wins over the second, a later row over an earlier one.';
CREATE INDEX limit_override_by_end ON public.limit_override (ends_at);
GRANT SELECT ON public.limit_override TO comptoir_api, comptoir_readonly,
      comptoir_auth, comptoir_account, comptoir_license, comptoir_admin;
