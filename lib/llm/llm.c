/* Settings, one retry, the budget around each try. */
#include "llm/llm.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "llm/llm_budget.h"
#include "llm/llm_dialect.h"
#include "llm/llm_http.h"
#include "llm/llm_schema.h"
#include "base/banned.h"

enum { TRIES = 2, HEADERS = 8, PAUSE_MS = 500, LEAST_MS = 1000 };

struct llm {
    const struct llm_dialect *dialect;
    const char *url;
    struct llm_budget budget;
};

static struct llm the_one;
static struct arena *memory;

struct llm *llm_open(struct db *db)
{
    const struct llm_dialect *d = llm_dialect_find(conf_str(CONF_LLM_PROVIDER));
    const char *base = conf_str(CONF_LLM_BASE_URL);
    if (!d)
        return NULL;
    if (!memory)
        memory = arena_new(1024);
    size_t n = strlen(*base ? base : d->base);
    base = *base ? base : d->base;
    while (n && base[n - 1] == '/')
        n--;
    the_one = (struct llm){
        .dialect = d,
        .url = arena_printf(memory, "%.*s%s", (int)n, base, d->path),
        .budget = {.db = db,
                   .calls = conf_int(CONF_LLM_DAILY_CALLS),
                   .micro_euros = conf_int(CONF_LLM_DAILY_SPEND),
                   .price_in = conf_int(CONF_LLM_PRICE_IN),
                   .price_out = conf_int(CONF_LLM_PRICE_OUT)}};
    if (!the_one.budget.price_in && !the_one.budget.price_out &&
        !*conf_str(CONF_LLM_BASE_URL))
        log_event(LOG_WARNING, "llm_prices_missing", "{s:s}", "provider",
                  d->name);
    return &the_one;
}

const char *llm_provider(const struct llm *l)
{
    return l->dialect->name;
}

const char *llm_model(const struct llm *l)
{
    (void)l;
    return conf_str(CONF_LLM_MODEL);
}

/* One question on its way. */
struct asking {
    const struct llm *l;
    struct arena *a;
    struct llm_question q;
    struct llm_post post;
    int64_t end_us;
    struct llm_usage *usage;
    const char *why; /* what went wrong last, for the log */
    int status;
};

static int64_t left_ms(const struct asking *k)
{
    return (k->end_us - clock_mono_us()) / 1000;
}

/* Tokens of byte-level models are a byte or more: nothing costs more. */
static int64_t highest_cost(const struct asking *k)
{
    return llm_budget_cost(&k->l->budget, (int64_t)k->post.body.n,
                           k->q.max_tokens);
}

/* A gateway that gave up: the model behind it may have done the work. */
static bool is_gateway(int status)
{
    return status == 408 || status == 502 || status == 504;
}

/* What a try did cost: as the provider counts, nothing when it refused, all
 * that was set aside when nobody knows. */
static int64_t cost_of(struct asking *k, const struct llm_got *got,
                       const struct llm_reply *reply, int64_t highest)
{
    if (got->sent == LLM_SENT_REFUSED ||
        (got->sent == LLM_SENT_ANSWERED && got->status != 200 &&
         !is_gateway(got->status)))
        return 0;
    if (got->sent != LLM_SENT_ANSWERED || reply->tokens_in < 0 ||
        reply->tokens_out < 0)
        return highest;
    k->usage->tokens_in += reply->tokens_in;
    k->usage->tokens_out += reply->tokens_out;
    return llm_budget_cost(&k->l->budget, reply->tokens_in, reply->tokens_out);
}

static const char *why_not(const struct llm_got *got,
                           const struct llm_reply *reply, const json_t *schema)
{
    static const char *const sent[] = {[LLM_SENT_TIMEOUT] = "timeout",
                                       [LLM_SENT_REFUSED] = "unreachable",
                                       [LLM_SENT_BROKEN] = "broken"};
    static const char *const ends[] = {[LLM_END_CUT] = "cut",
                                       [LLM_END_REFUSED] = "refused",
                                       [LLM_END_ODD] = "not_json"};
    if (got->sent != LLM_SENT_ANSWERED)
        return sent[got->sent];
    if (got->status != 200)
        return "status";
    if (reply->end != LLM_END_WHOLE)
        return ends[reply->end];
    return llm_schema_fits(json_object_get(schema, "schema"), reply->value)
               ? NULL
               : "schema";
}

