/* What a licence may do now: its status, and the check that programs ask for
 * before they work. */
#include "status.h"
#include "domain/license.h"
#include "web/billing.h"
#include "web/req.h"

/* Members that both answers show. */
static json_t *facts(const struct license *l, enum license_code code,
                     const struct license_left *left)
{
    json_t *o = json_pack(
        "{s:s,s:s,s:I,s:I,s:s,s:s,s:f,s:I,s:s,s:s}", "client", l->client,
        "expiry", l->expiry, "quota_remaining", (json_int_t)left->remaining,
        "quota_total", (json_int_t)l->quota_monthly, "plan", l->plan, "billing",
        l->billing_mode, "credit", (double)left->credit / 1e6,
        "credit_micro_euros", (json_int_t)left->credit, "period_end",
        l->period_end, "code", license_code_word(code));
    if (left->next_plan) {
        json_object_set_new(o, "next_plan", json_string(left->next_plan));
        json_object_set_new(o, "next_plan_from",
                            json_string(left->next_plan_from));
    }
    return o;
}

/* Never refused for quota: how else would a client learn that it is used up? */
static enum err status_show(struct req *r)
{
    struct license l;
    struct license_left left;
    license_from_row(r->who.row, &l);
    const enum err e = license_left(r->db, r->arena, &l, &left);
    if (e)
        return e;
    return req_json(
        r, 200,
        facts(&l,
              left.exhausted ? LICENSE_CODE_USAGE_EXCEEDED : LICENSE_CODE_VALID,
              &left));
}

static bool has_all(const struct req *r, const struct license *l)
{
    size_t n;
    const char *const *wanted = req_texts(r, "features", &n);
    for (size_t i = 0; i < n; i++)
        if (!license_has_feature(l, wanted[i]))
            return false;
    return true;
}

/* Charges what the caller is about to do; too little quota or credit is a code
 * of the answer, not a refusal. */
static enum err charge_cost(struct req *r, const struct license *l,
                            enum license_code *code)
{
    const struct charge_request q = {.kind = "license",
                                     .id = l->id,
                                     .meter = "verify",
                                     .units = req_int(r, "cost"),
                                     .results = req_int(r, "cost")};
    struct charge done;
    const enum err e = q.units ? billing_charge(r, &q, &done) : OK;
    if (e != ERR_MONTHLY_QUOTA && e != ERR_CREDIT)
        return e;
    *code = LICENSE_CODE_USAGE_EXCEEDED;
    return OK;
}

static enum err verify(struct req *r)
{
    struct license l;
    struct license_left left;
    if (r->who.kind != PRINCIPAL_LICENSE)
        return req_json(r, 200,
                        json_pack("{s:b,s:s}", "valid", 0, "code",
                                  license_code_word(LICENSE_CODE_NOT_FOUND)));
    license_from_row(r->who.row, &l);
    if (req_has(r, "version"))
        r->about = arena_printf(r->arena, "%s version=%s", r->path,
                                req_text(r, "version"));
    enum license_code code = license_judge(&l);
    if (code == LICENSE_CODE_VALID && !has_all(r, &l))
        code = LICENSE_CODE_ENTITLEMENTS_MISSING;
    enum err e = code == LICENSE_CODE_VALID ? charge_cost(r, &l, &code) : OK;
    if (!e)
        e = license_left(r->db, r->arena, &l, &left);
    if (e)
        return e;
    if (code == LICENSE_CODE_VALID && !req_int(r, "cost") && left.exhausted)
        code = LICENSE_CODE_USAGE_EXCEEDED;
    json_t *o = facts(&l, code, &left);
    json_object_set_new(o, "valid", json_boolean(code == LICENSE_CODE_VALID));
    json_object_set_new(o, "license_id", json_integer(l.id));
    return req_json(r, 200, o);
}

/* clang-format off */
#define FACTS_OUT(needed) \
    {.name = "client", .kind = OUT_TEXT, .required = (needed), \
     .doc = "Name of the client."}, \
    {.name = "expiry", .kind = OUT_TEXT, .required = (needed), \
     .doc = "Last day's date, YYYY-MM-DD, in Paris."}, \
    {.name = "quota_remaining", .kind = OUT_INT, .required = (needed), \
     .doc = "Units left this month."}, \
    {.name = "quota_total", .kind = OUT_INT, .required = (needed), \
     .doc = "Units of a month."}, \
    {.name = "plan", .kind = OUT_TEXT, .required = (needed), \
     .doc = "Name of the plan."}, \
    {.name = "billing", .kind = OUT_TEXT, .required = (needed), \
     .choices = "search|quota|result", .doc = "What a use costs."}, \
    {.name = "credit", .kind = OUT_NUMBER, .required = (needed), \
     .doc = "Prepaid credit in euros."}, \
    {.name = "credit_micro_euros", .kind = OUT_INT, .required = (needed), \
     .doc = "The same, exact, in millionths of a euro."}, \
    {.name = "period_end", .kind = OUT_TEXT, .required = (needed), \
     .doc = "When the month ends and the quota begins anew (RFC 3339)."}, \
    {.name = "next_plan", .kind = OUT_TEXT, \
     .doc = "A plan that waits for the next month; absent without one."}, \
    {.name = "next_plan_from", .kind = OUT_TEXT, \
     .doc = "Its first day, YYYY-MM-DD."}

#define CODES "VALID|NOT_FOUND|BANNED|SUSPENDED|DISABLED|EXPIRED|FORBIDDEN|" \
              "ENTITLEMENTS_MISSING|USAGE_EXCEEDED"

static const struct field status_out[] = {
    FACTS_OUT(true),
    {.name = "code", .kind = OUT_TEXT, .required = true,
     .choices = "VALID|USAGE_EXCEEDED", .doc = "The state in one word."},
    {0}};

static const struct field verify_in[] = {
    {.name = "version", .kind = IN_TEXT, .min = 1, .max = 40,
     .doc = "Version of the program that asks; for the log."},
    {.name = "cost", .kind = IN_INT, .min = 0, .max = 1000, .fallback = "0",
     .doc = "Units to charge when it is valid; send an Idempotency-Key."},
    {.name = "features", .kind = IN_TEXTS, .max = 1000,
     .doc = "Features that the licence must hold."},
    {0}};

static const struct field verify_out[] = {
    {.name = "valid", .kind = OUT_BOOL, .required = true,
     .doc = "Whether it may be used now."},
    {.name = "code", .kind = OUT_TEXT, .required = true, .choices = CODES,
     .doc = "Why, in one word."},
    {.name = "license_id", .kind = OUT_INT, .doc = "Number of the licence."},
    FACTS_OUT(false),
    {0}};

ROUTES(status_routes,
    {.method = "GET", .path = "/api/v1/license/status", .handler = status_show,
     .access = LICENSE, .limit = "license_status",
     .summary = "Show what the licence may do, and what is left of its month",
     .out = status_out},
    {.method = "POST", .path = "/api/v1/license/verify", .handler = verify,
     .access = LICENSE_ANY, .limit = "license_verify", .body_limit = 4096,
     .takes = TAKES_JSON, .tx = true,
     .summary = "Check a licence in any state; the answer's code says which",
     .in = verify_in, .out = verify_out});
