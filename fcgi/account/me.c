/* Who am I: the profile of the signed-in user. */
#include "me.h"
#include "base/auto.h"
#include "domain/business_id.h"
#include "domain/profile.h"
#include "domain/user.h"
#include "web/etag.h"
#include "web/req.h"
#include "web/user_out.h"

enum { ANSWER_BYTES = 16384, BODY = 8192 };

static enum err show(struct req *r, const PGresult *row)
{
    struct buf b;
    buf_init(&b, r->arena, ANSWER_BYTES);
    user_write(&b, row, 0);
    req_header(r, "ETag", etag_of(r->arena, buf_bytes(&b)));
    return req_body(r, 200, "application/json", buf_cstr(&b), b.n);
}

/* The gate's own look-up holds the whole profile: no second statement. */
static enum err me_show(struct req *r)
{
    const PGresult *row;
    const enum err e = profile_load(r->db, r->arena, &r->who, &row);
    return e ? e : show(r, row);
}

static bool is_unchanged(const struct req *r, const PGresult *row)
{
    struct buf b;
    buf_init(&b, r->arena, ANSWER_BYTES);
    user_write(&b, row, 0);
    return etag_allows(r, etag_of(r->arena, buf_bytes(&b)));
}

/* The fields that were sent, by their names, which are the columns'. */
static json_t *sent_members(const struct req *r)
{
    json_t *o = json_object();
    for (const struct field *f = r->route->in; f->name; f++) {
        if (req_is_null(r, f->name))
            json_object_set_new(o, f->name, json_null());
        else if (req_has(r, f->name))
            json_object_set_new(o, f->name,
                                f->kind == IN_INT
                                    ? json_integer(req_int(r, f->name))
                                    : json_string(req_text(r, f->name)));
    }
    return o;
}

static enum err refuse(struct req *r, enum err e)
{
    if (e == ERR_INVALID_FIELD)
        return req_fail_field(r, "username",
                              "must be your own e-mail address where it is one",
                              "bad_value");
    return e == ERR_ACCOUNT_EXISTS
               ? req_fail_with(r, e, NULL,
                               json_pack("{s:s}", "field", "username"))
               : e;
}

static enum err me_change(struct req *r)
{
    PGresult *row;
    enum err e = profile_lock(r->db, r->arena, &r->who, &row);
    if (e)
        return e;
    if (!is_unchanged(r, row))
        return ERR_PRECONDITION;
    AUTO_JSON change = sent_members(r);
    if (!json_object_size(change))
        return show(r, row);
    e = profile_change(r->db, r->arena, &r->who, row, change);
    if (!e)
        e = profile_lock(r->db, r->arena, &r->who, &row);
    return e ? refuse(r, e) : show(r, row);
}

/* clang-format off */
static const struct field change_in[] = {
    {.name = "username", .kind = IN_TEXT, .min = 3, .max = 254,
     .check = profile_username,
     .doc = "3 to 64 letters, digits, . _ - , or the user's own address."},
    {.name = "full_name", .kind = IN_TEXT, .min = 1, .max = 200,
     .nullable = true, .doc = "Name of the person."},
    {.name = "business_name", .kind = IN_TEXT, .min = 1, .max = 200,
     .nullable = true, .doc = "Name of the business."},
    {.name = "account_type", .kind = IN_ENUM, .nullable = true,
     .choices = "individual|professional", .doc = "Who uses the account."},
    {.name = "business_type", .kind = IN_TEXT, .min = 1, .max = 100,
     .nullable = true, .doc = "Trade."},
    {.name = "estimated_products", .kind = IN_INT, .min = 0, .max = 100000000,
     .nullable = true, .doc = "How many products are expected."},
    {.name = "siret", .kind = IN_TEXT, .min = 14, .max = 30, .nullable = true,
     .check = business_id_siret, .doc = "14 digits whose check digits fit."},
    {.name = "vat_number", .kind = IN_TEXT, .min = 4, .max = 30,
     .nullable = true, .check = business_id_vat,
     .doc = "VAT number of the EU with its country; a French key must fit."},
    {.name = "phone", .kind = IN_TEXT, .min = 6, .max = 30, .nullable = true,
     .check = business_id_phone, .doc = "6 to 15 digits, from abroad with +."},
    {.name = "country", .kind = IN_TEXT, .min = 2, .max = 2, .nullable = true,
     .check = business_id_country, .doc = "Two letters of ISO 3166-1."},
    {.name = "language", .kind = IN_ENUM, .choices = "fr|en",
     .doc = "Of mails and statements."},
    {0}};

static const enum err change_errors[] = {ERR_ACCOUNT_EXISTS, ERR_PRECONDITION,
                                         OK};

ROUTES(me_routes,
    {.method = "GET", .path = "/api/auth/me", .handler = me_show,
     .access = USER, .scope = "account:read", .limit = "auth_me",
     .summary = "Show the signed-in user", .out = user_out},
    {.method = "PATCH", .path = "/api/auth/me", .handler = me_change,
     .access = USER, .limit = "auth_me", .body_limit = BODY,
     .takes = TAKES_JSON | TAKES_FORM, .tx = true,
     .summary = "Change the signed-in user; null takes a value away",
     .in = change_in, .out = user_out, .errors = change_errors});
