/* One row an owner, route and key. The row's name and the key that seals the
 * answer both come from the client's key by HKDF (RFC 5869): who has the table
 * alone can neither tell the keys nor read the answers. */
#include "web/idempotency.h"
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <string.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/idempotency.h"
#include "store/db_value.h"
#include "web/idempotency_key.h"
#include "web/metrics.h"
#include "wire/seal.h"

enum { HALF = 32, PLACE_BYTES = 1024 };

/* ---- the key ------------------------------------------------------------ */

static bool expand(const char *key, const char *info, uint8_t out[2 * HALF])
{
    const char *salt = conf_str(CONF_API_KEY_PEPPER);
    size_t n = 2 * HALF;
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    const bool good = c && EVP_PKEY_derive_init(c) > 0 &&
                      EVP_PKEY_CTX_set_hkdf_md(c, EVP_sha256()) > 0 &&
                      EVP_PKEY_CTX_set1_hkdf_salt(c, (const uint8_t *)salt,
                                                  (int)strlen(salt)) > 0 &&
                      EVP_PKEY_CTX_set1_hkdf_key(c, (const uint8_t *)key,
                                                 (int)strlen(key)) > 0 &&
                      EVP_PKEY_CTX_add1_hkdf_info(c, (const uint8_t *)info,
                                                  (int)strlen(info)) > 0 &&
                      EVP_PKEY_derive(c, out, &n) > 0;
    EVP_PKEY_CTX_free(c);
    return good;
}

static void add_part(EVP_MD_CTX *c, const void *p, size_t n)
{
    const uint64_t length = n;
    EVP_DigestUpdate(c, &length,
                     sizeof length); /* no part runs into the next */
    EVP_DigestUpdate(c, p, n);
}

static void add_text(EVP_MD_CTX *c, const char *s)
{
    add_part(c, s, strlen(s));
}

/* The fields as they were understood: a client that sends the same again may
 * choose another boundary of multipart, or another order of members. */
static void add_fields(EVP_MD_CTX *c, const struct req *r)
{
    const struct field *in = r->route->in;
    for (size_t i = 0; in[i].name; i++) {
        if (!r->values || !r->values[i])
            continue;
        add_text(c, in[i].name);
        add_text(c, r->values[i] == req_null ? "null" : "text");
        add_text(c, r->values[i]);
    }
    for (size_t i = 0; i < r->n_files; i++) {
        const struct file_part *f = &r->files[i];
        add_text(c, f->field);
        add_text(c, f->name ? f->name : "");
        add_text(c, f->type ? f->type : "");
        add_part(c, f->data.p, f->data.n);
    }
}

/* SHA-256 of what is asked for: path parameters, content type, body. */
static const char *fingerprint(const struct req *r)
{
    uint8_t digest[HALF];
    const char *type = req_param(r, "CONTENT_TYPE");
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    EVP_DigestInit_ex(c, EVP_sha256(), NULL);
    for (size_t i = 0; i < ROUTE_PARAMS && r->params[i]; i++)
        add_text(c, r->params[i]);
    type = type ? type : "";
    add_part(c, type, strcspn(type, ";"));
    if (r->route->in)
        add_fields(c, r);
    else
        add_part(c, r->body.p, r->body.n);
    EVP_DigestFinal_ex(c, digest, NULL);
    EVP_MD_CTX_free(c);
    return encode_hex(r->arena, digest, sizeof digest);
}

static bool derive(struct req *r, const char *key, struct idempotency *k)
{
    uint8_t both[2 * HALF];
    k->route = arena_printf(r->arena, "%s %s", r->method, r->route->path);
    const char *info = arena_printf(r->arena, "comptoir idempotency 1\n%s\n%s",
                                    r->who.id, k->route);
    if (!expand(key, info, both))
        return false;
    k->hash = encode_hex(r->arena, both, HALF);
    memcpy(k->seal, both + HALF, HALF);
    explicit_bzero(both, sizeof both);
    k->place = arena_printf(r->arena, "idempotency:%s", k->hash);
    k->fingerprint = fingerprint(r);
    r->key_hash = k->hash;
    return true;
}

bool idempotency_read(struct req *r, struct idempotency *k)
{
    const char *header = req_param(r, "HTTP_IDEMPOTENCY_KEY");
    *k = (struct idempotency){.hash = NULL};
    if (!header || !route_is_idempotent(r->route))
        return true;
    const char *key = idempotency_key_parse(r->arena, header);
    if (!key) {
        req_fail_at(r, "header", "Idempotency-Key",
                    "must be 1 to 255 printable characters, bare or in quotes",
                    "invalid");
        return false;
    }
    if (derive(r, key, k))
        return true;
    req_fail(r, ERR_INTERNAL, "no key could be derived");
    return false;
}

/* ---- the row ------------------------------------------------------------ */

