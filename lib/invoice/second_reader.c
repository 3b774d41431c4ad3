/* The page is data: it stands between tags that it cannot close, after all
 * instructions, and what is said of it must be proved by it. */
#include "invoice/second_reader.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "invoice/needles.h"
#include "invoice/reader.h"
#include "llm/llm.h"
#include "base/banned.h"

enum { PROMPT_BYTES = 65536, HINT_LEAST = 500 };

static json_t *schema;
static const char *prompt_rules, *prompt_text;
static struct arena *memory;

static char *slurp(const char *name)
{
    char *text = arena_alloc(memory, PROMPT_BYTES + 1);
    AUTO_FILE f = fopen(
        arena_printf(memory, "%s/share/%s", conf_str(CONF_COMPTOIR_HOME), name),
        "re");
    size_t n = f ? fread(text, 1, PROMPT_BYTES, f) : 0;
    text[n] = 0;
    return n ? text : NULL;
}

bool second_reader_init(void)
{
    static const char system_at[] = "[SYSTEM]\n", user_at[] = "[USER]\n";
    if (schema)
        return true;
    memory = memory ? memory : arena_new(4096);
    char *text = slurp("prompt_fr.txt");
    char *user = text ? strstr(text, user_at) : NULL;
    const char *shape = slurp("extraction_schema.json");
    json_t *root = shape ? json_loads(shape, 0, NULL) : NULL;
    if (!user || !str_starts(text, system_at) ||
        !json_is_object(json_object_get(root, "schema"))) {
        log_event(LOG_ERROR, "llm_prompt_missing", NULL);
        json_decref(root);
        return false;
    }
    *user = 0;
    prompt_rules = text + sizeof system_at - 1;
    prompt_text = user + sizeof user_at - 1;
    schema = root;
    return true;
}

/* ---- what is sent -------------------------------------------------------- */

/* Rows of a page; "<" as another sign, so that no page can close its tag. */
static void add_rows(struct buf *b, const struct layout *l, size_t first,
                     size_t last)
{
    for (size_t i = first; i < last; i++) {
        for (const char *s = l->rows[i].text; *s; s++)
            if (*s == '<')
                buf_str(b, "‹");
            else
                buf_char(b, *s);
        buf_char(b, '\n');
    }
}

static int64_t count_chars(const char *s)
{
    int64_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

const char *second_reader_pages(struct arena *a, const struct layout *l,
                                struct redact *marks, int64_t max_pages,
                                int64_t max_chars, int *pages)
{
    struct buf out;
    buf_init(&out, a, 32 << 20);
    *pages = 0;
    for (size_t i = 0, k; i < l->n_rows && *pages < max_pages; i = k) {
        struct buf page;
        buf_init(&page, a, 4 << 20);
        for (k = i; k < l->n_rows && l->rows[k].page == l->rows[i].page;)
            k++;
        add_rows(&page, l, i, k);
        const char *text = buf_cstr(&page);
        text = marks ? redact_text(marks, text) : text;
        max_chars -= count_chars(text);
        if (max_chars < 0)
            break;
        buf_printf(&out, "<page n=\"%d\">\n%s</page>\n", l->rows[i].page, text);
        ++*pages;
    }
    return buf_cstr(&out);
}

/* What the rules found and nobody is named by. */
static const char *hints_of(struct arena *a, const struct invoice *inv)
{
    AUTO_JSON all = invoice_to_json(inv);
    AUTO_JSON hints = json_object();
    for (int i = 0; i < F_MAX; i++) {
        const struct value *v = &inv->f[i];
        json_t *value =
            json_object_get(json_object_get(all, field_infos[i].name), "value");
        if (value && v->ev.conf >= HINT_LEAST && !field_infos[i].identifying)
            json_object_set(hints, field_infos[i].name, value);
    }
    char *text = json_dumps(hints, JSON_COMPACT | JSON_REAL_PRECISION(12));
    const char *out = arena_strdup(a, text);
    free(text);
    return out;
}

const char *second_reader_fill(struct arena *a, const char *template,
                               const char *type, const char *hints,
                               const char *pages)
{
    const struct {
        const char *name, *text;
    } holes[] = {
        {"{type}", type}, {"{heuristics_json}", hints}, {"{pages}", pages}};
    struct buf b;
    buf_init(&b, a, 64 << 20);
    while (*template) {
        size_t n = 0;
        for (size_t i = 0; i < ARRAY_LEN(holes) && !n; i++)
            if (str_starts(template, holes[i].name)) {
                buf_str(&b, holes[i].text);
                n = strlen(holes[i].name);
            }
        if (!n)
            buf_char(&b, *template);
        template += n ? n : 1;
    }
    return buf_cstr(&b);
}

/* ---- what comes back ----------------------------------------------------- */

static void take_over(struct arena *a, const struct reference *ref,
                      const struct layout *l, struct redact *marks,
                      const json_t *answer, struct audit_result *out)
{
    struct invoice *inv = out->invoice;
    const struct opinion *op = opinion_read(a, answer, l, marks);
    struct reconciled done;
    reconcile(a, ref, inv, op, &done);
    needles_add_fields(a, inv);
    inv->conf = reader_document_conf(inv);
    memcpy(out->second.used, done.used, sizeof done.used);
    out->second.n_used = done.n_used;
    log_event(LOG_INFO, "llm_read", "{s:i,s:i,s:i,s:i}", "agreed",
              (int)done.agreed, "disputed", (int)done.disputed, "used",
              (int)done.n_used, "lines_added", (int)done.lines_added);
}

void second_reader_run(struct arena *a, const struct reference *ref,
                       const struct document *doc,
                       const struct audit_request *req,
                       struct audit_result *out)
{
    json_t *answer = NULL;
    int pages = 0;
    if (!req->llm)
        return;
    out->second.provider = llm_provider(req->llm);
    out->second.model = llm_model(req->llm);
    struct layout *l = layout_build(a, doc);
    struct redact *marks = conf_bool(CONF_LLM_REDACT)
                               ? redact_new(a, out->invoice, req->customer_name)
                               : NULL;
    const char *text =
        second_reader_pages(a, l, marks, conf_int(CONF_LLM_MAX_PAGES),
                            conf_int(CONF_LLM_MAX_CHARS), &pages);
    if (!pages || !second_reader_init()) {
        audit_warn(out, "llm_unavailable");
        return;
    }
    const char *type =
        req->expected == ENERGY_NONE ? "auto" : energy_name(req->expected);
    text = second_reader_fill(a, prompt_text, type, hints_of(a, out->invoice),
                              text);
    if (llm_ask(req->llm, a, prompt_rules, text, schema, &answer,
                &out->second.usage))
        audit_warn(out, "llm_unavailable");
    else
        take_over(a, ref, l, marks, answer, out);
}
