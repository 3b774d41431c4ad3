/* Where the caller is signed in, and the end of one such session. */
#include "domain/user_session.h"
#include "routes.h"
#include "web/listing.h"

static enum err sessions_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "sessions", &l))
        return OK;
    const char *const page[] = {l.after, l.rows};
    const enum err e = user_session_list(r->db, r->arena, &r->who, page, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err sessions_end(struct req *r)
{
    const char *id;
    enum err e = req_id(r, 0, &id);
    if (!e)
        e = user_session_end(r->db, r->arena, &r->who, id);
    return e ? e : req_body(r, 204, NULL, NULL, 0);
}

/* clang-format off */
static const struct field session_out[] = {
    {.name = "id", .kind = OUT_INT, .required = true,
     .doc = "Number of the session."},
    {.name = "source", .kind = OUT_TEXT, .required = true,
     .choices = "web|plugin|mobile", .doc = "Where the sign-in came from."},
    {.name = "ip", .kind = OUT_TEXT, .nullable = true,
     .doc = "Address of the sign-in."},
    {.name = "user_agent", .kind = OUT_TEXT, .nullable = true,
     .doc = "What signed in, in its own words."},
    {.name = "created_at", .kind = OUT_TEXT, .required = true,
     .doc = "Time of the sign-in, RFC 3339 UTC."},
    {.name = "refreshed_at", .kind = OUT_TEXT, .required = true,
     .doc = "When its tokens were last exchanged."},
    {.name = "expires_at", .kind = OUT_TEXT, .required = true,
     .doc = "When it ends by itself."},
    {.name = "is_current", .kind = OUT_BOOL, .required = true,
     .doc = "It is the one that asks."},
    {0}};

static const struct field list_in[] = {LISTING_IN, {0}};
static const struct field list_out[] = {LISTING_OUT(session_out), {0}};
static const enum err end_errors[] = {ERR_NOT_FOUND, OK};

ROUTES(sessions_routes,
    {.method = "GET", .path = "/api/auth/sessions", .handler = sessions_list,
     .access = USER, .limit = "account", .in = list_in, .out = list_out,
     .summary = "List where the caller is signed in"},
    {.method = "DELETE", .path = "/api/auth/sessions/{id}",
     .handler = sessions_end, .access = USER, .limit = "account", .tx = true,
     .status = 204, .errors = end_errors,
     .summary = "End one of the caller's sessions at once"});
