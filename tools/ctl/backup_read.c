/* The store is trusted with nothing: a manifest may have been written by
 * anybody who holds its keys. */
#include "backup_read.h"
#include <stdio.h>
#include <string.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "store/db_value.h"

enum {
    MANIFEST_BYTES = 1 << 20,
    FILE_BYTES = 128 << 20,
    FILES_MAX = BACKUP_ORIGINALS + 2,
    NAME_CHARS = 80,
    RUN_CHARS = 16
};
#define NAME_LETTERS \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static void json_free(void *p)
{
    json_decref(p);
}

static bool fetch(struct ctl *c, const char *key, size_t max,
                  struct bytes *data)
{
    struct s3_why why;
    const enum err e = s3_get(c->a, key, max, data, &why);
    if (e)
        ctl_fail("%s could not be read: %s (HTTP %d).", key,
                 *why.code ? why.code : err_code(e), why.status);
    return !e;
}

static bool is_file_name(const char *s)
{
    const size_t n = s ? strlen(s) : 0;
    return n > 0 && n <= NAME_CHARS && *s != '.' &&
           strspn(s, NAME_LETTERS) == n && !str_eq(s, "manifest.json");
}

/* ---- the manifest ----------------------------------------------------------
 */

static bool whole_number(const json_t *m, const char *name, int64_t *out)
{
    const json_t *v = json_object_get(m, name);
    *out = json_integer_value(v);
    return json_is_integer(v);
}

static json_t *read_manifest(struct ctl *c, const char *address,
                             struct bytes *text)
{
    if (!fetch(c, arena_printf(c->a, "%s/manifest.json", address),
               MANIFEST_BYTES, text))
        return NULL;
    json_t *m = json_loadb((const char *)text->p, text->n,
                           JSON_REJECT_DUPLICATES, NULL);
    if (m)
        arena_defer(c->a, json_free, m);
    return json_is_object(m) ? m : NULL;
}

static bool take_manifest(struct ctl *c, const char *address, const json_t *m,
                          struct backup_read *out)
{
    const char *slash = strrchr(address, '/');
    const char *run = json_string_value(json_object_get(m, "run_id"));
    const char *energy = json_string_value(json_object_get(m, "energy_type"));
    if (!slash || strlen(slash + 1) != RUN_CHARS || !str_eq(run, slash + 1) ||
        !energy || !json_is_array(json_object_get(m, "files")))
        return false;
    *out = (struct backup_read){
        .folder = arena_strndup(c->a, address, (size_t)(slash + 1 - address)),
        .run_id = run,
        .energy = energy,
        .is_pdf = json_array_size(json_object_get(m, "original_pages")) == 0};
    struct backup_name *n = &out->name;
    n->has_user_id = whole_number(m, "user_id", &n->user_id);
    n->has_invoice_id = whole_number(m, "invoice_id", &n->invoice_id);
    n->external_ref = json_string_value(json_object_get(m, "external_ref"));
    return true;
}

/* ---- its files -------------------------------------------------------------
 */

static bool take_file(struct ctl *c, const char *address, const json_t *told,
                      struct backup_file *out)
{
    const char *name = json_string_value(json_object_get(told, "name"));
    const char *sha = json_string_value(json_object_get(told, "sha256"));
    int64_t size;
    if (!is_file_name(name) || !sha || !whole_number(told, "size", &size) ||
        size < 0 || size > FILE_BYTES) {
        ctl_fail("%s: the manifest names a file that cannot be.", address);
        return false;
    }
    *out = (struct backup_file){.name = name, .sha256 = sha};
    if (!fetch(c, arena_printf(c->a, "%s/%s", address, name), (size_t)size,
               &out->data))
        return false;
    if (out->data.n == (size_t)size &&
        str_eq(encode_sha256(c->a, out->data.p, out->data.n), sha))
        return true;
    ctl_fail("%s/%s is not what the manifest says.", address, name);
    return false;
}

static bool take_files(struct ctl *c, const char *address, const json_t *list,
                       struct backup_read *out)
{
    const size_t n = json_array_size(list);
    if (n > FILES_MAX) {
        ctl_fail("%s: the manifest names %zu files.", address, n);
        return false;
    }
    out->files = ARENA_ARRAY(c->a, n + 1, struct backup_file);
    for (; out->n < n; out->n++) {
        struct backup_file *f = &out->files[out->n];
        if (!take_file(c, address, json_array_get(list, out->n), f))
            return false;
        if (str_starts(f->name, "report_full_"))
            out->full = f;
        if (str_starts(f->name, "report_anon_"))
            out->anonymous = f;
    }
    return true;
}

bool backup_read_run(struct ctl *c, const char *address,
                     struct backup_read *out)
{
    struct bytes text;
    const json_t *m = read_manifest(c, address, &text);
    if (!m)
        return false;
    if (!take_manifest(c, address, m, out)) {
        ctl_fail("%s has no manifest of ours.", address);
        return false;
    }
    if (!take_files(c, address, json_object_get(m, "files"), out))
        return false;
    out->files[out->n++] =
        (struct backup_file){.name = "manifest.json", .data = text};
    return true;
}

/* ---- looking through the store ---------------------------------------------
 */

static bool fits_text(const json_t *m, const char *name, const char *want)
{
    const char *text = json_string_value(json_object_get(m, name));
    return !want || str_eq(text, want);
}

static bool fits_number(struct ctl *c, const json_t *m, const char *name,
                        const char *want)
{
    int64_t v;
    return !want ||
           (whole_number(m, name, &v) && str_eq(db_value_text(c->a, v), want));
}

/* Prints the run of a manifest, if it is wanted. */
static bool show(struct ctl *c, const char *key, const struct backup_filter *f)
{
    static const char end[] = "/manifest.json";
    if (!str_ends(key, end))
        return true;
    const char *address = arena_strndup(c->a, key, strlen(key) - strlen(end));
    if (f->user_id || f->invoice_id || f->external_ref) {
        struct bytes text;
        const json_t *m = read_manifest(c, address, &text);
        if (!m)
            return false;
        if (!fits_number(c, m, "user_id", f->user_id) ||
            !fits_number(c, m, "invoice_id", f->invoice_id) ||
            !fits_text(m, "external_ref", f->external_ref))
            return true;
    }
    printf("%s\tstored\n", address);
    return true;
}

int backup_read_scan(struct ctl *c, const struct backup_filter *f)
{
    const char *prefix =
        f->user_id
            ? arena_printf(c->a, "%s/user-%s", conf_str(CONF_ENV), f->user_id)
            : arena_printf(c->a, "%s/user-", conf_str(CONF_ENV));
    struct s3_page page = {.next = NULL};
    struct s3_why why;
    bool good = true;
    do {
        if (s3_list(c->a, prefix, page.next, &page, &why))
            return ctl_fail("The store did not answer: %s (HTTP %d).", why.code,
                            why.status);
        for (size_t i = 0; i < page.n; i++)
            good = show(c, page.entries[i].key, f) && good;
    } while (page.next);
    return good ? CTL_OK : CTL_FAILED;
}
