/* Licences of every client: look, suspend, resume, revoke. Making and renewing
 * them is comptoirctl's, for keys are shown once, to who hands them over. */
#include "base/str.h"
#include "domain/license_admin.h"
#include "domain/row.h"
#include "routes.h"
#include "web/listing.h"

enum { BODY_BYTES = 4096, REASON_BYTES = 300 };

static int64_t number(const char *s)
{
    int64_t v = 0;
    return s && str_to_i64(s, &v) ? v : 0;
}

static enum err licenses_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "admin_licenses", &l))
        return OK;
    const enum err e = license_admin_list(
        r->db, r->arena, number(l.after), req_text(r, "status"),
        req_text(r, "client"), (int)number(l.rows), &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err answer_license(struct req *r, const char *id)
{
    PGresult *row;
    const enum err e = license_admin_show(r->db, r->arena, number(id), &row);
    return e ? e : req_json(r, 200, row_to_json(row, 0));
}

static enum err licenses_show(struct req *r)
{
    const char *id = routes_id(r);
    return id ? answer_license(r, id) : ERR_NOT_FOUND;
}

static enum err set_status(struct req *r, const char *status)
{
    const char *id = routes_id(r), *reason = req_text(r, "reason");
    if (!id)
        return ERR_NOT_FOUND;
    const enum err e = license_admin_status(r->db, r->arena, number(id), status,
                                            r->who.id, reason ? reason : "");
    return e ? e : answer_license(r, id);
}

static enum err licenses_suspend(struct req *r)
{
    return set_status(r, "suspended");
}

static enum err licenses_resume(struct req *r)
{
    return set_status(r, "active");
}

static enum err licenses_revoke(struct req *r)
{
    return set_status(r, "revoked");
}

/* clang-format off */
#define STATUSES "active|suspended|revoked|expired"
static const struct field list_in[] = {
    {.name = "status", .kind = IN_ENUM, .choices = STATUSES, .in_query = true,
     .doc = "Only those of this status."},
    {.name = "client", .kind = IN_TEXT, .min = 1, .max = 200, .in_query = true,
     .doc = "A part of the client's name, in any case."},
    LISTING_IN,
    {0}};

#define LICENSE_OUT \
    {.name = "id", .kind = OUT_INT, .required = true, .doc = "Number of the licence."}, \
    {.name = "client", .kind = OUT_TEXT, .required = true, .doc = "Whose it is."}, \
    {.name = "plan", .kind = OUT_TEXT, .required = true, .doc = "Plan."}, \
    {.name = "billing_mode", .kind = OUT_TEXT, .required = true, .choices = "search|quota|result", \
     .doc = "How use is paid."}, \
    {.name = "quota_monthly", .kind = OUT_INT, .required = true, .doc = "Units a month."}, \
    {.name = "credit_micro_euros", .kind = OUT_INT, .required = true, .doc = "Prepaid, millionths of a euro."}, \
    {.name = "status", .kind = OUT_TEXT, .required = true, .choices = STATUSES, .doc = "Status."}, \
    {.name = "key_form", .kind = OUT_TEXT, .required = true, .doc = "hex, signed or opaque."}, \
    {.name = "key_prefix", .kind = OUT_TEXT, .required = true, .doc = "What is shown of its key."}, \
    {.name = "expiry", .kind = OUT_TEXT, .required = true, .doc = "Its last day, YYYY-MM-DD."}, \
    {.name = "created_at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."}, \
    {.name = "next_plan", .kind = OUT_TEXT, .nullable = true, .doc = "Plan that waits for the next month."}, \
    {.name = "next_plan_from", .kind = OUT_TEXT, .nullable = true, .doc = "Its first day, YYYY-MM-DD."}

static const struct field item_out[] = {LICENSE_OUT, {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};
static const struct field show_out[] = {
    LICENSE_OUT,
    {.name = "tenant_id", .kind = OUT_INT, .nullable = true, .doc = "Tenant it belongs to."},
    {.name = "plan_version", .kind = OUT_INT, .required = true, .doc = "Version of the plan."},
    {.name = "status_reason", .kind = OUT_TEXT, .required = true, .doc = "Why it has that status, or empty."},
    {.name = "status_at", .kind = OUT_TEXT, .required = true, .doc = "Since when."},
    {.name = "grace_s", .kind = OUT_INT, .required = true, .doc = "Seconds a lease may be outlived."},
    {.name = "addresses", .kind = OUT_TEXT, .nullable = true, .doc = "Where calls may come from; empty: anywhere."},
    {.name = "features", .kind = OUT_TEXT, .nullable = true, .doc = "What was agreed besides."},
    {.name = "lease_seq", .kind = OUT_INT, .required = true, .doc = "Leases that were lent."},
    {.name = "old_key_until", .kind = OUT_TEXT, .nullable = true, .doc = "Until when the key before is good."},
    {.name = "updated_at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."},
    {.name = "next_quota", .kind = OUT_INT, .nullable = true, .doc = "Units a month of the plan that waits."},
    {0}};
static const struct field reason_in[] = {
    {.name = "reason", .kind = IN_TEXT, .min = 1, .max = REASON_BYTES, .doc = "Why; kept with the licence and in the audit trail."},
    {0}};
static const enum err show_errors[] = {ERR_NOT_FOUND, OK};
static const enum err change_errors[] = {ERR_NOT_FOUND, ERR_CONFLICT, OK};

#define CHANGE(word, fn, text) \
    {.method = "POST", .path = "/admin/licenses/{id}/" word, .handler = fn, \
     .access = OPERATOR, .limit = "admin", .body_limit = BODY_BYTES, \
     .takes = TAKES_JSON, .tx = true, .in = reason_in, .out = show_out, \
     .errors = change_errors, .summary = text}

ROUTES(licenses_routes,
    {.method = "GET", .path = "/admin/licenses", .handler = licenses_list,
     .access = OPERATOR, .limit = "admin", .in = list_in, .out = list_out,
     .summary = "List licences"},
    {.method = "GET", .path = "/admin/licenses/{id}", .handler = licenses_show,
     .access = OPERATOR, .limit = "admin", .out = show_out, .errors = show_errors,
     .summary = "Show a licence"},
    CHANGE("suspend", licenses_suspend, "Stop a licence for a while"),
    CHANGE("resume", licenses_resume, "Let a suspended licence go on"),
    CHANGE("revoke", licenses_revoke, "Stop a licence for ever"));
