/* A family's handlers decide; here are the statements and what belongs in one
 * transaction with them. */
#include "domain/login.h"
#include <arpa/inet.h>
#include "base/str.h"
#include "domain/audit.h"
#include "domain/mail_token.h"
#include "sql/login.h"
#include "store/db_value.h"

static const char *number(struct arena *a, int64_t n)
{
    return n ? db_value_text(a, n) : NULL;
}

static int64_t cell(const PGresult *res, const char *column)
{
    return db_value_i64(res, 0, PQfnumber(res, column));
}

static const char *text(const PGresult *res, const char *column)
{
    const int i = PQfnumber(res, column);
    return i < 0 || PQgetisnull(res, 0, i) ? NULL : PQgetvalue(res, 0, i);
}

/* One subscriber's network: an IPv6 client has a /64 to choose from. */
static const char *network(struct arena *a, const char *ip)
{
    struct in6_addr six;
    if (inet_pton(AF_INET6, ip, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six))
        return arena_printf(a, "%s/64", ip);
    struct in_addr four;
    return inet_pton(AF_INET, ip, &four) == 1 ? ip : "0.0.0.0";
}

static const char *address(const char *ip)
{
    struct in6_addr six;
    struct in_addr four;
    return inet_pton(AF_INET6, ip, &six) == 1 ||
                   inet_pton(AF_INET, ip, &four) == 1
               ? ip
               : "0.0.0.0";
}

enum err login_find(struct db *db, struct arena *a, const char *name,
                    struct login_user *out)
{
    const char *const params[] = {name};
    PGresult *res;
    *out = (struct login_user){0};
    const enum err e = db_many(db, a, &SQL_LOGIN_FIND, 1, params, &res);
    if (e || PQntuples(res) == 0)
        return e;
    *out = (struct login_user){.id = cell(res, "id"),
                               .tenant_id = cell(res, "tenant_id"),
                               .hash = text(res, "hash"),
                               .is_active = *text(res, "is_active") == 't'};
    return OK;
}

enum err login_wait(struct db *db, struct arena *a,
                    const struct login_user *user, const char *name,
                    const char *ip, int64_t *seconds)
{
    const char *const params[] = {number(a, user->id), name, network(a, ip)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_LOGIN_WAIT, 3, params, &res);
    *seconds = e ? 0 : cell(res, "wait_s");
    return e;
}

enum err login_note(struct db *db, struct arena *a,
                    const struct login_user *user, const char *name,
                    const struct session_caller *caller, bool success)
{
    const char *const params[] = {name,
                                  number(a, user->id),
                                  address(caller->ip),
                                  success ? "true" : "false",
                                  caller->source,
                                  session_agent(a, caller->agent)};
    return db_exec(db, a, &SQL_LOGIN_NOTE, 6, params);
}

/* ---- failure ------------------------------------------------------------- */

/* Ends the transaction that was begun, as e says. */
static enum err finish(struct db *db, enum err e)
{
    if (!e)
        return db_commit(db);
    db_rollback(db);
    return e;
}

static enum err note_failure(struct db *db, struct arena *a,
                             const struct login_user *user,
                             const struct session_caller *caller,
                             const char *event, int64_t wait)
{
    const struct audit_event entry = {
        .tenant_id = user->tenant_id,
        .actor = arena_printf(a, "ip:%s", address(caller->ip)),
        .event = event,
        .subject =
            user->id ? arena_printf(a, "user:%lld", (long long)user->id) : "",
        .facts = json_pack("{s:s,s:I}", "source", caller->source, "wait_s",
                           (json_int_t)wait)};
    return audit_note(db, a, &entry);
}

static enum err write_failure(struct db *db, struct arena *a,
                              const struct login_user *user, const char *name,
                              const struct session_caller *caller,
                              int64_t *wait)
{
    enum err e = login_note(db, a, user, name, caller, false);
    if (!e)
        e = login_wait(db, a, user, name, caller->ip, wait);
    if (!e)
        e = note_failure(db, a, user, caller, "user_login_failed", *wait);
    if (!e && *wait > 0)
        e = note_failure(db, a, user, caller, "user_lock", *wait);
    return e;
}

enum err login_refuse(struct db *db, struct arena *a,
                      const struct login_user *user, const char *name,
                      const struct session_caller *caller, int64_t *wait)
{
    *wait = 0;
    const enum err e = db_begin(db);
    return e ? e : finish(db, write_failure(db, a, user, name, caller, wait));
}

/* ---- success ------------------------------------------------------------- */

enum err login_first(struct db *db, struct arena *a, int64_t user_id,
                     const struct session_caller *caller,
                     struct session_pair *out, PGresult **row)
{
    const char *const params[] = {number(a, user_id), caller->source};
    enum err e = db_one(db, a, &SQL_LOGIN_WELCOME, 2, params, row);
    if (e)
        return e;
    *out = (struct session_pair){.user_id = user_id,
                                 .tenant_id = cell(*row, "tenant_id"),
                                 .version = cell(*row, "token_version"),
                                 .role = text(*row, "role")};
    return session_open(db, a, caller, out);
}

