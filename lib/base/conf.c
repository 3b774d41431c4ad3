/* One row a key in conf.tbl; everything else here is generic. */
#include "base/conf.h"
#include "base/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum type { STR, SECRET, INT, BOOL, LIST };
enum { FILE_MAX = 65536, LIST_MAX = 256 };

static const struct row {
    const char *name;
    enum type type;
    const char *def;
    int64_t lo, hi;
} rows[CONF_MAX] = {
#define CONF(name, type, def, lo, hi, doc) {#name, type, def, lo, hi},
#include "base/conf.tbl"
#undef CONF
};

/* Names the source documents used for the same thing. */
static const struct {
    const char *alias, *name;
} aliases[] = {
    {"CORS_ORIGINS", "ALLOWED_ORIGINS"},
    {"SECRET_KEY", "JWT_SECRET_KEY"},
    {"ALGORITHM", "JWT_ALGORITHM"},
    {"ACCESS_TOKEN_EXPIRE_MINUTES", "JWT_EXPIRE_MINUTES"},
    {"CELERY_TASK_SOFT_TIME_LIMIT", "JOB_SOFT_S"},
    {"CELERY_TASK_TIME_LIMIT", "JOB_HARD_S"},
    {"CELERY_RESULT_EXPIRES", "JOB_RESULT_S"},
    {"RESULT_EXPIRES", "JOB_RESULT_S"},
};

static struct value {
    const char *text;
    int64_t num;
    const char *const *items;
    size_t n_items;
} values[CONF_MAX];

static struct arena *memory;

static const char *from_file(const char *name)
{
    const char *path = getenv(arena_printf(memory, "%s_FILE", name));
    if (!path || !*path)
        return NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *text = arena_alloc(memory, FILE_MAX + 1);
    ssize_t n = read(fd, text, FILE_MAX);
    close(fd);
    return n < 0 ? NULL : str_trim(memory, text);
}

static const char *lookup(const char *name)
{
    const char *s = getenv(name);
    if (s)
        return s;
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (str_eq(aliases[i].name, name) && (s = getenv(aliases[i].alias)))
            return s;
    return from_file(name);
}

static bool parse_bool(const char *s, int64_t *out)
{
    static const struct {
        const char *word;
        int value;
    } words[] = {{"true", 1}, {"1", 1},  {"yes", 1}, {"on", 1}, {"false", 0},
                 {"0", 0},    {"no", 0}, {"off", 0}, {"", 0}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcasecmp(s, words[i].word) == 0) {
            *out = words[i].value;
            return true;
        }
    return false;
}

static void split_list(struct value *v)
{
    const char **all = ARENA_ARRAY(memory, LIST_MAX, const char *);
    size_t n = str_split(memory, v->text, ',', all, LIST_MAX);
    for (size_t i = 0; i < n; i++) {
        const char *item = str_trim(memory, all[i]);
        if (*item)
            all[v->n_items++] = item;
    }
    v->items = all;
}

static const char *set_value(const struct row *r, struct value *v,
                             const char *s)
{
    *v = (struct value){.text = arena_strdup(memory, s)};
    if (r->type == INT &&
        (!str_to_i64(s, &v->num) || v->num < r->lo || v->num > r->hi))
        return arena_printf(memory,
                            "%s must be a whole number from %lld to %lld.",
                            r->name, (long long)r->lo, (long long)r->hi);
    if (r->type == BOOL && !parse_bool(s, &v->num))
        return arena_printf(memory, "%s must be true or false.", r->name);
    if (r->type == LIST || r->type == SECRET)
        split_list(v);
    return NULL;
}

/* In production a short key is as good as none, and callers reach nothing
 * inside. */
static const char *check_prod(void)
{
    if (!str_eq(conf_str(CONF_ENV), "prod"))
        return NULL;
    const char *const *keys;
    size_t n = conf_list(CONF_API_KEY, &keys);
    for (size_t i = 0; i < n; i++)
        if (strlen(keys[i]) < 32)
            return "ENV=prod refuses an API_KEY shorter than 32 characters.";
    if (*conf_str(CONF_WEBHOOK_ALLOW_CIDR))
        return "ENV=prod refuses WEBHOOK_ALLOW_CIDR: it lets callers reach the "
               "inside of the network.";
    return NULL;
}

/* Words that a setting may be, and what a language model cannot do without. */
static const char *check_llm(void)
{
    static const struct {
        enum conf_key key;
        const char *words;
    } rules[] = {{CONF_LLM_PROVIDER, "|openai|mistral|anthropic|"},
                 {CONF_LLM_OUTPUT, "|schema|object|"},
                 {CONF_LLM_TOKENS_FIELD, "|max_tokens|max_completion_tokens|"}};
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        const char *s = conf_str(rules[i].key);
        if (strchr(s, '|') ||
            (*s && !strstr(rules[i].words, arena_printf(memory, "|%s|", s))))
            return arena_printf(
                memory, "%s must be one of %.*s.", conf_name(rules[i].key),
                (int)strlen(rules[i].words) - 2, rules[i].words + 1);
    }
    const char *url = conf_str(CONF_LLM_BASE_URL);
    if (*url && !str_starts(url, "https://") && !str_starts(url, "http://"))
        return "LLM_BASE_URL must begin with https:// or http://.";
    if (*conf_str(CONF_LLM_PROVIDER) && !*conf_str(CONF_LLM_MODEL))
        return "LLM_PROVIDER needs LLM_MODEL.";
    return NULL;
}

const char *conf_init(void)
{
    if (!memory)
        memory = arena_new(8192);
    for (int k = 0; k < CONF_MAX; k++) {
        const char *s = lookup(rows[k].name);
        const char *bad = set_value(&rows[k], &values[k], s ? s : rows[k].def);
        if (bad)
            return bad;
    }
    const char *bad = check_llm();
    return bad ? bad : check_prod();
}

const char *conf_str(enum conf_key k)
{
    return values[k].text ? values[k].text : rows[k].def;
}

int64_t conf_int(enum conf_key k)
{
    return values[k].num;
}

bool conf_bool(enum conf_key k)
{
    return values[k].num != 0;
}

size_t conf_list(enum conf_key k, const char *const **items)
{
    *items = values[k].items;
    return values[k].n_items;
}

const char *conf_name(enum conf_key k)
{
    return rows[k].name;
}

bool conf_is_secret(enum conf_key k)
{
    return rows[k].type == SECRET;
}
