-- What is remembered of invoices, always of one owner.

-- name: history_find
-- Which other invoices of this point are remembered, newest first?
SELECT paper, replaces, coalesce(number_hash, '') AS number_hash, issued,
       period_start, period_end, kwh, amount_cents,
       coalesce(offer_type, '') AS offer_type, offer_end, prices
  FROM public.invoice_history
 WHERE owner = $1
   AND energy = $2
   AND point_hash = $3
   AND file_hash <> $4
   AND kept_at > now() - make_interval(days => $5::integer)
 ORDER BY period_end DESC, id DESC
 LIMIT 120;

-- name: history_keep
-- Remembers one invoice; the same file sent again stays one row of the same
-- age.
INSERT INTO public.invoice_history
       (owner, energy, point_hash, file_hash, number_hash, paper, replaces,
        issued, period_start, period_end, kwh, amount_cents, offer_type,
        offer_end, prices)
VALUES ($1, $2, $3, $4, $5, $6, $7::boolean, $8::date, $9::date, $10::date,
        $11::bigint, $12::bigint, $13, $14::date, $15::jsonb)
    ON CONFLICT (owner, point_hash, energy, file_hash) DO UPDATE
   SET number_hash = excluded.number_hash, paper = excluded.paper,
       replaces = excluded.replaces, issued = excluded.issued,
       period_start = excluded.period_start,
       period_end = excluded.period_end, kwh = excluded.kwh,
       amount_cents = excluded.amount_cents,
       offer_type = excluded.offer_type, offer_end = excluded.offer_end,
       prices = excluded.prices;

-- name: history_purge
-- Deletes what was kept for longer than so many days.
SELECT public.invoice_history_purge($1::integer) AS gone;

-- name: history_forget_owner
-- Deletes everything of one owner.
WITH gone AS (
    DELETE FROM public.invoice_history WHERE owner = $1 RETURNING 1)
SELECT count(*) AS gone FROM gone;

-- name: history_forget_point
-- Deletes everything of one point, whoever sent it.
WITH gone AS (
    DELETE FROM public.invoice_history WHERE point_hash = $1 RETURNING 1)
SELECT count(*) AS gone FROM gone;

-- name: history_status
-- How much is remembered, of whom, since when?
SELECT owner, count(*) AS invoices, count(DISTINCT point_hash) AS points,
       to_char(min(kept_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS oldest,
       to_char(max(kept_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS newest
  FROM public.invoice_history
 GROUP BY owner
 ORDER BY owner;
