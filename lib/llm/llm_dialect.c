/* Contracts: OpenAI chat completions (openai-openapi 2.3.0), Mistral's chat
 * completions (the same but for max_tokens), Anthropic messages 2023-06-01
 * (the schema as the input of a tool that must be called). */
#include "llm/llm_dialect.h"
#include "base/str.h"
#include "base/banned.h"

enum { TOKENS_MOST = 100000000 };

static void defer_json(void *j)
{
    json_decref(j);
}

/* Text that should be one JSON object and nothing else. */
static void read_object(struct arena *a, const char *text,
                        struct llm_reply *out)
{
    json_t *value =
        text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!json_is_object(value)) {
        json_decref(value);
        out->end = LLM_END_ODD;
        return;
    }
    arena_defer(a, defer_json, value);
    out->value = value;
    out->end = LLM_END_WHOLE;
}

/* -1 also for a number that no answer can have. */
static int64_t tokens(const json_t *usage, const char *name)
{
    const json_t *n = json_object_get(usage, name);
    return json_is_integer(n) && json_integer_value(n) >= 0 &&
                   json_integer_value(n) <= TOKENS_MOST
               ? json_integer_value(n)
               : -1;
}

/* ---- OpenAI and what is compatible with it, Mistral ---------------------- */

static size_t bearer_headers(struct arena *a, const struct llm_question *q,
                             const char **out, size_t max)
{
    size_t n = 0;
    out[n++] = "Content-Type: application/json";
    out[n++] = "Accept: application/json";
    if (*q->key && n < max)
        out[n++] = arena_printf(a, "Authorization: Bearer %s", q->key);
    return n;
}

static json_t *system_message(const struct llm_question *q)
{
    if (!q->plain_json)
        return json_pack("{s:s,s:s}", "role", "system", "content", q->rules);
    char *schema =
        json_dumps(json_object_get(q->schema, "schema"), JSON_COMPACT);
    json_t *text = json_sprintf("%s\nSchéma JSON :\n%s", q->rules, schema);
    free(schema);
    return json_pack("{s:s,s:o}", "role", "system", "content", text);
}

static json_t *chat_body(const struct llm_question *q, bool newer)
{
    json_t *format = q->plain_json
                         ? json_pack("{s:s}", "type", "json_object")
                         : json_pack("{s:s,s:O}", "type", "json_schema",
                                     "json_schema", q->schema);
    json_t *body = json_pack("{s:s,s:[o,{s:s,s:s}],s:o}", "model", q->model,
                             "messages", system_message(q), "role", "user",
                             "content", q->text, "response_format", format);
    json_object_set_new(body, newer ? "max_completion_tokens" : "max_tokens",
                        json_integer(q->max_tokens));
    if (!newer)
        json_object_set_new(body, "temperature", json_integer(0));
    return body;
}

static json_t *openai_body(const struct llm_question *q)
{
    return chat_body(q, q->newer_tokens);
}

static json_t *mistral_body(const struct llm_question *q)
{
    return chat_body(q, false);
}

static void chat_read(struct arena *a, const json_t *root,
                      struct llm_reply *out)
{
    const json_t *usage = json_object_get(root, "usage");
    const json_t *choice = json_array_get(json_object_get(root, "choices"), 0);
    const json_t *message = json_object_get(choice, "message");
    const char *why =
        json_string_value(json_object_get(choice, "finish_reason"));
    *out = (struct llm_reply){.end = LLM_END_ODD,
                              .tokens_in = tokens(usage, "prompt_tokens"),
                              .tokens_out = tokens(usage, "completion_tokens")};
    if (str_eq(why, "length") || str_eq(why, "model_length"))
        out->end = LLM_END_CUT;
    else if (str_eq(why, "content_filter") ||
             json_is_string(json_object_get(message, "refusal")))
        out->end = LLM_END_REFUSED;
    else if (str_eq(why, "stop"))
        read_object(a, json_string_value(json_object_get(message, "content")),
                    out);
}

/* ---- Anthropic ----------------------------------------------------------- */

static size_t anthropic_headers(struct arena *a, const struct llm_question *q,
                                const char **out, size_t max)
{
    size_t n = 0;
    out[n++] = "content-type: application/json";
    out[n++] = "anthropic-version: 2023-06-01";
    if (*q->key && n < max)
        out[n++] = arena_printf(a, "x-api-key: %s", q->key);
    return n;
}

static json_t *anthropic_body(const struct llm_question *q)
{
    const json_t *name = json_object_get(q->schema, "name");
    return json_pack(
        "{s:s,s:I,s:i,s:s,s:[{s:s,s:s}],s:[{s:O,s:s,s:O}],s:{s:s,s:O}}",
        "model", q->model, "max_tokens", (json_int_t)q->max_tokens,
        "temperature", 0, "system", q->rules, "messages", "role", "user",
        "content", q->text, "tools", "name", name, "description",
        "Ce qui est lu dans le document.", "input_schema",
        json_object_get(q->schema, "schema"), "tool_choice", "type", "tool",
        "name", name);
}

static void anthropic_read(struct arena *a, const json_t *root,
                           struct llm_reply *out)
{
    const json_t *usage = json_object_get(root, "usage"), *block;
    const char *why = json_string_value(json_object_get(root, "stop_reason"));
    size_t i;
    (void)a;
    *out = (struct llm_reply){.end = LLM_END_ODD,
                              .tokens_in = tokens(usage, "input_tokens"),
                              .tokens_out = tokens(usage, "output_tokens")};
    if (str_eq(why, "max_tokens") ||
        str_eq(why, "model_context_window_exceeded"))
        out->end = LLM_END_CUT;
    else if (str_eq(why, "refusal"))
        out->end = LLM_END_REFUSED;
    if (!str_eq(why, "tool_use"))
        return;
    json_array_foreach(json_object_get(root, "content"), i, block)
    {
        json_t *input = json_object_get(block, "input");
        if (!str_eq(json_string_value(json_object_get(block, "type")),
                    "tool_use") ||
            !json_is_object(input))
            continue;
        arena_defer(a, defer_json, json_incref(input));
        out->value = input;
        out->end = LLM_END_WHOLE;
        return;
    }
}

static const struct llm_dialect dialects[] = {
    {"openai", "https://api.openai.com/v1", "/chat/completions", bearer_headers,
     openai_body, chat_read},
    {"mistral", "https://api.mistral.ai/v1", "/chat/completions",
     bearer_headers, mistral_body, chat_read},
    {"anthropic", "https://api.anthropic.com/v1", "/messages",
     anthropic_headers, anthropic_body, anthropic_read},
};

const struct llm_dialect *llm_dialect_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(dialects); i++)
        if (str_eq(dialects[i].name, name))
            return &dialects[i];
    return NULL;
}

bool llm_dialect_may_retry(int status, const char *body)
{
    /* 529 is Anthropic's "overloaded" */
    static const int passing[] = {408, 429, 500, 502, 503, 504, 529};
    bool may = false;
    for (size_t i = 0; i < ARRAY_LEN(passing); i++)
        may |= passing[i] == status;
    json_t *root = json_loads(body, 0, NULL);
    const json_t *error = json_object_get(root, "error");
    static const char *const words[] = {"code", "type"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        may &= !str_eq(json_string_value(json_object_get(error, words[i])),
                       "insufficient_quota");
    json_decref(root);
    return may;
}
