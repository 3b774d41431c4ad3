/* Who tried to sign in. */
#include <arpa/inet.h>
#include <string.h>
#include "base/str.h"
#include "domain/login_attempt.h"
#include "routes.h"
#include "web/input.h"
#include "web/listing.h"

enum { ADDRESS_BYTES = 64 };

/* An address, or a network whose bits behind the /… are zero or not. */
static bool is_network(struct arena *a, const char *s)
{
    unsigned char raw[16];
    const size_t n = strcspn(s, "/");
    const char *address = arena_strndup(a, s, n);
    const bool six = strchr(address, ':') != NULL;
    int64_t bits = 0;
    if (inet_pton(six ? AF_INET6 : AF_INET, address, raw) != 1)
        return false;
    return !s[n] || (str_to_i64(s + n + 1, &bits) && bits >= 0 &&
                     bits <= (six ? 128 : 32));
}

static enum err logins_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    const char *ip = req_text(r, "ip");
    if (!listing_begin(r, "admin_logins", &l))
        return OK;
    if (ip && !is_network(r->arena, ip))
        return req_fail_at(r, "query", "ip",
                              "must be an address or a network", "bad_address");
    const struct login_attempt_filter f = {.after = l.after,
                                           .username = req_text(r, "username"),
                                           .ip = ip,
                                           .success = req_text(r, "success"),
                                           .since = req_text(r, "since"),
                                           .rows = l.rows};
    const enum err e = login_attempt_list(r->db, r->arena, &f, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

/* clang-format off */
static const struct field list_in[] = {
    {.name = "username", .kind = IN_TEXT, .min = 1, .max = 254, .in_query = true,
     .doc = "As it was sent, in any case."},
    {.name = "ip", .kind = IN_TEXT, .min = 2, .max = ADDRESS_BYTES, .in_query = true,
     .doc = "An address, or a network: 192.0.2.0/24."},
    {.name = "success", .kind = IN_BOOL, .in_query = true,
     .doc = "Only those that were let in, or only those that were not."},
    {.name = "since", .kind = IN_TEXT, .min = 10, .max = 40, .in_query = true,
     .check = input_time,
     .doc = "A day or a moment, RFC 3339."},
    LISTING_IN,
    {0}};
static const struct field item_out[] = {
    {.name = "id", .kind = OUT_INT, .required = true, .doc = "Number of the attempt."},
    {.name = "username", .kind = OUT_TEXT, .required = true, .doc = "As it was sent."},
    {.name = "user_id", .kind = OUT_INT, .nullable = true, .doc = "Whose name that is."},
    {.name = "ip", .kind = OUT_TEXT, .required = true, .doc = "From where."},
    {.name = "success", .kind = OUT_BOOL, .required = true, .doc = "Was let in."},
    {.name = "source", .kind = OUT_TEXT, .required = true, .doc = "web, plugin or mobile."},
    {.name = "user_agent", .kind = OUT_TEXT, .nullable = true, .doc = "As it was sent."},
    {.name = "created_at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."},
    {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};

ROUTES(logins_routes,
    {.method = "GET", .path = "/admin/login-attempts", .handler = logins_list,
     .access = OPERATOR, .limit = "admin", .in = list_in, .out = list_out,
     .summary = "List sign-ins and who was refused"});
