-- Takes back 0004.
DROP TABLE public.reference_offer;
