/* What a program keeps for the time without the desk, and what it tells
 * afterwards. */
#include "lease.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "domain/license_lend.h"
#include "web/billing.h"
#include "web/gate_license.h"
#include "web/req.h"

static json_t *moment(struct arena *a, int64_t s)
{
    char text[25];
    clock_rfc3339(s * 1000, text);
    return json_string(arena_printf(a, "%.19sZ", text));
}

static enum err lease_take(struct req *r)
{
    const struct license_wish wish = {.license_id = r->who.license_id,
                                      .hours = (int)req_int(r, "hours"),
                                      .slice = req_int(r, "slice"),
                                      .request_id = r->id};
    struct license_lease l;
    struct charge charge;
    int64_t grace_s;
    if (!license_ring_kid(gate_license_ring()))
        return ERR_LICENSE_UNSIGNED;
    const enum err e =
        license_lend(r->db, r->arena, &wish, &l, &grace_s, &charge);
    if (e)
        return billing_refuse(r, e, &charge);
    const char *text = license_lease_text(r->arena, gate_license_ring(), &l);
    return req_json(r, 201,
                    json_pack("{s:s,s:I,s:o,s:I,s:I,s:I}", "lease", text, "seq",
                              (json_int_t)l.seq, "expires_at",
                              moment(r->arena, l.expires_s), "slice",
                              (json_int_t)l.slice, "list", (json_int_t)l.list,
                              "grace_seconds", (json_int_t)grace_s));
}

static enum err lease_list(struct req *r)
{
    struct license_list list;
    if (!license_ring_kid(gate_license_ring()))
        return ERR_LICENSE_UNSIGNED;
    if (!r->db)
        return ERR_UNAVAILABLE;
    const enum err e = license_lend_list(r->db, r->arena, &list);
    if (e)
        return e;
    const char *text =
        license_lease_list(r->arena, gate_license_ring(), list.number,
                           list.now_s, list.ids, list.n);
    return req_json(r, 200,
                    json_pack("{s:I,s:I,s:s}", "number",
                              (json_int_t)list.number, "count",
                              (json_int_t)list.n, "list", text));
}

static enum err lease_keys(struct req *r)
{
    const struct license_ring_key *keys;
    json_t *list = json_array();
    const size_t n = license_ring_list(gate_license_ring(), &keys);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:b}", "kid", keys[i].kid, "public_key",
                            encode_base64(r->arena, keys[i].public_key, 32),
                            "signs", keys[i].signs));
    return req_json(r, 200, json_pack("{s:o}", "keys", list));
}

static enum err bad_use(struct req *r, size_t i)
{
    return req_fail_with(
        r, ERR_INVALID_FIELD, NULL,
        json_pack("{s:[{s:[s,s,i],s:s,s:s}]}", "errors", "loc", "body", "uses",
                  (int)i, "msg",
                  "must be at most 100 objects (at least one, unless "
                  "close) of transaction_id (1 to 100 of "
                  "A-Za-z0-9._:-), units (1 to 1000000) and used_at (seconds "
                  "since 1970)",
                  "type", "bad_use"));
}

static enum err lease_report(struct req *r)
{
    AUTO_JSON uses = json_loads(req_text(r, "uses"), 0, NULL);
    const struct license_told told = {.license_id = r->who.license_id,
                                      .seq = req_int(r, "lease_seq"),
                                      .uses = uses,
                                      .close = req_bool(r, "close"),
                                      .request_id = r->id};
    struct license_report out;
    const enum err e = license_lend_report(r->db, r->arena, &told, &out);
    if (e == ERR_INVALID_FIELD)
        return bad_use(r, out.bad);
    if (e)
        return e;
    if (out.uncharged)
        log_warning("license_use_uncharged", "{s:I,s:I,s:I}", "license",
                    (json_int_t)told.license_id, "lease", (json_int_t)told.seq,
                    "units", (json_int_t)out.uncharged);
    return req_json(r, 200,
                    json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "accepted",
                              (json_int_t)out.accepted, "duplicates",
                              (json_int_t)out.duplicates, "units",
                              (json_int_t)out.units, "reported",
                              (json_int_t)out.reported, "slice",
                              (json_int_t)out.slice, "charged",
                              (json_int_t)out.charged, "uncharged",
                              (json_int_t)out.uncharged, "closed", out.closed));
}

/* clang-format off */
static const struct field take_in[] = {
    {.name = "slice", .kind = IN_INT, .min = 0, .max = LICENSE_LEND_UNITS,
     .fallback = "0",
     .doc = "Units to be used under it; set aside from quota or credit until the lease is closed."},
    {.name = "hours", .kind = IN_INT, .min = 1, .max = 720, .fallback = "24",
     .doc = "How long the lease lasts; never beyond the licence's end."},
    {0}};
