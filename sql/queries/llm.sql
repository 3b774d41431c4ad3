-- What language models may cost a day.

-- name: reserve
-- May one more call be made that costs at most this? No row: not today.
INSERT INTO public.llm_spend AS spend (day, calls, micro_euros)
SELECT (now() AT TIME ZONE 'UTC')::date, 1, $1::bigint
 WHERE $2::bigint >= 1
   AND $1::bigint <= $3::bigint
    ON CONFLICT (day) DO UPDATE
   SET calls       = spend.calls + 1,
       micro_euros = spend.micro_euros + $1::bigint
 WHERE spend.calls < $2::bigint
   AND spend.micro_euros <= $3::bigint - $1::bigint
RETURNING day;

-- name: settle
-- The call did cost this much more (or less) than was set aside.
UPDATE public.llm_spend
   SET micro_euros = greatest(0, micro_euros + $2::bigint)
 WHERE day = $1::date;
