/* What the providers of language models differ in: address, headers, body,
 * answer. A table; nothing else knows a provider. */
#pragma once
#include <stdbool.h>
#include <jansson.h>
#include "base/arena.h"

/* A question, and how this installation wants it put. */
struct llm_question {
    const char *rules, *text; /* whose roles are system and user */
    json_t *schema;           /* {name, strict, schema}; borrowed */
    const char *model, *key;
    int64_t max_tokens;
    bool newer_tokens; /* max_completion_tokens: reasoning models, which take
                          no temperature either */
    bool plain_json;   /* the server knows json_object only: the schema goes
                          into the prompt */
};

enum llm_end {
    LLM_END_WHOLE,
    LLM_END_CUT,     /* by length */
    LLM_END_REFUSED, /* by the model, or filtered */
    LLM_END_ODD      /* not the shape that the provider documents */
};

/* What an answer of status 200 says; tokens are -1 when it does not. */
struct llm_reply {
    enum llm_end end;
    json_t *value; /* the model's object when WHOLE; in the arena's care */
    int64_t tokens_in, tokens_out;
};

struct llm_dialect {
    const char *name, *base, *path; /* url = base (or a setting) + path */
    size_t (*headers)(struct arena *a, const struct llm_question *q,
                      const char **out, size_t max);
    json_t *(*body)(const struct llm_question *q); /* caller owns */
    void (*read)(struct arena *a, const json_t *root, struct llm_reply *out);
};

/* openai, mistral or anthropic; NULL for any other word. */
const struct llm_dialect *llm_dialect_find(const char *name);
/* A refusal that another try may turn: by status, and not when the account
 * is out of money (insufficient_quota). body may be anything. */
bool llm_dialect_may_retry(int status, const char *body);
