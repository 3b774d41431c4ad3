/* Between a request, whoever it came by, and audit_run. */
#include "invoice/analysis.h"
#include "base/encode.h"
#include "base/str.h"

/* ---- what is asked --------------------------------------------------------
 */

enum energy analysis_energy(const char *type)
{
    for (int e = ENERGY_NONE + 1; e < ENERGY_MAX; e++)
        if (str_eq(energy_name((enum energy)e), type))
            return (enum energy)e;
    return ENERGY_NONE;
}

const char *analysis_type(const struct analysis *q)
{
    return q->ask.expected ? energy_name(q->ask.expected) : "auto";
}

enum err analysis_add(struct analysis *q, struct upload file)
{
    if (q->n_files == ANALYSIS_FILES)
        return ERR_TOO_MANY_FILES;
    const enum err e =
        document_sniff(file.name, file.declared_type, file.data, &file.kind);
    if (e)
        return e;
    if ((file.kind == FILE_PDF) != q->is_pdf)
        return ERR_FILE_TYPE;
    q->files[q->n_files++] = file;
    return OK;
}

/* As given; null when not, as the source documents answer. */
static void put_echo(json_t *o, const struct analysis *q)
{
    json_object_set_new(
        o, "user_id", q->has_user_id ? json_integer(q->user_id) : json_null());
    json_object_set_new(o, "invoice_id",
                        q->has_invoice_id ? json_integer(q->invoice_id)
                                          : json_null());
    json_object_set_new(o, "external_ref",
                        q->external_ref ? json_string(q->external_ref)
                                        : json_null());
}

/* ---- kept for a job -------------------------------------------------------
 */

json_t *analysis_to_json(const struct analysis *q)
{
    json_t *names = json_array();
    for (size_t i = 0; i < q->n_files; i++)
        json_array_append_new(names,
                              json_pack("{s:s?,s:s?}", "name", q->files[i].name,
                                        "type", q->files[i].declared_type));
    json_t *o = json_pack(
        "{s:s,s:s,s:i,s:b,s:s?,s:o}", "source_kind", q->is_pdf ? "pdf" : "images",
        "type", analysis_type(q), "confidence_min", (int)q->ask.confidence_min,
        "strict", (int)q->ask.strict, "customer_name", q->ask.customer_name,
        "files", names);
    put_echo(o, q);
    return o;
}

static const char *text(struct arena *a, const json_t *o, const char *key)
{
    return arena_strdup(a, json_string_value(json_object_get(o, key)));
}

static bool number(const json_t *o, const char *key, int64_t *out)
{
    const json_t *v = json_object_get(o, key);
    *out = json_integer_value(v);
    return json_is_integer(v);
}

bool analysis_from_json(struct arena *a, const json_t *o, struct analysis *q)
{
    const char *source = text(a, o, "source_kind"), *type = text(a, o, "type");
    if (!source || !type)
        return false;
    *q = (struct analysis){
        .is_pdf = str_eq(source, "pdf"),
        .ask = {.expected = analysis_energy(type),
                .confidence_min = (int16_t)json_integer_value(
                    json_object_get(o, "confidence_min")),
                .strict = json_is_true(json_object_get(o, "strict")),
                .customer_name = text(a, o, "customer_name")},
        .external_ref = text(a, o, "external_ref")};
    q->has_user_id = number(o, "user_id", &q->user_id);
    q->has_invoice_id = number(o, "invoice_id", &q->invoice_id);
    return true;
}

/* ---- what is answered -----------------------------------------------------
 */

/* What was analysed, so that a caller can tell which file is meant. */
static json_t *files_json(struct arena *a, const struct analysis *q)
{
    json_t *list = json_array();
    for (size_t i = 0; i < q->n_files; i++) {
        const struct upload *f = &q->files[i];
        json_array_append_new(
            list, json_pack("{s:s,s:I,s:s}", "name", f->name ? f->name : "",
                            "size", (json_int_t)f->data.n, "sha256",
                            encode_sha256(a, f->data.p, f->data.n)));
    }
    return list;
}

json_t *analysis_answer(struct arena *a, const struct analysis *q,
                        const struct audit_result *res)
{
    json_t *o = json_object();
    put_echo(o, q);
    json_object_set_new(o, "files", files_json(a, q));
    json_t *rest = audit_to_json(res);
    json_object_update(o, rest);
    json_decref(rest);
    return o;
}

static void put_report(struct arena *a, json_t *o, const char *prefix,
                       struct bytes pdf)
{
    json_object_set_new(o, arena_printf(a, "%s_report_base64", prefix),
                        json_string_nocheck(encode_base64(a, pdf.p, pdf.n)));
    json_object_set_new(o, arena_printf(a, "%s_size", prefix),
                        json_integer((json_int_t)pdf.n));
    json_object_set_new(o, arena_printf(a, "%s_sha256", prefix),
                        json_string_nocheck(encode_sha256(a, pdf.p, pdf.n)));
}

json_t *analysis_with_reports(struct arena *a, json_t *answer,
                              struct bytes full, struct bytes anonymous)
{
    json_t *o = json_object();
    put_report(a, o, "non_anonymous", full);
    put_report(a, o, "anonymous", anonymous);
    json_object_update(o, answer);
    json_decref(answer);
    return o;
}

json_t *analysis_refusal(enum err e, const struct analysis *q,
                         const struct audit_result *res)
{
    if (e == ERR_CONFIDENCE_TOO_LOW)
        return json_pack("{s:f,s:f}", "confidence",
                         (double)res->invoice->conf / 1000, "confidence_min",
                         (double)q->ask.confidence_min / 1000);
    if (e != ERR_ENERGY_TYPE_MISMATCH && e != ERR_ENERGY_TYPE_UNDETECTED)
        return NULL;
    return json_pack("{s:s,s:s,s:f,s:s,s:s}", "expected", analysis_type(q),
                     "detected", energy_name(res->detected), "confidence",
                     (double)res->detected_conf / 1000, "evidence",
                     res->why ? res->why : "", "paper",
                     paper_name(res->invoice->paper));
}
