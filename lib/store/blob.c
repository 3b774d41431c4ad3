/* A part is bound to its document and number: parts cannot be exchanged or
 * moved, and the size tells how many there are. */
#include "store/blob.h"
#include <string.h>
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/blob.h"
#include "store/blob_object.h"
#include "store/db_value.h"
#include "wire/seal.h"
#include "base/banned.h"

enum {
    PART_BYTES = 1 << 20,
    EXPIRE_MOST = 1000 /* rows of one statement: within its time */
};

static struct sealed_at place_of(struct arena *a, enum sealed what,
                                 const char *id, int64_t n)
{
    return (struct sealed_at){what,
                              arena_printf(a, "%s/%lld", id, (long long)n)};
}

/* ---- keeping ------------------------------------------------------------- */

static enum err put_part(struct db *db, struct arena *a, const char *id,
                         int64_t n, struct bytes part)
{
    const char *const params[] = {id, db_value_text(a, n),
                                  db_value_bytes(a, part), seal_kid()};
    return db_exec(db, a, &SQL_BLOB_INSERT_PART, 4, params);
}

/* How many bytes all parts are together. */
static size_t sealed_size(size_t clear, bool is_sealed)
{
    const size_t parts = (clear + PART_BYTES - 1) / PART_BYTES;
    return clear + (is_sealed ? parts * SEAL_BYTES_MORE : 0);
}

/* Seals one part after the other: each into a row, or all behind each other to
 * *to. Each part's texts are given back before the next is made. */
static enum err put_parts(struct db *db, const char *id, struct bytes clear,
                          uint8_t *to)
{
    struct arena *a = arena_new(4096);
    enum err e = OK;
    for (int64_t n = 0; !e && clear.n; n++) {
        const size_t now = clear.n < PART_BYTES ? clear.n : PART_BYTES;
        struct bytes part = {clear.p, now};
        if (seal_ready())
            e = seal_bytes(
                a,
                place_of(a, to ? SEALED_BLOB_OBJECT : SEALED_BLOB_PART, id, n),
                part, &part);
        if (!e && to)
            to = (uint8_t *)memcpy(to, part.p, part.n) + part.n;
        else if (!e)
            e = put_part(db, a, id, n, part);
        clear.p += now;
        clear.n -= now;
        arena_reset(a);
    }
    arena_free(a);
    return e;
}

static enum err put_object(const char *id, const char *object,
                           struct bytes clear)
{
    struct arena *a = arena_new(4096);
    const size_t n = sealed_size(clear.n, seal_ready());
    uint8_t *sealed = arena_alloc(a, n + 1);
    enum err e = put_parts(NULL, id, clear, sealed);
    if (!e)
        e = blob_object_put(a, object, (struct bytes){sealed, n});
    arena_free(a);
    return e;
}

enum err blob_put(struct db *db, struct arena *a, const struct blob_new *of,
                  struct bytes clear, char id[BLOB_ID])
{
    *id = '\0';
    if (clear.n > BLOB_BYTES_MAX)
        return ERR_TOO_LARGE;
    const char *const params[] = {
        of->owner,
        of->task_id,
        of->name,
        of->media,
        db_value_text(a, (int64_t)clear.n),
        encode_sha256(a, clear.p, clear.n),
        seal_kid(),
        db_value_text(a, of->ttl_s),
        of->stays_here ? NULL : blob_object_prefix(a),
        of->tenant_id ? db_value_text(a, of->tenant_id) : NULL};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_BLOB_INSERT, 10, params, &row);
    if (e)
        return e;
    memcpy(id, PQgetvalue(row, 0, 0), BLOB_ID);
    return PQgetisnull(row, 0, 1)
               ? put_parts(db, id, clear, NULL)
               : put_object(id, PQgetvalue(row, 0, 1), clear);
}

/* ---- finding ------------------------------------------------------------- */

static struct blob blob_from_row(const PGresult *row, int i)
{
    enum { ID, OWNER, NAME, MEDIA, SIZE, SHA256, KID, OBJECT };
    return (struct blob){
        .id = PQgetvalue(row, i, ID),
        .owner = PQgetvalue(row, i, OWNER),
        .name = PQgetvalue(row, i, NAME),
        .media = PQgetvalue(row, i, MEDIA),
        .sha256 = PQgetvalue(row, i, SHA256),
        .size = db_value_i64(row, i, SIZE),
        .kid = PQgetisnull(row, i, KID) ? NULL : PQgetvalue(row, i, KID),
        .object =
            PQgetisnull(row, i, OBJECT) ? NULL : PQgetvalue(row, i, OBJECT)};
}

enum err blob_by_id(struct db *db, struct arena *a, const char *id,
                    struct blob *out)
{
    const char *const params[] = {id};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_BLOB_BY_ID, 1, params, &row);
    if (!e)
        *out = blob_from_row(row, 0);
    return e;
}