static const struct field take_out[] = {
    {.name = "lease", .kind = OUT_TEXT, .required = true,
     .doc = "lea1.…, signed: keep it beside the key."},
    {.name = "seq", .kind = OUT_INT, .required = true,
     .doc = "Its number; use is reported under it."},
    {.name = "expires_at", .kind = OUT_TEXT, .required = true,
     .doc = "End of the lease (RFC 3339)."},
    {.name = "slice", .kind = OUT_INT, .required = true,
     .doc = "Units that may be used under it without asking."},
    {.name = "list", .kind = OUT_INT, .required = true,
     .doc = "The list of stopped licences must have this number or more."},
    {.name = "grace_seconds", .kind = OUT_INT, .required = true,
     .doc = "How long the licence works after the lease's end without the desk."},
    {0}};
static const struct field list_out[] = {
    {.name = "number", .kind = OUT_INT, .required = true,
     .doc = "Grows with each change of the list."},
    {.name = "count", .kind = OUT_INT, .required = true,
     .doc = "Licences on it."},
    {.name = "list", .kind = OUT_TEXT, .required = true,
     .doc = "rev1.…, signed: numbers of licences that were stopped."},
    {0}};
static const struct field key_out[] = {
    {.name = "kid", .kind = OUT_TEXT, .required = true, .doc = "Its name."},
    {.name = "public_key", .kind = OUT_TEXT, .required = true,
     .doc = "32 bytes of Ed25519 in base64."},
    {.name = "signs", .kind = OUT_BOOL, .required = true,
     .doc = "Whether new licences are signed with it."},
    {0}};
static const struct field keys_out[] = {
    {.name = "keys", .kind = OUT_ARRAY, .max = LICENSE_RING_KEYS,
     .required = true, .sub = key_out, .doc = "Public keys that are accepted."},
    {0}};
static const struct field report_in[] = {
    {.name = "lease_seq", .kind = IN_INT, .min = 1, .max = INT64_MAX,
     .required = true, .doc = "Number of the lease under which it was used."},
    {.name = "uses", .kind = IN_JSON, .max = 32768, .required = true,
     .doc = "At most 100 objects {transaction_id, units, used_at (seconds since 1970)}."},
    {.name = "close", .kind = IN_BOOL, .fallback = "false",
     .doc = "The lease is done with: what was not used of its slice goes back."},
    {0}};
static const struct field report_out[] = {
    {.name = "accepted", .kind = OUT_INT, .required = true,
     .doc = "Uses that are new."},
    {.name = "duplicates", .kind = OUT_INT, .required = true,
     .doc = "Uses that had been told before and count once."},
    {.name = "units", .kind = OUT_INT, .required = true,
     .doc = "Units of the new ones."},
    {.name = "reported", .kind = OUT_INT, .required = true,
     .doc = "Units told under this lease in all."},
    {.name = "slice", .kind = OUT_INT, .required = true,
     .doc = "Units that were lent."},
    {.name = "charged", .kind = OUT_INT, .required = true,
     .doc = "Units beyond the slice, charged now."},
    {.name = "uncharged", .kind = OUT_INT, .required = true,
     .doc = "Units beyond it for which neither quota nor credit was left."},
    {.name = "closed", .kind = OUT_BOOL, .required = true,
     .doc = "Whether the lease is done with."},
    {0}};
static const enum err signing[] = {ERR_LICENSE_UNSIGNED, OK};
static const enum err lending[] = {ERR_LICENSE_UNSIGNED, ERR_MONTHLY_QUOTA,
                                   ERR_CREDIT, OK};
static const enum err reporting[] = {ERR_LEASE_UNKNOWN, OK};

ROUTES(lease_routes,
    {.method = "POST", .path = "/api/v1/license/lease", .handler = lease_take,
     .access = LICENSE, .limit = "license_lease", .body_limit = 4096,
     .takes = TAKES_JSON, .tx = true, .status = 201,
     .summary = "Take a signed lease, for the time without the desk",
     .in = take_in, .out = take_out, .errors = lending},
    {.method = "GET", .path = "/api/v1/license/revocations",
     .handler = lease_list, .access = ANON, .limit = "license_lease",
     .summary = "Fetch the signed list of licences that were stopped",
     .out = list_out, .errors = signing},
    {.method = "GET", .path = "/api/v1/license/keys", .handler = lease_keys,
     .access = ANON, .limit = "license_lease",
     .summary = "List the public keys with which licences are checked",
     .out = keys_out},
    {.method = "POST", .path = "/api/v1/license/usage",
     .handler = lease_report, .access = LICENSE, .limit = "license_lease",
     .body_limit = 65536, .takes = TAKES_JSON, .tx = true,
     .summary = "Tell what was used without the desk; each transaction counts once",
     .in = report_in, .out = report_out, .errors = reporting});
