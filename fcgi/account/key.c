/* API keys: made by their owner, shown once, listed by their two ends. A key
 * cannot make keys: these rows take tokens only. */
#include "base/auto.h"
#include "domain/scope.h"
#include "domain/row.h"
#include "domain/user_key.h"
#include "routes.h"
#include "web/input.h"
#include "web/listing.h"

enum { BODY = 8192 };

static enum err quota_answer(struct req *r, const struct user_key_made *made)
{
    return req_fail_with(r, ERR_QUOTA_EXCEEDED, NULL,
                         json_pack("{s:s,s:I,s:I}", "quota", "max_api_keys",
                                   "limit", (json_int_t)made->limit, "used",
                                   (json_int_t)made->used));
}

/* 201 with the text of the key, which is nowhere else. */
static enum err made_answer(struct req *r, const struct user_key_made *made)
{
    json_t *o = row_to_json(made->row, 0);
    json_object_set_new(o, "key", json_string(made->key));
    return req_json(r, 201, o);
}

/* The end that the caller asks for, NULL for never. A field that is wrong is
 * answered here: then *done. */
static enum err read_expiry(struct req *r, bool *done, const char **out)
{
    const char *time = req_text(r, "expires_at");
    const int64_t days = req_int(r, "expires_days");
    *out = NULL;
    if (!time && !days)
        return OK;
    if (time && days) {
        *done = true;
        return req_fail_field(r, "expires_days",
                              "must not be given beside expires_at",
                              "contradiction");
    }
    const enum err e = user_key_expiry(r->db, r->arena, time, days, out);
    if (e != ERR_INVALID_FIELD)
        return e;
    *done = true;
    return req_fail_field(r, "expires_at", "must lie ahead, within ten years",
                          "out_of_range");
}

static enum err key_create(struct req *r)
{
    bool done = false;
    struct user_key_made made = {0};
    struct user_key_want want = {.name = req_text(r, "name"),
                                 .scopes = req_text(r, "scopes")};
    enum err e = read_expiry(r, &done, &want.expires_at);
    if (e || done)
        return e;
    e = user_key_create(r->db, r->arena, &r->who, &want, &made);
    if (e == ERR_QUOTA_EXCEEDED)
        return quota_answer(r, &made);
    return e ? e : made_answer(r, &made);
}

static enum err key_list(struct req *r)
{
    struct listing l;
    PGresult *res;
    if (!listing_begin(r, "keys", &l))
        return OK;
    const char *const page[] = {l.after, l.rows};
    const enum err e = user_key_list(r->db, r->arena, &r->who, page, &res);
    return e ? e : listing_answer(r, &l, res);
}

static enum err load(struct req *r, PGresult **out)
{
    const char *id;
    const enum err e = req_id(r, 0, &id);
    return e ? e : user_key_get(r->db, r->arena, &r->who, id, out);
}

static enum err key_show(struct req *r)
{
    PGresult *key;
    const enum err e = load(r, &key);
    return e ? e : req_json(r, 200, row_to_json(key, 0));
}

/* What is over is not brought back: another key is made instead. */
static bool is_over(const PGresult *key)
{
    return *user_key_status(key) != 'a' && *user_key_status(key) != 'd';
}

static enum err over_answer(struct req *r, const PGresult *key)
{
    const char *status = user_key_status(key);
    json_t *extra = json_pack("{s:s}", "status", status);
    return req_fail_why(
        r, ERR_CONFLICT, extra,
        arena_printf(r->arena, "The key is %s; make another one.", status),
        "La clé est remplacée, expirée ou révoquée ; créez-en une autre.");
}

/* The members that were sent, as the table's columns. */
static enum err read_change(struct req *r, bool *done, json_t *change)
{
    const char *end;
    size_t n;
    if (req_has(r, "name"))
        json_object_set_new(change, "name", json_string(req_text(r, "name")));
    if (req_has(r, "is_active"))
        json_object_set_new(change, "is_active",
                            json_boolean(req_bool(r, "is_active")));
    if (req_has(r, "scopes")) {
        const char *const *scopes = req_texts(r, "scopes", &n);
        json_t *list = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(list, json_string(scopes[i]));
        json_object_set_new(change, "scopes", list);
    }
    const enum err e = read_expiry(r, done, &end);
    if (e || *done)
        return e;
    if (end || req_is_null(r, "expires_at"))
        json_object_set_new(change, "expires_at",
                            end ? json_string(end) : json_null());
    return OK;
}

static enum err key_change(struct req *r)
{
    PGresult *key;
    bool done = false;
    enum err e = load(r, &key);
    if (e)
        return e;
    if (is_over(key))
        return over_answer(r, key);
    AUTO_JSON change = json_object();
    e = read_change(r, &done, change);
    if (e || done)
        return e;
    if (json_object_size(change))
        e = user_key_change(r->db, r->arena, &r->who, r->params[0], change);
    return e ? e : key_show(r);
}

static enum err key_revoke(struct req *r)
{
    const char *id;
    enum err e = req_id(r, 0, &id);
    if (!e)
        e = user_key_revoke(r->db, r->arena, &r->who, id);
    return e ? e : req_body(r, 204, NULL, NULL, 0);
}

static enum err key_rotate(struct req *r)
{
    PGresult *key;
    struct user_key_made made = {0};
    enum err e = load(r, &key);
    if (e)
        return e;
    if (is_over(key))
        return over_answer(r, key);
    e = user_key_rotate(r->db, r->arena, &r->who, key, req_int(r, "overlap_s"),
                        &made);
    return e ? e : made_answer(r, &made);
}

