/* One statement finds a licence with all that judging it needs. */
#include "domain/license.h"
#include <arpa/inet.h>
#include <string.h>
#include "base/str.h"
#include "sql/license.h"
#include "store/db_value.h"

enum { URL_BYTES = 2000 };

static const struct {
    const char *word;
    enum err error;
} codes[LICENSE_CODE_MAX] = {
    [LICENSE_CODE_VALID] = {"VALID", OK},
    [LICENSE_CODE_NOT_FOUND] = {"NOT_FOUND", ERR_LICENSE_INVALID},
    [LICENSE_CODE_BANNED] = {"BANNED", ERR_LICENSE_INVALID},
    [LICENSE_CODE_SUSPENDED] = {"SUSPENDED", ERR_LICENSE_SUSPENDED},
    [LICENSE_CODE_DISABLED] = {"DISABLED", ERR_LICENSE_INVALID},
    [LICENSE_CODE_EXPIRED] = {"EXPIRED", ERR_LICENSE_EXPIRED},
    [LICENSE_CODE_FORBIDDEN] = {"FORBIDDEN", ERR_LICENSE_ADDRESS},
    [LICENSE_CODE_ENTITLEMENTS_MISSING] = {"ENTITLEMENTS_MISSING",
                                           ERR_FORBIDDEN},
    [LICENSE_CODE_USAGE_EXCEEDED] = {"USAGE_EXCEEDED", ERR_MONTHLY_QUOTA},
};

const char *license_code_word(enum license_code code)
{
    return codes[code].word;
}

enum err license_code_error(enum license_code code)
{
    return codes[code].error;
}

static bool is_address(const char *s)
{
    unsigned char raw[16];
    return s && (inet_pton(AF_INET, s, raw) == 1 ||
                 inet_pton(AF_INET6, s, raw) == 1);
}

enum err license_find(struct db *db, struct arena *a, const char *hash,
                      const char *ip, PGresult **row)
{
    const char *const params[] = {hash, is_address(ip) ? ip : NULL};
    return db_one(db, a, &SQL_LICENSE_FIND, 2, params, row);
}

void license_from_row(const PGresult *row, struct license *out)
{
    enum {
        ID,
        TENANT,
        CLIENT,
        PLAN,
        MODE,
        QUOTA,
        CREDIT,
        STATUS,
        EXPIRED,
        TENANT_ACTIVE,
        FEATURES,
        ADDRESS_OK,
        EXPIRY,
        EXPIRES_S,
        PERIOD
    };
    *out = (struct license){
        .id = db_value_i64(row, 0, ID),
        .tenant_id = db_value_i64(row, 0, TENANT),
        .client = PQgetvalue(row, 0, CLIENT),
        .plan = PQgetvalue(row, 0, PLAN),
        .billing_mode = PQgetvalue(row, 0, MODE),
        .quota_monthly = db_value_i64(row, 0, QUOTA),
        .credit_micro_euros = db_value_i64(row, 0, CREDIT),
        .status = PQgetvalue(row, 0, STATUS),
        .expired = *PQgetvalue(row, 0, EXPIRED) == 't',
        .tenant_active = *PQgetvalue(row, 0, TENANT_ACTIVE) == 't',
        .features = PQgetvalue(row, 0, FEATURES),
        .address_ok = *PQgetvalue(row, 0, ADDRESS_OK) == 't',
        .expiry = PQgetvalue(row, 0, EXPIRY),
        .expires_s = db_value_i64(row, 0, EXPIRES_S),
        .period_end = PQgetvalue(row, 0, PERIOD)};
}

enum license_code license_judge(const struct license *l)
{
    if (str_eq(l->status, "revoked"))
        return LICENSE_CODE_BANNED;
    if (str_eq(l->status, "suspended"))
        return LICENSE_CODE_SUSPENDED;
    if (!l->tenant_active)
        return LICENSE_CODE_DISABLED;
    if (l->expired)
        return LICENSE_CODE_EXPIRED;
    return l->address_ok ? LICENSE_CODE_VALID : LICENSE_CODE_FORBIDDEN;
}

bool license_has_feature(const struct license *l, const char *feature)
{
    const size_t n = strlen(feature);
    /* "" is found everywhere, also at the end */
    for (const char *s = l->features; n && (s = strstr(s, feature)); s++)
        if (s > l->features && s[-1] == ' ' && s[n] == ' ')
            return true;
    return false;
}

enum err license_left(struct db *db, struct arena *a, const struct license *l,
                      struct license_left *out)
{
    enum { USED, CREDIT, UNIT, NEXT, NEXT_FROM };
    PGresult *row;
    const char *const which[] = {arena_printf(a, "%lld", (long long)l->id)};
    const enum err e = db_one(db, a, &SQL_LICENSE_LEFT, 1, which, &row);
    if (e)
        return e;
    *out = (struct license_left){.used = db_value_i64(row, 0, USED),
                                 .credit = db_value_i64(row, 0, CREDIT)};
    if (!PQgetisnull(row, 0, NEXT)) {
        out->next_plan = PQgetvalue(row, 0, NEXT);
        out->next_plan_from = PQgetvalue(row, 0, NEXT_FROM);
    }
    if (l->quota_monthly > out->used)
        out->remaining = l->quota_monthly - out->used;
    out->exhausted = str_eq(l->billing_mode, "quota")
                         ? out->remaining == 0
                         : out->credit < db_value_i64(row, 0, UNIT);
    return OK;
}

enum err license_note(struct db *db, struct arena *a,
                      const struct license_use *use)
{
    const char *const params[] = {
        arena_printf(a, "%lld", (long long)use->license_id),
        arena_strndup(a, use->url, strnlen(use->url, URL_BYTES)),
        is_address(use->ip) ? use->ip : NULL,
        arena_printf(a, "%d", use->status)};
    return db_exec(db, a, &SQL_LICENSE_NOTE, 4, params);
}
