-- The monthly statement of a licensed client.

-- name: head
-- Whose statement, of which month (NULL: this one), and the credit before it.
SELECT l.id, l.client,
       CASE WHEN public.license_due(l.next_month) THEN l.next_plan ELSE l.plan END AS plan,
       l.billing_mode,
       CASE WHEN public.license_due(l.next_month) THEN l.next_quota ELSE l.quota_monthly END AS quota_monthly,
       to_char(p.month, 'YYYY-MM') AS month,
       p.month < public.charge_month() AS is_over,
       to_char(now() AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD HH24:MI') AS made_at,
       (SELECT coalesce(sum(x.micro_euros), 0)::bigint
          FROM public.ledger AS x
         WHERE x.subject_kind = 'license' AND x.subject_id = l.id
           AND x.month < p.month) AS opening
  FROM public.license AS l
 CROSS JOIN (SELECT coalesce(to_date($2, 'YYYY-MM'), public.charge_month()) AS month) AS p
 WHERE l.id = $1::bigint;

-- name: lines
-- Each line of that month, oldest first.
SELECT to_char(at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD HH24:MI:SS') AS at, kind, meter,
       units, micro_euros, price_micro_euros, coalesce(balance_micro_euros, 0) AS balance,
       charge_id, request_id, note, 1 AS n
  FROM public.ledger
 WHERE subject_kind = 'license'
   AND subject_id = $1::bigint
   AND month = to_date($2, 'YYYY-MM')
 ORDER BY id
 LIMIT $3::bigint;

-- name: days
-- The same, uses of a day and meter in one line.
SELECT to_char(min(at) AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') AS at, kind, meter,
       sum(units)::bigint AS units, sum(micro_euros)::bigint AS micro_euros,
       sum(price_micro_euros)::bigint AS price_micro_euros,
       (array_agg(coalesce(balance_micro_euros, 0) ORDER BY id DESC))[1] AS balance,
       min(charge_id) AS charge_id, '' AS request_id, max(note) AS note, count(*) AS n
  FROM public.ledger
 WHERE subject_kind = 'license'
   AND subject_id = $1::bigint
   AND month = to_date($2, 'YYYY-MM')
 GROUP BY (at AT TIME ZONE 'Europe/Paris')::date, kind, meter,
          CASE WHEN kind IN ('credit', 'plan', 'plan_change') THEN id END
 ORDER BY min(id)
 LIMIT $3::bigint;
