DROP TABLE public.llm_spend;
