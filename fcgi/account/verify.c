/* The code of the mail is the proof: who sends it needs no token. */
#include "verify.h"
#include "domain/mail_token.h"
#include "web/req.h"

enum { BODY_BYTES = 4096 };

static enum err verify_email(struct req *r)
{
    const enum err e = mail_token_verify(
        r->db, r->arena, mail_token_hash(r->arena, req_text(r, "token")));
    return e ? e : req_json(r, 200, json_pack("{s:b}", "is_verified", true));
}

/* clang-format off */
static const struct field verify_in[] = {
    {.name = "token", .kind = IN_TEXT, .min = 20, .max = 100, .required = true,
     .doc = "Code of the mail."},
    {0}};
static const struct field verify_out[] = {
    {.name = "is_verified", .kind = OUT_BOOL, .required = true, .doc = "True."},
    {0}};
static const enum err verify_errors[] = {ERR_LINK_INVALID, ERR_UNAVAILABLE, OK};

ROUTES(verify_routes,
    {.method = "POST", .path = "/api/auth/verify", .handler = verify_email,
     .access = ANON, .limit = "auth_password", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON | TAKES_FORM, .tx = true,
     .summary = "Confirm one's e-mail address by the code of a mail",
     .in = verify_in, .out = verify_out, .errors = verify_errors});