/* clang-format off */
#define EXPIRY_FIELDS                                                          \
    {.name = "expires_at", .kind = IN_TEXT, .min = 10, .max = 40,              \
     .nullable = true, .check = input_time,                                    \
     .doc = "When it ends (RFC 3339, or a date), within ten years; null: never."}, \
    {.name = "expires_days", .kind = IN_INT, .min = 1, .max = 3650,            \
     .doc = "The same as days from now."}

#define NAME_FIELD                                                             \
    .name = "name", .kind = IN_TEXT, .min = 1, .max = 100,                     \
    .doc = "What it is for, in the owner's words."
#define SCOPES_FIELD                                                           \
    .name = "scopes", .kind = IN_TEXTS, .min = 1, .max = 20,                   \
    .choices = SCOPE_NAMES, .doc = "What it may be used for."

static const struct field create_in[] = {
    {NAME_FIELD, .required = true},
    {SCOPES_FIELD, .required = true},
    EXPIRY_FIELDS,
    {0}};

static const struct field change_in[] = {
    {NAME_FIELD},
    {SCOPES_FIELD},
    {.name = "is_active", .kind = IN_BOOL,
     .doc = "False: refused until it is true again."},
    EXPIRY_FIELDS,
    {0}};

static const struct field rotate_in[] = {
    {.name = "overlap_s", .kind = IN_INT, .min = 0,
     .max = USER_KEY_OVERLAP_MAX_S, .fallback = "86400",
     .doc = "Seconds for which the old key still works beside the new one."},
    {0}};

#define KEY_MEMBERS                                                            \
    {.name = "id", .kind = OUT_INT, .required = true, .doc = "Number of the key."}, \
    {.name = "name", .kind = OUT_TEXT, .required = true, .doc = "As given."},  \
    {.name = "prefix", .kind = OUT_TEXT, .required = true,                     \
     .doc = "First characters of the key."},                                   \
    {.name = "last4", .kind = OUT_TEXT, .required = true,                      \
     .doc = "Its last four."},                                                 \
    {.name = "scopes", .kind = OUT_ARRAY, .required = true,                    \
     .doc = "What it may be used for."},                                       \
    {.name = "is_active", .kind = OUT_BOOL, .required = true,                  \
     .doc = "As its owner set it."},                                           \
    {.name = "status", .kind = OUT_TEXT, .required = true,                     \
     .choices = "active|disabled|replaced|expired|revoked",                    \
     .doc = "active and replaced keys work."},                                 \
    {.name = "created_at", .kind = OUT_TEXT, .required = true,                 \
     .doc = "RFC 3339 UTC."},                                                  \
    {.name = "expires_at", .kind = OUT_TEXT, .nullable = true,                 \
     .doc = "When it ends; null: never."},                                     \
    {.name = "last_used", .kind = OUT_TEXT, .nullable = true,                  \
     .doc = "Last use, kept once a minute."},                                  \
    {.name = "revoked_at", .kind = OUT_TEXT, .nullable = true,                 \
     .doc = "When it was revoked."},                                           \
    {.name = "replaced_by", .kind = OUT_INT, .nullable = true,                 \
     .doc = "The key that it was rotated to."}

static const struct field key_out[] = {KEY_MEMBERS, {0}};

static const struct field made_out[] = {
    KEY_MEMBERS,
    {.name = "key", .kind = OUT_TEXT, .required = true,
     .doc = "The key itself: shown this once and not kept."},
    {0}};

static const struct field list_in[] = {LISTING_IN, {0}};
static const struct field list_out[] = {LISTING_OUT(key_out), {0}};

static const enum err create_errors[] = {ERR_QUOTA_EXCEEDED, OK};
static const enum err one_errors[] = {ERR_NOT_FOUND, OK};
static const enum err change_errors[] = {ERR_NOT_FOUND, ERR_CONFLICT, OK};

ROUTES(key_routes,
    {.method = "POST", .path = "/api/auth/keys", .handler = key_create,
     .access = USER, .limit = "account", .body_limit = BODY,
     .takes = TAKES_JSON | TAKES_FORM, .tx = true, .status = 201,
     .summary = "Make an API key; the answer shows it this once",
     .in = create_in, .out = made_out, .errors = create_errors},
    {.method = "GET", .path = "/api/auth/keys", .handler = key_list,
     .access = USER, .limit = "account", .tx = true,
     .summary = "List the caller's API keys", .in = list_in,
     .out = list_out},
    {.method = "GET", .path = "/api/auth/keys/{id}", .handler = key_show,
     .access = USER, .limit = "account", .tx = true,
     .summary = "Show one of the caller's API keys", .out = key_out,
     .errors = one_errors},
    {.method = "PATCH", .path = "/api/auth/keys/{id}", .handler = key_change,
     .access = USER, .limit = "account", .body_limit = BODY,
     .takes = TAKES_JSON | TAKES_FORM, .tx = true,
     .summary = "Change, disable or enable an API key", .in = change_in,
     .out = key_out, .errors = change_errors},
    {.method = "DELETE", .path = "/api/auth/keys/{id}", .handler = key_revoke,
     .access = USER, .limit = "account", .tx = true, .status = 204,
     .summary = "Revoke an API key: it ends at once and for good",
     .errors = one_errors},
    {.method = "POST", .path = "/api/auth/keys/{id}/rotate",
     .handler = key_rotate, .access = USER, .limit = "account",
     .body_limit = BODY, .takes = TAKES_JSON | TAKES_FORM, .tx = true,
     .status = 201,
     .summary = "Replace an API key; the old one works on for a while",
     .in = rotate_in, .out = made_out, .errors = change_errors});
