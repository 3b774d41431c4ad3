/* Without a database: 503. With one (COMPTOIR_TEST_DB, set by tests/sql): what
 * is kept comes back whole, and nothing that was changed does. */
#include "store/blob.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "seal_keys.h"
#include "tap.h"
#include "wire/seal.h"

#define TASK "3d0c5a39-6f4c-4c0e-9d51-1f6f7b6f0a01"

static struct arena *a;
static struct db *db;

static struct bytes pattern(size_t n)
{
    uint8_t *p = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(i * 131 + (i >> 12));
    return (struct bytes){p, n};
}

static enum err put(const char *name, struct bytes b, int64_t ttl_s, char *id)
{
    const struct blob_new of = {.owner = "user:12",
                                .task_id = TASK,
                                .name = name,
                                .media = "application/pdf",
                                .ttl_s = ttl_s};
    enum err e = db_begin(db);
    if (!e)
        e = blob_put(db, a, &of, b, id);
    if (!e)
        return db_commit(db);
    db_rollback(db);
    return e;
}

static bool same(struct bytes x, struct bytes y)
{
    return x.n == y.n && (!x.n || memcmp(x.p, y.p, x.n) == 0);
}

static int64_t count(const char *sql)
{
    const struct db_query q = {arena_strdup(a, sql), sql};
    PGresult *row;
    int64_t n = -1;
    if (db_one(db, a, &q, 0, NULL, &row) ||
        !str_to_i64(PQgetvalue(row, 0, 0), &n))
        return -1;
    return n;
}

static void run(const char *sql)
{
    const struct db_query q = {arena_strdup(a, sql), sql};
    tap_is_int(db_exec(db, a, &q, 0, NULL), OK, "%s", sql);
}

static void sizes(void)
{
    static const size_t n[] = {
        0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 17};
    char id[BLOB_ID];
    struct bytes got;
    for (size_t i = 0; i < ARRAY_LEN(n); i++) {
        const struct bytes b = pattern(n[i]);
        const char *name = arena_printf(a, "input/%zu", i + 1);
        tap_ok(!put(name, b, 60, id) && !blob_get(db, a, id, &got) &&
                   same(b, got),
               "%zu bytes come back", n[i]);
    }
    tap_is_int(put("input/1", pattern(1), 60, id), ERR_CONFLICT,
               "a name is used once a task");
    tap_is_int(count("SELECT count(*) FROM blob_part"), 9,
               "parts of a mebibyte, none of the one refused");
    tap_is_int(count("SELECT count(*) FROM blob_part WHERE kid = 'k1'"), 9,
               "each knows its key");
}

static void finding(void)
{
    struct blob one, *list;
    size_t n;
    tap_is_int(blob_find(db, a, TASK, "input/2", &one), OK, "by name");
    tap_is_str(one.owner, "user:12", "its owner");
    tap_is_str(one.media, "application/pdf", "its type");
    tap_is_int(one.size, 1, "its size");
    tap_is_int(blob_find(db, a, TASK, "input/7", &one), ERR_NOT_FOUND,
               "no such name");
    tap_is_int(blob_by_id(db, a, TASK, &one), ERR_NOT_FOUND, "no such id");
    tap_ok(!blob_list(db, a, TASK, "input/", &list, &n) && n == 6 &&
               str_eq(list[5].name, "input/6"),
           "all of a task in order");
    tap_ok(!blob_list(db, a, TASK, "full", &list, &n) && n == 0, "none");
}

