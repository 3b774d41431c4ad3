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

enum { HALF = 32, PARAMS = 8, HEADER_BYTES = 8192 };

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

/* Headers lie in their place as lines, "Name: value". */
static const char *headers_place(struct arena *a, const struct idempotency *k)
{
    return arena_printf(a, "%s:headers", k->place);
}

static enum err replay_headers(struct req *r, const struct idempotency *k,
                               const char *sealed)
{
    const char *lines[REQ_HEADERS];
    struct bytes text;
    const enum err e = seal_disclose(r->arena, k->seal,
                                     headers_place(r->arena, k), sealed, &text);
    if (e)
        return e;
    const size_t n = str_split(r->arena, (const char *)text.p, '\n', lines,
                               REQ_HEADERS - r->n_headers);
    for (size_t i = 0; i < n; i++) {
        const char *colon = strstr(lines[i], ": ");
        if (colon)
            req_header(
                r,
                arena_strndup(r->arena, lines[i], (size_t)(colon - lines[i])),
                colon + 2);
    }
    return OK;
}

/* The kept answer becomes the answer of this request, byte for byte. */
static enum err replay(struct req *r, const struct idempotency *k,
                       const PGresult *row)
{
    enum { FINGERPRINT, STATUS, TYPE, HEADERS, ANSWER };
    struct bytes body;
    int64_t status;
    if (!str_to_i64(PQgetvalue(row, 0, STATUS), &status))
        return ERR_INTERNAL;
    enum err e = seal_disclose(r->arena, k->seal, k->place,
                               PQgetvalue(row, 0, ANSWER), &body);
    if (!e && !PQgetisnull(row, 0, HEADERS))
        e = replay_headers(r, k, PQgetvalue(row, 0, HEADERS));
    if (e) {
        log_error("idempotency_broken", "{s:s}", "route", k->route);
        return e;
    }
    const bool has_type = !PQgetisnull(row, 0, TYPE);
    req_header(r, "Idempotent-Replayed", "true");
    metrics_add(METRIC_idempotent_replayed, 1);
    return req_body(r, (int)status, has_type ? PQgetvalue(row, 0, TYPE) : NULL,
                    body.p, body.n);
}

static enum err look(struct req *r, const struct idempotency *k)
{
    enum { FINGERPRINT, STATUS, TYPE, HEADERS, ANSWER, IS_HELD };
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
    k->headers = r->n_headers;
    return e;
}

/* Those that the handler gave its answer: Location, Content-Disposition. What
 * the gate and the limits said was of that request alone. NULL: none. */
static enum err seal_headers(struct req *r, const struct idempotency *k,
                             const char **sealed)
{
    struct buf b;
    *sealed = NULL;
    buf_init(&b, r->arena, HEADER_BYTES);
    for (size_t i = k->headers; i < r->n_headers; i++)
        buf_printf(&b, "%s%s: %s", i > k->headers ? "\n" : "",
                   r->headers[i].name, r->headers[i].value);
    if (!buf_ok(&b))
        return ERR_IDEMPOTENCY_TOO_LARGE;
    return b.n ? seal_close(r->arena, k->seal, headers_place(r->arena, k),
                            buf_bytes(&b), sealed)
               : OK;
}

/* What is kept of the answer: the parameters of store and close. */
static enum err seal_answer(struct req *r, const struct idempotency *k,
                            const char *params[PARAMS])
{
    if (r->answer.n > (size_t)conf_int(CONF_IDEMPOTENCY_BYTES)) {
        log_warning("idempotency_unkept", "{s:s,s:I}", "route", k->route,
                    "bytes", (json_int_t)r->answer.n);
        return ERR_IDEMPOTENCY_TOO_LARGE;
    }
    params[0] = r->who.id;
    params[1] = k->route;
    params[2] = k->hash;
    params[3] = k->fingerprint;
    params[4] = db_value_text(r->arena, r->status);
    params[5] = r->type;
    const enum err e = seal_headers(r, k, &params[6]);
    return e ? e
             : seal_close(r->arena, k->seal, k->place, r->answer, &params[7]);
}

enum err idempotency_store(struct req *r, const struct idempotency *k)
{
    const char *params[PARAMS];
    if (!k->hash)
        return OK;
    const enum err e = seal_answer(r, k, params);
    return e ? e
             : db_exec(r->db, r->arena, &SQL_IDEMPOTENCY_STORE, PARAMS, params);
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
    const char *params[PARAMS + 1];
    PGresult *row;
    if (!k->hash)
        return OK;
    enum err e = seal_answer(r, k, params);
    if (e)
        return e;
    params[PARAMS] = r->id;
    e = db_one(r->db, r->arena, &SQL_IDEMPOTENCY_CLOSE, PARAMS + 1, params,
               &row);
    return e == ERR_NOT_FOUND ? ERR_IDEMPOTENCY_RUNNING : e;
}

enum err idempotency_drop(struct req *r, const struct idempotency *k)
{
    if (!k->hash)
        return OK;
    const char *const params[] = {r->who.id, k->route, k->hash, r->id};
    return db_exec(r->db, r->arena, &SQL_IDEMPOTENCY_DROP, 4, params);
}