enum err blob_find(struct db *db, struct arena *a, const char *task_id,
                   const char *name, struct blob *out)
{
    const char *const params[] = {task_id, name};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_BLOB_BY_NAME, 2, params, &row);
    if (!e)
        *out = blob_from_row(row, 0);
    return e;
}

enum err blob_list(struct db *db, struct arena *a, const char *task_id,
                   const char *prefix, struct blob **out, size_t *n)
{
    const char *const params[] = {task_id, prefix};
    PGresult *rows;
    *out = NULL;
    *n = 0;
    const enum err e = db_many(db, a, &SQL_BLOB_LIST, 2, params, &rows);
    if (e)
        return e;
    *n = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(a, *n, struct blob);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = blob_from_row(rows, (int)i);
    return OK;
}

/* ---- reading ------------------------------------------------------------- */

struct part {
    struct bytes bytes;
    const char *kid; /* NULL: in clear */
};

static enum err broken(const struct blob *b, const char *why)
{
    log_error("blob_broken", "{s:s,s:s}", "blob", b->id, "reason", why);
    return ERR_INTERNAL;
}

/* The n-th part of an object. */
static struct bytes cut(struct bytes object, int64_t n, bool is_sealed)
{
    const size_t most = PART_BYTES + (is_sealed ? SEAL_BYTES_MORE : 0);
    const size_t from = (size_t)n * most, left = object.n - from;
    return (struct bytes){object.p + from, left < most ? left : most};
}

/* One part as it is kept: of the object, if there is one. A row tells its own
 * key, as it may be sealed anew at any time. */
static enum err load_part(struct db *db, struct arena *a, const struct blob *b,
                          int64_t n, struct bytes object, struct part *out)
{
    const char *const params[] = {b->id, db_value_text(a, n)};
    PGresult *row;
    if (b->object) {
        *out = (struct part){cut(object, n, b->kid), b->kid};
        return OK;
    }
    const enum err e = db_one(db, a, &SQL_BLOB_PART, 2, params, &row);
    if (e)
        return e;
    out->kid = PQgetisnull(row, 0, 1) ? NULL : PQgetvalue(row, 0, 1);
    return db_value_to_bytes(a, row, 0, 0, &out->bytes);
}

static enum err read_part(struct db *db, struct arena *a, const struct blob *b,
                          int64_t n, struct bytes object, struct bytes to)
{
    struct part kept;
    enum err e = load_part(db, a, b, n, object, &kept);
    struct bytes part = kept.bytes;
    if (!e && kept.kid)
        e = seal_bytes_open(
            a, kept.kid,
            place_of(a, b->object ? SEALED_BLOB_OBJECT : SEALED_BLOB_PART,
                     b->id, n),
            part, &part);
    if (e)
        return e;
    if (part.n != to.n)
        return broken(b, "a part has another size");
    memcpy((uint8_t *)to.p, part.p, part.n);
    return OK;
}

static enum err read_parts(struct db *db, const struct blob *b,
                           struct bytes object, struct bytes all)
{
    struct arena *a = arena_new(4096);
    enum err e = OK;
    for (size_t at = 0; !e && at < all.n; at += PART_BYTES) {
        const size_t left = all.n - at;
        e = read_part(
            db, a, b, (int64_t)(at / PART_BYTES), object,
            (struct bytes){all.p + at, left < PART_BYTES ? left : PART_BYTES});
        arena_reset(a);
    }
    arena_free(a);
    return e;
}

static enum err read_this(struct db *db, const struct blob *b, struct bytes all)
{
    struct arena *a = arena_new(4096);
    struct bytes object;
    enum err e = blob_object_get(a, b->object,
                                 sealed_size(all.n, b->kid != NULL), &object);
    if (!e)
        e = read_parts(db, b, object, all);
    arena_free(a);
    return e;
}

/* An object that is not there was deleted with its row, or replaced by one
 * that is sealed anew; else we look into another bucket, or somebody was at
 * it, and later it may be there again. */
static enum err read_object(struct db *db, struct arena *a,
                            const struct blob *b, struct bytes all)
{
    struct blob now;
    enum err e = read_this(db, b, all);
    if (e != ERR_NOT_FOUND || (e = blob_by_id(db, a, b->id, &now)))
        return e;
    if (!str_eq(now.object, b->object))
        e = read_this(db, &now, all);
    else
        e = ERR_UNAVAILABLE;
    return e == ERR_NOT_FOUND ? ERR_UNAVAILABLE : e;
}

