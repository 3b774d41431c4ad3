/* The audit trail: what was done by whom, and whether the trail is whole. */
#include "domain/audit_list.h"
#include "domain/row.h"
#include "routes.h"
#include "web/input.h"
#include "web/listing.h"

static enum err trail_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "admin_audit", &l))
        return OK;
    const struct audit_list_filter f = {.after = l.after,
                                        .chain = req_text(r, "chain"),
                                        .event = req_text(r, "event"),
                                        .actor = req_text(r, "actor"),
                                        .subject = req_text(r, "subject"),
                                        .since = req_text(r, "since"),
                                        .rows = l.rows};
    const enum err e = audit_list(r->db, r->arena, &f, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err trail_verify(struct req *r)
{
    PGresult *rows;
    const enum err e =
        audit_list_verify(r->db, r->arena, req_text(r, "chain"), &rows);
    if (e)
        return e;
    const int n = PQntuples(rows), problem = PQfnumber(rows, "problem");
    json_t *chains = json_array();
    bool whole = true;
    for (int i = 0; i < n; i++) {
        whole = whole && PQgetisnull(rows, i, problem);
        json_array_append_new(chains, row_to_json(rows, i));
    }
    return req_json(r, 200,
                    json_pack("{s:b,s:o}", "whole", whole, "chains", chains));
}

/* clang-format off */
#define CHAIN_IN \
    {.name = "chain", .kind = IN_INT, .min = 0, .max = INT64_MAX, .in_query = true, \
     .doc = "Only this chain: a tenant's number, 0 for the platform."}
static const struct field list_in[] = {
    CHAIN_IN,
    {.name = "event", .kind = IN_TEXT, .min = 1, .max = 60, .in_query = true,
     .doc = "Only this event, e.g. user_disable."},
    {.name = "actor", .kind = IN_TEXT, .min = 1, .max = 200, .in_query = true,
     .doc = "Only by this one: user:12, ctl:root, psql:root."},
    {.name = "subject", .kind = IN_TEXT, .min = 1, .max = 300, .in_query = true,
     .doc = "Only what was done to this: user:12, tenant:3."},
    {.name = "since", .kind = IN_TEXT, .min = 10, .max = 40, .in_query = true,
     .check = input_time,
     .doc = "A day or a moment, RFC 3339."},
    LISTING_IN,
    {0}};
static const struct field item_out[] = {
    {.name = "chain", .kind = OUT_INT, .required = true, .doc = "A tenant's number; 0: the platform."},
    {.name = "seq", .kind = OUT_INT, .required = true, .doc = "Number in the chain, from 1."},
    {.name = "at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."},
    {.name = "actor", .kind = OUT_TEXT, .required = true, .doc = "Who did it."},
    {.name = "event", .kind = OUT_TEXT, .required = true, .doc = "What was done."},
    {.name = "subject", .kind = OUT_TEXT, .required = true, .doc = "To what, or empty."},
    {.name = "facts", .kind = OUT_OBJECT, .required = true, .doc = "What else belongs to it."},
    {.name = "hash", .kind = OUT_TEXT, .required = true, .doc = "SHA-256 over the hash before and the entry."},
    {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};
static const struct field verify_in[] = {CHAIN_IN, {0}};
static const struct field chain_out[] = {
    {.name = "chain", .kind = OUT_INT, .required = true, .doc = "A tenant's number; 0: the platform."},
    {.name = "entries", .kind = OUT_INT, .required = true, .doc = "How many entries it has."},
    {.name = "head_seq", .kind = OUT_INT, .required = true, .doc = "Number of the last one."},
    {.name = "head_hash", .kind = OUT_TEXT, .required = true, .doc = "Hash of the last one: keep it elsewhere."},
    {.name = "bad_seq", .kind = OUT_INT, .nullable = true, .doc = "The first entry that does not hold."},
    {.name = "problem", .kind = OUT_TEXT, .nullable = true, .doc = "Why it does not."},
    {0}};
static const struct field verify_out[] = {
    {.name = "whole", .kind = OUT_BOOL, .required = true, .doc = "Every chain holds."},
    {.name = "chains", .kind = OUT_ARRAY, .required = true, .sub = chain_out, .doc = "By number."},
    {0}};

ROUTES(trail_routes,
    {.method = "GET", .path = "/admin/audit", .handler = trail_list,
     .access = OPERATOR, .limit = "admin", .in = list_in, .out = list_out,
     .summary = "List what was done by whom"},
    {.method = "GET", .path = "/admin/audit/verify", .handler = trail_verify,
     .access = OPERATOR, .limit = "admin", .in = verify_in, .out = verify_out,
     .summary = "Recompute the hashes of the audit trail"});
