/* Signing up: a tenant with its first user, or one more user of a tenant. */
#include "domain/signup.h"
#include <string.h>
#include "base/log.h"
#include "common.h"
#include "domain/business_id.h"
#include "domain/user.h"
#include "routes.h"
#include "web/metrics.h"
#include "web/token_answer.h"
#include "wire/mail.h"
#include "wire/password.h"

enum { BODY_BYTES = 16384 };

/* No @: a name that looks like somebody's address would stand in its way. */
static const char *check_username(struct arena *a, const char *text,
                                  const char **clean)
{
    if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789._-") != strlen(text))
        return "must hold letters, digits, dots, dashes and underscores only";
    *clean = arena_strdup(a, text);
    return NULL;
}

static struct signup read_form(const struct req *r)
{
    const char *email = req_text(r, "email");
    return (struct signup){
        .email = email,
        .username = req_has(r, "username") ? req_text(r, "username") : email,
        .full_name = req_text(r, "full_name"),
        .business_name = req_text(r, "business_name"),
        .account_type = req_text(r, "account_type"),
        .business_type = req_text(r, "business_type"),
        .estimated_products = req_text(r, "estimated_products"),
        .siret = req_text(r, "siret"),
        .vat_number = req_text(r, "vat_number"),
        .phone = req_text(r, "phone"),
        .country = req_text(r, "country"),
        .language = req_text(r, "language"),
        .invitation = req_text(r, "invitation")};
}

static void ask_to_verify(struct req *r)
{
    common_send_verify(r, *(const int64_t *)r->after_with);
}

static enum err refuse(struct req *r, enum err e, int64_t max_users)
{
    if (e != ERR_QUOTA_EXCEEDED)
        return e;
    return req_fail_with(r, e, NULL,
                         json_pack("{s:s,s:I,s:I}", "quota", "max_users",
                                   "limit", (json_int_t)max_users, "used",
                                   (json_int_t)max_users));
}

static enum err create(struct req *r, struct signup *s)
{
    struct session_pair session;
    PGresult *row;
    int64_t max_users;
    const struct session_caller caller = common_caller(r);
    enum err e = password_hash(r->arena, req_text(r, "password"), &s->hash);
    if (e)
        return e;
    e = signup_new(r->db, r->arena, s, &caller, &session, &row, &max_users);
    if (e)
        return refuse(r, e, max_users);
    metrics_add(METRIC_registrations, 1);
    log_info("user_registered", "{s:I,s:I,s:s,s:b}", "user_id",
             (json_int_t)session.user_id, "tenant_id",
             (json_int_t)session.tenant_id, "source", caller.source, "invited",
             s->invitation != NULL);
    int64_t *id = ARENA_NEW(r->arena, int64_t);
    *id = session.user_id;
    r->after = ask_to_verify;
    r->after_with = id;
    return token_answer(r, 201, &session, user_to_json(r->arena, row, 0));
}

static enum err sign_up(struct req *r)
{
    struct signup s = read_form(r);
    bool taken;
    const char *why =
        password_refusal(req_text(r, "password"), s.email, s.username);
    if (why)
        return req_fail_field(r, "password", why, "weak_password");
    enum err e = common_ready(r);
    if (!e)
        e = signup_is_taken(r->db, r->arena, s.email, s.username, &taken);
    if (e)
        return e;
    return taken ? ERR_ACCOUNT_EXISTS : create(r, &s);
}

/* clang-format off */
static const struct field register_in[] = {
    {.name = "email", .kind = IN_TEXT, .min = 3, .max = MAIL_ADDRESS_BYTES,
     .required = true, .check = common_check_email, .doc = "E-mail address, unique."},
    {.name = "password", .kind = IN_TEXT, .min = PASSWORD_BYTES_MIN,
     .max = PASSWORD_BYTES_MAX, .required = true,
     .doc = "8 to 1,024 bytes, none that is tried first; no rules of composition."},
    {.name = "username", .kind = IN_TEXT, .min = 3, .max = 64,
     .check = check_username, .doc = "Unique; the e-mail address when none is given."},
    {.name = "full_name", .kind = IN_TEXT, .max = 200, .doc = "Name."},
    {.name = "business_name", .kind = IN_TEXT, .max = 200,
     .doc = "Name of the business; also the tenant's."},
    {.name = "account_type", .kind = IN_ENUM, .choices = "individual|professional",
     .doc = "Who the account is for."},
    {.name = "business_type", .kind = IN_TEXT, .max = 100, .doc = "Trade."},
    {.name = "estimated_products", .kind = IN_INT, .max = 100000000,
     .doc = "How many products are expected."},
    {.name = "siret", .kind = IN_TEXT, .min = 14, .max = 40,
     .check = business_id_siret, .doc = "SIRET; its key is checked."},
    {.name = "vat_number", .kind = IN_TEXT, .min = 4, .max = 40,
     .check = business_id_vat, .doc = "VAT number with its country; checked."},
    {.name = "phone", .kind = IN_TEXT, .min = 4, .max = 40,
     .check = business_id_phone, .doc = "Telephone."},
    {.name = "country", .kind = IN_TEXT, .min = 2, .max = 2,
     .check = business_id_country, .doc = "Two letters (ISO 3166-1)."},
    {.name = "language", .kind = IN_ENUM, .choices = "fr|en", .fallback = "fr",
     .doc = "Of mails and statements."},
    {.name = "invitation", .kind = IN_TEXT, .min = 20, .max = 100,
     .doc = "Code of an invitation: joins that tenant instead of making one."},
    {.name = "source", .kind = IN_ENUM, .choices = "web|plugin|mobile",
     .fallback = "web", .in_query = true, .doc = "Where the user signs up."},
    {0}};

static const enum err register_errors[] = {
    ERR_ACCOUNT_EXISTS, ERR_INVITATION_INVALID, ERR_QUOTA_EXCEEDED,
    ERR_ACCOUNTS_UNCONFIGURED, ERR_UNAVAILABLE, OK};

ROUTES(register_routes,
    {.method = "POST", .path = "/api/auth/register", .handler = sign_up,
     .access = ANON, .limit = "auth_register", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM, .status = 201,
     .summary = "Create an account", .in = register_in,
     .out = token_answer_user_out, .errors = register_errors});
