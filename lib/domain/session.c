/* The token that replaces another is kept with the old one's row, sealed
 * under a key that only the old token gives: the table alone hands out none. */
#include "domain/session.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "domain/audit.h"
#include "sql/session.h"
#include "store/db_value.h"
#include "wire/seal.h"

enum { TOKEN_BYTES = 32, AGENT_BYTES = 300 };
static const char prefix[] = "crf_";

static const char *new_token(struct arena *a)
{
    uint8_t random[TOKEN_BYTES];
    encode_random(random, sizeof random);
    return arena_printf(a, "%s%s", prefix,
                        encode_base64url(a, random, sizeof random));
}

static bool is_token(const char *s)
{
    uint8_t out[TOKEN_BYTES + 2];
    size_t n;
    return strlen(s) == SESSION_TOKEN_CHARS && str_starts(s, prefix) &&
           encode_from_base64url(s + 4, SESSION_TOKEN_CHARS - 4, out, &n) &&
           n == TOKEN_BYTES;
}

static const char *hash_of(struct arena *a, const char *token)
{
    return encode_sha256(a, token, strlen(token));
}

static const char *days(struct arena *a)
{
    return db_value_text(a, conf_int(CONF_REFRESH_EXPIRE_DAYS));
}

const char *session_agent(struct arena *a, const char *agent)
{
    if (!agent || !str_utf8_ok(agent, strlen(agent)))
        return NULL;
    const char *end = agent;
    for (const char *p = agent; *p && p - agent < AGENT_BYTES - 4; end = p)
        str_utf8_next(&p);
    return arena_strndup(a, agent, (size_t)(end - agent));
}

enum err session_open(struct db *db, struct arena *a,
                      const struct session_caller *caller,
                      struct session_pair *out)
{
    out->refresh = new_token(a);
    const char *const params[] = {
        db_value_text(a, out->user_id),  caller->source,           caller->ip,
        session_agent(a, caller->agent), hash_of(a, out->refresh), days(a)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SESSION_OPEN, 6, params, &res);
    out->id = e ? 0 : db_value_i64(res, 0, 0);
    return e;
}

/* ---- exchange ------------------------------------------------------------ */

static void successor_key(const char *token, uint8_t key[32])
{
    static const char label[] = "comptoir refresh successor";
    HMAC(EVP_sha256(), token, (int)strlen(token), (const uint8_t *)label,
         sizeof label - 1, key, NULL);
}

struct exchange {
    const char *token, *hash, *place;
    uint8_t key[32];
};

static void exchange_init(struct exchange *x, struct arena *a,
                          const char *token)
{
    x->token = token;
    x->hash = hash_of(a, token);
    x->place = arena_printf(a, "refresh_tokens.successor:%s", x->hash);
    successor_key(token, x->key);
}

static enum err rotate(struct db *db, struct arena *a, const struct exchange *x,
                       struct session_pair *out)
{
    const char *sealed;
    out->refresh = new_token(a);
    const struct bytes clear = {(const uint8_t *)out->refresh,
                                strlen(out->refresh)};
    const enum err e = seal_close(a, x->key, x->place, clear, &sealed);
    if (e)
        return e;
    const char *const params[] = {x->hash, hash_of(a, out->refresh), sealed,
                                  days(a)};
    PGresult *res;
    const enum err found = db_one(db, a, &SQL_SESSION_ROTATE, 4, params, &res);
    if (!found)
        out->id = db_value_i64(res, 0, 0);
    return found;
}

static enum err end_reused(struct db *db, struct arena *a, int64_t session)
{
    const char *const params[] = {db_value_text(a, session)};
    PGresult *res;
    enum err e = db_one(db, a, &SQL_SESSION_BEARER, 1, params, &res);
    if (e && e != ERR_NOT_FOUND)
        return e;
    const struct audit_event event = {
        .tenant_id = e ? 0 : db_value_i64(res, 0, 1),
        .actor =
            e ? "system" : arena_printf(a, "user:%s", PQgetvalue(res, 0, 0)),
        .event = "refresh_token_reuse",
        .subject = arena_printf(a, "session:%lld", (long long)session)};
    e = session_end(db, a, session, "reuse");
    return e ? e : audit_note(db, a, &event);
}

static enum err disclose(struct arena *a, const struct exchange *x,
                         const char *sealed, const char **token)
{
    struct bytes clear;
    const enum err e = seal_disclose(a, x->key, x->place, sealed, &clear);
    *token = (const char *)clear.p;
    return e;
}

/* The token is not good for an exchange: was its answer lost, is it used a
 * second time, or simply over? */
static enum err look_back(struct db *db, struct arena *a,
                          const struct exchange *x, struct session_pair *out,
                          bool *reused)
{
    enum { SESSION, IS_REUSED, IS_FRESH, SUCCESSOR };
    const char *const params[] = {x->hash};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SESSION_SPENT, 1, params, &res);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_TOKEN_INVALID : e;
    out->id = db_value_i64(res, 0, SESSION);
    out->is_repeated = *PQgetvalue(res, 0, IS_FRESH) == 't';
    if (out->is_repeated)
        return disclose(a, x, PQgetvalue(res, 0, SUCCESSOR), &out->refresh);
    if (*PQgetvalue(res, 0, IS_REUSED) != 't')
        return ERR_TOKEN_INVALID;
    *reused = true;
    const enum err ended = end_reused(db, a, out->id);
    return ended ? ended : ERR_TOKEN_INVALID;
}

static enum err name_bearer(struct db *db, struct arena *a,
                            struct session_pair *out)
{
    enum { USER, TENANT, ROLE, VERSION };
    const char *const params[] = {db_value_text(a, out->id)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SESSION_BEARER, 1, params, &res);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_TOKEN_INVALID : e;
    out->user_id = db_value_i64(res, 0, USER);
    out->tenant_id = db_value_i64(res, 0, TENANT);
    out->role = PQgetvalue(res, 0, ROLE);
    out->version = db_value_i64(res, 0, VERSION);
    return OK;
}

enum err session_refresh(struct db *db, struct arena *a, const char *token,
                         struct session_pair *out, bool *reused)
{
    struct exchange x;
    *out = (struct session_pair){0};
    *reused = false;
    if (!is_token(token))
        return ERR_TOKEN_INVALID;
    exchange_init(&x, a, token);
    enum err e = db_begin(db);
    if (e)
        return e;
    e = rotate(db, a, &x, out);
    if (e == ERR_NOT_FOUND)
        e = look_back(db, a, &x, out, reused);
    if (!e)
        e = name_bearer(db, a, out);
    if (e && !*reused) {
        db_rollback(db);
        return e;
    }
    const enum err kept = db_commit(db);
    return kept ? kept : e;
}

/* ---- ends ---------------------------------------------------------------- */

enum err session_end(struct db *db, struct arena *a, int64_t id,
                     const char *why)
{
    const char *const params[] = {db_value_text(a, id), why};
    return db_exec(db, a, &SQL_SESSION_END, 2, params);
}

enum err session_end_by_token(struct db *db, struct arena *a, const char *token,
                              const char *why)
{
    if (!is_token(token))
        return OK;
    const char *const params[] = {hash_of(a, token), why};
    return db_exec(db, a, &SQL_SESSION_END_BY_TOKEN, 2, params);
}

enum err session_end_all(struct db *db, struct arena *a, int64_t user_id,
                         int64_t but, const char *why)
{
    const char *const params[] = {db_value_text(a, user_id),
                                  db_value_text(a, but), why};
    return db_exec(db, a, &SQL_SESSION_END_ALL, 3, params);
}
