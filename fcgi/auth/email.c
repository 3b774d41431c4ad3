/* Another e-mail address: asked for with the password, confirmed by a mail to
 * the new one; the old one is told both times. */
#include "domain/email_change.h"
#include "base/log.h"
#include "common.h"
#include "routes.h"
#include "web/mailer.h"
#include "wire/mail.h"
#include "wire/password.h"

enum { BODY_BYTES = 8192 };

static void tell_old(struct req *r, const struct email_change *c,
                     const char *kind)
{
    mailer_send(r->arena, &(struct mailer_letter){.kind = kind,
                                                  .to = c->old,
                                                  .language = c->language,
                                                  .address = c->fresh});
}

/* ---- asking -------------------------------------------------------------- */

static enum err make_token(struct req *r, const struct email_change *c,
                           const char **token)
{
    enum err e = db_begin(r->db);
    if (e)
        return e;
    e = email_change_ask(r->db, r->arena, c, r->who.session_id, token);
    if (!e)
        return db_commit(r->db);
    db_rollback(r->db);
    return e;
}

/* Whether somebody has the address is found out when the answer is sent. */
static void send_both(struct req *r)
{
    const struct email_change *c = r->after_with;
    const char *token;
    if (!mail_ready() || make_token(r, c, &token))
        return;
    if (token)
        mailer_send(r->arena,
                    &(struct mailer_letter){.kind = "email",
                                            .to = c->fresh,
                                            .language = c->language,
                                            .token = token,
                                            .minutes = EMAIL_CHANGE_MINUTES});
    tell_old(r, c, "email_asked");
}

static enum err email_ask(struct req *r)
{
    struct login_contact who;
    bool answered;
    enum err e = common_ready(r);
    if (!e)
        e = login_contact(r->db, r->arena, r->who.user_id, &who);
    if (e)
        return e;
    e = common_check_password(r, &who, &answered);
    if (answered)
        return e;
    struct email_change *c = ARENA_NEW(r->arena, struct email_change);
    *c = (struct email_change){.user_id = who.id,
                               .tenant_id = r->who.tenant_id,
                               .old = who.email,
                               .fresh = req_text(r, "email"),
                               .language = who.language};
    r->after = send_both;
    r->after_with = c;
    return common_accepted(r);
}

/* ---- confirming ---------------------------------------------------------- */

static void tell_changed(struct req *r)
{
    if (mail_ready())
        tell_old(r, r->after_with, "email_changed");
}

static enum err email_confirm(struct req *r)
{
    struct email_change *c = ARENA_NEW(r->arena, struct email_change);
    enum err e = common_ready(r);
    if (!e)
        e = email_change_confirm(r->db, r->arena, req_text(r, "token"), c);
    if (e)
        return e;
    log_info("email_changed", "{s:I}", "user_id", (json_int_t)c->user_id);
    r->after = tell_changed;
    r->after_with = c;
    return req_json(r, 200, json_pack("{s:s}", "status", "changed"));
}

/* clang-format off */
static const struct field ask_in[] = {
    {.name = "current_password", .kind = IN_TEXT, .min = 1,
     .max = PASSWORD_BYTES_MAX, .required = true, .doc = "The present password."},
    {.name = "email", .kind = IN_TEXT, .min = 3, .max = MAIL_ADDRESS_BYTES,
     .required = true, .check = common_check_email, .doc = "The address to come."},
    {0}};
static const struct field confirm_in[] = {
    {.name = "token", .kind = IN_TEXT, .min = 20, .max = 100, .required = true,
     .doc = "Code of the mail."},
    {0}};
static const struct field status_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .choices = "accepted|changed",
     .doc = "accepted: a mail follows to the new address, unless it has an account."},
    {0}};

static const enum err ask_errors[] = {
    ERR_ACCOUNT_LOCKED, ERR_ACCOUNTS_UNCONFIGURED, ERR_UNAVAILABLE, OK};
static const enum err confirm_errors[] = {
    ERR_LINK_INVALID, ERR_ACCOUNT_EXISTS, ERR_ACCOUNTS_UNCONFIGURED,
    ERR_UNAVAILABLE, OK};

ROUTES(email_routes,
    {.method = "POST", .path = "/api/auth/email", .handler = email_ask,
     .access = USER, .limit = "auth_email", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM, .status = 202,
     .summary = "Ask for another e-mail address: a mail to it has the code",
     .in = ask_in, .out = status_out, .errors = ask_errors},
    {.method = "POST", .path = "/api/auth/email/confirm",
     .handler = email_confirm, .access = ANON, .limit = "auth_email",
     .body_limit = BODY_BYTES, .takes = TAKES_JSON | TAKES_FORM,
     .summary = "Take the new e-mail address by the code of the mail; other sessions end",
     .in = confirm_in, .out = status_out, .errors = confirm_errors});
