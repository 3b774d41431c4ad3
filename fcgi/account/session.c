/* What keeps a session going costs no bcrypt: it is here, not with the logins,
 * and goes on while those are flooded. */
#include "session.h"
#include "base/log.h"
#include "domain/audit.h"
#include "domain/session.h"
#include "web/metrics.h"
#include "web/token_answer.h"

enum { BODY_BYTES = 4096 };

static enum err session_renew(struct req *r)
{
    struct session_pair session;
    bool reused;
    if (!r->db)
        return ERR_UNAVAILABLE;
    const enum err e = session_refresh(
        r->db, r->arena, req_text(r, "refresh_token"), &session, &reused);
    if (reused) {
        metrics_add(METRIC_refresh_reused, 1);
        log_warning("refresh_token_reused", "{s:I}", "session_id",
                    (json_int_t)session.id);
    }
    if (e)
        return e;
    metrics_add(METRIC_refresh_ok, 1);
    return token_answer(r, 200, &session, NULL);
}

static enum err end_mine(struct req *r)
{
    const char *why = "logout";
    return req_bool(r, "all")
               ? session_end_all(r->db, r->arena, r->who.user_id, 0, why)
               : session_end(r->db, r->arena, r->who.session_id, why);
}

static enum err note_logout(struct req *r)
{
    const struct audit_event event = {
        .tenant_id = r->who.tenant_id,
        .actor = r->who.id,
        .event = "user_logout",
        .subject = arena_printf(r->arena, "session:%lld",
                                (long long)r->who.session_id),
        .facts = json_pack("{s:b}", "all", req_bool(r, "all"))};
    return audit_note(r->db, r->arena, &event);
}

/* By the token of the session, or by one of its refresh tokens: a program
 * whose access token is over can still sign out. */
static enum err session_leave(struct req *r)
{
    const bool bearer = r->who.kind == PRINCIPAL_USER;
    const char *token = req_text(r, "refresh_token");
    if (!bearer && !token)
        return ERR_UNAUTHORIZED;
    enum err e =
        token ? session_end_by_token(r->db, r->arena, token, "logout") : OK;
    if (!e && bearer)
        e = end_mine(r);
    if (!e && bearer)
        e = note_logout(r);
    return e ? e : req_body(r, 204, NULL, "", 0);
}

/* clang-format off */
static const struct field refresh_in[] = {
    {.name = "refresh_token", .kind = IN_TEXT, .min = 1, .max = 200,
     .required = true, .doc = "The latest one; it is good for one use."},
    {0}};
static const struct field logout_in[] = {
    {.name = "refresh_token", .kind = IN_TEXT, .min = 1, .max = 200,
     .doc = "Of the session to end, when no access token is sent."},
    {.name = "all", .kind = IN_BOOL, .fallback = "false",
     .doc = "With an access token: end all sessions of the user."},
    {0}};

static const enum err refresh_errors[] = {ERR_TOKEN_INVALID, ERR_UNAVAILABLE, OK};
static const enum err logout_errors[] = {ERR_UNAUTHORIZED, ERR_UNAVAILABLE, OK};

ROUTES(session_routes,
    {.method = "POST", .path = "/api/auth/refresh", .handler = session_renew,
     .access = ANON, .limit = "auth_refresh", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM,
     .summary = "Exchange a refresh token for new tokens",
     .in = refresh_in, .out = token_answer_out, .errors = refresh_errors},
    {.method = "POST", .path = "/api/auth/logout", .handler = session_leave,
     .access = KEY_OPT, .limit = "auth_refresh", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM, .tx = true, .status = 204,
     .summary = "End a session", .in = logout_in, .errors = logout_errors});
