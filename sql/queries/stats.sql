-- Figures of the whole desk.

-- name: all
-- How many of what are there?
SELECT public.operator_stats() AS stats;
