/* The manifest of a dump. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/auto.h"
#include "base/encode.h"
#include "base/str.h"
#include "dump.h"
#include "sql/dump.h"
#include "store/db_value.h"

enum { CHUNK = 1 << 16, DIGEST = 32 };

/* ---- files -----------------------------------------------------------------
 */

bool dump_folder(struct ctl *c, const char *folder)
{
    struct stat st;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        ctl_fail("%s could not be made: %s.", folder, strerror(errno));
        return false;
    }
    if (stat(arena_printf(c->a, "%s/manifest.json", folder), &st) != 0)
        return true;
    ctl_fail("%s holds a dump already; nothing is overwritten.", folder);
    return false;
}

/* SHA-256 and size of a file; NULL when it cannot be read. */
static const char *digest(struct arena *a, const char *path, json_int_t *size)
{
    uint8_t out[DIGEST], *chunk = arena_alloc(a, CHUNK);
    AUTO_FILE f = fopen(path, "re");
    EVP_MD_CTX *x = f ? EVP_MD_CTX_new() : NULL;
    if (!x || !EVP_DigestInit_ex(x, EVP_sha256(), NULL)) {
        EVP_MD_CTX_free(x);
        return NULL;
    }
    *size = 0;
    for (size_t n; (n = fread(chunk, 1, CHUNK, f)) > 0; *size += (json_int_t)n)
        EVP_DigestUpdate(x, chunk, n);
    const bool ok = !ferror(f) && EVP_DigestFinal_ex(x, out, NULL);
    EVP_MD_CTX_free(x);
    return ok ? encode_hex(a, out, sizeof out) : NULL;
}

/* ---- describing ------------------------------------------------------------
 */

bool dump_freeze(struct ctl *c)
{
    enum err e = db_begin(c->db);
    if (!e)
        e = db_exec(c->db, c->a, &SQL_DUMP_FREEZE, 0, NULL);
    if (!e)
        e = db_exec(c->db, c->a, &SQL_DUMP_PATIENCE, 0, NULL);
    if (!e)
        return true;
    db_rollback(c->db);
    ctl_fail("The database refused; the log line says why.");
    return false;
}

static json_t *sums(struct ctl *c, const char *tenant)
{
    const char *const params[] = {tenant};
    PGresult *res;
    if (db_many(c->db, c->a, &SQL_DUMP_SUMS, 1, params, &res))
        return NULL;
    json_t *o = json_object();
    for (int i = 0; i < PQntuples(res); i++)
        json_object_set_new(o, PQgetvalue(res, i, 0),
                            json_pack("[I,s]",
                                      (json_int_t)db_value_i64(res, i, 1),
                                      PQgetvalue(res, i, 2)));
    return o;
}

json_t *dump_describe(struct ctl *c, const char *tenant)
{
    PGresult *row;
    json_t *tables = NULL;
    if (!db_one(c->db, c->a, &SQL_DUMP_ABOUT, 0, NULL, &row))
        tables = sums(c, tenant);
    if (!tables) {
        ctl_fail("The database refused; the log line says why.");
        return NULL;
    }
    json_t *m = json_pack("{s:s}", "kind", tenant ? "tenant" : "database");
    if (tenant)
        json_object_set_new(m, "tenant_id", json_string(tenant));
    for (int i = 0; i < PQnfields(row); i++)
        json_object_set_new(m, PQfname(row, i),
                            json_string(PQgetvalue(row, 0, i)));
    json_object_set_new(m, "tables", tables);
    return m;
}

bool dump_seal(struct ctl *c, const char *folder, const char *file,
               json_t *manifest)
{
    json_int_t size = 0;
    const char *path = arena_printf(c->a, "%s/manifest.json", folder);
    const char *sha =
        digest(c->a, arena_printf(c->a, "%s/%s", folder, file), &size);
    if (!sha) {
        ctl_fail("%s/%s could not be read back.", folder, file);
        return false;
    }
    json_object_set_new(
        manifest, "file",
        json_pack("{s:s,s:I,s:s}", "name", file, "size", size, "sha256", sha));
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 && json_dumpfd(manifest, fd, JSON_INDENT(1)) == 0 &&
        fsync(fd) == 0)
        return true;
    ctl_fail("%s could not be written: %s.", path, strerror(errno));
    return false;
}

/* ---- reading ---------------------------------------------------------------
 */

json_t *dump_open(struct ctl *c, const char *folder, const char *kind)
{
    const char *name = NULL, *sha = NULL, *is = NULL;
    json_int_t want = -1, size = 0;
    size_t n;
    const char *text =
        ctl_file(c, arena_printf(c->a, "%s/manifest.json", folder), &n);
    json_t *m = text ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!m ||
        json_unpack(m, "{s:s,s:{s:s,s:I,s:s}}", "kind", &is, "file", "name",
                    &name, "size", &want, "sha256", &sha) ||
        !str_eq(is, kind) || strchr(name, '/') || *name == '.') {
        ctl_fail("%s holds no dump of a %s.", folder, kind);
        json_decref(m);
        return NULL;
    }
    const char *have =
        digest(c->a, arena_printf(c->a, "%s/%s", folder, name), &size);
    if (have && size == want && str_eq(have, sha))
        return m;
    ctl_fail("%s/%s is not what its manifest says.", folder, name);
    json_decref(m);
    return NULL;
}

bool dump_compare(struct ctl *c, const char *tenant, const json_t *manifest)
{
    json_t *want = json_object_get(manifest, "tables");
    AUTO_JSON have = sums(c, tenant);
    const char *name;
    json_t *v;
    bool same = have && json_object_size(have) == json_object_size(want);
    json_int_t rows = 0;
    json_object_foreach(want, name, v)
    {
        rows += json_integer_value(json_array_get(v, 0));
        if (have && json_equal(v, json_object_get(have, name)))
            continue;
        ctl_fail("%s is not what it was.", name);
        same = false;
    }
    if (same)
        printf("%zu tables, %lld rows: each as it was, by its checksum.\n",
               json_object_size(want), (long long)rows);
    return same;
}
