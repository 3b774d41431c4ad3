-- Licences: asked at every licensed request, changed by the operator.

-- name: find
-- Whose is the key with this hash, may it be used now, and from this address?
SELECT license_id, tenant_id, client, plan, billing_mode, quota_monthly,
       credit_micro_euros, status, is_expired, tenant_is_active,
       ' ' || array_to_string(features, ' ') || ' ' AS features,
       cardinality(addresses) = 0 OR $2::inet <<= ANY (addresses) AS address_ok,
       to_char(expires_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') AS expiry,
       floor(extract(epoch FROM expires_at))::bigint AS expires_s,
       to_char((date_trunc('month', now() AT TIME ZONE 'Europe/Paris') + interval '1 month')
               AT TIME ZONE 'Europe/Paris' AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS period_end
  FROM public.principal_license
 WHERE key_hash = $1;

-- name: left
-- What is used of this month's quota, what credit is free, what a unit takes,
-- and which plan waits for which month.
SELECT coalesce(m.used + m.reserved, 0) AS used,
       l.credit_micro_euros - l.credit_held_micro_euros AS credit,
       (SELECT p.unit_micro_euros
          FROM public.license_price AS p
         WHERE p.billing_mode = l.billing_mode
         ORDER BY p.version DESC
         LIMIT 1) AS unit_micro_euros,
       CASE WHEN NOT public.license_due(l.next_month) THEN l.next_plan END AS next_plan,
       CASE WHEN NOT public.license_due(l.next_month) THEN to_char(l.next_month, 'YYYY-MM-DD') END AS next_plan_from
  FROM public.license AS l
  LEFT JOIN public.meter AS m
         ON m.subject_kind = 'license'
        AND m.subject_id = l.id
        AND m.counter = 'uses'
        AND m.month = public.charge_month()
 WHERE l.id = $1::bigint;

-- name: note
-- A licensed request: licence, what it was about, address, status.
SELECT public.license_note($1::bigint, $2, $3::inet, $4::integer);

-- name: terms
-- The next licence's id, the moment, its end, and the newest version of a plan.
SELECT nextval(pg_get_serial_sequence('public.license', 'id')) AS id,
       floor(extract(epoch FROM now()))::bigint AS now_s,
       floor(extract(epoch FROM now()))::bigint + $2::bigint * 86400 AS expires_s,
       p.name, p.version, p.quota_monthly
  FROM public.license_plan AS p
 WHERE p.name = $1
 ORDER BY p.version DESC
 LIMIT 1;

-- name: insert
-- A new licence; addresses and features have spaces between them.
INSERT INTO public.license (id, tenant_id, client, plan, plan_version, billing_mode,
       quota_monthly, key_hash, key_form, key_prefix, expires_at, grace_s,
       addresses, features, key_issued_at)
VALUES ($1::bigint, $2::bigint, $3, $4, $5::integer, $6,
       $7::bigint, $8, $9, $10, to_timestamp($11::bigint), $12::integer,
       coalesce((SELECT array_agg(network(x::inet)) FROM unnest(string_to_array($13, ' ')) AS x), '{}'),
       string_to_array($14, ' '),
       to_timestamp($15::bigint));

-- name: holder
-- Which licence has, or had until now, the key with this hash?
SELECT id
  FROM public.license
 WHERE key_hash = $1 OR old_key_hash = $1;

-- name: last_moment
-- The last second of a day in Paris.
SELECT floor(extract(epoch FROM ($1::date + 1)::timestamp AT TIME ZONE 'Europe/Paris'))::bigint - 1
       AS last_s;

-- name: facts
-- What a new key of this licence must say; no two keys were made at one time.
SELECT l.client,
       CASE WHEN public.license_due(l.next_month) THEN l.next_plan ELSE l.plan END AS plan,
       CASE WHEN public.license_due(l.next_month) THEN l.next_quota ELSE l.quota_monthly END AS quota_monthly,
       l.grace_s, l.key_form,
       floor(extract(epoch FROM l.expires_at))::bigint AS expires_s,
       floor(extract(epoch FROM greatest(now(), l.key_issued_at + interval '1 second')))::bigint AS now_s,
       l.tenant_id
  FROM public.license AS l
 WHERE l.id = $1::bigint
   AND l.status <> 'revoked'
   FOR UPDATE;

-- name: rekey
-- A new key; the old one stays good for so many hours.
UPDATE public.license
   SET old_key_hash = CASE WHEN $5::integer > 0 THEN key_hash END,
       old_key_until = CASE WHEN $5::integer > 0 THEN now() + make_interval(hours => $5::integer) END,
       key_hash = $2, key_form = $3, key_prefix = $4,
       key_issued_at = to_timestamp($6::bigint), updated_at = now()
 WHERE id = $1::bigint;

-- name: set_status
-- Suspend, resume or revoke; what it was before.
SELECT public.license_set_status($1::bigint, $2, $3, $4);

-- name: renew
-- So many days more; the new end.
SELECT to_char(public.license_renew($1::bigint, $2::integer, $3) AT TIME ZONE 'Europe/Paris',
               'YYYY-MM-DD') AS expiry;

-- name: set_plan
-- Another plan, quota or billing mode (NULL: as it is); the month's quota.
SELECT public.license_set_plan($1::bigint, $2, $3::bigint, $4, $5) AS quota_monthly;

-- name: waits
-- The plan that waits for a month to come; nothing when none does.
SELECT next_plan, to_char(next_month, 'YYYY-MM-DD') AS next_plan_from
  FROM public.license
 WHERE id = $1::bigint
   AND next_month > public.charge_month();

-- name: expire
-- Deactivate what has come to its end; how many.
SELECT public.license_expire($1);

-- name: list
-- Licences after an id, those of a status or of a client whose name holds a text.
SELECT l.id, l.client,
       CASE WHEN public.license_due(l.next_month) THEN l.next_plan ELSE l.plan END AS plan,
       l.billing_mode,
       CASE WHEN public.license_due(l.next_month) THEN l.next_quota ELSE l.quota_monthly END AS quota_monthly,
       l.credit_micro_euros, l.status, l.key_form, l.key_prefix,
       to_char(l.expires_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') AS expiry,
       to_char(l.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
       CASE WHEN NOT public.license_due(l.next_month) THEN l.next_plan END AS next_plan,
       CASE WHEN NOT public.license_due(l.next_month) THEN to_char(l.next_month, 'YYYY-MM-DD') END AS next_plan_from
  FROM public.license AS l
 WHERE l.id > $1::bigint
   AND ($2::text IS NULL OR l.status = $2)
   AND ($3::text IS NULL OR position(lower($3) IN lower(l.client)) > 0)
 ORDER BY l.id
 LIMIT $4::integer;

-- name: show
-- One licence, everything but its key's hash.
SELECT l.id, l.tenant_id, l.client,
       CASE WHEN public.license_due(l.next_month) THEN l.next_plan ELSE l.plan END AS plan,
       CASE WHEN public.license_due(l.next_month) THEN l.next_version ELSE l.plan_version END AS plan_version,
       l.billing_mode,
       CASE WHEN public.license_due(l.next_month) THEN l.next_quota ELSE l.quota_monthly END AS quota_monthly,
       l.credit_micro_euros, l.status, l.status_reason,
       l.key_form, l.key_prefix, l.grace_s,
       to_char(l.expires_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') AS expiry,
       to_char(l.status_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS status_at,
       array_to_string(l.addresses, ' ') AS addresses,
       array_to_string(l.features, ' ') AS features, l.lease_seq,
       to_char(l.old_key_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS old_key_until,
       to_char(l.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
       to_char(l.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS updated_at,
       CASE WHEN NOT public.license_due(l.next_month) THEN l.next_plan END AS next_plan,
       CASE WHEN NOT public.license_due(l.next_month) THEN to_char(l.next_month, 'YYYY-MM-DD') END AS next_plan_from,
       CASE WHEN NOT public.license_due(l.next_month) THEN l.next_quota END AS next_quota
  FROM public.license AS l
 WHERE l.id = $1::bigint;

-- name: stopped
-- The number of the list, the moment, and who is on it while a lease may live.
SELECT n.number, floor(extract(epoch FROM now()))::bigint AS now_s, l.id
  FROM public.license_list AS n
  LEFT JOIN public.license AS l
         ON l.status IN ('suspended', 'revoked')
        AND l.expires_at + make_interval(secs => l.grace_s) > now()
 ORDER BY l.id
 LIMIT $1::integer;

-- name: lend
-- The next lease of a licence: its number, from when to when, until when the
-- licence itself, and the number of the list.
UPDATE public.license AS l
   SET lease_seq = l.lease_seq + 1, updated_at = now()
  FROM public.license_list AS n
 WHERE l.id = $1::bigint
   AND l.status = 'active'
   AND l.expires_at > now()
RETURNING l.lease_seq, floor(extract(epoch FROM now()))::bigint AS now_s,
       floor(extract(epoch FROM least(now() + make_interval(hours => $2::integer), l.expires_at)))::bigint AS lease_s,
       floor(extract(epoch FROM l.expires_at))::bigint AS expires_s, n.number, l.grace_s;

-- name: lease
-- It was lent; the charge that holds the slice, or NULL.
INSERT INTO public.license_lease (license_id, seq, expires_at, quota_slice, charge_id)
VALUES ($1::bigint, $2::bigint, to_timestamp($3::bigint), $4::bigint, $5::bigint);

-- name: settle
-- The lease is closed: so many of its units were used.
SELECT public.license_settle($1::bigint, $2::bigint, $3::bigint);

-- name: settle_overdue
-- Leases that nobody accounted for count as used; how many.
SELECT public.license_settle_overdue();

-- name: lease_find
-- What was lent under that number, what was reported of it, is it closed?
SELECT seq, quota_slice, reported, settled_at IS NOT NULL AS settled
  FROM public.license_lease
 WHERE license_id = $1::bigint
   AND seq = $2::bigint
   FOR UPDATE;

-- name: use
-- Use without the desk, told later; nothing when it was told before.
INSERT INTO public.license_usage (license_id, transaction_id, lease_seq, units, used_at)
VALUES ($1::bigint, $2, $3::bigint, $4::bigint, to_timestamp($5::bigint))
    ON CONFLICT (license_id, transaction_id) DO NOTHING
RETURNING units;

-- name: reported
-- So many units more were used under the lease.
UPDATE public.license_lease
   SET reported = reported + $3::bigint
 WHERE license_id = $1::bigint
   AND seq = $2::bigint
RETURNING reported, quota_slice;
