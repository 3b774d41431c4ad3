/* One question to a language model, within time and money. Without settings
 * there is none, and everything goes on without it. */
#pragma once
#include <stdint.h>
#include <jansson.h>
#include "base/err.h"
#include "store/db.h"

struct llm;

/* What was used for one question. */
struct llm_usage {
    int calls, failures; /* requests sent; those without a usable answer */
    int64_t tokens_in, tokens_out, micro_euros;
};

/* As the settings LLM_… say; lives as long as the process. NULL when
 * LLM_PROVIDER is empty. db keeps the budget; without one nothing is sent. */
struct llm *llm_open(struct db *db);
const char *llm_provider(const struct llm *l);
const char *llm_model(const struct llm *l);

/* Asks for an object that fits schema ({name, strict, schema}; borrowed).
 * *out lives in a. ERR_UNAVAILABLE for whatever is in the way: budget, time,
 * refusal, an answer that is cut or does not fit; logged without any text of
 * question, answer or key. usage is filled in every case. */
MUST_CHECK enum err llm_ask(struct llm *l, struct arena *a, const char *rules,
                            const char *text, json_t *schema, json_t **out,
                            struct llm_usage *usage);
