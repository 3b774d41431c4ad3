/* Small things used by several tables of this family. */
#include "common.h"
#include "domain/mail_token.h"
#include "web/mailer.h"
#include "wire/mail.h"
#include "wire/password.h"
#include "wire/token.h"

struct session_caller common_caller(const struct req *r)
{
    return (struct session_caller){.source = req_text(r, "source"),
                                   .ip = r->ip,
                                   .agent = req_param(r, "HTTP_USER_AGENT")};
}

enum err common_ready(const struct req *r)
{
    if (!token_ready() || !password_ready())
        return ERR_ACCOUNTS_UNCONFIGURED;
    return r->db ? OK : ERR_UNAVAILABLE;
}

enum err common_locked(struct req *r, int64_t seconds)
{
    const char *wait = arena_printf(r->arena, "%lld", (long long)seconds);
    req_header(r, "Retry-After", wait);
    return req_fail_with(r, ERR_ACCOUNT_LOCKED, NULL,
                         json_pack("{s:s}", "retry_after",
                                   arena_printf(r->arena, "%s seconds", wait)));
}

void common_send_verify(struct req *r, int64_t user_id)
{
    struct mail_token_user user;
    const char *token;
    if (!mail_ready() || mail_token_by_id(r->db, r->arena, user_id, &user) ||
        user.is_verified ||
        mail_token_make(r->db, r->arena, user_id, "verify", &token) || !token)
        return;
    mailer_send(r->arena,
                &(struct mailer_letter){.kind = "verify",
                                        .to = user.email,
                                        .language = user.language,
                                        .token = token,
                                        .minutes = MAIL_TOKEN_VERIFY_MINUTES});
}

enum err common_check_password(struct req *r, const struct login_contact *who,
                               bool *answered)
{
    const struct login_user user = {.id = r->who.user_id,
                                    .tenant_id = r->who.tenant_id};
    const struct session_caller caller = {
        .source = "password", .ip = r->ip, .agent = NULL};
    int64_t wait;
    enum err e =
        login_wait(r->db, r->arena, &user, who->username, r->ip, &wait);
    *answered = true;
    if (e)
        return e;
    if (wait > 0)
        return common_locked(r, wait);
    if (password_verify(req_text(r, "current_password"), who->hash) !=
        PASSWORD_WRONG) {
        *answered = false;
        return OK;
    }
    e = login_refuse(r->db, r->arena, &user, who->username, &caller, &wait);
    return e ? e
             : req_fail_field(r, "current_password",
                              "is not the present password", "wrong_password");
}

enum err common_accepted(struct req *r)
{
    return req_json(r, 202, json_pack("{s:s}", "status", "accepted"));
}

const char *common_check_email(struct arena *a, const char *text,
                               const char **clean)
{
    if (!mail_address_ok(text))
        return "must be an e-mail address";
    *clean = arena_strdup(a, text);
    return NULL;
}