static enum err lock(struct req *r, const struct idempotency *k)
{
    const char *const params[] = {k->hash};
    PGresult *row;
    const enum err e =
        db_one(r->db, r->arena, &SQL_IDEMPOTENCY_LOCK, 1, params, &row);
    if (e)
        return e;
    return *PQgetvalue(row, 0, 0) == 't' ? OK : ERR_IDEMPOTENCY_RUNNING;
}

/* The kept answer becomes the answer of this request, byte for byte. */
static enum err replay(struct req *r, const struct idempotency *k,
                       const PGresult *row)
{
    enum { FINGERPRINT, STATUS, TYPE, ANSWER };
    const char *text;
    int64_t status;
    if (!str_to_i64(PQgetvalue(row, 0, STATUS), &status))
        return ERR_INTERNAL;
    const enum err e = seal_disclose(r->arena, k->seal, k->place,
                                     PQgetvalue(row, 0, ANSWER), &text);
    if (e) {
        log_error("idempotency_broken", "{s:s}", "route", k->route);
        return e;
    }
    const bool has_type = !PQgetisnull(row, 0, TYPE);
    req_header(r, "Idempotent-Replayed", "true");
    metrics_add(METRIC_idempotent_replayed, 1);
    return req_body(r, (int)status, has_type ? PQgetvalue(row, 0, TYPE) : NULL,
                    text, strlen(text));
}

static enum err look(struct req *r, const struct idempotency *k)
{
    enum { FINGERPRINT, STATUS, TYPE, ANSWER, IS_HELD };
    const char *const params[] = {
        r->who.id, k->route, k->hash,
        db_value_text(r->arena, conf_int(CONF_IDEMPOTENCY_HOURS))};
    PGresult *row;
    const enum err e =
        db_one(r->db, r->arena, &SQL_IDEMPOTENCY_FIND, 4, params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? OK : e;
    if (!str_eq(PQgetvalue(row, 0, FINGERPRINT), k->fingerprint))
        return ERR_IDEMPOTENCY_MISMATCH;
    if (!PQgetisnull(row, 0, STATUS))
        return replay(r, k, row);
    return *PQgetvalue(row, 0, IS_HELD) == 't' ? ERR_IDEMPOTENCY_RUNNING : OK;
}

enum err idempotency_find(struct req *r, struct idempotency *k)
{
    if (!k->hash)
        return OK;
    /* what is answered needs no lock: replays do not wait for each other */
    enum err e = look(r, k);
    if (!e && !r->status)
        e = lock(r, k);
    if (!e && !r->status)
        e = look(r, k); /* it may have been answered just before the lock */
    if (e == ERR_IDEMPOTENCY_RUNNING)
        req_header(r, "Retry-After", "1");
    return e;
}

/* What is kept of the answer, as parameters from the fourth on. */
static enum err seal_answer(struct req *r, const struct idempotency *k,
                            const char *params[7])
{
    const char *text = arena_strndup(
        r->arena, r->answer.n ? (const char *)r->answer.p : "", r->answer.n);
    if (strlen(text) != r->answer.n || r->answer.n > SEAL_BYTES_MAX) {
        log_error("idempotency_unkept", "{s:s}", "route", k->route);
        return ERR_INTERNAL;
    }
    params[0] = r->who.id;
    params[1] = k->route;
    params[2] = k->hash;
    params[3] = k->fingerprint;
    params[4] = db_value_text(r->arena, r->status);
    params[5] = r->type;
    return seal_close(r->arena, k->seal, k->place, text, &params[6]);
}

enum err idempotency_store(struct req *r, const struct idempotency *k)
{
    const char *params[7];
    if (!k->hash)
        return OK;
    const enum err e = seal_answer(r, k, params);
    return e ? e : db_exec(r->db, r->arena, &SQL_IDEMPOTENCY_STORE, 7, params);
}

enum err idempotency_open(struct req *r, const struct idempotency *k)
{
    if (!k->hash)
        return OK;
    const char *const params[] = {
        r->who.id, k->route,
        k->hash,   k->fingerprint,
        r->id,     db_value_text(r->arena, conf_int(CONF_IDEMPOTENCY_LEASE_S))};
    return db_exec(r->db, r->arena, &SQL_IDEMPOTENCY_OPEN, 6, params);
}

enum err idempotency_close(struct req *r, const struct idempotency *k)
{
    const char *params[8];
    PGresult *row;
    if (!k->hash)
        return OK;
    enum err e = seal_answer(r, k, params);
    if (e)
        return e;
    params[7] = r->id;
    e = db_one(r->db, r->arena, &SQL_IDEMPOTENCY_CLOSE, 8, params, &row);
    return e == ERR_NOT_FOUND ? ERR_IDEMPOTENCY_RUNNING : e;
}

enum err idempotency_drop(struct req *r, const struct idempotency *k)
{
    if (!k->hash)
        return OK;
    const char *const params[] = {r->who.id, k->route, k->hash, r->id};
    return db_exec(r->db, r->arena, &SQL_IDEMPOTENCY_DROP, 4, params);
}
