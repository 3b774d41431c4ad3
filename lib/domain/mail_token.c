/* A token is only ever compared by its hash, in the database. */
#include "domain/mail_token.h"
#include <string.h>
#include "base/encode.h"
#include "base/str.h"
#include "domain/audit.h"
#include "sql/mail_token.h"
#include "store/db_value.h"

enum { TOKEN_BYTES = 32 };

const char *mail_token_hash(struct arena *a, const char *token)
{
    return encode_sha256(a, token, strlen(token));
}

const char *mail_token_new(struct arena *a)
{
    uint8_t random[TOKEN_BYTES];
    encode_random(random, sizeof random);
    return encode_base64url(a, random, sizeof random);
}

enum err mail_token_make(struct db *db, struct arena *a, int64_t user_id,
                         const char *purpose, const char **token)
{
    *token = mail_token_new(a);
    const char *const params[] = {
        mail_token_hash(a, *token), db_value_text(a, user_id), purpose,
        db_value_text(a, str_eq(purpose, "verify") ? MAIL_TOKEN_VERIFY_MINUTES
                                                   : MAIL_TOKEN_RESET_MINUTES)};
    PGresult *res;
    const enum err e = db_many(db, a, &SQL_MAIL_TOKEN_MAKE, 4, params, &res);
    if (e || PQntuples(res) == 0)
        *token = NULL;
    return e;
}

static enum err link_error(enum err e)
{
    return e == ERR_NOT_FOUND ? ERR_LINK_INVALID : e;
}

enum err mail_token_holder(struct db *db, struct arena *a, const char *hash,
                           const char *purpose, struct mail_token_user *out)
{
    enum { ID, EMAIL, USERNAME };
    const char *const params[] = {hash, purpose};
    PGresult *res;
    *out = (struct mail_token_user){0};
    const enum err e = db_one(db, a, &SQL_MAIL_TOKEN_HOLDER, 2, params, &res);
    if (!e)
        *out =
            (struct mail_token_user){.id = db_value_i64(res, 0, ID),
                                     .email = PQgetvalue(res, 0, EMAIL),
                                     .username = PQgetvalue(res, 0, USERNAME)};
    return link_error(e);
}

enum err mail_token_use(struct db *db, struct arena *a, const char *hash,
                        const char *purpose, int64_t user_id)
{
    const char *const params[] = {hash, purpose};
    PGresult *res;
    const enum err e = db_many(db, a, &SQL_MAIL_TOKEN_USE, 2, params, &res);
    if (e)
        return e;
    return PQntuples(res) > 0 && db_value_i64(res, 0, 0) == user_id
               ? OK
               : ERR_LINK_INVALID;
}

enum err mail_token_void(struct db *db, struct arena *a, int64_t user_id,
                         const char *purpose)
{
    const char *const params[] = {db_value_text(a, user_id), purpose};
    return db_exec(db, a, &SQL_MAIL_TOKEN_VOID, 2, params);
}

enum err mail_token_verify(struct db *db, struct arena *a, const char *hash)
{
    const char *const params[] = {hash};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_MAIL_TOKEN_VERIFY, 1, params, &res);
    if (e)
        return link_error(e);
    const char *user = arena_printf(a, "user:%s", PQgetvalue(res, 0, 0));
    const struct audit_event event = {.tenant_id = db_value_i64(res, 0, 1),
                                      .actor = user,
                                      .event = "user_verify",
                                      .subject = user};
    return audit_note(db, a, &event);
}

static enum err address(struct db *db, struct arena *a,
                        const struct db_query *q, const char *by,
                        struct mail_token_user *out)
{
    enum { ID, EMAIL, LANGUAGE, IS_VERIFIED };
    const char *const params[] = {by};
    PGresult *res;
    *out = (struct mail_token_user){0};
    const enum err e = db_one(db, a, q, 1, params, &res);
    if (!e)
        *out = (struct mail_token_user){
            .id = db_value_i64(res, 0, ID),
            .email = PQgetvalue(res, 0, EMAIL),
            .language = PQgetvalue(res, 0, LANGUAGE),
            .is_verified = *PQgetvalue(res, 0, IS_VERIFIED) == 't'};
    return e;
}

enum err mail_token_by_email(struct db *db, struct arena *a, const char *email,
                             struct mail_token_user *out)
{
    return address(db, a, &SQL_MAIL_TOKEN_BY_EMAIL, email, out);
}

enum err mail_token_by_id(struct db *db, struct arena *a, int64_t user_id,
                          struct mail_token_user *out)
{
    return address(db, a, &SQL_MAIL_TOKEN_ADDRESS, db_value_text(a, user_id),
                   out);
}
