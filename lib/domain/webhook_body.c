/* Members come in this order and always all of them: receivers written against
 * one answer fit the next. */
#include "domain/webhook_body.h"
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/encode.h"

static json_t *text(const char *s)
{
    return s ? json_string(s) : json_null();
}

static void add_about(json_t *o, const json_t *about)
{
    static const char *const names[] = {"user_id",      "invoice_id",
                                        "external_ref", "source_kind",
                                        "type",         "energy_type"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        json_t *v = json_object_get(about, names[i]);
        json_object_set_new(o, names[i], v ? json_incref(v) : json_null());
    }
}

static void add_report(json_t *o, struct arena *a, const char *which,
                       const struct webhook_report *r)
{
    const char *name =
        arena_printf(a, "%s_report_%s", which, r->url ? "url" : "base64");
    json_object_set_new(
        o, name, text(r->url ? r->url : encode_base64(a, r->pdf.p, r->pdf.n)));
}

static void add_facts(json_t *o, struct arena *a, const char *which,
                      const struct webhook_report *r)
{
    json_object_set_new(o, arena_printf(a, "%s_size", which),
                        json_integer(r->size));
    json_object_set_new(o, arena_printf(a, "%s_sha256", which),
                        text(r->sha256));
}

static void add_result(json_t *o, struct arena *a, const struct webhook_body *b)
{
    json_object_set_new(o, "highlights",
                        b->highlights ? json_deep_copy(b->highlights)
                                      : json_array());
    add_report(o, a, "non_anonymous", &b->full);
    add_report(o, a, "anonymous", &b->anonymous);
    add_facts(o, a, "non_anonymous", &b->full);
    add_facts(o, a, "anonymous", &b->anonymous);
}

struct bytes webhook_body_write(struct arena *a, const struct webhook_body *b)
{
    AUTO_JSON o =
        json_pack("{s:s,s:s}", "task_id", b->task_id, "status", b->status);
    add_about(o, b->about);
    if (b->error_code)
        json_object_set_new(o, "error",
                            json_pack("{s:s,s:s}", "code", b->error_code,
                                      "message", b->error_message));
    else
        add_result(o, a, b);
    json_object_set_new(o, "created_at", text(b->created_at));
    json_object_set_new(o, "completed_at", text(b->completed_at));
    const size_t n = json_dumpb(o, NULL, 0, JSON_COMPACT);
    if (n == 0 || n > WEBHOOK_BODY_MOST)
        return (struct bytes){NULL, 0};
    char *out = arena_alloc(a, n + 1);
    json_dumpb(o, out, n, JSON_COMPACT);
    return (struct bytes){(uint8_t *)out, n};
}
