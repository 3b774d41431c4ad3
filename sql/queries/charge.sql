-- Quotas, charges and the ledger; what they do is in the migration (0007).

-- name: reserve
-- May this subject use so much, and is it set aside? kind, id, meter, units,
-- results, seconds, request.
SELECT outcome, charge_id, charged, micro_euros, counter, coalesce(most, -1) AS most, used,
       to_char(period_end AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS period_end,
       ceil(extract(epoch FROM period_end - now()))::bigint AS left_s
  FROM public.charge_reserve($1, $2::bigint, $3, $4::bigint, $5::bigint, $6::integer, $7);

-- name: now
-- The same, and used at once. kind, id, meter, units, results, request, key.
SELECT outcome, charge_id, charged, micro_euros, counter, coalesce(most, -1) AS most, used,
       to_char(period_end AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS period_end,
       ceil(extract(epoch FROM period_end - now()))::bigint AS left_s
  FROM public.charge_now($1, $2::bigint, $3, $4::bigint, $5::bigint, $6, $7);

-- name: commit
-- The work is done; of a charge, units (NULL: all), key.
SELECT charged, micro_euros, balance
  FROM public.charge_commit($1::bigint, $2::bigint, $3);

-- name: refund
-- The work failed.
SELECT public.charge_refund($1::bigint);

-- name: expire
-- Gives back what has outlived its lease; how many?
SELECT public.charge_expire(NULL, NULL);

-- name: usage
-- How much of each thing may a subject use in a month (NULL: this one), and
-- how much has it used?
SELECT t.counter, coalesce(t.most, -1) AS most, coalesce(m.used, 0) AS used,
       coalesce(m.reserved, 0) AS reserved, to_char(p.month, 'YYYY-MM') AS month,
       to_char(public.charge_month_end(p.month) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS period_end
  FROM (SELECT coalesce(to_date($3, 'YYYY-MM'), public.charge_month()) AS month) AS p
 CROSS JOIN unnest(string_to_array($4, ',')) AS x (meter)
 CROSS JOIN LATERAL public.charge_terms($1, $2::bigint, x.meter) AS t
  LEFT JOIN public.meter AS m
    ON m.subject_kind = $1
   AND m.subject_id = $2::bigint
   AND m.counter = t.counter
   AND m.month = p.month
 ORDER BY t.counter;

-- name: plans
-- The plan of this month to every licence that pays by plan; how many?
SELECT public.charge_plans();

-- name: credit
-- Prepaid credit: licence, micro-euros, who, why; the credit after it.
SELECT public.charge_credit($1::bigint, $2::bigint, $3, $4) AS balance;

-- name: give_back
-- A committed charge is taken back: charge, who, why.
SELECT public.charge_give_back($1::bigint, $2, $3);

-- name: verify
-- Where do meters and credits differ from the ledger?
SELECT subject, what, expected, found
  FROM public.charge_verify()
 ORDER BY subject, what;

-- name: ledger
-- The lines of a subject in a month (NULL: this one), oldest first.
SELECT id, to_char(at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD HH24:MI:SS') AS at, kind,
       meter, units, micro_euros, price_micro_euros, coalesce(balance_micro_euros, 0) AS balance,
       charge_id, request_id, note
  FROM public.ledger
 WHERE subject_kind = $1
   AND subject_id = $2::bigint
   AND month = coalesce(to_date($3, 'YYYY-MM'), public.charge_month())
 ORDER BY id
 LIMIT $4::bigint;