/* What a thief or a broken disk may do to the rows. */
static void tampering(void)
{
    char id[BLOB_ID], other[BLOB_ID];
    struct bytes got;
    tap_ok(!put("full.pdf", pattern(2 << 20), 60, id) &&
               !put("other.pdf", pattern(2 << 20), 60, other),
           "two documents of two parts");
    run(arena_printf(a,
                     "UPDATE blob_part SET n = 1 - n + 10 WHERE blob_id = "
                     "'%s'",
                     id));
    tap_is_int(blob_get(db, a, id, &got), ERR_NOT_FOUND, "a part is missing");
    run(arena_printf(a, "UPDATE blob_part SET n = n - 10 WHERE blob_id = '%s'",
                     id));
    tap_is_int(blob_get(db, a, id, &got), ERR_INTERNAL, "parts exchanged");
    tap_ok(!got.p && !got.n, "and nothing is given");
    run(arena_printf(a,
                     "UPDATE blob_part AS x SET bytes = y.bytes FROM blob_part "
                     "AS y WHERE x.blob_id = '%s' AND y.blob_id = '%s' AND "
                     "x.n = y.n",
                     id, other));
    tap_is_int(blob_get(db, a, id, &got), ERR_INTERNAL,
               "parts of another document");
    run(arena_printf(a,
                     "UPDATE blob SET sha256 = repeat('0', 64) WHERE id = "
                     "'%s'",
                     other));
    tap_is_int(blob_get(db, a, other, &got), ERR_INTERNAL, "another SHA-256");
}

static void keys(void)
{
    char id[BLOB_ID], clear[BLOB_ID];
    struct bytes got;
    const struct bytes b = pattern(100);
    tap_is_int(put("rotated", b, 60, id), OK, "under the first key");
    seal_keys_use("k2:" KEY_B ",k1:" KEY_A);
    tap_ok(!blob_get(db, a, id, &got) && same(b, got), "the old one opens");
    seal_keys_use("k2:" KEY_B);
    tap_is_int(blob_get(db, a, id, &got), ERR_ENCRYPTION_UNCONFIGURED,
               "without it, nothing");
    seal_keys_use("");
    tap_ok(!put("clear", b, 60, clear) && !blob_get(db, a, clear, &got) &&
               same(b, got),
           "without DATA_KEYS it is kept in clear");
    tap_is_int(count("SELECT count(*) FROM blob_part WHERE kid IS NULL"), 1,
               "and says so");
    seal_keys_use("k1:" KEY_A);
    tap_ok(!blob_get(db, a, clear, &got) && same(b, got),
           "still read once there are keys");
}

static void forgetting(void)
{
    char id[BLOB_ID];
    struct bytes got;
    int64_t n = 0;
    tap_is_int(put("soon", pattern(5), 0, id), OK, "kept for no time");
    tap_is_int(blob_get(db, a, id, &got), ERR_NOT_FOUND, "is not there");
    tap_ok(!blob_expire(db, a, &n) && n == 1, "and is deleted");
    tap_ok(!blob_expire(db, a, &n) && n == 0, "once");
    tap_is_int(blob_delete_of(db, a, TASK, "input/"), OK, "inputs are wiped");
    tap_is_int(count("SELECT count(*) FROM blob WHERE name LIKE 'input/%'"), 0,
               "none is left");
    tap_ok(!put("last", pattern(5), 60, id) && !blob_delete(db, a, id) &&
               blob_get(db, a, id, &got) == ERR_NOT_FOUND,
           "one is deleted");
    tap_is_int(blob_delete_of(db, a, TASK, ""), OK, "all of the task");
    tap_is_int(count("SELECT count(*) FROM blob_part"), 0, "no part is left");
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_DB");
    char id[BLOB_ID];
    struct bytes got;
    a = arena_new(1 << 16);
    seal_keys_use("k1:" KEY_A);
    db = db_open("host=/nonexistent", "ctl");
    tap_is_int(put("input/1", pattern(3), 60, id), ERR_UNAVAILABLE,
               "no database, nothing kept");
    tap_is_int(blob_get(db, a, TASK, &got), ERR_UNAVAILABLE, "nor read");
    db_close(db);
    if (url) {
        db = db_open(url, "test");
        sizes();
        finding();
        tampering();
        keys();
        forgetting();
        db_close(db);
    }
    arena_free(a);
    return tap_done();
}