static enum err renew(struct db *db, struct arena *a,
                      const struct login_user *user, const char *hash)
{
    const char *const params[] = {number(a, user->id), user->hash, hash};
    return hash ? db_exec(db, a, &SQL_LOGIN_PASSWORD_RENEW, 3, params) : OK;
}

static enum err welcome(struct db *db, struct arena *a,
                        const struct login_user *user, const char *name,
                        const struct session_caller *caller,
                        struct session_pair *out, PGresult **row)
{
    enum err e = login_first(db, a, user->id, caller, out, row);
    if (!e)
        e = login_note(db, a, user, name, caller, true);
    const struct audit_event event = {
        .tenant_id = user->tenant_id,
        .actor = arena_printf(a, "user:%lld", (long long)user->id),
        .event = "user_login",
        .subject = arena_printf(a, "session:%lld", (long long)out->id),
        .facts = json_pack("{s:s,s:s}", "source", caller->source, "ip",
                           address(caller->ip))};
    if (!e)
        return audit_note(db, a, &event);
    json_decref(event.facts);
    return e;
}

enum err login_welcome(struct db *db, struct arena *a,
                       const struct login_user *user, const char *name,
                       const struct session_caller *caller, const char *renewed,
                       struct session_pair *out, PGresult **row)
{
    enum err e = db_begin(db);
    if (e)
        return e;
    e = renew(db, a, user, renewed);
    if (!e)
        e = welcome(db, a, user, name, caller, out, row);
    return finish(db, e);
}

/* ---- passwords ----------------------------------------------------------- */

enum err login_contact(struct db *db, struct arena *a, int64_t user_id,
                       struct login_contact *out)
{
    const char *const params[] = {number(a, user_id)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_LOGIN_PASSWORD, 1, params, &res);
    *out = (struct login_contact){.id = user_id};
    if (e)
        return e;
    out->email = text(res, "email");
    out->username = text(res, "username");
    out->language = text(res, "language");
    out->hash = text(res, "hash");
    return OK;
}

enum err login_set_password(struct db *db, struct arena *a, int64_t user_id,
                            const char *hash)
{
    const char *const params[] = {number(a, user_id), hash};
    return db_exec(db, a, &SQL_LOGIN_PASSWORD_SET, 2, params);
}

static enum err outdate(struct db *db, struct arena *a, int64_t user_id,
                        struct login_contact *out)
{
    const char *const params[] = {number(a, user_id)};
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_LOGIN_OUTDATE, 1, params, &res);
    if (e)
        return e;
    *out = (struct login_contact){.id = user_id,
                                  .tenant_id = cell(res, "tenant_id"),
                                  .version = cell(res, "token_version"),
                                  .email = text(res, "email"),
                                  .username = text(res, "username"),
                                  .language = text(res, "language"),
                                  .role = text(res, "role")};
    return OK;
}

static enum err change(struct db *db, struct arena *a, int64_t user_id,
                       const char *hash, int64_t keep, const char *code,
                       struct login_contact *out)
{
    enum err e = code ? mail_token_use(db, a, code, "reset", user_id) : OK;
    if (!e)
        e = login_set_password(db, a, user_id, hash);
    if (!e) /* whoever asked for another address may not be the user */
        e = mail_token_void(db, a, user_id, "email");
    if (!e)
        e = session_end_all(db, a, user_id, keep, "password");
    if (!e)
        e = outdate(db, a, user_id, out);
    if (e)
        return e;
    const struct audit_event event = {
        .tenant_id = out->tenant_id,
        .actor = arena_printf(a, "user:%lld", (long long)user_id),
        .event = code ? "password_reset" : "password_change",
        .subject = arena_printf(a, "user:%lld", (long long)user_id)};
    return audit_note(db, a, &event);
}

enum err login_change_password(struct db *db, struct arena *a, int64_t user_id,
                               const char *hash, int64_t keep, const char *code,
                               struct login_contact *out)
{
    enum err e = db_begin(db);
    if (e)
        return e;
    e = change(db, a, user_id, hash, keep, code, out);
    if (!e && code) { /* who holds the mailbox is let in again */
        const struct login_user user = {.id = user_id};
        const struct session_caller by = {.source = "reset", .ip = ""};
        e = login_note(db, a, &user, out->username, &by, true);
    }
    return finish(db, e);
}

void login_purge(struct db *db, struct arena *a)
{
    const enum err e = db_exec(db, a, &SQL_LOGIN_PURGE, 0, NULL);
    (void)e; /* logged where it failed; the next one takes more */
}
