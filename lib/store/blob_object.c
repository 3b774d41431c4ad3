/* A call for a document is often made within a transaction, which the server
 * ends when it hears nothing for 15 s: BLOB_TIMEOUT_S is below that. */
#include "store/blob_object.h"
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/blob.h"
#include "store/db_value.h"
#include "wire/s3.h"

enum {
    PURGE_AT_ONCE = 200,
    PURGE_US = 5000000,     /* other periodic work waits; the rest next time */
    PAGE_BYTES = 256 << 10, /* a thousand keys */
    UUID = 36
};

/* ---- start --------------------------------------------------------------- */

static bool in_store(void)
{
    return str_eq(conf_str(CONF_BLOB_STORE), "s3");
}

const char *blob_object_init(void)
{
    const char *bad = s3_init();
    if (bad)
        return bad;
    if (!in_store() && !str_eq(conf_str(CONF_BLOB_STORE), "postgres"))
        return "BLOB_STORE must be postgres or s3.";
    if (in_store() && !s3_ready())
        return "BLOB_STORE=s3 needs the S3 store: set DO_SPACES_*.";
    return NULL;
}

const char *blob_object_prefix(struct arena *a)
{
    return in_store() ? arena_printf(a, "blobs/%s/", conf_str(CONF_ENV)) : NULL;
}

bool blob_object_is_ours(const char *prefix, const char *key)
{
    if (!str_starts(key, prefix))
        return false;
    const char *two = key + strlen(prefix);
    return strlen(two) == 3 + UUID && two[2] == '/' &&
           strncmp(two, two + 3, 2) == 0 &&
           strspn(two + 3, "0123456789abcdef-") == UUID;
}

/* ---- one document -------------------------------------------------------- */

static void begin(void)
{
    s3_within(conf_int(CONF_BLOB_TIMEOUT_S) * 1000);
}

static enum err end(const char *what, const char *key, enum err e,
                    const struct s3_why *why)
{
    s3_within(0);
    if (e)
        log_error("blob_store_failed", "{s:s,s:s,s:i,s:s?,s:s?,s:i}", "call",
                  what, "object", key, "status", why->status, "code", why->code,
                  "message", why->message, "tries", why->tries);
    return e;
}

enum err blob_object_put(struct arena *a, const char *key, struct bytes sealed)
{
    struct s3_why why = {.code = "not set up"};
    const struct s3_object o = {.key = key,
                                .type = "application/octet-stream",
                                .body = sealed,
                                .sha256 = encode_sha256(a, sealed.p, sealed.n)};
    begin();
    const enum err e = s3_ready() ? s3_put(a, &o, 1, &why) : ERR_UNAVAILABLE;
    return end("put", key, e, &why) ? ERR_UNAVAILABLE : OK;
}

enum err blob_object_get(struct arena *a, const char *key, size_t n,
                         struct bytes *sealed)
{
    struct s3_why why = {.code = "not set up"};
    *sealed = (struct bytes){0};
    begin();
    enum err e = s3_ready() ? s3_get(a, key, n, sealed, &why) : ERR_UNAVAILABLE;
    if (e == ERR_TOO_LARGE || (!e && sealed->n != n)) {
        why.code = "another size";
        e = ERR_INTERNAL;
    }
    return end("get", key, e, &why);
}

/* ---- what is not needed any more ----------------------------------------- */

static enum err purge_some(struct db *db, struct arena *a, int64_t *n)
{
    const char *const most[] = {db_value_text(a, PURGE_AT_ONCE)};
    struct s3_why why = {.code = "not set up"};
    struct buf list;
    PGresult *rows;
    enum err e = db_many(db, a, &SQL_BLOB_GONE, 1, most, &rows);
    *n = e ? 0 : PQntuples(rows);
    if (e || !*n)
        return e;
    const char **keys = ARENA_ARRAY(a, (size_t)*n, const char *);
    buf_init(&list, a, PAGE_BYTES);
    for (int i = 0; i < *n; i++) {
        keys[i] = PQgetvalue(rows, i, 0);
        buf_printf(&list, "%s%s", i ? "," : "", keys[i]);
    }
    begin();
    e = s3_ready() ? s3_delete(a, keys, (size_t)*n, &why) : ERR_UNAVAILABLE;
    e = end("delete", keys[0], e, &why);
    if (e)
        return e;
    const char *const deleted[] = {buf_cstr(&list)};
    return buf_ok(&list) ? db_exec(db, a, &SQL_BLOB_DELETED, 1, deleted)
                         : ERR_INTERNAL;
}

enum err blob_object_purge(struct db *db, struct arena *a, int64_t *n)
{
    struct arena *own = arena_new(PAGE_BYTES);
    enum err e = db_exec(db, a, &SQL_BLOB_SPARE, 0, NULL);
    const int64_t end_us = clock_mono_us() + PURGE_US;
    int64_t some = 1;
    *n = 0;
    while (!e && some && clock_mono_us() < end_us) {
        e = purge_some(db, own, &some);
        *n += e ? 0 : some;
        arena_reset(own);
    }
    arena_free(own);
    return e;
}

static enum err sweep_page(struct db *db, struct arena *a, const char *prefix,
                           const struct s3_page *page, int64_t *n)
{
    struct buf list;
    PGresult *row;
    buf_init(&list, a, PAGE_BYTES);
    for (size_t i = 0; i < page->n; i++)
        if (blob_object_is_ours(prefix, page->entries[i].key))
            buf_printf(&list, "%s%s", list.n ? "," : "", page->entries[i].key);
    if (!buf_ok(&list))
        return ERR_INTERNAL;
    const char *const keys[] = {buf_cstr(&list)};
    const enum err e = db_one(db, a, &SQL_BLOB_ORPHANS, 1, keys, &row);
    *n += e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

enum err blob_object_sweep(struct db *db, struct arena *a, int64_t *n)
{
    struct arena *own = arena_new(PAGE_BYTES);
    const char *prefix = blob_object_prefix(a), *token = NULL;
    struct s3_page page = {.next = NULL};
    struct s3_why why;
    enum err e = OK;
    *n = 0;
    while (prefix && !e) {
        begin();
        e = end("list", prefix, s3_list(own, prefix, token, &page, &why), &why);
        if (!e)
            e = sweep_page(db, own, prefix, &page, n);
        token = arena_strdup(a, e ? NULL : page.next);
        arena_reset(own);
        if (!token)
            break;
    }
    arena_free(own);
    return e;
}