static void read_reply(struct asking *k, const struct llm_got *got,
                       struct llm_reply *out)
{
    *out = (struct llm_reply){
        .end = LLM_END_ODD, .tokens_in = -1, .tokens_out = -1};
    if (got->status != 200)
        return;
    json_t *root = json_loads(got->body, 0, NULL);
    if (root)
        k->l->dialect->read(k->a, root, out);
    json_decref(root);
}

/* One request and what it costs; the value in *out, or k->why. */
static enum err try_once(struct asking *k, struct llm_got *got, json_t **out)
{
    const char *day = NULL;
    struct llm_reply reply;
    int64_t highest = highest_cost(k);
    int64_t most = conf_int(CONF_LLM_TIMEOUT_S) * 1000;
    enum err e = llm_budget_reserve(&k->l->budget, k->a, highest, &day);
    if (e) {
        k->why = e == ERR_OVERLOADED ? "budget" : "budget_unknown";
        return e;
    }
    int64_t left = left_ms(k); /* the database may have taken its time */
    if (left < LEAST_MS / 2) {
        llm_budget_settle(&k->l->budget, k->a, day, highest, 0);
        k->why = "timeout";
        return ERR_UNAVAILABLE;
    }
    k->post.timeout_ms = left < most ? left : most;
    k->usage->calls++;
    llm_http_post(k->a, &k->post, got);
    read_reply(k, got, &reply);
    int64_t spent = cost_of(k, got, &reply, highest);
    llm_budget_settle(&k->l->budget, k->a, day, highest, spent);
    k->usage->micro_euros += spent;
    k->why = why_not(got, &reply, k->q.schema);
    k->status = got->status;
    if (k->why) {
        k->usage->failures++;
        return ERR_UNAVAILABLE;
    }
    *out = reply.value;
    return OK;
}

/* Timeouts and passing refusals; only when there is time to wait and ask. */
static bool may_retry(const struct asking *k, const struct llm_got *got,
                      int64_t *wait_ms)
{
    bool passing = got->sent == LLM_SENT_TIMEOUT ||
                   (got->sent == LLM_SENT_ANSWERED && got->status != 200 &&
                    llm_dialect_may_retry(got->status, got->body));
    if (!passing || got->retry_after_s > 3600)
        return false;
    *wait_ms = got->retry_after_s > 0 ? got->retry_after_s * 1000 : PAUSE_MS;
    return left_ms(k) >= *wait_ms + LEAST_MS;
}

static void pause_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void defer_free(void *p)
{
    free(p);
}

static void prepare(struct asking *k, const char **headers)
{
    json_t *body = k->l->dialect->body(&k->q);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    arena_defer(k->a, defer_free, text);
    k->post = (struct llm_post){
        .url = k->l->url,
        .headers = headers,
        .n_headers = k->l->dialect->headers(k->a, &k->q, headers, HEADERS),
        .body = {(const uint8_t *)text, strlen(text)}};
}

enum err llm_ask(struct llm *l, struct arena *a, const char *rules,
                 const char *text, json_t *schema, json_t **out,
                 struct llm_usage *usage)
{
    const char *headers[HEADERS];
    struct llm_got got = {.sent = LLM_SENT_REFUSED, .body = ""};
    int64_t wait = 0;
    *usage = (struct llm_usage){0};
    struct asking k = {
        .l = l,
        .a = a,
        .usage = usage,
        .end_us = clock_mono_us() + conf_int(CONF_LLM_TOTAL_S) * 1000000,
        .q = {.rules = rules,
              .text = text,
              .schema = schema,
              .model = conf_str(CONF_LLM_MODEL),
              .key = conf_str(CONF_LLM_API_KEY),
              .max_tokens = conf_int(CONF_LLM_MAX_TOKENS),
              .newer_tokens = str_eq(conf_str(CONF_LLM_TOKENS_FIELD),
                                     "max_completion_tokens"),
              .plain_json = str_eq(conf_str(CONF_LLM_OUTPUT), "object")}};
    prepare(&k, headers);
    enum err e = ERR_UNAVAILABLE;
    for (int i = 0; i < TRIES; i++) {
        if (i)
            pause_ms(wait);
        e = try_once(&k, &got, out);
        if (!e || usage->calls <= i || !may_retry(&k, &got, &wait))
            break;
    }
    if (e)
        log_event(LOG_WARNING, "llm_unavailable", "{s:s,s:s,s:i,s:i}",
                  "provider", l->dialect->name, "reason", k.why, "status",
                  k.status, "calls", usage->calls);
    return e ? ERR_UNAVAILABLE : OK;
}
