-- Takes back 0008.
DROP TABLE public.limit_override;
