/* The order of the statements is the order of what may refuse. */
#include "domain/signup.h"
#include <string.h>
#include "base/str.h"
#include "domain/audit.h"
#include "domain/login.h"
#include "domain/mail_token.h"
#include "domain/tenant.h"
#include "domain/user_seal.h"
#include "sql/signup.h"
#include "store/db_value.h"

struct place {
    int64_t tenant_id;
    const char *role;
    bool is_invited;
};

enum err signup_is_taken(struct db *db, struct arena *a, const char *email,
                         const char *username, bool *taken)
{
    const char *const params[] = {email, username};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SIGNUP_TAKEN, 2, params, &res);
    *taken = !e && *PQgetvalue(res, 0, 0) == 't';
    return e;
}

static enum err new_tenant(struct db *db, struct arena *a,
                           const struct signup *s, struct place *out)
{
    const char *name = s->business_name ? s->business_name
                       : s->full_name   ? s->full_name
                                        : s->email;
    const struct tenant_new t = {
        .name = arena_strndup(a, name, strnlen(name, 200)), .email = s->email};
    int64_t id;
    const enum err e = tenant_create(db, a, &t, &id);
    if (!e)
        *out = (struct place){id, "admin", false};
    return e;
}

static enum err check_room(struct db *db, struct arena *a, int64_t tenant,
                           int64_t *max_users)
{
    const char *const params[] = {db_value_text(a, tenant)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SIGNUP_ROOM, 1, params, &res);
    if (e)
        return e;
    *max_users = db_value_i64(res, 0, 1);
    return *PQgetvalue(res, 0, 0) == 't' ? OK : ERR_QUOTA_EXCEEDED;
}

static enum err accept(struct db *db, struct arena *a, const struct signup *s,
                       struct place *out, int64_t *max_users)
{
    const char *const params[] = {mail_token_hash(a, s->invitation), s->email};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SIGNUP_INVITATION, 2, params, &res);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_INVITATION_INVALID : e;
    *out = (struct place){db_value_i64(res, 0, 0), PQgetvalue(res, 0, 1), true};
    return check_room(db, a, out->tenant_id, max_users);
}

static enum err new_user(struct db *db, struct arena *a, const struct signup *s,
                         const struct place *at, int64_t *id)
{
    const char *const params[] = {db_value_text(a, at->tenant_id),
                                  s->username,
                                  s->email,
                                  s->full_name,
                                  at->role,
                                  s->business_name,
                                  s->account_type,
                                  s->business_type,
                                  s->estimated_products,
                                  s->country,
                                  s->language,
                                  at->is_invited ? "true" : "false"};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_SIGNUP_USER, 12, params, &res);
    if (e)
        return e == ERR_CONFLICT ? ERR_ACCOUNT_EXISTS : e;
    *id = db_value_i64(res, 0, 0);
    return OK;
}

static enum err add_business(struct db *db, struct arena *a,
                             const struct signup *s, int64_t id)
{
    const char *params[4] = {db_value_text(a, id)};
    if (!s->siret && !s->vat_number && !s->phone)
        return OK;
    enum err e = user_seal_value(a, "siret", id, s->siret, &params[1]);
    if (!e)
        e = user_seal_value(a, "vat_number", id, s->vat_number, &params[2]);
    if (!e)
        e = user_seal_value(a, "phone", id, s->phone, &params[3]);
    return e ? e : db_exec(db, a, &SQL_SIGNUP_BUSINESS, 4, params);
}

static enum err note(struct db *db, struct arena *a, const struct place *at,
                     int64_t id)
{
    const char *user = arena_printf(a, "user:%lld", (long long)id);
    const struct audit_event event = {
        .tenant_id = at->tenant_id,
        .actor = user,
        .event = at->is_invited ? "user_join" : "user_register",
        .subject = user,
        .facts = json_pack("{s:s}", "role", at->role)};
    return audit_note(db, a, &event);
}

static enum err make(struct db *db, struct arena *a, const struct signup *s,
                     int64_t *id, int64_t *max_users)
{
    struct place at;
    enum err e = s->invitation ? accept(db, a, s, &at, max_users)
                               : new_tenant(db, a, s, &at);
    if (!e)
        e = new_user(db, a, s, &at, id);
    if (!e)
        e = login_set_password(db, a, *id, s->hash);
    if (!e)
        e = add_business(db, a, s, *id);
    return e ? e : note(db, a, &at, *id);
}

enum err signup_new(struct db *db, struct arena *a, const struct signup *s,
                    const struct session_caller *caller,
                    struct session_pair *out, PGresult **row,
                    int64_t *max_users)
{
    int64_t id = 0;
    *max_users = 0;
    enum err e = db_begin(db);
    if (e)
        return e;
    e = make(db, a, s, &id, max_users);
    if (!e)
        e = login_first(db, a, id, caller, out, row);
    if (!e)
        return db_commit(db);
    db_rollback(db);
    return e;
}
