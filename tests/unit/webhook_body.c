/* lib/domain/webhook_body.c: the members that were promised, in their order. */
#include "domain/webhook_body.h"
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "tap.h"

static struct arena *a;

static const char *members(const json_t *o)
{
    struct buf b;
    const char *name;
    json_t *v;
    buf_init(&b, a, 4096);
    json_object_foreach((json_t *)o, name, v)
    {
        buf_str(&b, b.n ? " " : "");
        buf_str(&b, name);
    }
    return buf_cstr(&b);
}

static json_t *written(const struct webhook_body *b)
{
    const struct bytes out = webhook_body_write(a, b);
    tap_ok(out.p && out.n == strlen((const char *)out.p), "bytes with an end");
    return json_loadb((const char *)out.p, out.n, 0, NULL);
}

static const char *string(const json_t *o, const char *name)
{
    return json_string_value(json_object_get(o, name));
}

static void success(void)
{
    AUTO_JSON about = json_pack("{s:i,s:s,s:s,s:s,s:s}", "user_id", 7,
                                "external_ref", "réf \"1\"", "type", "auto",
                                "source_kind", "pdf", "secret", "not told");
    AUTO_JSON lines = json_pack("[s,s]", "Facture de 120,50 €.", "b");
    const struct webhook_report full = {
        .pdf = {(const uint8_t *)"%PDF-1", 6}, .size = 6, .sha256 = "aa"};
    struct webhook_report link = {
        .url = "https://desk.example/v1/jobs/t/reports/anonymous.pdf",
        .size = 9,
        .sha256 = "bb"};
    const struct webhook_body b = {.task_id = "t-1",
                                   .status = "success",
                                   .about = about,
                                   .highlights = lines,
                                   .full = full,
                                   .anonymous = link,
                                   .created_at = "2026-01-02T03:04:05Z",
                                   .completed_at = "2026-01-02T03:04:09Z"};
    AUTO_JSON o = written(&b);
    tap_is_str(members(o),
               "task_id status user_id invoice_id external_ref source_kind "
               "type energy_type highlights non_anonymous_report_base64 "
               "anonymous_report_url non_anonymous_size non_anonymous_sha256 "
               "anonymous_size anonymous_sha256 created_at completed_at",
               "members, and no other of what is known");
    tap_is_str(string(o, "status"), "success", "a success");
    tap_is_int(json_integer_value(json_object_get(o, "user_id")), 7,
               "as it was given: a number");
    tap_is_str(string(o, "external_ref"), "réf \"1\"", "a text");
    tap_ok(json_is_null(json_object_get(o, "invoice_id")), "null where none");
    tap_is_str(string(o, "non_anonymous_report_base64"), "JVBERi0x",
               "a report");
    tap_is_str(string(o, "anonymous_report_url"), link.url, "or its address");
    tap_is_int(json_integer_value(json_object_get(o, "anonymous_size")), 9,
               "its size");
    tap_is_str(string(o, "anonymous_sha256"), "bb", "and hash");
    tap_is_int((int)json_array_size(json_object_get(o, "highlights")), 2,
               "lines");
}

static void no_success(void)
{
    const struct webhook_body b = {.task_id = "t-2",
                                   .status = "cancelled",
                                   .created_at = "2026-01-02T03:04:05Z",
                                   .completed_at = "2026-01-02T03:04:09Z",
                                   .error_code = "job_cancelled",
                                   .error_message = "It was stopped."};
    AUTO_JSON o = written(&b);
    tap_is_str(members(o),
               "task_id status user_id invoice_id external_ref source_kind "
               "type energy_type error created_at completed_at",
               "what is no success has an error and no report");
    tap_is_str(string(o, "status"), "cancelled", "and says how it ended");
    tap_is_str(string(json_object_get(o, "error"), "code"),
               "job_cancelled", "its code");
    tap_is_str(string(json_object_get(o, "error"), "message"), "It was stopped.",
               "and words");
}

static void large(void)
{
    static uint8_t pdf[3000000];
    const struct webhook_report r = {
        .pdf = {pdf, sizeof pdf}, .size = sizeof pdf, .sha256 = "cc"};
    const struct webhook_body b = {
        .task_id = "t-3", .status = "success", .full = r, .anonymous = r, .created_at = "x"};
    AUTO_JSON o = written(&b);
    tap_is_int(
        (int)json_string_length(json_object_get(o, "anonymous_report_base64")),
        4000000, "megabytes");
    tap_ok(json_is_null(json_object_get(o, "completed_at")), "a time unknown");
}

int main(void)
{
    a = arena_new(65536);
    success();
    no_success();
    large();
    arena_free(a);
    return tap_done();
}
