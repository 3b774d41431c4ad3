/* The mailbox proves itself; the password was asked for before. */
#include "domain/email_change.h"
#include "domain/audit.h"
#include "domain/mail_token.h"
#include "domain/session.h"
#include "sql/email_change.h"
#include "store/db_value.h"

static enum err note(struct db *db, struct arena *a,
                     const struct email_change *c, const char *event)
{
    const char *user = arena_printf(a, "user:%lld", (long long)c->user_id);
    const struct audit_event entry = {.tenant_id = c->tenant_id,
                                      .actor = user,
                                      .event = event,
                                      .subject = user};
    return audit_note(db, a, &entry);
}

enum err email_change_ask(struct db *db, struct arena *a,
                          const struct email_change *c, int64_t session_id,
                          const char **token)
{
    *token = mail_token_new(a);
    const char *const params[] = {
        mail_token_hash(a, *token), db_value_text(a, c->user_id), c->fresh,
        db_value_text(a, EMAIL_CHANGE_MINUTES), db_value_text(a, session_id)};
    PGresult *res;
    const enum err e = db_many(db, a, &SQL_EMAIL_CHANGE_ASK, 5, params, &res);
    if (e || PQntuples(res) == 0)
        *token = NULL;
    return e ? e : note(db, a, c, "email_change_ask");
}

static enum err holder(struct db *db, struct arena *a, const char *token,
                       struct email_change *out, int64_t *session_id)
{
    enum { USER, FRESH, SESSION, TENANT, OLD, LANGUAGE };
    const char *const params[] = {mail_token_hash(a, token)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_EMAIL_CHANGE_HOLDER, 1, params, &res);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_LINK_INVALID : e;
    *session_id = db_value_i64(res, 0, SESSION);
    *out = (struct email_change){.user_id = db_value_i64(res, 0, USER),
                                 .tenant_id = db_value_i64(res, 0, TENANT),
                                 .old = PQgetvalue(res, 0, OLD),
                                 .fresh = PQgetvalue(res, 0, FRESH),
                                 .language = PQgetvalue(res, 0, LANGUAGE)};
    return OK;
}

static enum err take(struct db *db, struct arena *a,
                     const struct email_change *c)
{
    const char *const params[] = {db_value_text(a, c->user_id), c->fresh};
    const enum err e = db_exec(db, a, &SQL_EMAIL_CHANGE_TAKE, 2, params);
    return e == ERR_CONFLICT ? ERR_ACCOUNT_EXISTS : e;
}

static enum err confirm(struct db *db, struct arena *a, const char *token,
                        struct email_change *out)
{
    int64_t session_id;
    enum err e = holder(db, a, token, out, &session_id);
    if (!e)
        e = mail_token_void(db, a, out->user_id, NULL); /* old address */
    if (!e)
        e = take(db, a, out);
    if (!e)
        e = session_end_all(db, a, out->user_id, session_id, "email");
    return e ? e : note(db, a, out, "email_change");
}

enum err email_change_confirm(struct db *db, struct arena *a, const char *token,
                              struct email_change *out)
{
    enum err e = db_begin(db);
    if (e)
        return e;
    e = confirm(db, a, token, out);
    if (!e)
        return db_commit(db);
    db_rollback(db);
    return e;
}
