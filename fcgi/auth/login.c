/* Signing in. A name that nobody has costs what a wrong password costs, and
 * is answered alike. */
#include "domain/login.h"
#include <time.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "common.h"
#include "domain/user.h"
#include "routes.h"
#include "web/metrics.h"
#include "web/token_answer.h"
#include "wire/password.h"

enum { BODY_BYTES = 16384, PURGE_ONE_IN = 64 };

/* The source documents want 100 to 300 ms of chance in every answer. It is no
 * defence of its own; this pool has nothing better to do. */
static void delay(void)
{
    const int64_t lo = conf_int(CONF_LOGIN_DELAY_MIN_MS);
    const int64_t hi = conf_int(CONF_LOGIN_DELAY_MAX_MS);
    uint32_t dice;
    encode_random(&dice, sizeof dice);
    const int64_t ms = lo + (hi > lo ? dice % (hi - lo + 1) : 0);
    const struct timespec t = {.tv_sec = ms / 1000,
                               .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Old rows are taken away now and then, when nobody waits. */
static void purge_sometimes(struct req *r)
{
    uint8_t dice;
    encode_random(&dice, sizeof dice);
    if (dice % PURGE_ONE_IN == 0)
        login_purge(r->db, r->arena);
}

static enum err refuse(struct req *r, const struct login_user *user,
                       const char *name, const struct session_caller *caller)
{
    int64_t wait;
    const enum err e = login_refuse(r->db, r->arena, user, name, caller, &wait);
    if (e)
        return e;
    metrics_add(METRIC_logins_failed, 1);
    log_warning("login_failed", "{s:I,s:s,s:b}", "user_id",
                (json_int_t)user->id, "source", caller->source, "locked",
                wait > 0);
    return ERR_CREDENTIALS;
}

static enum err let_in(struct req *r, const struct login_user *user,
                       const char *name, const struct session_caller *caller,
                       bool renew)
{
    struct session_pair session;
    PGresult *row;
    const char *hash = NULL;
    enum err e =
        renew ? password_hash(r->arena, req_text(r, "password"), &hash) : OK;
    if (!e)
        e = login_welcome(r->db, r->arena, user, name, caller, hash, &session,
                          &row);
    if (e)
        return e;
    metrics_add(METRIC_logins_ok, 1);
    log_info("user_authenticated", "{s:I,s:I,s:s}", "user_id",
             (json_int_t)user->id, "tenant_id", (json_int_t)user->tenant_id,
             "source", caller->source);
    r->after = purge_sometimes;
    return token_answer(r, 200, &session, user_to_json(r->arena, row, 0));
}

static enum err attempt(struct req *r, const char *name)
{
    struct login_user user;
    int64_t wait = 0;
    const struct session_caller caller = common_caller(r);
    enum err e = login_find(r->db, r->arena, name, &user);
    if (!e)
        e = login_wait(r->db, r->arena, &user, name, r->ip, &wait);
    if (e)
        return e;
    if (wait > 0) {
        metrics_add(METRIC_logins_locked, 1);
        return common_locked(r, wait);
    }
    const enum password_match match =
        password_verify(req_text(r, "password"), user.hash);
    if (match == PASSWORD_WRONG)
        return refuse(r, &user, name, &caller);
    if (!user.is_active)
        return ERR_ACCOUNT_DISABLED;
    return let_in(r, &user, name, &caller, match == PASSWORD_RIGHT_REHASH);
}

static enum err login(struct req *r)
{
    const char *name =
        req_has(r, "email") ? req_text(r, "email") : req_text(r, "username");
    if (!name)
        return req_fail_field(r, "email", "or username is required", "missing");
    enum err e = common_ready(r);
    if (!e)
        e = attempt(r, name);
    delay();
    return e;
}

/* clang-format off */
static const struct field login_in[] = {
    {.name = "email", .kind = IN_TEXT, .min = 1, .max = 254,
     .doc = "E-mail address of the account; or username."},
    {.name = "username", .kind = IN_TEXT, .min = 1, .max = 254,
     .doc = "User name or e-mail address: the name OAuth 2 forms use."},
    {.name = "password", .kind = IN_TEXT, .min = 1, .max = PASSWORD_BYTES_MAX,
     .required = true, .doc = "The password."},
    {.name = "source", .kind = IN_ENUM, .choices = "web|plugin|mobile",
     .fallback = "web", .in_query = true, .doc = "Where the user signs in."},
    {.name = "grant_type", .kind = IN_ENUM, .choices = "password",
     .doc = "Of OAuth 2 forms; only password."},
    {.name = "scope", .kind = IN_TEXT, .max = 200,
     .doc = "Of OAuth 2 forms; not looked at."},
    {.name = "client_id", .kind = IN_TEXT, .max = 200,
     .doc = "Of OAuth 2 forms; not looked at."},
    {.name = "client_secret", .kind = IN_TEXT, .max = 200,
     .doc = "Of OAuth 2 forms; not looked at."},
    {0}};

static const enum err login_errors[] = {
    ERR_CREDENTIALS, ERR_ACCOUNT_DISABLED, ERR_ACCOUNT_LOCKED,
    ERR_ACCOUNTS_UNCONFIGURED, ERR_UNAVAILABLE, OK};

ROUTES(login_routes,
    {.method = "POST", .path = "/api/auth/login", .handler = login,
     .access = ANON, .limit = "auth_login", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM, .summary = "Sign in",
     .in = login_in, .out = token_answer_user_out, .errors = login_errors});
