/* Changing a password, and finding back in without it. */
#include "domain/login.h"
#include <string.h>
#include "base/log.h"
#include "base/str.h"
#include "common.h"
#include "domain/mail_token.h"
#include "routes.h"
#include "web/mailer.h"
#include "web/token_answer.h"
#include "wire/mail.h"
#include "wire/password.h"

enum { BODY_BYTES = 8192 };

static void tell_change(struct req *r)
{
    const struct login_contact *who = r->after_with;
    if (mail_ready())
        mailer_send(r->arena,
                    &(struct mailer_letter){.kind = "changed",
                                            .to = who->email,
                                            .language = who->language});
}

static void tell_afterwards(struct req *r, const struct login_contact *who)
{
    struct login_contact *kept = ARENA_NEW(r->arena, struct login_contact);
    *kept = *who;
    r->after = tell_change;
    r->after_with = kept;
}

/* ---- by who is signed in ------------------------------------------------- */

static enum err store_change(struct req *r)
{
    struct login_contact who;
    const char *hash;
    enum err e = password_hash(r->arena, req_text(r, "new_password"), &hash);
    if (!e)
        e = login_change_password(r->db, r->arena, r->who.user_id, hash,
                                  r->who.session_id, NULL, &who);
    if (e)
        return e;
    log_info("password_changed", "{s:I}", "user_id", (json_int_t)who.id);
    tell_afterwards(r, &who);
    const struct session_pair session = {.id = r->who.session_id,
                                         .user_id = who.id,
                                         .tenant_id = who.tenant_id,
                                         .version = who.version,
                                         .role = who.role};
    return token_answer(r, 200, &session, NULL);
}

static enum err password_change(struct req *r)
{
    struct login_contact who;
    bool answered;
    const char *fresh = req_text(r, "new_password");
    enum err e = common_ready(r);
    if (!e)
        e = login_contact(r->db, r->arena, r->who.user_id, &who);
    if (e)
        return e;
    const char *why = password_refusal(fresh, who.email, who.username);
    if (!why && str_eq(fresh, req_text(r, "current_password")))
        why = "must not be the present password";
    if (why)
        return req_fail_field(r, "new_password", why, "weak_password");
    e = common_check_password(r, &who, &answered);
    return answered ? e : store_change(r);
}

/* ---- by mail ------------------------------------------------------------- */

static void send_reset(struct req *r)
{
    struct mail_token_user user;
    const char *token;
    if (!mail_ready() ||
        mail_token_by_email(r->db, r->arena, r->after_with, &user) ||
        mail_token_make(r->db, r->arena, user.id, "reset", &token) || !token)
        return;
    mailer_send(r->arena,
                &(struct mailer_letter){.kind = "reset",
                                        .to = user.email,
                                        .language = user.language,
                                        .token = token,
                                        .minutes = MAIL_TOKEN_RESET_MINUTES});
}

/* Whether there is such an account is found out when the answer is sent: it
 * is the same for all, and takes the same time. */
static enum err password_forgot(struct req *r)
{
    const enum err e = common_ready(r);
    if (e)
        return e;
    r->after = send_reset;
    r->after_with = arena_strdup(r->arena, req_text(r, "email"));
    return common_accepted(r);
}

static enum err password_reset(struct req *r)
{
    struct mail_token_user user;
    struct login_contact who;
    const char *hash, *code = mail_token_hash(r->arena, req_text(r, "token"));
    enum err e = common_ready(r);
    if (!e)
        e = mail_token_holder(r->db, r->arena, code, "reset", &user);
    if (e)
        return e;
    const char *fresh = req_text(r, "new_password");
    const char *why = password_refusal(fresh, user.email, user.username);
    if (why)
        return req_fail_field(r, "new_password", why, "weak_password");
    e = password_hash(r->arena, fresh, &hash);
    if (!e)
        e = login_change_password(r->db, r->arena, user.id, hash, 0, code,
                                  &who);
    if (e)
        return e;
    log_info("password_reset", "{s:I}", "user_id", (json_int_t)who.id);
    tell_afterwards(r, &who);
    return req_json(r, 200, json_pack("{s:s}", "status", "changed"));
}

static void resend(struct req *r)
{
    common_send_verify(r, r->who.user_id);
}

static enum err verify_resend(struct req *r)
{
    r->after = resend;
    return common_accepted(r);
}

/* clang-format off */
static const struct field change_in[] = {
    {.name = "current_password", .kind = IN_TEXT, .min = 1,
     .max = PASSWORD_BYTES_MAX, .required = true, .doc = "The present password."},
    {.name = "new_password", .kind = IN_TEXT, .min = PASSWORD_BYTES_MIN,
     .max = PASSWORD_BYTES_MAX, .required = true, .doc = "The one to come."},
    {0}};
static const struct field forgot_in[] = {
    {.name = "email", .kind = IN_TEXT, .min = 3, .max = MAIL_ADDRESS_BYTES,
     .required = true, .doc = "Address of the account."},
    {0}};
static const struct field reset_in[] = {
    {.name = "token", .kind = IN_TEXT, .min = 20, .max = 100, .required = true,
     .doc = "Code of the mail."},
    {.name = "new_password", .kind = IN_TEXT, .min = PASSWORD_BYTES_MIN,
     .max = PASSWORD_BYTES_MAX, .required = true, .doc = "The one to come."},
    {0}};
static const struct field status_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .choices = "accepted|changed", .doc = "accepted: a mail follows where there is such an account."},
    {0}};

static const enum err change_errors[] = {
    ERR_ACCOUNT_LOCKED, ERR_ACCOUNTS_UNCONFIGURED, ERR_UNAVAILABLE, OK};
static const enum err forgot_errors[] = {
    ERR_ACCOUNTS_UNCONFIGURED, ERR_UNAVAILABLE, OK};
static const enum err reset_errors[] = {
    ERR_LINK_INVALID, ERR_ACCOUNTS_UNCONFIGURED, ERR_UNAVAILABLE, OK};

ROUTES(password_routes,
    {.method = "POST", .path = "/api/auth/password", .handler = password_change,
     .access = USER, .limit = "auth_password", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM,
     .summary = "Change one's password; other sessions end",
     .in = change_in, .out = token_answer_out, .errors = change_errors},
    {.method = "POST", .path = "/api/auth/password/forgot",
     .handler = password_forgot, .access = ANON, .limit = "auth_password",
     .body_limit = BODY_BYTES, .takes = TAKES_JSON | TAKES_FORM, .status = 202,
     .summary = "Ask for a mail to choose a new password",
     .in = forgot_in, .out = status_out, .errors = forgot_errors},
    {.method = "POST", .path = "/api/auth/password/reset",
     .handler = password_reset, .access = ANON, .limit = "auth_password",
     .body_limit = BODY_BYTES, .takes = TAKES_JSON | TAKES_FORM,
     .summary = "Choose a new password by the code of a mail",
     .in = reset_in, .out = status_out, .errors = reset_errors},
    {.method = "POST", .path = "/api/auth/verify/resend",
     .handler = verify_resend, .access = USER, .limit = "auth_password",
     .status = 202, .summary = "Ask for another mail to confirm the address",
     .out = status_out});
