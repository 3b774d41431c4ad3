/* lib/store/blob_object.c: the settings and the keys. What it asks of a store
 * is tested against a real one (tests/e2e/79-blob-s3). */
#include "store/blob_object.h"
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"

#define ID  "3d0c5a39-6f4c-4c0e-9d51-1f6f7b6f0a01"
#define KEY "blobs/dev/3d/" ID

static const char *begin(const char *where)
{
    setenv("BLOB_STORE", where, 1);
    const char *bad = conf_init();
    return bad ? bad : blob_object_init();
}

static void store(void)
{
    setenv("DO_SPACES_KEY", "AKID", 1);
    setenv("DO_SPACES_SECRET", "a-secret-of-the-store", 1);
    setenv("DO_SPACES_REGION", "ams3", 1);
    setenv("DO_SPACES_ENDPOINT", "http://127.0.0.1:9", 1);
    setenv("DO_SPACES_BUCKET", "runs", 1);
}

static void settings(struct arena *a)
{
    struct bytes got;
    clearenv();
    tap_ok(!begin("postgres") && !blob_object_prefix(a), "the database");
    tap_is_str(begin("disk"), "BLOB_STORE must be postgres or s3.",
               "a place there is not");
    tap_is_str(begin("s3"),
               "BLOB_STORE=s3 needs the S3 store: set DO_SPACES_*.",
               "s3 without a store");
    tap_is_int(blob_object_put(a, KEY, (struct bytes){0}), ERR_UNAVAILABLE,
               "without one nothing is kept");
    tap_is_int(blob_object_get(a, KEY, 1, &got), ERR_UNAVAILABLE, "nor read");
    store();
    tap_ok(!begin("postgres") && !blob_object_prefix(a), "a store for backups");
    tap_ok(!begin("s3"), "and for documents");
    tap_is_str(blob_object_prefix(a), "blobs/dev/", "where they are");
    tap_is_int(blob_object_get(a, KEY, 1, &got), ERR_UNAVAILABLE,
               "nobody listens");
    setenv("BLOB_TIMEOUT_S", "15", 1);
    tap_ok(begin("s3"), "a transaction is not kept waiting so long");
}

static void keys(void)
{
    static const char *const others[] = {
        "blobs/dev/3d/",
        "blobs/dev/3e/" ID,
        "blobs/prod/3d/" ID,
        "blobs/dev/" ID,
        KEY "0",
        "blobs/dev/3d/3d0c5a39",
        "dev/user-1/x.pdf",
        "blobs/dev/3d/,d0c5a39-6f4c-4c0e-9d51-1f6f7b6f0a01"};
    tap_ok(blob_object_is_ours("blobs/dev/", KEY), "one of ours");
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tap_ok(!blob_object_is_ours("blobs/dev/", others[i]), "not %s",
               others[i]);
}

int main(void)
{
    struct arena *a = arena_new(4096);
    settings(a);
    keys();
    arena_free(a);
    return tap_done();
}
