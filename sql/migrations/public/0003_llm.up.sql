-- What was spent on language models, a row a day (UTC).
CREATE TABLE public.llm_spend (
    day         date PRIMARY KEY,
    calls       bigint NOT NULL CHECK (calls >= 0),
    micro_euros bigint NOT NULL CHECK (micro_euros >= 0)
);
COMMENT ON TABLE public.llm_spend IS
    'Calls of language models and their cost: set aside before, settled after.';
GRANT SELECT, INSERT, UPDATE ON public.llm_spend TO comptoir_api;
GRANT SELECT ON public.llm_spend TO comptoir_readonly;
