/* Invitations into the caller's tenant, by mail. */
#include "base/conf.h"
#include "base/str.h"
#include "domain/row.h"
#include "domain/team.h"
#include "routes.h"
#include "tenant_check.h"
#include "web/listing.h"
#include "web/mailer.h"
#include "wire/mail.h"

enum { BODY = 4096, DAY_MINUTES = 24 * 60 };

static void send_mail(struct req *r)
{
    mailer_send(r->arena, r->after_with);
}

static enum err refuse(struct req *r, enum err e,
                       const struct team_invitation *io)
{
    if (e == ERR_QUOTA_EXCEEDED)
        return req_fail_with(r, e, NULL,
                             json_pack("{s:s,s:I,s:I}", "quota", "max_users",
                                       "limit", (json_int_t)io->limit, "used",
                                       (json_int_t)io->used));
    if (e == ERR_CONFLICT)
        return req_fail_why(r, e, json_pack("{s:s}", "reason", "is_member"),
                            "There is a user with this address in the tenant.",
                            "Un utilisateur du compte a déjà cette adresse.");
    return e;
}

/* The token goes by mail alone; where no mail leaves the desk, its admin has
 * to hand it on. */
static bool shows_token(void)
{
    return str_eq(conf_str(CONF_ENV), "dev") || !mail_ready();
}

static enum err invitation_create(struct req *r)
{
    struct team_invitation io = {.email = req_text(r, "email"),
                                 .role = req_text(r, "role")};
    const enum err e = team_invite(r->db, r->arena, &r->who, &io);
    if (e)
        return refuse(r, e, &io);
    struct mailer_letter *letter = ARENA_NEW(r->arena, struct mailer_letter);
    *letter =
        (struct mailer_letter){.kind = "invite",
                               .to = io.email,
                               .language = req_text(r, "language"),
                               .token = io.token,
                               .minutes = TEAM_INVITATION_DAYS * DAY_MINUTES,
                               .business = io.tenant};
    r->after = send_mail;
    r->after_with = letter;
    json_t *o = row_to_json(io.row, 0);
    if (shows_token())
        json_object_set_new(o, "token", json_string(io.token));
    return req_json(r, 201, o);
}

static enum err invitations_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "invitations", &l))
        return OK;
    const char *const page[] = {l.after, l.rows};
    const enum err e = team_invitations(r->db, r->arena, &r->who, page, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err invitation_revoke(struct req *r)
{
    const char *id;
    enum err e = req_id(r, 0, &id);
    if (!e)
        e = team_uninvite(r->db, r->arena, &r->who, id);
    return e ? e : req_body(r, 204, NULL, NULL, 0);
}

/* clang-format off */
static const struct field create_in[] = {
    {.name = "email", .kind = IN_TEXT, .min = 3, .max = 254, .required = true,
     .check = tenant_check_email, .doc = "Who may join, with this address."},
    {.name = "role", .kind = IN_ENUM, .choices = "user|admin",
     .fallback = "user", .doc = "As what."},
    {.name = "language", .kind = IN_ENUM, .choices = "fr|en", .fallback = "fr",
     .doc = "Of the mail."},
    {0}};

#define MEMBERS                                                                \
    {.name = "id", .kind = OUT_INT, .required = true,                          \
     .doc = "Number of the invitation."},                                      \
    {.name = "email", .kind = OUT_TEXT, .required = true,                      \
     .doc = "Who may join."},                                                  \
    {.name = "role", .kind = OUT_TEXT, .required = true,                       \
     .choices = "user|admin", .doc = "As what."},                              \
    {.name = "invited_by", .kind = OUT_INT, .nullable = true,                  \
     .doc = "The user who asked."},                                            \
    {.name = "created_at", .kind = OUT_TEXT, .required = true,                 \
     .doc = "RFC 3339 UTC."},                                                  \
    {.name = "expires_at", .kind = OUT_TEXT, .required = true,                 \
     .doc = "It is good until then."}

static const struct field made_out[] = {
    MEMBERS,
    {.name = "token", .kind = OUT_TEXT,
     .doc = "The code to register with, where no mail can carry it."},
    {0}};
static const struct field item_out[] = {
    MEMBERS,
    {.name = "is_expired", .kind = OUT_BOOL, .required = true,
     .doc = "It is too old."},
    {0}};
static const struct field list_in[] = {LISTING_IN, {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};
static const enum err create_errors[] = {ERR_CONFLICT, ERR_QUOTA_EXCEEDED, OK};
static const enum err one_errors[] = {ERR_NOT_FOUND, OK};

ROUTES(invitation_routes,
    {.method = "POST", .path = "/api/tenant/invitations",
     .handler = invitation_create, .access = TENANT_ADMIN, .limit = "account",
     .body_limit = BODY, .takes = TAKES_JSON | TAKES_FORM, .tx = true,
     .status = 201, .in = create_in, .out = made_out, .errors = create_errors,
     .summary = "Ask somebody by mail to join the tenant"},
    {.method = "GET", .path = "/api/tenant/invitations",
     .handler = invitations_list, .access = TENANT_ADMIN, .limit = "account",
     .tx = true, .in = list_in, .out = list_out,
     .summary = "List invitations that nobody used yet"},
    {.method = "DELETE", .path = "/api/tenant/invitations/{id}",
     .handler = invitation_revoke, .access = TENANT_ADMIN, .limit = "account",
     .tx = true, .status = 204, .errors = one_errors,
     .summary = "Take an invitation back"});