enum err blob_read(struct db *db, struct arena *a, const struct blob *b,
                   struct bytes *clear)
{
    const size_t size = (size_t)b->size;
    const struct bytes all = {arena_alloc(a, size + 1), size};
    *clear = (struct bytes){0};
    enum err e = b->object ? read_object(db, a, b, all)
                           : read_parts(db, b, (struct bytes){0}, all);
    if (!e && !str_eq(encode_sha256(a, all.p, size), b->sha256))
        e = broken(b, "its SHA-256 is another");
    if (!e)
        *clear = all;
    return e;
}

enum err blob_get(struct db *db, struct arena *a, const char *id,
                  struct bytes *clear)
{
    struct blob b;
    *clear = (struct bytes){0};
    const enum err e = blob_by_id(db, a, id, &b);
    return e ? e : blob_read(db, a, &b, clear);
}

/* ---- sealing anew -------------------------------------------------------- */

static enum err anew(const struct blob *b, struct bytes old, uint8_t *to)
{
    struct arena *a = arena_new(4096);
    enum err e = OK;
    const int64_t parts = (b->size + PART_BYTES - 1) / PART_BYTES;
    for (int64_t n = 0; !e && n < parts; n++) {
        struct bytes part;
        e = seal_bytes_anew(a, b->kid,
                            place_of(a, SEALED_BLOB_OBJECT, b->id, n),
                            cut(old, n, b->kid), &part);
        if (!e)
            to = (uint8_t *)memcpy(to, part.p, part.n) + part.n;
        arena_reset(a);
    }
    arena_free(a);
    return e;
}

/* What the store gives back is what it was given. */
static enum err put_checked(const char *object, struct bytes sealed)
{
    struct arena *a = arena_new(4096);
    struct bytes again;
    enum err e = blob_object_put(a, object, sealed);
    if (!e)
        e = blob_object_get(a, object, sealed.n, &again);
    if (!e && sealed.n && memcmp(again.p, sealed.p, sealed.n) != 0)
        e = ERR_UNAVAILABLE;
    arena_free(a);
    return e == ERR_NOT_FOUND ? ERR_UNAVAILABLE : e;
}

static enum err replace(struct db *db, struct arena *a, const struct blob *b,
                        const char *successor)
{
    const size_t size = (size_t)b->size, n = sealed_size(size, true);
    const struct bytes sealed = {arena_alloc(a, n + 1), n};
    const char *const params[] = {b->id, b->object, successor, seal_kid()};
    struct bytes old;
    PGresult *row;
    enum err e = blob_object_get(a, b->object, sealed_size(size, b->kid), &old);
    if (!e)
        e = anew(b, old, (uint8_t *)sealed.p);
    if (!e)
        e = put_checked(successor, sealed);
    return e ? e : db_one(db, a, &SQL_BLOB_REPLACE, 4, params, &row);
}

enum err blob_reseal(struct db *db, const char *kids, char id[BLOB_ID],
                     enum blob_reseal *was)
{
    enum { SUCCESSOR = 8 };
    struct arena *a = arena_new(4096);
    const char *const params[] = {kids, id};
    PGresult *row;
    struct blob now;
    enum err e = db_one(db, a, &SQL_BLOB_STALE, 2, params, &row);
    *was = e == ERR_NOT_FOUND ? BLOB_RESEAL_NONE : BLOB_RESEAL_DONE;
    if (!e) {
        const struct blob b = blob_from_row(row, 0);
        memcpy(id, b.id, BLOB_ID);
        e = replace(db, a, &b, PQgetvalue(row, 0, SUCCESSOR));
        /* nothing is broken about one that was deleted meanwhile */
        if (e && e != ERR_UNAVAILABLE && !blob_by_id(db, a, id, &now)) {
            log_error("reseal_failed", "{s:s,s:s}", "table", "blob", "key", id);
            *was = BLOB_RESEAL_BROKEN;
        }
    }
    arena_free(a);
    return e == ERR_UNAVAILABLE ? e : OK;
}

/* ---- forgetting ---------------------------------------------------------- */

enum err blob_delete(struct db *db, struct arena *a, const char *id)
{
    const char *const params[] = {id};
    return db_exec(db, a, &SQL_BLOB_DELETE, 1, params);
}

enum err blob_delete_of(struct db *db, struct arena *a, const char *task_id,
                        const char *prefix)
{
    const char *const params[] = {task_id, prefix};
    return db_exec(db, a, &SQL_BLOB_DELETE_OF, 2, params);
}

enum err blob_expire(struct db *db, struct arena *a, int64_t *n)
{
    const char *const params[] = {db_value_text(a, EXPIRE_MOST)};
    PGresult *row;
    *n = 0;
    const enum err e = db_one(db, a, &SQL_BLOB_EXPIRE, 1, params, &row);
    if (!e)
        *n = db_value_i64(row, 0, 0);
    return e;
}
