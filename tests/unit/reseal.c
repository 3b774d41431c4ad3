/* Without a key or a database: told so. With one (COMPTOIR_TEST_DB, set by
 * tests/sql/57-blob): what is under older keys or in clear comes under the
 * first; what does not open stays as it is, and is no obstacle. */
#include "domain/reseal.h"
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "store/blob.h"
#include "store/db_value.h"
#include "seal_keys.h"
#include "tap.h"
#include "wire/seal.h"

static struct arena *a;
static struct db *db;

static const char *put(const char *name, size_t n)
{
    const struct blob_new of = {
        .owner = "user:12", .name = name, .media = "text/plain", .ttl_s = 600};
    const struct bytes b = {memset(arena_alloc(a, n), 7, n), n};
    char *id = arena_alloc(a, BLOB_ID);
    tap_ok(!db_begin(db) && !blob_put(db, a, &of, b, id) && !db_commit(db),
           "%s: %zu bytes", name, n);
    return id;
}

static void run(const char *sql)
{
    const struct db_query q = {arena_strdup(a, sql), sql};
    tap_is_int(db_exec(db, a, &q, 0, NULL), OK, "%s", sql);
}

/* As "k1:3 k2:1 " of parts in the database. */
static const char *parts(void)
{
    PGresult *rows;
    const char *told = "";
    if (reseal_counts(db, a, &rows))
        return "refused";
    for (int i = 0; i < PQntuples(rows); i++)
        if (str_eq(PQgetvalue(rows, i, 0), "blob_part.bytes"))
            told = arena_printf(a, "%s%s:%s ", told, PQgetvalue(rows, i, 1),
                                PQgetvalue(rows, i, 2));
    return told;
}

static void anew(void)
{
    struct reseal r;
    struct bytes got;
    seal_keys_use("");
    const char *clear = put("clear", 5);
    seal_keys_use("k1:" KEY_A);
    const char *good = put("good", (5 << 20) + 1), *bad = put("bad", 3);
    seal_keys_use("k2:" KEY_B);
    put("new", 3);
    tap_is_int(reseal_all(db, 0, &r), OK, "without the older key");
    tap_ok(r.sealed == 1 && !r.left && !r.is_cut, "what is in clear is sealed");
    tap_is_str(parts(), "k1:7 k2:2 ", "the rest waits for its key");
    seal_keys_use("k2:" KEY_B ",k1:" KEY_A);
    run(arena_printf(a,
                     "UPDATE blob_part SET bytes = bytes || 'x' WHERE blob_id "
                     "= '%s'",
                     bad));
    tap_ok(!reseal_all(db, clock_mono_us() - 1, &r) && r.is_cut && !r.sealed,
           "no time: nothing is done, and told so");
    tap_ok(!reseal_all(db, 0, &r) && r.sealed == 6 && r.left == 1 && !r.is_cut,
           "all but one that was changed");
    tap_is_str(parts(), "k1:1 k2:8 ", "which stays as it is");
    seal_keys_use("k2:" KEY_B);
    tap_ok(!blob_get(db, a, good, &got) && got.n == (5 << 20) + 1 &&
               !blob_get(db, a, clear, &got) && got.n == 5,
           "read without the older key");
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_DB");
    struct reseal r;
    a = arena_new(1 << 16);
    db = db_open("host=/nonexistent", "ctl");
    seal_keys_use("");
    tap_is_int(reseal_all(db, 0, &r), ERR_ENCRYPTION_UNCONFIGURED, "no key");
    seal_keys_use("k1:" KEY_A);
    tap_is_int(reseal_all(db, 0, &r), ERR_UNAVAILABLE, "no database");
    db_close(db);
    if (url) {
        db = db_open(url, "worker");
        anew();
        db_close(db);
    }
    arena_free(a);
    return tap_done();
}
